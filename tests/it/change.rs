//! Changes between processes: kinds that one of them doesn't know, and changes that concern every member.

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use pamoja_persistence::outbox::Changed;
use serde_json::json;
use tokio::time::timeout;
use tokio_postgres::error::SqlState;

use crate::harness::{OUTSIDER, RECEIVER, SENDER, UNTIL_HEARD, World};
use crate::referral::{desks, sent};
use crate::subscription::{CHANGES, listening};

/// A newer process announces that many changes, of a kind that its migration added and this program doesn't know.
async fn announced_by_a_newer_process(world: &World, changes: usize) {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute(&format!(
            "ALTER DOMAIN change_kind DROP CONSTRAINT IF EXISTS change_kind_check;
             INSERT INTO outbox (organisation_id, kind, node_id) SELECT '{0}', 'KIND_OF_A_NEWER_VERSION', gen_random_uuid() FROM generate_series(1, {changes});
             INSERT INTO outbox_for_all (organisation_id, kind, node_id) SELECT '{0}', 'KIND_OF_A_NEWER_VERSION', gen_random_uuid() FROM generate_series(1, {changes})",
            RECEIVER.id()
        ))
        .await
        .expect("changes of a new kind");
}

#[tokio::test]
async fn a_change_of_an_unknown_kind_stalls_nobody() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let mut socket = listening(&receiver, CHANGES, &sender).await;
    // 500 are as many as one read takes, so that the first batch holds nothing else.
    for changes in [1, 500] {
        announced_by_a_newer_process(&world, changes).await;
        let (id, _) = sent(&sender).await;
        assert_eq!(socket.referral().await["id"], json!(id), "after {changes} changes of an unknown kind");
    }
}

#[tokio::test]
async fn what_concerns_every_member_is_one_row_and_heard_by_all_of_them_in_every_process() {
    let world = World::new().await;
    let other = world.twin().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let rows = async || -> i64 { superuser.query_one("SELECT count(*) FROM outbox_for_all", &[]).await.expect("a count").get(0) };
    let before = rows().await;
    let mut feeds = Vec::new();
    for process in [&world, &other] {
        for member in [SENDER, RECEIVER, OUTSIDER] {
            feeds.push(process.changes(member).await);
        }
    }
    let desk = world.client(RECEIVER, Role::Caseworker).await;
    let service = RECEIVER.service(ServiceType::Pep);
    let input = json!({ "serviceId": pamoja_api::graphql::global_id::encode(service), "capacity": "FULL" });
    let full = "mutation ($input: SetServiceCapacityInput!) { setServiceCapacity(input: $input) { userErrors { code } } }";
    assert_eq!(desk.data(full, json!({ "input": input })).await["setServiceCapacity"]["userErrors"], json!([]));
    for feed in &mut feeds {
        let heard = timeout(UNTIL_HEARD, feed.next()).await.expect("in time").expect("a change");
        assert_eq!(heard.changes, [Changed { kind: ChangeKind::Service, id: service.0 }]);
    }
    assert_eq!(rows().await - before, 1);
}

#[tokio::test]
async fn past_the_program_no_member_reads_when_another_announced_what() {
    let world = World::new().await;
    let of_others = format!("SELECT count(*) FROM outbox_for_all WHERE organisation_id <> '{}'", OUTSIDER.id());
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let (announcer, service) = (RECEIVER.id(), RECEIVER.service(ServiceType::Pep));
    let announced =
        format!("INSERT INTO outbox_for_all (organisation_id, kind, node_id) VALUES ('{announcer}', 'SERVICE', '{service}')");
    superuser.batch_execute(&announced).await.expect("it is announced");
    assert!(superuser.query_one(&of_others, &[]).await.expect("a count").get::<_, i64>(0) > 0, "nothing to hide");
    let app = world.connect(DatabaseRole::App).await;
    for door in ["member", "sign_in", "operator", "job", "housekeeping"] {
        app.batch_execute(&format!("SELECT test_gate.enter('{}', '{door}')", OUTSIDER.id())).await.expect("a door");
        let refused = app.query_one(&of_others, &[]).await.expect_err("refused");
        assert_eq!(refused.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{door}");
    }
}

#[tokio::test]
async fn past_the_program_a_referral_is_announced_as_a_referral_alone() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    let app = world.connect(DatabaseRole::App).await;
    app.batch_execute(&format!("SELECT test_gate.enter('{}', 'member')", SENDER.id())).await.expect("a tenant");
    for (kind, taken) in [("REFERRAL", true), ("TRAINING_REQUEST", false), ("SERVICE", false)] {
        let announcement = format!(
            "INSERT INTO outbox (organisation_id, kind, node_id) VALUES ('{}', '{kind}', '{}')",
            SENDER.id(),
            crate::subscription::decoded(&id)
        );
        assert_eq!(app.batch_execute(&announcement).await.is_ok(), taken, "{kind}");
    }
}

#[tokio::test]
async fn past_the_program_nobody_announces_what_is_not_its_own() {
    let world = World::new().await;
    let app = world.connect(DatabaseRole::App).await;
    app.batch_execute(&format!("SELECT test_gate.enter('{}', 'member')", OUTSIDER.id())).await.expect("a tenant");
    let own = OUTSIDER.service(ServiceType::HivTesting).0;
    let of_another = RECEIVER.service(ServiceType::Pep).0;
    let announcing = |organisation, kind, node| {
        format!("INSERT INTO outbox_for_all (organisation_id, kind, node_id) VALUES ('{organisation}', '{kind}', '{node}')")
    };
    app.batch_execute(&announcing(OUTSIDER.id(), "SERVICE", own)).await.expect("its own service is announced");
    for (organisation, kind, node) in
        [(OUTSIDER.id(), "SERVICE", of_another), (RECEIVER.id(), "SERVICE", of_another), (OUTSIDER.id(), "REFERRAL", own)]
    {
        let announcement = announcing(organisation, kind, node);
        let refused = app.batch_execute(&announcement).await.expect_err("refused");
        assert!(refused.as_db_error().is_some_and(|error| error.code().code() == "42501"), "{announcement}: {refused:?}");
    }
}
