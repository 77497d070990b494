//! What docs/roles.md says can't be closed, as far as it is about rows: it is so, and it is no more than that.

use pamoja_demo::private_postgresql::DatabaseRole;

use super::attempt::{Outcome, send};
use super::scene::Scene;
use crate::harness::{RECEIVER, SENDER};

#[tokio::test]
async fn explain_counts_rows_that_a_policy_hides_and_shows_none() {
    let scene = Scene::new().await;
    let page = include_str!("../../../docs/roles.md");
    assert!(page.contains("**Values of others' rows, by yes or no.**"));
    scene.superuser.batch_execute("ANALYZE").await.expect("what the server does by itself, a little later");
    let app = scene.world.connect(DatabaseRole::App).await;
    let query = format!(
        "SELECT FROM referral WHERE from_organisation_id = '{}' AND to_organisation_id = '{}'",
        SENDER.id(),
        RECEIVER.id()
    );
    let mut said = Vec::new();
    for sql in ["BEGIN", &scene.proof(), &query, &format!("EXPLAIN (ANALYZE, VERBOSE, BUFFERS) {query}")] {
        said.push(send(&app, sql).await);
    }
    assert_eq!(said[2], Outcome::Ran(Vec::new(), 0), "the row itself is hidden");
    let Outcome::Ran(plan, _) = &said[3] else { panic!("{:?}", said[3]) };
    let plan = plan.join("\n");
    assert!(plan.contains("Rows Removed by Filter"), "it counts: {plan}");
    let hidden = scene.told("SELECT unnest(ARRAY[id::text, reference]) FROM referral WHERE to_organisation_id IS NOT NULL").await;
    for value in hidden.into_iter().flatten() {
        assert!(!plan.contains(&value), "{value} is shown: {plan}");
    }
}

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
