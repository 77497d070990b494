//! Who of an organisation handles a referral, and who made its moves: the own organisation's business alone.

use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::id::{ReferralId, UserId};
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use serde_json::{Value, json};

use crate::harness::{Client, Member, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{desks, draft, sent, with};
use crate::referral_open::{open, send};

const ASSIGN: &str = "mutation ($input: AssignReferralInput!) { assignReferral(input: $input) {
    referrals { id handledBy { displayName } } userErrors { code message field } } }";
const SEEN: &str = "query ($id: ID!) { node(id: $id) { ... on Referral { handledBy { displayName } timeline { status byUser { displayName } } } } }";

fn user(member: Member, handle: &str) -> Value {
    json!(global_id::encode(member.user(handle)))
}

async fn assign(client: &Client, referrals: &Value, to: Value) -> Value {
    client.data(ASSIGN, json!({ "input": { "referralIds": referrals, "userId": to } })).await["assignReferral"].take()
}

/// Who handles it, and who made each move, as that viewer sees it; nothing when they don't see the referral.
async fn people(client: &Client, id: &str) -> Option<(Value, Vec<Value>)> {
    let node = client.data(SEEN, json!({ "id": id })).await["node"].take();
    let by = |event: &Value| event["byUser"]["displayName"].clone();
    let timeline = node["timeline"].as_array()?.iter().map(by).collect();
    Some((node["handledBy"]["displayName"].clone(), timeline))
}

fn refused(payload: &Value) -> Vec<(&str, Value)> {
    assert_eq!(payload["referrals"], json!([]), "{payload:#}");
    let errors = payload["userErrors"].as_array().expect("errors");
    errors.iter().map(|error| (error["code"].as_str().expect("a code"), error["field"].clone())).collect()
}

#[tokio::test]
async fn each_side_sees_its_own_people_and_nobody_sees_the_other_sides() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let colleague = world.client_of(RECEIVER, "second-caseworker").await;
    let (id, _) = sent(&sender).await;
    assert_eq!(people(&sender, &id).await, Some((json!("caseworker"), vec![json!("caseworker")])));
    assert_eq!(people(&receiver, &id).await, Some((Value::Null, vec![Value::Null])), "nobody there has made a move");
    // Whoever makes the first move handles it, also when a colleague goes on.
    let moved = json!({ "referralId": id, "serviceId": global_id::encode(RECEIVER.service(ServiceType::HivTesting)) });
    colleague.referral_mutation("moveReferral", "MoveReferralInput", moved).await;
    receiver.move_referral("acceptReferral", &id).await;
    colleague.move_referral("checkInReferralWithoutSlip", &id).await;
    let own = vec![Value::Null, json!("caseworker"), json!("second-caseworker")];
    assert_eq!(people(&receiver, &id).await, Some((json!("second-caseworker"), own)));
    let own = vec![json!("caseworker"), Value::Null, Value::Null];
    assert_eq!(people(&sender, &id).await, Some((json!("caseworker"), own)));
    // Past the program, too, each reads its own rows alone.
    let app = world.connect(DatabaseRole::App).await;
    for (member, handlers, moves) in [(SENDER, 1, 1), (RECEIVER, 1, 2), (OUTSIDER, 0, 0)] {
        app.batch_execute(&format!("SELECT test_gate.enter('{}', 'member')", member.id())).await.expect("a tenant");
        let count = "SELECT (SELECT count(*) FROM referral_handler), (SELECT count(*) FROM referral_event_user)";
        let row = app.query_one(count, &[]).await.expect("counts");
        assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (handlers, moves), "{}", member.slug);
    }
    // Nobody writes beside a referral of others, be it there or not.
    let known: ReferralId = global_id::decode(&id.as_str().into()).expect("an id");
    let mut answers = Vec::new();
    for referral in [known.0, uuid::Uuid::new_v4()] {
        for insert in [
            format!(
                "INSERT INTO referral_handler (organisation_id, from_organisation_id, referral_id, user_id) VALUES ('{}', '{}', '{referral}', '{}')",
                OUTSIDER.id(),
                SENDER.id(),
                OUTSIDER.user("caseworker").0
            ),
            format!(
                "SELECT test_gate.enter('{0}', 'member', '{3}');
                 INSERT INTO referral_event_user (organisation_id, from_organisation_id, referral_id, position, user_id) VALUES ('{0}', '{1}', '{referral}', {2}, '{3}')",
                OUTSIDER.id(),
                SENDER.id(),
                1,
                OUTSIDER.user("caseworker").0
            ),
        ] {
            let error = app.batch_execute(&insert).await.expect_err("refused");
            answers.push(error.as_db_error().map(|error| (error.code().clone(), error.message().to_owned())));
        }
    }
    assert_eq!(answers[..2], answers[2..], "the refusal tells whether the referral exists");
}

#[tokio::test]
async fn a_check_in_that_waited_is_the_move_of_whoever_was_at_the_desk() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let colleague = world.client_of(RECEIVER, "second-caseworker").await;
    let allocate = "mutation { allocateSlips(input: { count: 1 }) { slips { slipCode } } }";
    let slip = sender.data(allocate, json!({})).await["allocateSlips"]["slips"][0]["slipCode"].take();
    colleague.referral_mutation("checkInReferral", "CheckInReferralInput", json!({ "slipCode": slip })).await;
    let input = with(draft(RECEIVER, ServiceType::HivTesting), json!({ "preissuedSlipCode": slip }));
    let created = sender.create_referral(input).await;
    let id = created["referral"]["id"].as_str().expect("an id");
    let at_the_desk = json!("second-caseworker");
    assert_eq!(people(&receiver, id).await, Some((at_the_desk.clone(), vec![Value::Null, at_the_desk])));
    assert_eq!(people(&sender, id).await, Some((json!("caseworker"), vec![json!("caseworker"), Value::Null])));
}

#[tokio::test]
async fn of_an_open_referral_nobody_who_could_take_it_learns_who_handles_it() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = send(&sender, json!({})).await;
    assert_eq!(people(&receiver, &id).await, Some((Value::Null, vec![Value::Null])));
    let payload = assign(&receiver, &json!([id]), user(RECEIVER, "caseworker")).await;
    assert_eq!(refused(&payload), [("ILLEGAL_TRANSITION", json!(["referralIds", "0"]))]);
    receiver.move_referral("acceptReferral", &id).await;
    assert_eq!(people(&receiver, &id).await, Some((json!("caseworker"), vec![Value::Null, json!("caseworker")])));
    assert_eq!(assign(&receiver, &json!([id]), user(RECEIVER, "second-caseworker")).await["userErrors"], json!([]));
}

#[tokio::test]
async fn whoever_it_is_assigned_to_has_it_and_the_other_side_notices_nothing() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let told = async |member: Member| {
        let count = format!("SELECT count(*) FROM outbox WHERE organisation_id = '{}'", member.id());
        superuser.query_one(&count, &[]).await.expect("a count").get::<_, i64>(0)
    };
    let (one, _) = sent(&sender).await;
    let (two, _) = sent(&sender).await;
    receiver.move_referral("acceptReferral", &one).await;
    let all = "query ($a: ID!, $b: ID!) { a: node(id: $a) { ...all } b: node(id: $b) { ...all }
        list: referrals(direction: INCOMING, orderBy: RECENTLY_UPDATED_FIRST) { edges { cursor } nodes { ...all } } }
        fragment all on Referral { id status updatedAt allowedActions handledBy { id } timeline { status at byUser { id } } }";
    let ids = json!({ "a": one, "b": two });
    let before = (receiver.data(all, ids.clone()).await, told(RECEIVER).await, told(SENDER).await);
    let first = sender.data("query ($id: ID!) { node(id: $id) { ... on Referral { updatedAt } } }", json!({ "id": one })).await;
    let payload = assign(&sender, &json!([two, one, two]), user(SENDER, "second-caseworker")).await;
    let handled = |id: &str| json!({ "id": id, "handledBy": { "displayName": "second-caseworker" } });
    assert_eq!(
        payload,
        json!({ "referrals": [handled(&two), handled(&one)], "userErrors": [] }),
        "each once, as they were named"
    );
    let after = (receiver.data(all, ids).await, told(RECEIVER).await, told(SENDER).await);
    assert_eq!((&after.0, after.1), (&before.0, before.1), "the other side reads and hears what it did before");
    assert_eq!(after.2, before.2 + 2, "the own side's devices are told of each");
    // A device that was away finds it when it catches up.
    let list = "query ($since: DateTime) { referrals(direction: OUTGOING, filter: { updatedSince: $since, mine: true }) { nodes { id } } }";
    let colleague = world.client_of(SENDER, "second-caseworker").await;
    superuser
        .batch_execute("UPDATE referral_progress SET updated_at = updated_at - interval '1 hour'")
        .await
        .expect("all other changes are long ago");
    let found = colleague.data(list, json!({ "since": first["node"]["updatedAt"] })).await;
    assert_eq!(found["referrals"]["nodes"].as_array().map(Vec::len), Some(2), "{found}");
    // Who receives assigns on their own side, and the sender notices nothing of that.
    let payload = assign(&receiver, &json!([one]), user(RECEIVER, "second-caseworker")).await;
    assert_eq!(payload["referrals"][0]["handledBy"]["displayName"], "second-caseworker");
    assert_eq!(told(SENDER).await, after.2);
    assert_eq!(people(&sender, &one).await.map(|people| people.0), Some(json!("second-caseworker")), "the sender's own");
}

#[tokio::test]
async fn a_peer_educator_to_whom_it_is_assigned_acts_on_it_as_on_their_own_and_whoever_referred_keeps_it() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let colleague = world.client_of(SENDER, "second-peer").await;
    let (id, _) = sent(&peer).await;
    let listed = async |client: &Client| {
        let list = "{ referrals(direction: OUTGOING) { totalCount nodes { id } } }";
        let data = client.data(list, json!({})).await["referrals"].take();
        (data["totalCount"].clone(), data["nodes"].as_array().map_or(0, Vec::len))
    };
    assert_eq!((people(&colleague, &id).await, listed(&colleague).await), (None, (json!(0), 0)));
    let cancel = json!({ "referralId": id, "reason": "OTHER" });
    let refusal = colleague.referral_mutation("cancelReferral", "CancelReferralInput", cancel.clone()).await;
    assert_eq!(refusal["userErrors"][0]["code"], "NOT_FOUND");
    assert_eq!(assign(&sender, &json!([id]), user(SENDER, "second-peer")).await["userErrors"], json!([]));
    for client in [&peer, &colleague] {
        assert_eq!(
            (people(client, &id).await.map(|people| people.0), listed(client).await),
            (Some(json!("second-peer")), (json!(1), 1))
        );
    }
    receiver.move_referral("acceptReferral", &id).await;
    let cancelled = colleague.referral_mutation("cancelReferral", "CancelReferralInput", cancel).await;
    assert_eq!(cancelled["referral"]["status"], "CANCELLED", "{cancelled:#}");
    // It goes on: then only whoever referred and whoever has it now see it.
    assign(&sender, &json!([id]), user(SENDER, "caseworker")).await;
    assert_eq!((people(&colleague, &id).await, listed(&colleague).await), (None, (json!(0), 0)));
    assert!(people(&peer, &id).await.is_some() && listed(&peer).await == (json!(1), 1));
    // A peer educator doesn't assign, not even what is their own.
    let payload = assign(&peer, &json!([id]), user(SENDER, "second-peer")).await;
    assert_eq!(refused(&payload), [("FORBIDDEN", Value::Null)]);
}

#[tokio::test]
async fn what_waits_goes_over_with_what_is_assigned() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let exposed = with(draft(RECEIVER, ServiceType::Pep), json!({ "hoursSinceExposure": 3 }));
    let id = peer.create_referral(exposed).await["referral"]["id"].take();
    let tasks = async |handle: &str| {
        let client = world.client_of(SENDER, handle).await;
        let data = client.data("{ viewer { tasks(kinds: [NO_ANSWER]) { nodes { referral { id } } } } }", json!({})).await;
        data["viewer"]["tasks"]["nodes"]
            .as_array()
            .expect("tasks")
            .iter()
            .map(|task| task["referral"]["id"].clone())
            .collect::<Vec<_>>()
    };
    world.travel(chrono::TimeDelta::minutes(61)).await;
    assert_eq!((tasks("peer").await, tasks("second-peer").await), (vec![id.clone()], vec![]));
    world.travel(chrono::TimeDelta::zero()).await;
    assert_eq!(assign(&sender, &json!([id]), user(SENDER, "second-peer")).await["userErrors"], json!([]));
    world.travel(chrono::TimeDelta::minutes(61)).await;
    assert_eq!((tasks("peer").await, tasks("second-peer").await), (vec![id.clone()], vec![id]));
}

#[tokio::test]
async fn all_are_assigned_or_none_and_each_refusal_says_which_and_why() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    let never_issued = || json!(global_id::encode(ReferralId(uuid::Uuid::new_v4())));
    let colleague = || user(SENDER, "second-caseworker");
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let disabled = format!("UPDATE user_account SET disabled_at = now() WHERE id = '{}'", SENDER.user("second-peer").0);
    superuser.batch_execute(&disabled).await.expect("a disabled account");
    for (by, referrals, to, expected) in [
        (&sender, json!([]), colleague(), vec![("INVALID", json!(["referralIds"]))]),
        (&sender, json!(vec![id.clone(); 101]), colleague(), vec![("LIMIT_REACHED", json!(["referralIds"]))]),
        (
            &sender,
            json!([id, never_issued(), id, "nonsense", colleague()]),
            colleague(),
            [1, 3, 4].map(|index: usize| ("NOT_FOUND", json!(["referralIds", index.to_string()]))).into(),
        ),
        (&sender, json!([id]), user(SENDER, "trainer"), vec![("INVALID", json!(["userId"]))]),
        (&sender, json!([id]), user(SENDER, "admin"), vec![("INVALID", json!(["userId"]))]),
        (&receiver, json!([id]), user(RECEIVER, "peer"), vec![("INVALID", json!(["userId"]))]),
        (&sender, json!([id]), user(SENDER, "second-peer"), vec![("INVALID", json!(["userId"]))]),
        (&sender, json!([id]), user(RECEIVER, "caseworker"), vec![("NOT_FOUND", json!(["userId"]))]),
        (&sender, json!([id]), json!(global_id::encode(UserId(uuid::Uuid::new_v4()))), vec![("NOT_FOUND", json!(["userId"]))]),
        (&sender, json!([id]), json!(id), vec![("NOT_FOUND", json!(["userId"]))]),
    ] {
        let payload = assign(by, &referrals, to).await;
        assert_eq!(refused(&payload), expected, "{payload:#}");
    }
    let said = assign(&receiver, &json!([id]), user(RECEIVER, "peer")).await["userErrors"][0]["message"].take();
    assert!(said.as_str().is_some_and(|said| said.contains("Caseworker") && !said.contains("Peer")), "{said}");
    assert_eq!(people(&sender, &id).await.map(|people| people.0), Some(json!("caseworker")), "nothing is half done");
    assert_eq!(people(&receiver, &id).await.map(|people| people.0), Some(Value::Null));
    let mut many = Vec::new();
    for _ in 0..100 {
        many.push(sent(&sender).await.0);
    }
    let payload = assign(&sender, &json!(many), user(SENDER, "peer")).await;
    assert_eq!((payload["referrals"].as_array().map(Vec::len), &payload["userErrors"]), (Some(100), &json!([])));
}

#[tokio::test]
async fn the_account_of_somebody_who_is_gone_reads_as_nobody() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let leaver = world.client_of(SENDER, "second-caseworker").await;
    let (id, _) = sent(&leaver).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let of_the_leaver = format!("WHERE id = '{}'", SENDER.user("second-caseworker").0);
    superuser.batch_execute(&format!("UPDATE user_account SET disabled_at = now() {of_the_leaver}")).await.expect("disabled");
    let filter = json!({ "assignedTo": [user(SENDER, "second-caseworker")] });
    let list = "query ($filter: ReferralFilter) { referrals(direction: OUTGOING, filter: $filter) { nodes { id } } }";
    let left = sender.data(list, json!({ "filter": filter })).await;
    assert_eq!(left["referrals"]["nodes"], json!([{ "id": id }]), "what a leaver had can be found, to hand it over");
    assert_eq!(people(&sender, &id).await.map(|people| people.0), Some(json!("second-caseworker")));
    superuser.batch_execute(&format!("DELETE FROM user_account {of_the_leaver}")).await.expect("deleted");
    assert_eq!(people(&sender, &id).await, Some((Value::Null, vec![Value::Null])));
    assert_eq!(assign(&sender, &json!([id]), user(SENDER, "caseworker")).await["userErrors"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_it_is_costs_the_same_number_of_statements_however_many_there_are() {
    let world = World::new().await;
    let sender = crate::statement::quiet(&world, SENDER).await;
    for _ in 0..20 {
        sent(&sender).await;
    }
    let list = "query ($first: Int) { referrals(direction: OUTGOING, first: $first) {
        totalCount totalCountIsExact nodes { handledBy { displayName } timeline { byUser { displayName roles } } } } }";
    let mut costs = Vec::new();
    for first in [1, 20] {
        costs.push(
            crate::statement::cost(&world, "a list", async || drop(sender.data(list, json!({ "first": first })).await)).await,
        );
    }
    assert_eq!(costs[0], costs[1]);
}

#[tokio::test]
async fn an_open_referral_that_is_assigned_stays_open_to_those_who_can_take_it() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let created = sender.create_referral(open(json!({}))).await;
    let id = created["referral"]["id"].clone();
    let list = "{ referrals(direction: OPEN) { totalCount totalCountIsExact nodes { id updatedAt } } }";
    let before = receiver.data(list, json!({})).await;
    assert_eq!(before["referrals"]["totalCount"], Value::Null, "how many others are open is nobody's business");
    assert_eq!(assign(&sender, &json!([id]), user(SENDER, "peer")).await["userErrors"], json!([]));
    assert_eq!(receiver.data(list, json!({})).await, before);
}

#[tokio::test]
async fn whoever_assigns_can_choose_among_the_colleagues_who_can_handle_a_referral() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let disabled = format!("UPDATE user_account SET disabled_at = now() WHERE id = '{}'", SENDER.user("second-peer").0);
    superuser.batch_execute(&disabled).await.expect("a disabled account");
    let colleagues = async |role| {
        let data = world.client(SENDER, role).await.data("{ viewer { colleagues { id roles } } }", json!({})).await;
        data["viewer"]["colleagues"].as_array().expect("accounts").clone()
    };
    let found = colleagues(Role::Caseworker).await;
    let ids: Vec<&Value> = found.iter().map(|colleague| &colleague["id"]).collect();
    assert!(ids.contains(&&user(SENDER, "second-caseworker")) && ids.contains(&&user(SENDER, "peer")), "{found:?}");
    assert!(!ids.contains(&&user(SENDER, "second-peer")) && !ids.contains(&&user(SENDER, "trainer")), "{found:?}");
    assert!(!ids.contains(&&user(RECEIVER, "caseworker")), "{found:?}");
    for role in Role::ALL.iter().filter(|role| **role != Role::Caseworker) {
        assert_eq!(colleagues(*role).await, Vec::<Value>::new(), "{role} assigns nothing");
    }
}
