//! Other ways to read a table, and other users of the attacker's own organisation.

use futures_util::TryStreamExt;
use pamoja_demo::private_postgresql::DatabaseRole;

use super::attempt::{Outcome, send};
use super::scene::Scene;
use crate::harness::OUTSIDER;

/// What an assignment is: somebody else's user may stand there, of the own organisation.
const NAMES_ANOTHER: [&str; 1] = ["referral_handler"];

/// The number that a query counted.
fn counted(outcome: &Outcome) -> Option<u64> {
    match outcome {
        Outcome::Ran(rows, _) => rows[0].parse().ok(),
        Outcome::Refused(..) => None,
    }
}

#[tokio::test]
async fn no_other_way_to_read_a_table_shows_more_of_it() {
    let scene = Scene::new().await;
    let app = scene.world.connect(DatabaseRole::App).await;
    send(&app, "BEGIN").await;
    send(&app, &scene.proof()).await;
    let mut tried = 0;
    for table in scene.tables.iter().filter(|table| table.is_kept_apart() && !table.readable.is_empty()) {
        let (name, column) = (&table.name, &table.readable[0]);
        let own = send(&app, &format!("SELECT count(*) FROM {name}")).await;
        for way in [
            "SELECT count(*) FROM ONLY {t}",
            "SELECT count(*) FROM {t} TABLESAMPLE SYSTEM (100)",
            "WITH RECURSIVE again AS (SELECT {c} FROM {t} UNION ALL SELECT {c} FROM again WHERE false) SELECT count(*) FROM again",
            "SELECT count(*) FROM (SELECT {c} FROM {t} FOR KEY SHARE) AS locked",
            "SELECT count(*) FROM (SELECT {c} FROM {t} FOR UPDATE SKIP LOCKED) AS locked",
            "SELECT (SELECT count(*) FROM {t} AS inner_one)",
            "SELECT count(first.{c}) FROM (VALUES (1)) AS one (n) LEFT JOIN LATERAL (SELECT {c} FROM {t}) AS first ON true",
            "SELECT count(*) FROM {t} WHERE set_config('pamoja.seen', {c}::text, true) IS NOT NULL",
            "SELECT count({c}::text) FROM (SELECT {c} FROM {t} ORDER BY random()) AS mixed",
        ] {
            let statement = way.replace("{t}", name).replace("{c}", column);
            send(&app, "SAVEPOINT each").await;
            let outcome = send(&app, &statement).await;
            // To lock a row asks for the right to change it, too, so it can be fewer.
            let is_no_more = match (counted(&outcome), counted(&own)) {
                (Some(seen), Some(own)) => seen <= own,
                _ => outcome.lacks_a_right(),
            };
            assert!(is_no_more, "{statement}: {outcome:?}, and {own:?} are its own");
            tried += usize::from(outcome == own);
            send(&app, "ROLLBACK TO each").await;
        }
        for source in [format!("{name} ({column})"), format!("(SELECT {column} FROM {name})")] {
            let stream = app.copy_out(&format!("COPY {source} TO STDOUT")).await.expect("a copy");
            let lines: Vec<_> = stream.try_collect().await.expect("lines");
            assert_eq!(Outcome::Ran(vec![lines.len().to_string()], 1), own, "COPY {source}");
        }
    }
    assert!(tried > 150, "only {tried} ways read something");
}

#[tokio::test]
async fn nothing_is_written_in_the_name_of_another_user_nor_read_of_what_is_a_users_alone() {
    let scene = Scene::new().await;
    let (organisation, another) = (OUTSIDER.id(), OUTSIDER.user("admin"));
    let keys = format!(
        "INSERT INTO client_mutation (organisation_id, user_id, operation, key, input_hash)
         VALUES ('{organisation}', '{another}', 'createReferral', gen_random_uuid(), '\\x00')"
    );
    scene.superuser.batch_execute(&keys).await.expect("another's key");
    let app = scene.world.connect(DatabaseRole::App).await;
    send(&app, "BEGIN").await;
    send(&app, &scene.proof()).await;
    let of_another = format!("SELECT count(*) FROM client_mutation WHERE user_id = '{another}'");
    assert_eq!(send(&app, &of_another).await, Outcome::Ran(vec!["0".to_owned()], 1));
    let mut tried = 0;
    for table in scene.tables.iter().filter(|table| table.is_kept_apart()) {
        let name = &table.name;
        for who in ["user_id", "dismissed_by"] {
            if !table.insertable.iter().any(|column| column == who) || NAMES_ANOTHER.contains(&name.as_str()) {
                continue;
            }
            let value = |column: &String| match column.as_str() {
                column if column == who => format!("'''{another}'''"),
                // Whatever else belongs to it, so that only the name is wrong.
                "settled_at" => "'now()'".to_owned(),
                column => format!("quote_nullable(whole.{column}::text)"),
            };
            let values: Vec<String> = table.insertable.iter().map(value).collect();
            let query = format!(
                "SELECT 'INSERT INTO {name} ({}) VALUES (' || concat_ws(', ', {}) || ')' FROM {name} AS whole WHERE NOT ({})",
                table.insertable.join(", "),
                values.join(", "),
                scene.hidden(table, true)
            );
            for row in scene.told(&query).await.into_iter().flatten() {
                send(&app, "SAVEPOINT each").await;
                let outcome = send(&app, &row).await;
                assert!(outcome.reached_a_policy(), "{row}: {outcome:?}");
                send(&app, "ROLLBACK TO each").await;
                tried += 1;
            }
        }
    }
    assert!(tried >= 5, "only {tried} rows were tried");
}
