//! A check-in with a slip before its referral was sent, at an organisation that the sender didn't name: perhaps the client, perhaps
//! somebody who had photographed the slip. The sender is asked.

use pamoja_api::graphql::global_id;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Client, Member, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{desks, refusal, with};
use crate::referral_slip::{answer, arrived_at, blanks, check_in, count, course, taking};

const ASKED: &str = "query ($id: ID!) { node(id: $id) { ... on Referral { allowedActions updatedAt checkInsElsewhere { organisation { slug } } } } }";
const TASKS: &str = "{ viewer { tasks { nodes { kind dueAt instruction subject { ... on Referral { id } } } } } }";
const BY_SLIP: &str = "query ($slip: SlipCode!) { referralBySlip(slipCode: $slip) { id } }";
const WAITING: &str = "query ($id: ID!) { node(id: $id) { ... on Referral { status } } referrals(direction: INCOMING) { nodes { id } } viewer { tasks { nodes { kind } } } }";

/// A blank slip with which somebody was checked in at those members, and the referral that then takes it.
async fn sent_after(sender: &Client, desks: &[&Client], fields: Value) -> (String, Value) {
    let slip = blanks(sender, 1).await.remove(0);
    for desk in desks {
        assert!(check_in(desk, &slip, None).await["pendingSince"].is_string());
    }
    let created = sender.create_referral(taking(&slip, fields)).await;
    assert_eq!(created["userErrors"], json!([]), "{created:#}");
    (slip, created["referral"]["id"].clone())
}

fn open(fields: Value) -> Value {
    with(json!({ "toOrganisationId": null }), fields)
}

/// Where the sender is asked whether their client is.
async fn places(client: &Client, id: &Value) -> Vec<String> {
    let seen = client.data(ASKED, json!({ "id": id })).await["node"].take();
    let places: Vec<String> = seen["checkInsElsewhere"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|place| place["organisation"]["slug"].as_str().expect("a slug").to_owned())
        .collect();
    let allowed = seen["allowedActions"].as_array().expect("actions").contains(&json!("ANSWER_CHECK_IN"));
    assert_eq!(allowed, !places.is_empty(), "the action is allowed while somebody asks");
    places
}

async fn asking(client: &Client) -> Vec<Value> {
    let tasks = client.data(TASKS, json!({})).await["viewer"]["tasks"]["nodes"].take();
    let tasks = tasks.as_array().expect("tasks").iter().filter(|task| task["kind"] == "ANSWER_CHECK_IN");
    tasks.map(|task| task["subject"]["id"].clone()).collect()
}

/// Everything that the organisation where somebody was checked in can see of it.
async fn all_that_is_seen(client: &Client, id: &Value, slip: &str) -> Value {
    let mut seen = client.data(WAITING, json!({ "id": id })).await;
    seen["bySlip"] = client.data(BY_SLIP, json!({ "slip": slip })).await;
    seen["again"] = check_in(client, slip, None).await;
    seen
}

#[tokio::test]
async fn whoever_photographed_a_blank_slip_takes_no_open_referral_with_it() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let attacker = world.client(OUTSIDER, Role::Caseworker).await;
    let slip = blanks(&sender, 1).await.remove(0);
    let photographed = check_in(&attacker, &slip, None).await;
    assert!(photographed["pendingSince"].is_string());
    let created = sender.create_referral(taking(&slip, open(json!({})))).await;
    let id = &created["referral"]["id"];
    let still_open = json!({ "status": "REQUESTED", "toOrganisation": null, "timeline": [{ "status": "REQUESTED", "byOrganisation": { "slug": "jirani" } }] });
    assert_eq!(course(&sender, id).await, still_open, "it stays as it was sent");
    // Presenting the slip again, or looking it up, comes to no more.
    for _ in 0..2 {
        assert_eq!(check_in(&attacker, &slip, None).await, photographed);
        assert_eq!(attacker.data(BY_SLIP, json!({ "slip": slip })).await["referralBySlip"], Value::Null);
    }
    assert_eq!(course(&sender, id).await, still_open);
    assert_eq!(answer(&sender, id, OUTSIDER, false).await["userErrors"], json!([]));
    assert_eq!(check_in(&attacker, &slip, None).await, photographed, "nor after a no");
    assert_eq!(course(&sender, id).await, still_open);
    // The client comes with the slip to whom it is open.
    assert_eq!(check_in(&receiver, &slip, None).await["referral"]["status"], "ARRIVED");
    assert_eq!(course(&sender, id).await, arrived_at(RECEIVER));
    // The control: had the sender said yes, it would be theirs, in one call.
    let (_, id) = sent_after(&sender, &[&attacker], open(json!({}))).await;
    assert_eq!(answer(&sender, &id, OUTSIDER, true).await["referral"]["status"], "ARRIVED");
    assert_eq!(course(&sender, &id).await, arrived_at(OUTSIDER));
    assert_eq!(course(&attacker, &id).await, arrived_at(OUTSIDER));
    assert_eq!(course(&receiver, &id).await, Value::Null, "and nobody else's any more");
    assert_eq!(
        (count(&world, "check_in_question").await, count(&world, "pending_check_in").await),
        (1, 1),
        "the no and its check-in"
    );
}

#[tokio::test]
async fn the_sender_is_asked_and_says_which_of_several_check_ins_is_the_clients() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let (_, id) = sent_after(&sender, &[&outsider, &receiver], open(json!({}))).await;
    assert_eq!(places(&sender, &id).await, ["haki", "afya"], "in the order in which they came");
    assert_eq!(asking(&sender).await, std::slice::from_ref(&id), "one task, however many there are");
    assert_eq!((asking(&receiver).await, asking(&outsider).await), (vec![], vec![]));
    assert_eq!(answer(&sender, &id, OUTSIDER, false).await["userErrors"], json!([]));
    assert_eq!((places(&sender, &id).await, asking(&sender).await), (vec!["afya".to_owned()], vec![id.clone()]));
    assert_eq!(refusal(&answer(&sender, &id, OUTSIDER, false).await), ("NOT_FOUND", "checkedInById"), "it was answered");
    let key = json!({ "referralId": id, "checkedInById": global_id::encode(RECEIVER.id()), "clientIsThere": true, "clientMutationId": Uuid::new_v4() });
    let answered = sender.referral_mutation("answerCheckIn", "AnswerCheckInInput", key.clone()).await;
    assert_eq!(answered["referral"]["status"], "ARRIVED", "{answered:#}");
    assert_eq!(
        sender.referral_mutation("answerCheckIn", "AnswerCheckInInput", key).await,
        answered,
        "a repeat has no second effect"
    );
    assert_eq!(course(&receiver, &id).await, arrived_at(RECEIVER));
    assert_eq!((places(&sender, &id).await, asking(&sender).await), (vec![], vec![]));
    assert_eq!(refusal(&answer(&sender, &id, RECEIVER, true).await).0, "ILLEGAL_TRANSITION");
    assert_eq!(count(&world, "check_in_question").await, 0);
    let entries = "audit_entry JOIN referral ON referral.id = audit_entry.node_id WHERE action = 'answerCheckIn'";
    assert_eq!(count(&world, entries).await, 2, "one for each answer");
}

#[tokio::test]
async fn a_client_who_went_elsewhere_than_they_were_referred_gets_a_new_referral_there_in_one_call() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let shared = json!({ "sharedWithReceiver": ["POPULATIONS", "AGE_BAND"], "consentToBeCounted": false });
    let (slip, id) = sent_after(&sender, &[&outsider], shared).await;
    assert_eq!(places(&sender, &id).await, ["haki"]);
    receiver.move_referral("acceptReferral", id.as_str().expect("an id")).await;
    assert_eq!(places(&receiver, &id).await, Vec::<String>::new(), "only the sender is asked");
    let answered = answer(&sender, &id, OUTSIDER, true).await;
    let new = &answered["referral"]["id"];
    assert!(new.is_string() && *new != id, "{answered:#}");
    assert_eq!(course(&sender, new).await, arrived_at(OUTSIDER));
    let shown = "query ($id: ID!) { node(id: $id) { ... on Referral { client populations ageBand sharedWithReceiver referredInsteadOf { id } } } }";
    let seen = outsider.data(shown, json!({ "id": new })).await["node"].take();
    let nothing = json!({ "client": null, "populations": [], "ageBand": "NOT_STATED", "sharedWithReceiver": [], "referredInsteadOf": null });
    assert_eq!(seen, nothing, "what the client agreed to show somebody else isn't shown here");
    for side in [&sender, &receiver] {
        assert_eq!(course(side, &id).await["status"], "CANCELLED");
    }
    let linked = sender.data(shown, json!({ "id": new })).await;
    assert_eq!(linked["node"]["referredInsteadOf"], json!({ "id": id }));
    assert_eq!(refusal(&check_in(&receiver, &slip, None).await), ("NOT_FOUND", "slipCode"), "the slip has gone with the client");
    let undone = sender.move_referral("undoReferralMove", id.as_str().expect("an id")).await;
    assert_eq!(refusal(&undone).0, "ILLEGAL_TRANSITION");
    assert_eq!(count(&world, "referral_consent WHERE counted").await, 0, "who isn't to be counted still isn't");
}

#[tokio::test]
async fn where_the_place_has_taken_the_open_referral_meanwhile_the_client_has_arrived_there() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (_, id) = sent_after(&sender, &[&receiver], open(json!({}))).await;
    let text = id.as_str().expect("an id");
    assert_eq!(receiver.move_referral("acceptReferral", text).await["referral"]["status"], "ACCEPTED");
    let answered = answer(&sender, &id, RECEIVER, true).await;
    assert_eq!((&answered["referral"]["id"], &answered["referral"]["status"]), (&id, &json!("ARRIVED")), "{answered:#}");
    assert_eq!(course(&receiver, &id).await["status"], "ARRIVED");
    assert_eq!(count(&world, "referral").await, 1, "no second one is made");
    assert_eq!((places(&sender, &id).await.len(), asking(&sender).await.len()), (0, 0));
}

#[tokio::test]
async fn before_a_yes_nobody_at_the_place_notices_what_the_slip_has_become() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    for fields in [json!({}), open(json!({ "serviceType": "PEP" }))] {
        let slip = blanks(&sender, 1).await.remove(0);
        check_in(&outsider, &slip, None).await;
        let never_issued = json!(global_id::encode(pamoja_domain::id::ReferralId(Uuid::new_v4())));
        let before = all_that_is_seen(&outsider, &never_issued, &slip).await;
        let created = sender.create_referral(taking(&slip, fields)).await;
        let id = &created["referral"]["id"];
        assert_eq!(all_that_is_seen(&outsider, id, &slip).await, before, "asked");
        let changed = sender.data(ASKED, json!({ "id": id })).await["node"]["updatedAt"].take();
        assert_eq!(answer(&sender, id, OUTSIDER, false).await["userErrors"], json!([]));
        assert_eq!(all_that_is_seen(&outsider, id, &slip).await, before, "and answered with no");
        assert_eq!(sender.data(ASKED, json!({ "id": id })).await["node"]["updatedAt"], changed, "nor does the receiver");
        for stranger in [&outsider, &receiver] {
            let told = answer(stranger, id, OUTSIDER, true).await;
            let seen = !course(stranger, id).await.is_null();
            assert_eq!(refusal(&told).0, if seen { "FORBIDDEN" } else { "NOT_FOUND" }, "{told:#}");
        }
    }
}

#[tokio::test]
async fn a_place_that_cannot_take_the_client_is_refused_and_a_no_is_still_possible() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    for fields in [open(json!({ "serviceType": "PEP" })), json!({ "serviceType": "PEP" })] {
        let (_, id) = sent_after(&sender, &[&outsider], fields).await;
        let before = course(&sender, &id).await;
        let refused = answer(&sender, &id, OUTSIDER, true).await;
        assert_eq!(refusal(&refused), ("INVALID", "checkedInById"), "{refused:#}");
        assert_eq!(course(&sender, &id).await, before, "nothing is half done");
        assert_eq!(answer(&sender, &id, OUTSIDER, false).await["userErrors"], json!([]));
    }
    let minor = open(json!({ "serviceType": "PEP", "under18": "YES", "ageBand": "NOT_STATED" }));
    let (_, id) = sent_after(&sender, &[&receiver], minor).await;
    assert_eq!(answer(&sender, &id, RECEIVER, true).await["referral"]["status"], "ARRIVED");
}

#[tokio::test]
async fn what_was_asked_goes_with_consent_and_with_time() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let (_, id) = sent_after(&sender, &[&outsider], json!({})).await;
    sender.move_referral("withdrawReferralConsent", id.as_str().expect("an id")).await;
    assert_eq!((count(&world, "check_in_question").await, places(&sender, &id).await), (0, vec![]));
    sent_after(&sender, &[&outsider], json!({})).await;
    for (days, left) in [(59, 1), (61, 0)] {
        world.travel(chrono::TimeDelta::days(days)).await;
        pamoja_persistence::retention::retain(&world.worker, SENDER.id()).await.expect("the job");
        assert_eq!(count(&world, "check_in_question").await, left);
    }
}

#[tokio::test]
async fn a_new_slip_ends_what_was_asked_about_the_old_one() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    for fields in [json!({}), open(json!({}))] {
        let (_, id) = sent_after(&sender, &[&outsider], fields).await;
        assert_eq!(asking(&sender).await, std::slice::from_ref(&id));
        let reissued = sender.move_referral("reissueReferralSlip", id.as_str().expect("an id")).await;
        assert_eq!(reissued["userErrors"], json!([]), "{reissued:#}");
        assert_eq!((places(&sender, &id).await, asking(&sender).await), (vec![], vec![]), "nobody asks what can't be answered");
        assert_eq!(refusal(&answer(&sender, &id, OUTSIDER, true).await).0, "ILLEGAL_TRANSITION");
        assert_eq!(count(&world, "check_in_question").await, 0);
    }
}

#[tokio::test]
async fn nobody_is_asked_about_a_check_in_that_has_expired() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let slips = blanks(&sender, 2).await;
    for slip in &slips {
        assert!(check_in(&outsider, slip, None).await["pendingSince"].is_string());
    }
    world.travel(chrono::TimeDelta::days(55)).await;
    let (sender, _) = desks(&world).await;
    let mut ids = Vec::new();
    for (slip, fields) in slips.iter().zip([json!({}), open(json!({}))]) {
        let created = sender.create_referral(taking(slip, fields)).await;
        assert_eq!(created["userErrors"], json!([]), "{created:#}");
        ids.push(created["referral"]["id"].clone());
    }
    for (days, asks) in [(59, true), (61, false)] {
        world.travel(chrono::TimeDelta::days(days)).await;
        let (sender, _) = desks(&world).await;
        for id in &ids {
            assert_eq!(places(&sender, id).await.len(), usize::from(asks), "on day {days}");
        }
        assert_eq!(asking(&sender).await.len(), if asks { 2 } else { 0 }, "on day {days}");
        let counts = sender.data("{ viewer { taskCounts { kind count } } }", json!({})).await;
        let counts = counts["viewer"]["taskCounts"].as_array().expect("counts").clone();
        let of_kind =
            counts.iter().find(|count| count["kind"] == "ANSWER_CHECK_IN").map_or(json!(0), |count| count["count"].clone());
        assert_eq!(of_kind, json!(if asks { 2 } else { 0 }), "on day {days}");
        pamoja_persistence::retention::retain(&world.worker, SENDER.id()).await.expect("the job");
        assert_eq!(count(&world, "check_in_question").await, if asks { 2 } else { 0 }, "on day {days}");
    }
}

#[tokio::test]
async fn twenty_check_ins_of_an_account_wait_at_most() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let slips = blanks(&sender, 22).await;
    for slip in &slips[..20] {
        assert!(check_in(&receiver, slip, None).await["pendingSince"].is_string());
    }
    assert_eq!(refusal(&check_in(&receiver, &slips[20], None).await), ("LIMIT_REACHED", "slipCode"));
    assert!(check_in(&receiver, &slips[0], None).await["pendingSince"].is_string(), "what waits already can be looked at again");
    let colleague = world.client_of(RECEIVER, "second-caseworker").await;
    assert!(check_in(&colleague, &slips[21], None).await["pendingSince"].is_string(), "each account has its own");
    assert_eq!(sender.create_referral(taking(&slips[0], json!({}))).await["referral"]["status"], "ARRIVED");
    assert!(check_in(&receiver, &slips[20], None).await["pendingSince"].is_string(), "one met its referral");
    assert_eq!(count(&world, "slip_attempt").await, 0, "a genuine slip is no wrong try");
}

#[tokio::test]
async fn whom_the_sender_named_needs_no_answer() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let named: [(&[&Client], Member); 2] = [(&[&receiver], RECEIVER), (&[&outsider, &receiver], RECEIVER)];
    for (desks, member) in named {
        let service = json!({ "serviceId": global_id::encode(member.service(ServiceType::HivTesting)) });
        let (_, id) = sent_after(&sender, desks, service).await;
        assert_eq!(course(&sender, &id).await, arrived_at(member));
        assert_eq!((places(&sender, &id).await, asking(&sender).await), (vec![], vec![]));
    }
}
