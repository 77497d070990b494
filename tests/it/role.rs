//! The roles of the database: the page about them says what the catalogue says.

pub mod page;

use pamoja_demo::private_postgresql::DatabaseRole;

use crate::harness::World;

#[tokio::test]
async fn the_page_says_what_each_role_may_do() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let rights = superuser.query(include_str!("role/rights.sql"), &[]).await.expect("the catalogue");
    assert_eq!(rights.len(), 9);
    for row in rights {
        let (role, text): (String, String) = (row.get(0), row.get(1));
        assert!(page::section(&role).contains(&text), "docs/roles.md must say below {role}:\n{text}");
    }
}

#[tokio::test]
async fn a_function_that_acts_as_another_role_is_pinned_and_not_for_everybody() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let definers =
        "SELECT oid::regprocedure::text, pg_get_userbyid(proowner)::text, coalesce(array_to_string(proconfig, ' '), ''),
            has_function_privilege('public', oid, 'EXECUTE')
        FROM pg_proc WHERE prosecdef AND pronamespace IN ('public'::regnamespace, 'statement'::regnamespace)";
    let definers = superuser.query(definers, &[]).await.expect("the catalogue");
    assert!(definers.len() > 25, "only {} functions", definers.len());
    for row in definers {
        let (name, owner, settings, is_for_everybody): (String, String, String, bool) =
            (row.get(0), row.get(1), row.get(2), row.get(3));
        let is_listed = name.starts_with("statement.");
        let makes = name.ends_with("make_statement(text,text,text,text)") || name.ends_with("drop_unlisted_statements(text[])");
        // What is printed of its plans would tell what it found.
        let is_silent = settings.ends_with(" client_min_messages=warning");
        assert!(is_silent || makes || owner == "pamoja_watch", "{name}: {settings}");
        let settings = settings.trim_end_matches(" client_min_messages=warning").to_owned();
        assert_eq!(owner == "pamoja_statement", is_listed || makes, "{name} acts as {owner}");
        assert!(
            is_listed || makes || ["pamoja_owner", "pamoja_gate", "pamoja_watch"].contains(&owner.as_str()),
            "{name} acts as {owner}"
        );
        let pinned = match (is_listed, makes) {
            (true, _) => &["search_path=public, pg_temp"][..],
            (_, true) => &["search_path=pg_catalog, public, pg_temp", "search_path=pg_catalog, pg_temp"],
            _ => &["search_path=public, pg_temp", "search_path=pg_catalog, pg_temp"],
        };
        assert!(pinned.contains(&settings.as_str()), "{name}: {settings}");
        assert!(!is_for_everybody, "{name} is for everybody");
    }
}
