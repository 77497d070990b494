//! Changes as they happen, over a real WebSocket.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use pamoja_api::graphql::news::Ended;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::ReferralId;
use pamoja_domain::user::Role;
use pamoja_persistence::outbox::{self, Changed, Position};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, Socket, UNTIL_HEARD, World, until};
use crate::referral::{desks, sent};

pub const CHANGES: &str = "subscription { referralChanged { id status timeline { status } } }";

/// An active subscription: changes by that client have been delivered on it.
pub async fn listening(client: &Client, query: &str, changes_by: &Client) -> Socket {
    let mut socket = Socket::of(client).await;
    socket.subscribe("1", query).await;
    socket.await_changes(async || sent(changes_by).await.0).await;
    socket
}

pub fn decoded(id: &str) -> ReferralId {
    pamoja_api::graphql::global_id::decode(&id.into()).expect("a referral's id")
}

#[tokio::test]
async fn both_parties_hear_of_a_change_and_a_stranger_does_not() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let mut at_sender = listening(&sender, CHANGES, &sender).await;
    let mut at_receiver = listening(&receiver, CHANGES, &sender).await;
    let mut at_outsider = listening(&outsider, CHANGES, &outsider).await;
    let (id, _) = sent(&sender).await;
    receiver.move_referral("acceptReferral", &id).await;
    let (own, _) = sent(&outsider).await;
    for socket in [&mut at_sender, &mut at_receiver] {
        let mut event = socket.referral().await;
        while event["id"] != json!(id) {
            event = socket.referral().await;
        }
        // Each event shows the referral at the time of delivery, so the first may already show the second change.
        while event["status"] != "ACCEPTED" {
            event = socket.referral().await;
        }
        assert_eq!((&event["id"], &event["timeline"][1]["status"]), (&json!(id), &json!("ACCEPTED")));
    }
    assert_eq!(at_outsider.referral().await["id"], json!(own), "nothing before its own");
}

#[tokio::test]
async fn a_subscription_of_several_root_fields_is_refused_and_holds_up_nobody() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let mut socket = Socket::of(&receiver).await;
    for (id, query) in [
        (
            "1",
            "subscription { in: referralChanged(direction: INCOMING) { id } out: referralChanged(direction: OUTGOING) { id } }",
        ),
        ("2", "subscription { ...both } fragment both on Subscription { a: referralChanged { id } b: referralChanged { id } }"),
        ("3", "subscription { ... { a: referralChanged { id } } b: trainingRequestChanged { id } }"),
    ] {
        socket.subscribe(id, query).await;
        let refused = socket.hear().await;
        assert_eq!((&refused["id"], &refused["type"]), (&json!(id), &json!("error")), "{query}: {refused:#}");
        assert_eq!(refused["payload"][0]["extensions"]["code"], "BAD_REQUEST", "{query}");
    }
    // Everybody else is served, and the same socket takes what is right.
    let mut socket = listening(&receiver, CHANGES, &sender).await;
    let (id, _) = sent(&sender).await;
    assert_eq!(socket.referral().await["id"], json!(id));
}

#[tokio::test]
async fn a_direction_leaves_the_other_one_out() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let incoming = "subscription { referralChanged(direction: INCOMING) { id } }";
    let outgoing = "subscription { referralChanged(direction: OUTGOING) { id } }";
    let mut in_at_receiver = listening(&receiver, incoming, &sender).await;
    let mut out_at_sender = listening(&sender, outgoing, &sender).await;
    // The sender offers peer education, so a referral by the receiver comes in at the sender.
    let draft = crate::referral::draft(SENDER, pamoja_domain::service::ServiceType::PeerEducation);
    let back = receiver.create_referral(draft).await;
    assert_eq!(back["userErrors"], json!([]), "{back:#}");
    let (there, _) = sent(&sender).await;
    for socket in [&mut in_at_receiver, &mut out_at_sender] {
        let mut id = socket.referral().await["id"].take();
        while id != json!(there) {
            assert_ne!(id, back["referral"]["id"], "the other direction");
            id = socket.referral().await["id"].take();
        }
    }
}

#[tokio::test]
async fn a_peer_educator_hears_only_of_what_they_referred() {
    let world = World::new().await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let other = world.client_of(SENDER, "second-peer").await;
    let mut socket = listening(&peer, CHANGES, &peer).await;
    sent(&other).await;
    let (mine, _) = sent(&peer).await;
    assert_eq!(socket.referral().await["id"], json!(mine));
}

#[tokio::test]
async fn the_senders_own_people_hear_that_it_referred_on_and_the_receiver_does_not() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let colleague = world.client_of(SENDER, "second-caseworker").await;
    let (id, _) = sent(&sender).await;
    let better = pamoja_api::graphql::global_id::encode(OUTSIDER.service(pamoja_domain::service::ServiceType::HivTesting));
    let input = json!({ "referralId": id, "reason": "BETTER_PLACED_PARTNER", "insteadServiceId": better });
    receiver.referral_mutation("declineReferral", "DeclineReferralInput", input).await;
    let changes = "subscription { referralChanged { id status referredOnAs { id } } }";
    let mut at_colleague = listening(&colleague, changes, &sender).await;
    let mut at_receiver = listening(&receiver, changes, &sender).await;
    let referred =
        sender.referral_mutation("referInstead", "ReferInsteadInput", json!({ "referralId": id, "consentGiven": true })).await;
    assert_eq!(referred["userErrors"], json!([]), "{referred:#}");
    let mut heard = at_colleague.referral().await;
    while heard["id"] != json!(id) {
        heard = at_colleague.referral().await;
    }
    assert_eq!(heard["referredOnAs"]["id"], referred["referral"]["id"]);
    let (next, _) = sent(&sender).await;
    assert_eq!(at_receiver.referral().await["id"], json!(next), "nothing before the next one");
}

#[tokio::test]
async fn what_is_given_back_to_all_comes_to_the_colleagues_as_open() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let colleague = world.client_of(RECEIVER, "second-caseworker").await;
    let changes = "subscription { referralChanged(direction: OPEN) { id status toOrganisation { slug } } }";
    let mut socket = Socket::of(&colleague).await;
    socket.subscribe("1", changes).await;
    let opened = async || crate::referral_open::send(&sender, json!({})).await.0;
    socket.await_changes(opened).await;
    let id = opened().await;
    assert_eq!(socket.referral().await["id"], json!(id));
    receiver.move_referral("acceptReferral", &id).await;
    let incoming = crate::referral_open::list(&colleague, "INCOMING", json!({})).await;
    assert_eq!(incoming, std::slice::from_ref(&id));
    assert_eq!(receiver.move_referral("undoReferralMove", &id).await["userErrors"], json!([]));
    assert_eq!(socket.referral().await, json!({ "id": id, "status": "REQUESTED", "toOrganisation": null }));
    assert!(crate::referral_open::list(&colleague, "OPEN", json!({})).await.contains(&id));
    assert_eq!(crate::referral_open::list(&colleague, "INCOMING", json!({})).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_change_through_one_process_is_heard_at_another() {
    let world = World::new().await;
    let twin = world.twin().await;
    let (sender, receiver) = desks(&world).await;
    let there = Client::new(twin.address, receiver.token.clone());
    let mut socket = listening(&there, CHANGES, &sender).await;
    let (id, _) = sent(&sender).await;
    assert_eq!(socket.referral().await["id"], json!(id));
    drop(socket);
}

#[tokio::test]
async fn whatever_is_committed_after_subscribing_is_heard() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let (held, _) = sent(&sender).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser.batch_execute(&format!("BEGIN; {}", announcement(&held))).await.expect("a change is under way");
    let mut changes = world.changes(RECEIVER).await;
    let sending = join_all((0..50).map(|_| sent(&sender)));
    let (new, committed) = tokio::join!(sending, superuser.batch_execute("COMMIT"));
    committed.expect("it is committed");
    let mut missing: Vec<ReferralId> = new.iter().map(|(id, _)| decoded(id)).chain([decoded(&held)]).collect();
    while !missing.is_empty() {
        let news = timeout(UNTIL_HEARD, changes.next()).await.unwrap_or_else(|_| panic!("never heard of {missing:?}"));
        let news = news.expect("changes");
        missing.retain(|known| !news.changes.contains(&changed(*known)));
    }
}

#[tokio::test]
async fn the_last_state_of_each_arrives_when_many_change_at_once() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let ids: Vec<String> = join_all((0..50).map(|_| sent(&sender))).await.into_iter().map(|(id, _)| id).collect();
    let mut socket = listening(&sender, CHANGES, &sender).await;
    let moving = join_all(ids.iter().map(async |id| {
        receiver.move_referral("acceptReferral", id).await;
        receiver.move_referral("checkInReferralWithoutSlip", id).await;
        receiver.move_referral("completeReferral", id).await;
    }));
    let reading = async {
        let mut heard: HashMap<String, Value> = HashMap::new();
        while ids.iter().any(|id| heard.get(id) != Some(&json!("COMPLETED"))) {
            let event = socket.referral().await;
            heard.insert(event["id"].as_str().expect("an id").to_owned(), event["status"].clone());
        }
    };
    tokio::join!(moving, reading);
}

/// The change of that referral.
fn changed(id: ReferralId) -> Changed {
    Changed { kind: ChangeKind::Referral, id: id.0 }
}

/// What the receiver's outbox holds after that position, and the position after it.
async fn read_after(world: &World, position: Position) -> (Vec<Changed>, Position) {
    let caller = world.caller(RECEIVER, "caseworker").await;
    let tx = world.app.database.follow(caller).await.expect("a transaction");
    let (changes, reached) = outbox::after(&tx, position).await.expect("changes");
    tx.end().await;
    (changes, reached.position)
}

async fn position(world: &World) -> Position {
    let caller = world.caller(RECEIVER, "caseworker").await;
    let tx = world.app.database.follow(caller).await.expect("a transaction");
    let now = outbox::now(&tx).await.expect("a position");
    tx.end().await;
    now
}

pub fn announcement(id: &str) -> String {
    format!("INSERT INTO outbox (organisation_id, kind, node_id) VALUES ('{}', 'REFERRAL', '{}')", RECEIVER.id(), decoded(id))
}

#[tokio::test]
async fn nothing_is_read_that_a_transaction_under_way_could_still_overtake() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let (slow, _) = sent(&sender).await;
    let begun = position(&world).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser.batch_execute(&format!("BEGIN; {}", announcement(&slow))).await.expect("a change is under way");
    let (quick, _) = sent(&sender).await;
    let (changes, reached) = read_after(&world, begun).await;
    assert_eq!(changes, [], "what came later is committed already");
    // A client that subscribes now must be notified of it too.
    let late = position(&world).await;
    superuser.batch_execute("COMMIT").await.expect("it is committed");
    let both = [&slow, &quick].map(|id| changed(decoded(id)));
    for position in [begun, reached, late] {
        assert_eq!(read_after(&world, position).await.0, both, "in the order in which they were written");
    }
}

#[tokio::test]
async fn what_has_nothing_to_tell_delays_no_change() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let begun = position(&world).await;
    // A long job in this database, and one in another database of the same server; both write, and neither announces anything.
    let here = world.connect(DatabaseRole::Superuser).await;
    let elsewhere = World::new().await;
    let there = elsewhere.connect(DatabaseRole::Superuser).await;
    for client in [&here, &there] {
        client.batch_execute("BEGIN; CREATE TABLE long_job (id integer)").await.expect("a job begins");
    }
    there
        .batch_execute("INSERT INTO outbox (organisation_id, kind, node_id) SELECT id, 'REFERRAL', id FROM organisation")
        .await
        .expect("it tells");
    let (id, _) = sent(&sender).await;
    assert_eq!(read_after(&world, begun).await.0, [changed(decoded(&id))]);
    drop((here, there));
}

#[tokio::test]
async fn a_transaction_holds_one_lock_however_much_it_tells() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let announce = announcement(&id);
    superuser
        .batch_execute(&format!("BEGIN; {announce}; {announce}; SAVEPOINT before; {announce}; ROLLBACK TO before; {announce}"))
        .await
        .expect("it tells");
    let held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()";
    assert_eq!(superuser.query_one(held, &[]).await.expect("a count").get::<_, i64>(0), 1);
    superuser.batch_execute("ROLLBACK").await.expect("it ends");
    superuser
        .batch_execute(&format!("BEGIN; SAVEPOINT before; {announce}; ROLLBACK TO before; {announce}"))
        .await
        .expect("it tells");
    assert_eq!(superuser.query_one(held, &[]).await.expect("a count").get::<_, i64>(0), 1, "what was undone is held anew");
}

/// Announces that many changes at once.
async fn flood(superuser: &tokio_postgres::Client, id: &str, changes: usize) {
    let query = format!(
        "INSERT INTO outbox (organisation_id, kind, node_id) SELECT '{}', 'REFERRAL', '{}' FROM generate_series(1, {changes})",
        RECEIVER.id(),
        decoded(id)
    );
    superuser.batch_execute(&query).await.expect("a flood");
}

#[tokio::test]
async fn a_burst_cuts_off_nobody_who_reads() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let mut socket = listening(&receiver, CHANGES, &sender).await;
    flood(&superuser, &id, 450).await;
    for _ in 0..450 {
        assert_eq!(socket.referral().await["id"], json!(id));
    }
}

#[tokio::test]
async fn who_does_not_read_is_cut_off_and_catches_up() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let note = "INSERT INTO referral_note (from_organisation_id, referral_id, to_organisation_id, sealed)
        SELECT from_organisation_id, id, to_organisation_id, repeat('x', 24000) FROM referral";
    superuser.batch_execute(note).await.expect("a long note");
    // Some 600 KB an event, which soon fills the network's own buffers.
    let aliases: String = (0..25).map(|number| format!("a{number}: sealedNote ")).collect();
    let mut socket = listening(&receiver, &format!("subscription {{ referralChanged {{ id {aliases} }} }}"), &sender).await;
    flood(&superuser, &id, 5000).await;
    // A subscriber that only reads shows when the flood has been sent.
    let mut follower = world.changes(RECEIVER).await;
    let last = decoded(&sent(&sender).await.0);
    loop {
        match timeout(UNTIL_HEARD, follower.next()).await.expect("in time") {
            Ok(news) if news.changes.contains(&changed(last)) => break,
            Ok(_) | Err(Ended::Behind) => {}
            Err(Ended::Session) => panic!("the session is in force"),
        }
    }
    let (codes, close) = socket.read_to_end().await;
    assert!(codes == ["UNAVAILABLE"] || (codes.is_empty() && close.is_none()), "{codes:?} {close:?}");
    let caught_up = receiver
        .data(
            "{ referrals(direction: INCOMING, filter: { updatedSince: \"2026-01-01T00:00:00Z\" }) { nodes { id } } }",
            json!({}),
        )
        .await;
    assert!(caught_up["referrals"]["nodes"].as_array().is_some_and(|nodes| nodes.contains(&json!({ "id": id }))));
}

#[tokio::test]
async fn a_session_that_has_ended_ends_with_the_next_event() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let mut socket = listening(&receiver, CHANGES, &sender).await;
    let answer = receiver.request(reqwest::Method::DELETE, "/session").send().await.expect("an answer");
    assert!(answer.status().is_success(), "{}", answer.status());
    sent(&sender).await;
    assert_eq!(socket.read_to_end().await, (vec!["UNAUTHENTICATED".to_owned()], Some(4401)));
}

#[tokio::test]
async fn a_role_that_is_taken_away_ends_the_stream() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let mut socket = listening(&receiver, CHANGES, &sender).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let query = format!(
        "UPDATE user_account SET roles = '{{ANALYST}}' WHERE organisation_id = '{}' AND handle = 'caseworker'",
        RECEIVER.id()
    );
    superuser.batch_execute(&query).await.expect("the role is taken away");
    sent(&sender).await;
    assert_eq!(socket.read_to_end().await, (vec!["FORBIDDEN".to_owned()], None));
}

#[tokio::test]
async fn a_token_that_expires_closes_the_socket() {
    let world = World::new().await;
    let caller = world.caller(RECEIVER, "caseworker").await;
    let token = world.app.authority.issue(caller, world.app.database.now(), TimeDelta::seconds(2));
    let mut socket = Socket::begin(world.address, &token).await;
    socket.subscribe("1", CHANGES).await;
    assert_eq!(socket.read_to_end().await, (Vec::new(), Some(4401)));
}

#[tokio::test]
async fn a_subscription_holds_no_transaction_while_it_waits() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let mut sockets = Vec::new();
    // More than there are connections.
    for _ in 0..8 {
        sockets.push(listening(&receiver, CHANGES, &sender).await);
    }
    let observer = world.connect(DatabaseRole::Superuser).await;
    until("nobody waits in a transaction", async || (world.idle_in_transaction(&observer).await == 0).then_some(())).await;
    let (id, _) = sent(&sender).await;
    for socket in &mut sockets {
        while socket.referral().await["id"] != json!(id) {}
    }
    until("nobody waits in a transaction", async || (world.idle_in_transaction(&observer).await == 0).then_some(())).await;
}

/// Which processes of PostgreSQL serve that role.
pub async fn serving(observer: &tokio_postgres::Client, role: &str) -> BTreeSet<i32> {
    let query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = $1";
    observer.query(query, &[&role]).await.expect("they are listed").iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn subscriptions_that_end_as_soon_as_they_begin_cost_no_connection() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let observer = world.connect(DatabaseRole::Superuser).await;
    let mut sockets = Vec::new();
    for _ in 0..4 {
        sockets.push(Socket::of(&receiver).await);
    }
    let mut seen = BTreeSet::new();
    for round in 0..36_u64 {
        for (number, socket) in sockets.iter_mut().enumerate() {
            for stream in 0..3 {
                let id = format!("{round} {number} {stream}");
                socket.subscribe(&id, CHANGES).await;
                sleep(Duration::from_millis(round % 12)).await;
                socket.say(json!({ "id": id, "type": "complete" })).await;
            }
        }
        seen.extend(serving(&observer, "pamoja_server").await);
    }
    // The pool's connections, and the one that hears of changes.
    assert!(seen.len() <= 9, "{} processes of PostgreSQL were begun", seen.len());
    assert!(!sent(&sender).await.0.is_empty(), "others are served");
}
