//! No organisation keeps the database from the others: places are given by organisation in turn. How long others wait is measured
//! by the benchmark `fairness`.

use std::future::Future;
use std::time::Duration;

use futures_util::future::join_all;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use tokio_postgres::Client as Connection;

use crate::harness::{Client, Member, OUTSIDER, RECEIVER, SENDER, UNTIL_HEARD, World, until};
use crate::subscription::{CHANGES, listening};

/// Long enough for everything that may go on to have begun, and far shorter than PostgreSQL's patience with a statement.
const SETTLED: Duration = Duration::from_millis(500);
const LIST: &str = "{ referrals(direction: OUTGOING, first: 20) { nodes { id } } }";
const COUNT: &str = "{ organisationTable(input: { name: REFERRALS_BY_SERVICE_TYPE, measure: \"CREATED\", from: \"2026-01\", \
    through: \"2026-01\" }) { totals { value } } }";
const OTHER: &str = "{ viewer { organisation { name } } }";

/// Two users of that member, so that the limit on one user alone holds nobody back.
async fn clients(world: &World, member: Member) -> Vec<Client> {
    let mut clients = Vec::new();
    for role in [Role::Caseworker, Role::PeerEducator] {
        clients.push(world.client(member, role).await);
    }
    clients
}

/// How many statements wait for a lock.
pub async fn waiting(world: &World, superuser: &Connection) -> i64 {
    let query = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'";
    superuser.query_one(query, &[&world.database.name]).await.expect("a count").get(0)
}

/// Sends everything while nobody can read referrals, asks `meanwhile`, then lets all of it go on.
async fn while_held<T>(
    world: &World,
    sent: Vec<impl Future<Output = Value>>,
    meanwhile: impl Future<Output = T>,
) -> (Vec<Value>, T) {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser.batch_execute("BEGIN; LOCK TABLE referral, referral_progress IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    let asked = async {
        sleep(SETTLED).await;
        let answer = meanwhile.await;
        superuser.batch_execute("COMMIT").await.expect("it goes on");
        answer
    };
    tokio::join!(join_all(sent), asked)
}

#[tokio::test]
async fn whoever_asks_for_little_is_answered_while_others_fill_their_places() {
    let world = World::new().await;
    let (one, other) = (clients(&world, SENDER).await, clients(&world, RECEIVER).await);
    let third = world.client(OUTSIDER, Role::Caseworker).await;
    let observer = world.connect(DatabaseRole::Superuser).await;
    for (crowd, places) in [(vec![&one], 3), (vec![&one, &other], 4)] {
        let sent = crowd.iter().flat_map(|clients| clients.iter()).flat_map(|client| (0..4).map(|_| client.run(LIST, json!({}))));
        let (answers, (answer, held)) = while_held(&world, sent.collect(), async {
            let held = waiting(&world, &observer).await;
            (timeout(UNTIL_HEARD, third.run(OTHER, json!({}))).await, held)
        })
        .await;
        assert!(answer.is_ok_and(|answer| answer["errors"].is_null()), "the third waits for the others");
        // Of the test's six connections one is for the program alone, nobody has more than three places, and one is kept.
        assert_eq!(held, places, "they use all that is theirs");
        assert!(answers.iter().all(|answer| answer["errors"].is_null()), "{answers:?}");
    }
}

#[tokio::test]
async fn what_is_read_for_an_event_takes_a_place_as_well() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let listener = world.client(RECEIVER, Role::Caseworker).await;
    let third = world.client(OUTSIDER, Role::Caseworker).await;
    let mut sockets = Vec::new();
    // What is equal would be read once for all of them.
    for number in 0..6 {
        sockets.push(listening(&listener, &CHANGES.replace("status", &format!("a{number}: status")), &sender).await);
    }
    let (observer, superuser) = (world.connect(DatabaseRole::Superuser).await, world.connect(DatabaseRole::Superuser).await);
    let announcement = format!(
        "INSERT INTO outbox (organisation_id, kind, node_id)
         SELECT organisation_id, kind, node_id FROM outbox WHERE organisation_id = '{}' LIMIT 1",
        RECEIVER.id()
    );
    superuser.batch_execute("BEGIN; LOCK TABLE referral, referral_progress IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    observer.batch_execute(&format!("{announcement}; NOTIFY pamoja_outbox")).await.expect("an event");
    until("the event is read", async || (waiting(&world, &observer).await > 0).then_some(())).await;
    sleep(SETTLED).await;
    let held = waiting(&world, &observer).await;
    let answer = timeout(UNTIL_HEARD, third.run(OTHER, json!({}))).await;
    superuser.batch_execute("COMMIT").await.expect("it goes on");
    assert_eq!(held, 3, "six streams read with three places");
    assert!(answer.is_ok_and(|answer| answer["errors"].is_null()), "the third waits for the streams of another");
    for socket in &mut sockets {
        socket.referral().await;
    }
}

#[tokio::test]
async fn an_organisation_counts_its_records_once_at_a_time_and_does_all_else_meanwhile() {
    let world = World::new().await;
    let admin = world.client(SENDER, Role::OrganisationAdmin).await;
    let other = world.client(RECEIVER, Role::OrganisationAdmin).await;
    let observer = world.connect(DatabaseRole::Superuser).await;
    let sent = [&admin, &admin, &admin, &other].map(|client| client.run(COUNT, json!({})));
    let (answers, (held, answer)) = while_held(&world, sent.into(), async {
        (waiting(&world, &observer).await, timeout(UNTIL_HEARD, admin.run(OTHER, json!({}))).await)
    })
    .await;
    assert_eq!(held, 1, "a third of five places count");
    assert!(answer.is_ok_and(|answer| answer["errors"].is_null()));
    assert!(answers.iter().all(|answer| answer["errors"].is_null()), "{answers:?}");
}
