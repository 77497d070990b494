//! A better place: the receiver names one when it declines, and the sender refers the client there.

use chrono::TimeDelta;
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::id::ServiceId;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, World, member};
use crate::referral::{CLIENT, desks, draft, refusal, with};

const SEEN: &str = "query ($id: ID!) { node(id: $id) { ... on Referral { status client actBefore urgency populations sharedWithReceiver sealedNote
    toOrganisation { slug } service { id } insteadService { id organisation { slug } } allowedActions
    referredOnAs { id } referredInsteadOf { id } consent { givenBy } } } }";

async fn see(client: &Client, id: &str) -> Value {
    client.data(SEEN, json!({ "id": id })).await["node"].take()
}

async fn decline(client: &Client, id: &str, instead: Value) -> Value {
    let input = json!({ "referralId": id, "reason": "BETTER_PLACED_PARTNER", "insteadServiceId": instead });
    client.referral_mutation("declineReferral", "DeclineReferralInput", input).await
}

async fn refer(client: &Client, id: &str, fields: Value) -> Value {
    let query = "mutation ($input: ReferInsteadInput!) { referInstead(input: $input) {
        referral { id status } slipCode userErrors { code message field } } }";
    let input = with(json!({ "referralId": id, "consentGiven": true }), fields);
    client.data(query, json!({ "input": input })).await["referInstead"].take()
}

async fn sent_with(sender: &Client, service_type: ServiceType, fields: Value) -> String {
    let payload = sender.create_referral(with(draft(RECEIVER, service_type), fields)).await;
    payload["referral"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned()
}

fn better() -> Value {
    json!(global_id::encode(OUTSIDER.service(ServiceType::HivTesting)))
}

fn allows(seen: &Value) -> bool {
    seen["allowedActions"].as_array().expect("actions").contains(&json!("REFER_INSTEAD"))
}

#[tokio::test]
async fn the_client_is_referred_to_the_place_that_was_named_with_the_same_clock() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let administrator = world.client(OUTSIDER, Role::OrganisationAdmin).await;
    let pep = json!(crate::service::offered(&administrator, json!({ "serviceType": "PEP", "acceptsMinors": true })).await);
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let fields = json!({ "hoursSinceExposure": 5, "urgency": "EMERGENCY", "sharedWithReceiver": ["POPULATIONS"] });
    let id = sent_with(&sender, ServiceType::Pep, fields).await;
    let declined = decline(&receiver, &id, pep.clone()).await;
    assert_eq!(declined["referral"]["status"], "DECLINED", "{declined:#}");
    let first = see(&sender, &id).await;
    for client in [&sender, &receiver] {
        let seen = see(client, &id).await;
        assert_eq!(seen["insteadService"], json!({ "id": pep, "organisation": { "slug": "haki" } }));
    }
    assert!(allows(&first) && !allows(&see(&receiver, &id).await));
    assert_eq!(see(&outsider, &id).await, Value::Null, "nothing is passed on to that place");
    assert_eq!(refusal(&refer(&receiver, &id, json!({})).await).0, "FORBIDDEN");
    assert_eq!(refusal(&refer(&sender, &id, json!({ "consentGiven": false })).await), ("INVALID", "consentGiven"));
    let key = Uuid::new_v4();
    let keyed = json!({ "clientMutationId": key, "consent": { "manner": "SPOKEN" } });
    let referred = refer(&sender, &id, keyed.clone()).await;
    assert_eq!(referred["userErrors"], json!([]), "{referred:#}");
    assert_eq!(refer(&sender, &id, keyed).await, referred, "a repeat has no second effect and shows the slip");
    let new = referred["referral"]["id"].as_str().expect("an id");
    let seen = see(&sender, new).await;
    assert_eq!(
        (&seen["client"], &seen["toOrganisation"]["slug"], &seen["service"]["id"]),
        (&json!(CLIENT), &json!("haki"), &pep)
    );
    assert_eq!((&seen["actBefore"], &seen["urgency"]), (&first["actBefore"], &json!("EMERGENCY")));
    assert_eq!((&seen["populations"], &seen["sharedWithReceiver"]), (&json!(["MSM"]), &json!(["POPULATIONS"])));
    assert_eq!(seen["referredInsteadOf"], json!({ "id": id }));
    assert_eq!(see(&sender, &id).await["referredOnAs"], json!({ "id": new }));
    assert!(!allows(&see(&sender, &id).await), "it is under way");
    assert_eq!(refusal(&refer(&sender, &id, json!({})).await).0, "CONFLICT");
    // Who receives either knows nothing of the other.
    assert_eq!(see(&receiver, &id).await["referredOnAs"], Value::Null);
    assert_eq!(see(&outsider, new).await["referredInsteadOf"], Value::Null);
    let slip = referred["slipCode"].clone();
    let arrived = outsider.referral_mutation("checkInReferral", "CheckInReferralInput", json!({ "slipCode": slip })).await;
    assert_eq!(arrived["referral"]["id"], json!(new), "{arrived:#}");
    assert_eq!(refusal(&refer(&sender, &id, json!({})).await).0, "CONFLICT", "the client is there");
    outsider
        .referral_mutation(
            "markReferralNotCompleted",
            "NotCompletedInput",
            json!({ "referralId": new, "reason": "CLIENT_DECLINED" }),
        )
        .await;
    let again = refer(&sender, &id, json!({ "sharedWithReceiver": [] })).await;
    assert_eq!(again["userErrors"], json!([]), "{again:#}");
    // With consent goes what links the two.
    sender.move_referral("withdrawReferralConsent", &id).await;
    assert_eq!(see(&sender, new).await["referredInsteadOf"], Value::Null);
    assert_eq!(see(&sender, &id).await["referredOnAs"], Value::Null);
    assert_eq!(refusal(&refer(&sender, &id, json!({})).await).0, "ILLEGAL_TRANSITION");
}

#[tokio::test]
async fn of_two_who_refer_on_at_once_one_wins() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let colleague = world.client_of(SENDER, "second-caseworker").await;
    let id = sent_with(&sender, ServiceType::HivTesting, json!({})).await;
    decline(&receiver, &id, better()).await;
    let (one, two) = tokio::join!(refer(&sender, &id, json!({})), refer(&colleague, &id, json!({})));
    let mut codes: Vec<Value> = [one, two].iter().map(|payload| payload["userErrors"][0]["code"].clone()).collect();
    codes.sort_by_key(Value::to_string);
    assert_eq!(codes, [json!("CONFLICT"), Value::Null]);
}

#[tokio::test]
async fn a_place_that_cannot_take_the_client_is_refused_with_what_is_wrong() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let administrator = world.client(OUTSIDER, Role::OrganisationAdmin).await;
    let own = world.client(SENDER, Role::OrganisationAdmin).await;
    let testing = json!({ "serviceType": "HIV_TESTING" });
    let closed = json!(crate::service::offered(&administrator, testing.clone()).await);
    crate::service::change(&administrator, "closeService", "ServiceInput", json!({ "serviceId": closed })).await;
    let paused = json!(crate::service::offered(&administrator, testing.clone()).await);
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let pause: ServiceId = global_id::decode(&paused.as_str().expect("an id").into()).expect("an id");
    superuser.batch_execute(&format!("UPDATE service SET paused = true WHERE id = '{}'", pause.0)).await.expect("paused");
    let of_sender = json!(crate::service::offered(&own, testing).await);
    let id = sent_with(&sender, ServiceType::HivTesting, json!({})).await;
    let minors = sent_with(&sender, ServiceType::Pep, json!({ "under18": "YES", "ageBand": "FROM_15_TO_19" })).await;
    let adults = json!(crate::service::offered(&administrator, json!({ "serviceType": "PEP", "acceptsMinors": false })).await);
    let encoded = |id: ServiceId| json!(global_id::encode(id));
    for (referral, instead, code) in [
        (&id, encoded(RECEIVER.service(ServiceType::HivTesting)), "INVALID"),
        (&id, of_sender, "INVALID"),
        (&id, closed, "INVALID"),
        (&id, paused, "INVALID"),
        (&id, encoded(OUTSIDER.service(ServiceType::LegalAid)), "INVALID"),
        (&id, encoded(member("frozen").service(ServiceType::HivTesting)), "INVALID"),
        (&id, encoded(ServiceId(Uuid::new_v4())), "NOT_FOUND"),
        (&id, json!(global_id::encode(OUTSIDER.id())), "NOT_FOUND"),
        (&minors, adults, "INVALID"),
    ] {
        let refused = decline(&receiver, referral, instead.clone()).await;
        assert_eq!(refusal(&refused), (code, "insteadServiceId"), "{instead}: {refused:#}");
    }
    assert_eq!(see(&sender, &id).await["status"], "REQUESTED");
}

#[tokio::test]
async fn what_changed_since_is_refused_as_for_a_new_referral() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let id = sent_with(&sender, ServiceType::HivTesting, json!({})).await;
    assert_eq!(refusal(&refer(&sender, &id, json!({})).await).0, "ILLEGAL_TRANSITION", "it isn't declined");
    decline(&receiver, &id, better()).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let service = OUTSIDER.service(ServiceType::HivTesting).0;
    superuser.batch_execute(&format!("UPDATE service SET paused = true WHERE id = '{service}'")).await.expect("paused");
    assert_eq!(refusal(&refer(&sender, &id, json!({})).await), ("INVALID", "referralId"));
    superuser.batch_execute(&format!("UPDATE service SET paused = false WHERE id = '{service}'")).await.expect("resumed");
    assert_eq!(refusal(&refer(&sender, &id, json!({ "sealedNote": "Jo" })).await).0, "INVALID");
    // A reopening takes the place away, and with it what could be taken back by referring on.
    let seen = receiver.move_referral("reopenReferral", &id).await;
    assert_eq!(seen["referral"]["status"], "ACCEPTED");
    assert_eq!(see(&sender, &id).await["insteadService"], Value::Null);
    assert_eq!(refusal(&refer(&sender, &id, json!({})).await).0, "ILLEGAL_TRANSITION");
    // The receiver notices nothing when the sender refers on: what it could take back it still can.
    let other = sent_with(&sender, ServiceType::HivTesting, json!({})).await;
    decline(&receiver, &other, better()).await;
    let all = "query ($id: ID!) { node(id: $id) { ... on Referral { status undoableUntil allowedActions updatedAt timeline { status at } } } }";
    let before = receiver.data(all, json!({ "id": other })).await;
    assert!(before["node"]["undoableUntil"].is_string(), "{before}");
    assert_eq!(refer(&sender, &other, json!({})).await["userErrors"], json!([]));
    assert_eq!(receiver.data(all, json!({ "id": other })).await, before);
    assert_eq!(crate::referral_undo::undo(&receiver, &other).await["referral"]["status"], "REQUESTED");
    world.travel(TimeDelta::days(1)).await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    assert_eq!(refusal(&refer(&peer, &other, json!({})).await), ("NOT_FOUND", "referralId"));
}
