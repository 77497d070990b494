//! The other roles: each does what docs/roles.md says, found out by trying, and in the name of one organisation touches no other's rows.

use pamoja_demo::private_postgresql::DatabaseRole;

use super::attempt::{Outcome, send};
use super::check::{Way, findings};
use super::scene::Scene;
use crate::harness::{OUTSIDER, World};
use crate::role::page;

const ROLES: [DatabaseRole; 6] = [
    DatabaseRole::Server,
    DatabaseRole::App,
    DatabaseRole::SignIn,
    DatabaseRole::Worker,
    DatabaseRole::Operator,
    DatabaseRole::Publisher,
];

/// The tables with their columns.
const COLUMNS: &str = "
    SELECT relname::text, array_agg(attname::text ORDER BY attnum) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped GROUP BY relname ORDER BY relname";

/// The cell of docs/roles.md for the columns that a role was let at.
fn cell(allowed: &[String], columns: usize) -> String {
    match allowed.len() {
        0 => "–".to_owned(),
        all if all == columns => "all".to_owned(),
        many if many > 4 => format!("{many} of {columns} columns"),
        _ => format!("`{}`", allowed.join("`, `")),
    }
}

#[tokio::test]
async fn what_a_role_is_let_at_is_what_the_page_says() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let tables = superuser.query(COLUMNS, &[]).await.expect("the tables");
    for role in ROLES {
        let client = world.connect(role).await;
        let section = page::section(role.name());
        let mut lines = 0;
        for row in &tables {
            let (table, columns): (String, Vec<String>) = (row.get(0), row.get(1));
            let mut cells = Vec::new();
            for statement in [
                "SELECT {} FROM public.{table} WHERE false",
                "INSERT INTO public.{table} ({}) VALUES (DEFAULT)",
                "UPDATE public.{table} SET {} = DEFAULT WHERE false",
            ] {
                let mut allowed = Vec::new();
                for column in &columns {
                    let statement = statement.replace("{table}", &table).replace("{}", column);
                    let outcome = send(&client, &format!("BEGIN; {statement}")).await;
                    send(&client, "ROLLBACK").await;
                    if !outcome.is_denied() {
                        allowed.push(column.clone());
                    }
                }
                cells.push(cell(&allowed, columns.len()));
            }
            let deletes = !send(&client, &format!("DELETE FROM public.{table} WHERE false")).await.is_denied();
            cells.push(if deletes { "yes" } else { "–" }.to_owned());
            let is_let = cells.iter().any(|cell| cell != "–");
            let line = format!("| `{table}` | {} |", cells.join(" | "));
            assert_eq!(section.lines().any(|known| known == line), is_let, "{} was tried: {line}", role.name());
            lines += usize::from(is_let);
        }
        let said = section.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(lines, said, "docs/roles.md says more of {} than it is let at", role.name());
        let has_none = [DatabaseRole::Server, DatabaseRole::SignIn].contains(&role);
        assert_eq!(lines == 0, has_none, "the roles that the exposed process connects as have no table");
    }
}

#[tokio::test]
async fn whoever_signs_people_in_reads_and_changes_nothing() {
    let scene = Scene::of(DatabaseRole::SignIn).await;
    let way =
        Way { name: "sign-in".to_owned(), role: DatabaseRole::SignIn, options: String::new(), steps: Vec::new(), proves: false };
    let mut found = findings(&scene, &way, None).await;
    // Attempts are counted, whoever makes them.
    found.retain(|finding| finding != "sign-in: sign_in_attempt was changed");
    assert_eq!(found, Vec::<String>::new());
    let session = Way { steps: vec!["BEGIN".to_owned(), scene.proof()], ..way };
    let mut found = findings(&scene, &session, None).await;
    found.retain(|finding| !finding.ends_with("sign_in_attempt was changed"));
    assert_eq!(found, Vec::<String>::new(), "with a member's session");
}

#[tokio::test]
async fn jobs_and_commands_in_the_name_of_one_organisation_touch_no_others_rows() {
    for (role, door) in [(DatabaseRole::Worker, "open_job"), (DatabaseRole::Operator, "open_operator")] {
        let mut scene = Scene::of(role).await;
        // What belongs to all is theirs to change.
        scene.tables.retain(|table| table.is_kept_apart());
        let steps = vec!["BEGIN".to_owned(), format!("SELECT {door}('{}')", OUTSIDER.id())];
        let way = Way { name: door.to_owned(), role, options: String::new(), steps, proves: true };
        assert_eq!(findings(&scene, &way, None).await, Vec::<String>::new());
        let none = Way { name: "no context".to_owned(), steps: Vec::new(), proves: false, ..way };
        assert_eq!(findings(&scene, &none, None).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn no_role_becomes_another_or_opens_its_door() {
    let world = World::new().await;
    for role in ROLES {
        let client = world.connect(role).await;
        for other in ["pamoja_owner", "pamoja_gate", "pamoja_watch", "pamoja_statement", "pamoja_superuser"]
            .into_iter()
            .chain(ROLES.map(DatabaseRole::name))
        {
            if other == role.name() {
                continue;
            }
            for become_it in ["SET ROLE", "SET SESSION AUTHORIZATION"] {
                let outcome = send(&client, &format!("{become_it} {other}")).await;
                assert!(outcome.lacks_a_right(), "{} sends {become_it} {other}: {outcome:?}", role.name());
            }
        }
        for (door, of) in [("job", DatabaseRole::Worker), ("operator", DatabaseRole::Operator)] {
            let outcome = send(&client, &format!("BEGIN; SELECT open_{door}('{}'); ROLLBACK", OUTSIDER.id())).await;
            assert_eq!(
                matches!(outcome, Outcome::Ran(..)),
                role == of,
                "{} opens the door of {}: {outcome:?}",
                role.name(),
                of.name()
            );
            send(&client, "ROLLBACK").await;
        }
    }
}
