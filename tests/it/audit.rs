//! Who did what to which id: recorded once with each change, unchangeable, and sealed.

use std::sync::Arc;

use pamoja_api::audit_chain;
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
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
    insta::assert_snapshot!(columns, @"organisation_id uuid, position bigint, transaction_id xid8, at timestamp with time zone, user_id uuid, action text, node_id uuid");
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
        while job::seal_audit(&world.app.database, SENDER.id(), &|last, entries| audit_chain::link(&keys, last, entries))
            .await
            .expect("a seal")
        {}
        let open: i64 = superuser.query_one(&open, &[]).await.expect("a count").get(0);
        (open == 0).then_some(())
    })
    .await;
}

async fn finding(world: &World) -> Option<String> {
    audit_chain::verify(&world.app.database, &world.app.keys, SENDER.id()).await.expect("it is read")
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
    let seals: i64 = superuser.query_one("SELECT count(*) FROM audit_seal", &[]).await.expect("a count").get(0);
    assert!(seals >= 3, "each turn seals what is new");
    let some = "(SELECT max(position) FROM audit_entry JOIN audit_seal USING (organisation_id) WHERE number = 2 AND position <= last_position)";
    for (tampering, wrong) in [
        (format!("UPDATE audit_entry SET action = 'nothing' WHERE position = {some}"), "seal 2"),
        (format!("UPDATE audit_entry SET node_id = gen_random_uuid() WHERE position = {some}"), "seal 2"),
        (format!("UPDATE audit_entry SET user_id = NULL WHERE position = {some}"), "seal 2"),
        (format!("UPDATE audit_entry SET at = at - interval '1 hour' WHERE position = {some}"), "seal 2"),
        (format!("DELETE FROM audit_entry WHERE position = {some}"), "seal 2"),
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
