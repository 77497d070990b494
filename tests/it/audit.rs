//! Who did what to which id: recorded once with each change, unchangeable, and sealed.

use std::sync::Arc;

use pamoja_api::audit_chain;
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::id::ReferralId;
use pamoja_domain::user::Role;
use pamoja_persistence::job;
use serde_json::json;

use crate::harness::{Audited, RECEIVER, SENDER, Ways, World, until};
use crate::referral::{desks, sent};

#[tokio::test]
async fn every_mutation_that_succeeds_writes_one_entry_with_its_name_and_its_node() {
    let world = World::new().await;
    let ways = Ways::of(&world).await;
    for mutation in ways.mutations() {
        let done = ways.succeed(&mutation).await;
        assert_eq!(ways.entries().await, done.entries_before + 1, "{}", mutation.name);
        let (action, node) = ways.newest_entry().await;
        assert_eq!(action, done.action());
        match done.audited() {
            Audited::Node(id) => {
                assert_eq!(node, Some(global_id::split(&id.into()).expect("an id").1), "{}", mutation.name);
            }
            Audited::Other => assert!(node.is_some(), "{}", mutation.name),
            Audited::Nothing => assert_eq!(node, None, "{}", mutation.name),
        }
    }
}

#[tokio::test]
async fn a_refused_mutation_writes_nothing() {
    let world = World::new().await;
    let ways = Ways::of(&world).await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    let before = ways.entries().await;
    for refused in [receiver.move_referral("completeReferral", &id).await, sender.move_referral("acceptReferral", &id).await] {
        assert_ne!(refused["userErrors"], json!([]));
    }
    assert_eq!(ways.entries().await, before);
}

#[tokio::test]
async fn an_entry_has_no_room_for_content() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let query =
        "SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY ordinal_position) FROM information_schema.columns
        WHERE table_name = 'audit_entry'";
    let columns: String = superuser.query_one(query, &[]).await.expect("columns").get(0);
    insta::assert_snapshot!(columns, @"organisation_id uuid, position bigint, transaction_id xid8, at timestamp with time zone, user_id uuid, action text, node_id uuid, door text");
}

#[tokio::test]
async fn the_program_can_neither_change_nor_delete_an_entry_or_a_seal() {
    let world = World::new().await;
    let app = world.connect(DatabaseRole::App).await;
    for statement in [
        "UPDATE audit_entry SET action = 'nothing'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "UPDATE audit_seal SET entries = 0",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_seal",
    ] {
        let error = app.batch_execute(statement).await.expect_err(statement);
        assert_eq!(error.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE), "{statement}");
    }
}

/// Seals all entries. Sealing waits for open transactions, even those of another test's database, which could still add earlier
/// entries.
async fn seal_all(world: &World) {
    let keys = Arc::clone(&world.app.keys);
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let open = format!(
        "SELECT (SELECT count(*) FROM audit_entry WHERE organisation_id = '{0}') - (SELECT coalesce(sum(entries), 0) FROM audit_seal WHERE organisation_id = '{0}')::bigint",
        SENDER.id()
    );
    until("all is sealed", async || {
        while job::seal_audit(&world.worker, SENDER.id(), &|last, entries| audit_chain::link(&keys, last, entries))
            .await
            .expect("a seal")
        {}
        let open: i64 = superuser.query_one(&open, &[]).await.expect("a count").get(0);
        (open == 0).then_some(())
    })
    .await;
}

async fn finding(world: &World) -> Option<String> {
    audit_chain::verify(&world.operator, &world.app.keys, SENDER.id()).await.expect("it is read")
}

#[tokio::test]
async fn the_chain_holds_until_something_under_it_is_changed() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    for _ in 0..3 {
        sent(&sender).await;
        sent(&sender).await;
        seal_all(&world).await;
    }
    // An entry after the last seal is not sealed yet.
    sent(&sender).await;
    assert_eq!(finding(&world).await, None);
    let superuser = world.connect(DatabaseRole::Superuser).await;
    // Whoever carries the server away isn't stopped by a trigger.
    superuser.batch_execute("SET session_replication_role = replica").await.expect("no triggers");
    let seals: i64 = superuser.query_one("SELECT count(*) FROM audit_seal", &[]).await.expect("a count").get(0);
    assert!(seals >= 3, "each turn seals what is new");
    let some = "(SELECT max(position) FROM audit_entry JOIN audit_seal USING (organisation_id) WHERE number = 2 AND position <= last_position)";
    for (tampering, wrong) in [
        (format!("UPDATE audit_entry SET action = 'nothing' WHERE position = {some}"), "seal 2"),
        (format!("UPDATE audit_entry SET node_id = gen_random_uuid() WHERE position = {some}"), "seal 2"),
        (format!("UPDATE audit_entry SET user_id = NULL WHERE position = {some}"), "seal 2"),
        (format!("UPDATE audit_entry SET at = at - interval '1 hour' WHERE position = {some}"), "seal 2"),
        (format!("DELETE FROM audit_entry WHERE position = {some}"), "seal 2"),
        (format!("UPDATE audit_entry SET door = 'operator' WHERE position = {some}"), "seal 2"),
        (
            format!(
                "INSERT INTO audit_entry (organisation_id, transaction_id, action) SELECT organisation_id, transaction_id, action FROM audit_entry WHERE position = {some} - 1"
            ),
            "seal",
        ),
        ("DELETE FROM audit_seal WHERE number = 2".to_owned(), "number 3 is missing"),
        ("UPDATE audit_seal SET hash = sha256('anything') WHERE number = 2".to_owned(), "seal 2"),
        ("UPDATE audit_seal SET signature = sha512('anything') WHERE number = 3".to_owned(), "seal 3 has no signature"),
    ] {
        superuser
            .batch_execute(
                "BEGIN; CREATE TABLE kept_entry AS TABLE audit_entry; CREATE TABLE kept_seal AS TABLE audit_seal; COMMIT",
            )
            .await
            .expect("a copy");
        superuser.batch_execute(&tampering).await.expect("it is tampered with");
        let found = finding(&world).await.unwrap_or_default();
        assert!(found.contains(wrong), "{tampering}: {found}");
        superuser
            .batch_execute(
                "BEGIN; DELETE FROM audit_entry; DELETE FROM audit_seal; INSERT INTO audit_entry OVERRIDING SYSTEM VALUE TABLE kept_entry;
                 INSERT INTO audit_seal TABLE kept_seal; DROP TABLE kept_entry; DROP TABLE kept_seal; COMMIT",
            )
            .await
            .expect("it is put back");
        assert_eq!(finding(&world).await, None, "{tampering}");
    }
}

#[tokio::test]
async fn each_organisation_has_a_chain_of_its_own() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    receiver.move_referral("acceptReferral", &id).await;
    seal_all(&world).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let delete = format!("DELETE FROM audit_entry WHERE organisation_id = '{}'", RECEIVER.id());
    superuser.batch_execute(&delete).await.expect("another's entries go");
    assert_eq!(finding(&world).await, None);
}

/// The database refuses an entry of an operation that it doesn't know: whoever adds one adds a line there.
#[tokio::test]
async fn the_database_knows_of_every_operation_how_to_see_that_it_was_done() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let definition = "SELECT pg_get_functiondef('was_done(text, uuid)'::regprocedure)";
    let known: String = superuser.query_one(definition, &[]).await.expect("the function").get(0);
    let schema = pamoja_api::schema::sdl();
    let mutations = schema.split("type Mutation {").nth(1).and_then(|rest| rest.split("\n}").next()).expect("the mutations");
    let mut names: Vec<&str> = mutations
        .lines()
        .filter_map(|line| line.trim_start().split_once('(').map(|(name, _)| name))
        .filter(|name| name.chars().all(char::is_alphanumeric))
        .collect();
    names.sort_unstable();
    assert!(names.len() > 30, "{names:?}");
    for name in names {
        // The policy itself looks at createReferral, which createReferrals enters too.
        let elsewhere = ["createReferral", "createReferrals"].contains(&name);
        assert_eq!(known.contains(&format!("'{name}'")), !elsewhere, "{name}");
    }
}

/// Why a statement about the audit is refused.
const TRUE_ENTRY: &str = "row-level security policy \"audit_entry_true\"";
const NO_RIGHT: &str = "permission denied for table audit_entry";
const NO_ENTRY: &str = "a change has no audit entry";

/// Past the program, with a session of its own: an entry of what wasn't done is refused, and so is a change without an entry.
#[tokio::test]
async fn past_the_program_an_entry_says_what_was_done_and_a_change_has_its_entry() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    receiver.move_referral("acceptReferral", &id).await;
    let id = global_id::decode::<ReferralId>(&id.as_str().into()).expect("an id").0;
    let app = world.connect(DatabaseRole::App).await;
    let caller = world.caller(SENDER, "caseworker").await;
    let open = format!(
        "BEGIN; SELECT * FROM open_member('{}', '{}', '{}', '{}');",
        caller.organisation, caller.user, caller.session, caller.secret.0
    );
    let entry = |action: &str| {
        let node = if action == "clientRecord" { "NULL".to_owned() } else { format!("'{id}'") };
        format!("INSERT INTO audit_entry (action, node_id) VALUES ('{action}', {node});")
    };
    let change = format!("UPDATE referral_progress SET instead_service_id = NULL WHERE referral_id = '{id}';");
    let cancelled =
        format!("UPDATE referral_progress SET status = 'CANCELLED', status_at = moment() WHERE referral_id = '{id}';");
    let event = format!(
        "INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, by_organisation_id)
         VALUES ('{}', '{id}', '{}', 'CANCELLED', tenant());",
        SENDER.id(),
        RECEIVER.id()
    );
    for (what, why, done) in [
        ("an erasure that wasn't", TRUE_ENTRY, entry("eraseClient")),
        ("a move that wasn't", TRUE_ENTRY, entry("cancelReferral")),
        ("another's sign-in", TRUE_ENTRY, entry("signIn")),
        ("what only a job does", TRUE_ENTRY, entry("expireReferral")),
        ("in another's name", NO_RIGHT, format!("INSERT INTO audit_entry (user_id, action) VALUES ('{id}', 'clientRecord');")),
        (
            "as another's",
            NO_RIGHT,
            format!("INSERT INTO audit_entry (organisation_id, action) VALUES ('{}', 'clientRecord');", RECEIVER.id()),
        ),
        (
            "at another time",
            NO_RIGHT,
            "INSERT INTO audit_entry (at, action) VALUES (now() - interval '1 day', 'clientRecord');".to_owned(),
        ),
        (
            "a pseudonym that goes and stays out of the record",
            "a pseudonym goes only with the consent",
            format!("DELETE FROM referral_client WHERE referral_id = '{id}';{}", entry("clientRecord")),
        ),
        (
            "a pseudonym that comes back",
            "row-level security policy \"referral_client_true\"",
            format!(
                "INSERT INTO referral_client (from_organisation_id, referral_id, client, populations, age_band)
                 VALUES (tenant(), '{id}', 'k3v5q2mztaxwcnbdjr7uephgiy', '{{}}', 'NOT_STATED') ON CONFLICT DO NOTHING;{}",
                entry("clientRecord")
            ),
        ),
        ("a change without an entry", NO_ENTRY, change),
        ("a state without its event", "does not stand as its timeline says", format!("{cancelled}{}", entry("clientRecord"))),
        ("an event without its state", "does not stand as its timeline says", format!("{event}{}", entry("clientRecord"))),
        ("both without an entry", NO_ENTRY, format!("{cancelled}{event}")),
    ] {
        let refused = app.batch_execute(&format!("{open}{done}COMMIT")).await.expect_err(what);
        assert_eq!(refused.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE), "{what}: {refused:?}");
        let message = refused.as_db_error().expect("by PostgreSQL").message();
        assert!(message.contains(why), "{what}: {message}");
        app.batch_execute("ROLLBACK").await.expect("nothing is left open");
    }
    // Whoever holds two sessions changes nothing in the name of the one and commits in the name of the other.
    let other = world.caller(RECEIVER, "caseworker").await;
    let open_other = format!(
        "SELECT * FROM open_member('{}', '{}', '{}', '{}');",
        other.organisation, other.user, other.session, other.secret.0
    );
    let pause = format!("UPDATE service SET paused = true WHERE organisation_id = '{}';", SENDER.id());
    let look = "INSERT INTO audit_entry (action) VALUES ('clientRecord');";
    for between in ["", "RESET ALL;", "RESET ALL; SET search_path = public;", "SAVEPOINT a; RESET ALL;"] {
        let refused = app.batch_execute(&format!("{open}{pause}{between}{open_other}{look}COMMIT")).await.expect_err(between);
        let message = refused.as_db_error().expect("by PostgreSQL").message();
        assert_eq!(message, "a door of this transaction is open already", "{between}");
        app.batch_execute("ROLLBACK").await.expect("nothing is left open");
    }
    let whole = format!("{open}{cancelled}{event}{}COMMIT", entry("cancelReferral"));
    app.batch_execute(&whole).await.expect("what was done is written");
}

/// What a member may do to a table without an audit entry, with the reason.
const UNAUDITED: [(&str, &str); 8] = [
    ("client_mutation DELETE", "the user's own keys of idempotency"),
    ("client_mutation INSERT", "likewise"),
    ("client_mutation UPDATE", "likewise"),
    ("outbox INSERT", "it tells the parties to look, and nothing more"),
    ("outbox_for_all INSERT", "it tells all to look at what is for all"),
    ("referral_progress INSERT", "there is none without its new referral, which has an entry"),
    ("referral_sender INSERT", "likewise"),
    ("training_request INSERT", "refused without its event, which has an entry"),
];

/// Every kind of change that a member's transaction can make is refused at its end without an audit entry, or goes with one that is.
#[tokio::test]
async fn whatever_a_member_can_change_asks_for_an_audit_entry() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    // A trigger of an UPDATE may be for some columns alone: those that it lists.
    let query = "SELECT DISTINCT relname || ' ' || operation FROM pg_class
            CROSS JOIN (VALUES ('INSERT', 4), ('DELETE', 8), ('UPDATE', 16)) AS event (operation, bit)
            JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'audit_entry'
            AND CASE operation
                WHEN 'DELETE' THEN has_table_privilege('pamoja_app', pg_class.oid, 'DELETE')
                ELSE has_column_privilege('pamoja_app', pg_class.oid, attnum, operation)
            END
            AND NOT EXISTS (
                SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND tgdeferrable AND tgtype & bit <> 0
                    AND (operation <> 'UPDATE' OR tgattr::text = '' OR attnum = ANY (tgattr::int2[]))
                    AND tgfoid IN ('check_recorded()'::regprocedure, 'check_training_recorded()'::regprocedure)
            )
        ORDER BY 1";
    let free: Vec<String> = superuser.query(query, &[]).await.expect("the catalogue").iter().map(|row| row.get(0)).collect();
    assert_eq!(free, UNAUDITED.map(|(change, _)| change));
}
