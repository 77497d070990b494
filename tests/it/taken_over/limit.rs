//! What the rights of the listed statements would tell by errors, if somebody sent statements of their own with them.

use pamoja_demo::private_postgresql::DatabaseRole;

use super::attempt::{Outcome, send};
use super::scene::Scene;

#[tokio::test]
async fn an_error_quotes_no_value_that_is_hidden() {
    let scene = Scene::new().await;
    let app = scene.world.connect(DatabaseRole::App).await;
    send(&app, "BEGIN").await;
    send(&app, &scene.proof()).await;
    let mut quoted = 0;
    for table in scene.tables.iter().filter(|table| table.is_kept_apart()) {
        let (name, hidden) = (&table.name, scene.hidden(table, true));
        for column in &table.readable {
            let values = format!(
                "SELECT whole.{column}::text FROM {name} AS whole WHERE {hidden} EXCEPT SELECT whole.{column}::text FROM {name} AS whole WHERE NOT ({hidden})"
            );
            let values = scene.told(&values).await;
            // Each of these fails on the first value that it comes across, and quotes it.
            for condition in ["whole.{}::text::inet IS NULL", "(whole.{}::text || '!')::interval > '1 hour'"] {
                let statement = format!("SELECT FROM {name} AS whole WHERE {}", condition.replace("{}", column));
                send(&app, "SAVEPOINT each").await;
                if let Outcome::Refused(_, message) = send(&app, &statement).await {
                    quoted += usize::from(message.contains('"'));
                    let shown = values.iter().flatten().find(|value| value.len() > 3 && message.contains(value.as_str()));
                    assert_eq!(shown, None, "{statement}: {message}");
                }
                send(&app, "ROLLBACK TO each").await;
            }
        }
    }
    assert!(quoted > 100, "only {quoted} values of its own were quoted");
}
