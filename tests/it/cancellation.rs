//! Clients that go away in the middle of a request.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{join_all, pending};
use futures_util::poll;
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::{Permission, Permit};
use pamoja_domain::id::ReferralId;
use pamoja_domain::service::ServiceType;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::places::Effort;
use pamoja_persistence::pooler::Pooler;
use pamoja_persistence::referral;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::harness::{Client, RECEIVER, SENDER, World, until};
use crate::referral::{desks, draft, sent, with};

/// Sends a request and disconnects after that time.
pub async fn leave(client: &Client, query: &str, variables: Value, after: Duration) {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: pamoja\r\ncontent-type: application/json\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n\r\n{body}",
        client.token.as_deref().expect("a token"),
        body.len()
    );
    let mut connection = TcpStream::connect(client.address).await.expect("a connection");
    connection.write_all(request.as_bytes()).await.expect("it is sent");
    // The times are spread over the whole request: the test checks that none of them matters.
    tokio::time::sleep(after).await;
}

const LIST: &str = "{ referrals(direction: OUTGOING, first: 100) { nodes { id sealedNote toOrganisation { name } timeline { status byOrganisation { name } } } } }";
const CREATE: &str = "mutation ($input: CreateReferralInput!) { createReferral(input: $input) { slipCode } }";

#[tokio::test]
async fn those_who_leave_take_no_transaction_and_no_connection_with_them() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    for _ in 0..20 {
        sent(&sender).await;
    }
    let queries = (0..50).map(|number| leave(&sender, LIST, json!({}), Duration::from_millis(number)));
    let keys: Vec<Uuid> = (0..50).map(|_| Uuid::new_v4()).collect();
    let input = |key: &Uuid| with(draft(RECEIVER, ServiceType::HivTesting), json!({ "clientMutationId": key }));
    let mutations = keys
        .iter()
        .zip(0..)
        .map(|(key, number)| leave(&sender, CREATE, json!({ "input": input(key) }), Duration::from_millis(number)));
    tokio::join!(join_all(queries), join_all(mutations));

    let observer = world.connect(DatabaseRole::Superuser).await;
    until("no transaction is left", async || (world.idle_in_transaction(&observer).await == 0).then_some(())).await;
    for data in join_all((0..20).map(|_| sender.data(LIST, json!({})))).await {
        assert!(data["referrals"]["nodes"].as_array().is_some_and(|nodes| nodes.len() >= 20), "the pool still serves");
    }

    // Each referral exists completely or not at all. A repeat completes what is missing, and doubles nothing.
    let whole = async || -> i64 {
        let query = "SELECT count(*), (SELECT count(*) FROM referral_progress), (SELECT count(*) FROM referral_sender), (SELECT count(*) FROM referral_client),
            (SELECT count(*) FROM referral_shared), (SELECT count(*) FROM referral_slip), (SELECT count(*) FROM referral_event),
            (SELECT count(*) FROM audit_entry WHERE action = 'createReferral'), (SELECT count(*) / 2 FROM outbox) FROM referral";
        let row = observer.query_one(query, &[]).await.expect("counts");
        let counts: Vec<i64> = (0..row.len()).map(|column| row.get(column)).collect();
        assert!(counts.iter().all(|count| *count == counts[0]), "something is half done: {counts:?}");
        counts[0]
    };
    assert!((20..=70).contains(&whole().await));
    for payload in join_all(keys.iter().map(|key| sender.create_referral(input(key)))).await {
        assert!(payload["slipCode"].is_string(), "{payload:#}");
    }
    assert_eq!(whole().await, 70);
}

#[tokio::test]
async fn a_transaction_that_is_dropped_midway_does_not_come_back_with_its_connection() {
    let world = World::new().await;
    let caller = world.caller(RECEIVER, "caseworker").await;
    let (permit, entered) = (Permit::member(caller, Permission::ReadDirectory), Notify::new());
    // More often than there are connections.
    for _ in 0..20 {
        let stuck = world.app.database.tenant(&permit, async |_| -> Result<(), StoreError> {
            entered.notify_one();
            pending().await
        });
        tokio::select! {
            done = stuck => done.expect("it never ends"),
            () = entered.notified() => {}
        }
    }
    let observer = world.connect(DatabaseRole::Superuser).await;
    until("no transaction is left", async || (world.idle_in_transaction(&observer).await == 0).then_some(())).await;
    let (sender, _) = desks(&world).await;
    sent(&sender).await;
}

/// The end of what was only read is sent and not waited for; but the connection goes to nobody while a statement runs on it that its
/// request has given up.
#[tokio::test]
async fn what_was_read_ends_at_once_unless_something_still_runs() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let id: ReferralId = global_id::decode(&sent(&sender).await.0.as_str().into()).expect("an id");
    let permit = Permit::reader(world.caller(SENDER, "caseworker").await);
    let read = async || world.app.database.read(permit, Effort::Ordinary).await.expect("a transaction");

    let tx = read().await;
    assert!(!referral::events(&tx, &[id]).await.expect("the events").is_empty());
    assert!(poll!(pin!(tx.end())).is_ready(), "nothing is waited for");
    drop(tx);

    // A pooler may send what comes next to another connection.
    let behind = world.twin_behind(Pooler::Caching, &|url| url.to_owned()).await;
    let tx = behind.app.database.read(permit, Effort::Ordinary).await.expect("a transaction");
    {
        let mut ending = pin!(tx.end());
        assert!(poll!(ending.as_mut()).is_pending(), "behind a pooler the end is waited for");
        ending.await;
    }
    drop(tx);

    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser.batch_execute("BEGIN; LOCK TABLE referral_event IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    let tx = read().await;
    {
        let ids = [id];
        let mut given_up = pin!(referral::events(&tx, &ids));
        assert!(poll!(given_up.as_mut()).is_pending(), "it waits for the lock");
    }
    let mut ending = pin!(tx.end());
    assert!(poll!(ending.as_mut()).is_pending(), "the statement still runs");
    superuser.batch_execute("COMMIT").await.expect("it goes on");
    ending.await;
    let tx = read().await;
    assert!(!referral::events(&tx, &[id]).await.expect("the events").is_empty(), "the pool still serves");
}
