//! What is kept of the directory in memory: every member's to read, never old, and never what whoever changed it sees.

use std::time::Duration;

use pamoja_api::graphql::directory::LASTS;
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{Client, RECEIVER, SENDER, World};
use crate::referral::{desks, draft, with};

/// A referral to the receiver's service for PEP; its id.
async fn referred(sender: &Client) -> String {
    let service = global_id::encode(RECEIVER.service(ServiceType::Pep));
    let fields = json!({ "serviceId": service, "hoursSinceExposure": 1 });
    let payload = sender.create_referral(with(draft(RECEIVER, ServiceType::Pep), fields)).await;
    payload["referral"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned()
}

async fn set_capacity(receiver: &Client, capacity: &str) {
    let set = "mutation ($input: SetServiceCapacityInput!) { setServiceCapacity(input: $input) { userErrors { code } } }";
    let service = global_id::encode(RECEIVER.service(ServiceType::Pep));
    let answer = receiver.data(set, json!({ "input": { "serviceId": service, "capacity": capacity } })).await;
    assert_eq!(answer["setServiceCapacity"]["userErrors"], json!([]));
}

/// The capacity of the service that the referral names.
async fn capacity(client: &Client, referral: &str) -> Value {
    let query = "query ($id: ID!) { node(id: $id) { ... on Referral { service { capacity } } } }";
    client.data(query, json!({ "id": referral })).await["node"]["service"]["capacity"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_changed_something_sees_it_at_once_in_every_process() {
    let world = World::new().await;
    let other = world.twin().await;
    let (sender, receiver) = desks(&world).await;
    let elsewhere = other.client(RECEIVER, Role::Caseworker).await;
    let id = referred(&sender).await;
    for number in 0..20 {
        let set = if number % 2 == 0 { "FULL" } else { "OPEN" };
        // Both processes have it in memory.
        capacity(&receiver, &id).await;
        capacity(&elsewhere, &id).await;
        set_capacity(&receiver, set).await;
        assert_eq!(capacity(&elsewhere, &id).await, json!(set), "the {number}th time, in another process");
        assert_eq!(capacity(&receiver, &id).await, json!(set), "the {number}th time");
    }
}

/// A transaction that takes its position first, and commits after one that announced very much, is seen as well.
#[tokio::test]
async fn what_commits_late_changes_the_number_that_says_what_was_announced() {
    let world = World::new().await;
    let service = RECEIVER.service(ServiceType::Pep).0;
    let enter = format!("BEGIN; SELECT test_gate.enter('{}', 'member')", RECEIVER.id());
    let announce = |times: usize| {
        format!(
            "INSERT INTO outbox_for_all (organisation_id, kind, node_id) SELECT '{}', 'SERVICE', '{service}' FROM generate_series(1, {times})",
            RECEIVER.id()
        )
    };
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let reader = world.connect(DatabaseRole::App).await;
    let number = async || -> Option<i64> {
        reader.batch_execute(&enter).await.expect("a tenant");
        let number = reader.query_one("SELECT own_announcements()", &[]).await.expect("a number").get(0);
        reader.batch_execute("ROLLBACK").await.expect("the end");
        number
    };
    let nothing = number().await;
    let late = world.connect(DatabaseRole::Superuser).await;
    late.batch_execute(&format!("BEGIN; {}", announce(1))).await.expect("it is announced");
    superuser.batch_execute(&announce(100)).await.expect("much is announced");
    let much = number().await;
    assert_ne!(much, nothing);
    assert_eq!(number().await, much, "nothing new");
    late.batch_execute("COMMIT").await.expect("it is committed");
    assert_ne!(number().await, much);
    superuser.batch_execute(&announce(1_000)).await.expect("very much is announced");
    assert_eq!(number().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_others_see_it_within_two_seconds_and_at_once_where_they_ask_by_id() {
    let world = World::new().await;
    let other = world.twin().await;
    let (sender, receiver) = desks(&world).await;
    let elsewhere = other.client(SENDER, Role::Caseworker).await;
    let service = global_id::encode(RECEIVER.service(ServiceType::Pep));
    let id = referred(&sender).await;
    for set in ["FULL", "LIMITED", "OPEN"] {
        capacity(&elsewhere, &id).await;
        set_capacity(&receiver, set).await;
        let by_id = "query ($id: ID!) { node(id: $id) { ... on Service { capacity } } }";
        assert_eq!(elsewhere.data(by_id, json!({ "id": service })).await["node"]["capacity"], json!(set));
        tokio::time::sleep(LASTS + Duration::from_millis(1)).await;
        assert_eq!(capacity(&elsewhere, &id).await, json!(set));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_memory_is_read_no_second_time_whoever_asks() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let id = referred(&sender).await;
    let cost = async |client: &Client| {
        let (_, before) = world.app.database.counted();
        capacity(client, &id).await;
        world.app.database.counted().1 - before
    };
    // What the process knows of the organisations' announcements.
    capacity(&sender, &id).await;
    capacity(&receiver, &id).await;
    // A machine that stands still for two seconds shows nothing; not each of a few times.
    let mut costs = Vec::new();
    for _ in 0..5 {
        world.app.directory.has_changed();
        costs.push((cost(&sender).await, cost(&receiver).await));
    }
    assert!(costs.iter().any(|(first, second)| first == &(second + 1)), "{costs:?}");
}

/// What is kept is read in the transaction of any member and shown to all.
#[tokio::test]
async fn what_is_kept_is_every_members_to_read() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    for table in ["organisation", "service", "facility"] {
        let comment = format!("SELECT obj_description('{table}'::regclass)");
        let comment: String = superuser.query_one(&comment, &[]).await.expect("a comment").get(0);
        assert!(comment.starts_with("DIRECTORY: ") || comment.starts_with("PUBLIC: "), "{table}: {comment}");
        let policies = format!(
            "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy
             WHERE polrelid = '{table}'::regclass AND polcmd IN ('r', '*') AND 'pamoja_app'::regrole = ANY (polroles)"
        );
        let policies: Vec<String> =
            superuser.query(&policies, &[]).await.expect("policies").iter().map(|row| row.get(0)).collect();
        assert_eq!(policies, ["(( SELECT door() AS door) IS NOT NULL)"], "{table} differs for nobody");
    }
    // The statement with a join reads no other table.
    let words: Vec<&str> = include_str!("../../crates/persistence/src/service/all.sql").split_whitespace().collect();
    let read: Vec<&str> = words.windows(2).filter(|pair| ["FROM", "JOIN"].contains(&pair[0])).map(|pair| pair[1]).collect();
    assert_eq!(read, ["service", "facility"]);
}
