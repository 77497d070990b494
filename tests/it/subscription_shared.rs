//! What several subscribers may see is read once for all of them, and nobody is told more or less for it.

use std::time::Duration;

use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::Caller;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::session_secret::SessionSecret;
use pamoja_domain::user::Role;
use pamoja_persistence::follower;
use serde_json::json;
use tokio::time::sleep;
use tokio_postgres::Client as Connection;
use uuid::Uuid;

use crate::fairness::waiting;
use crate::harness::{Client, Member, OUTSIDER, RECEIVER, SENDER, Socket, World, until};
use crate::referral::{desks, sent};
use crate::subscription::{CHANGES, announcement, listening};
use crate::{referral_least_shared, referral_outline, training};

/// Long enough for everything that may go on to have begun, and shorter than a proof counts.
const SETTLED: Duration = Duration::from_millis(500);

/// How many statements wait for referrals that nobody can read, while that one is said to have changed.
async fn reading(world: &World, superuser: &Connection, id: &str) -> i64 {
    let observer = world.connect(DatabaseRole::Superuser).await;
    superuser.batch_execute("BEGIN; LOCK TABLE referral, referral_progress IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    observer.batch_execute(&format!("{}; NOTIFY pamoja_outbox", announcement(id))).await.expect("an event");
    until("the event is read", async || (waiting(world, &observer).await > 0).then_some(())).await;
    sleep(SETTLED).await;
    let reading = waiting(world, &observer).await;
    superuser.batch_execute("COMMIT").await.expect("it goes on");
    reading
}

async fn hear(sockets: &mut [Socket], id: &str) {
    for socket in sockets {
        while socket.referral().await["id"] != json!(id) {}
    }
}

#[tokio::test]
async fn what_is_equal_is_read_once_and_what_is_not_by_itself() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let mut sockets = Vec::new();
    for handle in ["caseworker", "second-caseworker", "caseworker", "second-caseworker"] {
        let client = world.client_of(RECEIVER, handle).await;
        sockets.push(listening(&client, CHANGES, &sender).await);
    }
    let (id, _) = sent(&sender).await;
    hear(&mut sockets, &id).await;
    assert_eq!(reading(&world, &superuser, &id).await, 1, "two caseworkers with two windows each");
    hear(&mut sockets, &id).await;
    let client = world.client(RECEIVER, Role::Caseworker).await;
    sockets.push(listening(&client, &CHANGES.replace("status", "state: status"), &sender).await);
    let (id, _) = sent(&sender).await;
    hear(&mut sockets, &id).await;
    assert_eq!(reading(&world, &superuser, &id).await, 2, "another document");
    hear(&mut sockets, &id).await;
    let peer = world.client(RECEIVER, Role::PeerEducator).await;
    let mut own = Socket::of(&peer).await;
    own.subscribe("1", CHANGES).await;
    let (id, _) = sent(&sender).await;
    hear(&mut sockets, &id).await;
    assert_eq!(reading(&world, &superuser, &id).await, 3, "other rights");
}

#[tokio::test]
async fn who_has_no_session_any_more_is_told_so_and_their_colleagues_hear_on() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    for ends_first in [true, false] {
        let (first, second) = (world.client(RECEIVER, Role::Caseworker).await, world.client(RECEIVER, Role::Caseworker).await);
        let mut sockets = [listening(&first, CHANGES, &sender).await, listening(&second, CHANGES, &sender).await];
        let ending = if ends_first { &first } else { &second };
        let answer = ending.request(reqwest::Method::DELETE, "/session").send().await.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
        let (id, _) = sent(&sender).await;
        let (ended, hearing) = if ends_first { (0, 1) } else { (1, 0) };
        hear(&mut sockets[hearing..=hearing], &id).await;
        assert_eq!(sockets[ended].read_to_end().await, (vec!["UNAUTHENTICATED".to_owned()], Some(4401)));
    }
}

#[tokio::test]
async fn who_loses_a_role_is_told_so_and_their_colleagues_hear_on() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let (one, other) = (world.client(RECEIVER, Role::Caseworker).await, world.client_of(RECEIVER, "second-caseworker").await);
    let mut hearing = [listening(&one, CHANGES, &sender).await];
    let mut refused = listening(&other, CHANGES, &sender).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let query = format!(
        "UPDATE user_account SET roles = '{{ANALYST}}' WHERE organisation_id = '{}' AND handle = 'second-caseworker'",
        RECEIVER.id()
    );
    superuser.batch_execute(&query).await.expect("the role is taken away");
    let (id, _) = sent(&sender).await;
    hear(&mut hearing, &id).await;
    assert_eq!(refused.read_to_end().await, (vec!["FORBIDDEN".to_owned()], None));
}

/// Who is a caseworker when sessions are proved, and a peer educator when the change is read, finds nothing of it. That is their answer
/// alone.
#[tokio::test]
async fn what_is_read_with_other_roles_than_were_proved_is_told_to_nobody_else() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let observer = world.connect(DatabaseRole::Superuser).await;
    let mut sockets = Vec::new();
    // The first of them is the first to be woken.
    for handle in ["caseworker", "second-caseworker"] {
        sockets.push(listening(&world.client_of(RECEIVER, handle).await, CHANGES, &sender).await);
    }
    let (id, _) = sent(&sender).await;
    hear(&mut sockets, &id).await;
    superuser.batch_execute("BEGIN; LOCK TABLE referral, referral_progress IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
    // Colleagues hold all places of the organisation, so that what reads the change waits before it opens its transaction.
    let peers = [world.client(RECEIVER, Role::PeerEducator).await, world.client_of(RECEIVER, "second-peer").await];
    let list = "{ referrals(direction: OUTGOING, first: 20) { nodes { id } } }";
    let asked = peers.iter().flat_map(|peer| [peer.run(list, json!({})), peer.run(list, json!({}))]);
    let meanwhile = async {
        until("the places are taken", async || (waiting(&world, &observer).await == 3).then_some(())).await;
        observer.batch_execute(&format!("{}; NOTIFY pamoja_outbox", announcement(&id))).await.expect("an event");
        sleep(SETTLED).await;
        let other = format!(
            "UPDATE user_account SET roles = '{{PEER_EDUCATOR}}' WHERE organisation_id = '{}' AND handle = 'caseworker'",
            RECEIVER.id()
        );
        observer.batch_execute(&other).await.expect("another role");
        superuser.batch_execute("COMMIT").await.expect("it goes on");
    };
    futures_util::future::join(futures_util::future::join_all(asked), meanwhile).await;
    hear(&mut sockets[1..], &id).await;
    assert_eq!(sockets[0].next_event("referralChanged").await, None, "a peer educator didn't refer this client");
}

/// A kind of thing that changes: its type, the subscription to it, and its name in the outbox.
struct Watched {
    kind: &'static str,
    changed: &'static str,
    code: &'static str,
}

/// Says that each of these things changed, and compares what colleagues hear of it with what each of them reads, in every field.
async fn hear_what_each_reads(world: &World, watched: &Watched, member: Member, ids: &[String]) {
    let Watched { kind, changed, code } = watched;
    let colleagues = [world.client(member, Role::Caseworker).await, world.client_of(member, "second-caseworker").await];
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let fields = referral_least_shared::fields(&colleagues[0], kind).await;
    for some in fields.chunks(25) {
        let selected = format!("subject: id {}", some.join(" "));
        let mut sockets = Vec::new();
        for colleague in &colleagues {
            let mut socket = Socket::of(colleague).await;
            socket.subscribe("1", &format!("subscription {{ {changed} {{ {selected} }} }}")).await;
            sockets.push(socket);
        }
        for id in ids {
            let (_, uuid) = global_id::split(&id.into()).expect("an id");
            let announcement = format!(
                "INSERT INTO outbox (organisation_id, kind, node_id) VALUES ('{}', '{code}', '{uuid}'); NOTIFY pamoja_outbox",
                member.id()
            );
            for (socket, colleague) in sockets.iter_mut().zip(&colleagues) {
                let query = format!("query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {selected} }} }} }}");
                let read = colleague.data(&query, json!({ "id": id })).await;
                // A subscription begins some time after it was sent.
                superuser.batch_execute(&announcement).await.expect("an event");
                let heard = loop {
                    match socket.next_event(changed).await {
                        Some(heard) if heard["subject"] == json!(id) => break heard,
                        Some(_) => {}
                        None => superuser.batch_execute(&announcement).await.expect("an event"),
                    }
                };
                assert_eq!(heard, read["node"]);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_colleague_hears_what_they_would_read() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    referral_outline::one_of_each(&sender, &receiver).await;
    let ids = async |client: &Client, list: &str| -> Vec<String> {
        let data = client.data(&format!("{{ {list} {{ nodes {{ id }} }} }}"), json!({})).await;
        let nodes = data.as_object().and_then(|data| data.values().next()?["nodes"].as_array().cloned()).expect("a list");
        nodes.iter().map(|node| node["id"].as_str().expect("an id").to_owned()).collect()
    };
    let referral = Watched { kind: "Referral", changed: "referralChanged", code: "REFERRAL" };
    for (desk, member, direction) in [(&sender, SENDER, "OUTGOING"), (&receiver, RECEIVER, "INCOMING")] {
        let referrals = ids(desk, &format!("referrals(direction: {direction}, first: 100)")).await;
        assert!(referrals.len() > 5);
        // One is the first one's to see to, and one the second one's.
        for (referral, handle) in referrals.iter().zip(["caseworker", "second-caseworker"]) {
            let input = json!({ "referralIds": [referral], "userId": global_id::encode(member.user(handle)) });
            let assign =
                "mutation ($input: AssignReferralInput!) { assignReferral(input: $input) { userErrors { code message } } }";
            assert_eq!(desk.data(assign, json!({ "input": input })).await["assignReferral"]["userErrors"], json!([]));
        }
        hear_what_each_reads(&world, &referral, member, &referrals).await;
    }
    let request = Watched { kind: "TrainingRequest", changed: "trainingRequestChanged", code: "TRAINING_REQUEST" };
    let host = world.client(SENDER, Role::Trainer).await;
    let requested = training::requested(&host, Some(RECEIVER)).await;
    for member in [SENDER, RECEIVER] {
        hear_what_each_reads(&world, &request, member, std::slice::from_ref(&requested)).await;
    }
}

/// Whether the caller is let in, and whether a follower of another organisation finds the caller's session in force.
async fn in_force(world: &World, caller: Caller) -> (bool, bool) {
    let database = &world.app.database;
    let let_in = match database.follow(caller).await {
        Ok(tx) => {
            tx.end().await;
            true
        }
        Err(_) => false,
    };
    let asking = world.caller(OUTSIDER, "caseworker").await;
    let tx = database.follow(asking).await.expect("a transaction");
    let sights = follower::sights(&tx, &[asking, caller]).await.expect("sights");
    tx.end().await;
    assert!(sights[0].is_some());
    (let_in, sights[1].is_some())
}

#[tokio::test]
async fn a_session_is_in_force_for_a_subscriber_exactly_as_long_as_it_opens_a_transaction() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    // Each ends the session, and what must be put back for the next.
    let ends = [
        ("UPDATE user_session SET revoked_at = now() WHERE id = $1", ""),
        ("UPDATE user_session SET created_at = created_at - interval '5 days', ends_at = now() WHERE id = $1", ""),
        (
            "UPDATE user_session SET device = 'shared', ends_at = now() + interval '2 hours', last_used_at = now() - interval '16 minutes' WHERE id = $1",
            "",
        ),
        ("UPDATE access_token SET expires_at = now() - interval '31 seconds' WHERE session_id = $1", ""),
        (
            "UPDATE user_account SET disabled_at = now() WHERE id = (SELECT user_id FROM user_session WHERE id = $1)",
            "UPDATE user_account SET disabled_at = NULL",
        ),
        (
            "UPDATE user_account SET enabled_since = now() + interval '1 second' WHERE id = (SELECT user_id FROM user_session WHERE id = $1)",
            "UPDATE user_account SET enabled_since = now() - interval '1 hour'",
        ),
        (
            "UPDATE organisation SET status = 'FROZEN' WHERE id = (SELECT organisation_id FROM user_session WHERE id = $1)",
            "UPDATE organisation SET status = 'ACTIVE' WHERE slug = 'afya'",
        ),
        (
            "UPDATE organisation SET active_since = now() + interval '1 second' WHERE id = (SELECT organisation_id FROM user_session WHERE id = $1)",
            "UPDATE organisation SET active_since = now() - interval '1 hour'",
        ),
    ];
    for (end, put_back) in ends {
        let caller = world.caller(RECEIVER, "caseworker").await;
        assert_eq!(in_force(&world, caller).await, (true, true), "{end}");
        let end = end.replace("$1", &format!("'{}'", caller.session.0));
        superuser.batch_execute(&end).await.unwrap_or_else(|error| panic!("{end}: {error:?}"));
        assert_eq!(in_force(&world, caller).await, (false, false), "{end}");
        superuser.batch_execute(put_back).await.unwrap_or_else(|error| panic!("{put_back}: {error:?}"));
    }
    // Whoever knows all of it but the secret, or says something else of it, learns nothing.
    let caller = world.caller(RECEIVER, "caseworker").await;
    for other in [
        Caller { secret: SessionSecret(Uuid::new_v4()), ..caller },
        Caller { user: RECEIVER.user("admin"), ..caller },
        Caller { organisation: OrganisationId(SENDER.id().0), ..caller },
        Caller { session: world.caller(RECEIVER, "caseworker").await.session, ..caller },
    ] {
        assert_eq!(in_force(&world, other).await, (false, false), "{other:?}");
    }
    assert_eq!(in_force(&world, caller).await, (true, true));
}

#[tokio::test]
async fn of_others_nothing_is_told_whose_session_is_not_proved() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    sent(&sender).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let caller = world.caller(OUTSIDER, "caseworker").await;
    let (user, session, secret) = (caller.user.0, caller.session.0, caller.secret.0);
    let (own, other) = (OUTSIDER.id().0, SENDER.id().0);
    // An array may begin at any subscript, and the others be longer or shorter.
    for bounds in ["", "[0:1]=", "[2:3]=", "[-5:-4]="] {
        for (organisations, proof, positions) in [
            (format!("{{{own},{other}}}"), 2, "{9223372036854775807,0}"),
            (format!("{{{other},{own}}}"), 2, "{0,9223372036854775807}"),
        ] {
            let twice = |id: Uuid| vec![id.to_string(); proof].join(",");
            let query = format!(
                "SELECT news FROM news_for('{bounds}{organisations}', '{bounds}{{{}}}', '{bounds}{{{}}}', '{bounds}{{{}}}', '{bounds}{positions}')",
                twice(user),
                twice(session),
                twice(secret)
            );
            let told = superuser.query(&query, &[]).await.unwrap_or_else(|error| panic!("{query}: {error:?}"));
            assert_eq!(told.iter().map(|row| row.get(0)).collect::<Vec<bool>>(), [false], "{query}");
        }
    }
}
