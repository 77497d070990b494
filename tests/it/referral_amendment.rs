//! What was asked for is put right: by the sender, until the client has arrived.

use chrono::TimeDelta;
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::id::ServiceId;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use pamoja_persistence::{job, retention};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{desks, draft, refusal, sent, with};
use crate::referral_open;

const SEEN: &str = "query ($id: ID!) { node(id: $id) { ... on Referral { status urgency county { code } serviceType service { id } sharedWithReceiver populations ageBand
    sealedNote declineReason expiresAt createdAt consent { givenBy manner language counted } timeline { status amended byOrganisation { slug } } allowedActions } } }";

async fn see(client: &Client, id: &str) -> Value {
    client.data(SEEN, json!({ "id": id })).await["node"].take()
}

pub async fn amend(client: &Client, id: &str, fields: Value) -> Value {
    client.referral_mutation("amendReferral", "AmendReferralInput", with(json!({ "referralId": id }), fields)).await
}

fn service(service_type: ServiceType) -> Value {
    json!(global_id::encode(RECEIVER.service(service_type)))
}

#[tokio::test]
async fn the_receiver_sees_at_once_what_was_put_right() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, slip) = sent(&sender).await;
    receiver.move_referral("acceptReferral", &id).await;
    let consent = json!({ "manner": "SPOKEN", "language": "sw" });
    let fields = json!({ "urgency": "URGENT", "countyCode": "001", "serviceId": service(ServiceType::Prep),
        "sharedWithReceiver": ["POPULATIONS"], "consentGiven": true, "consent": consent });
    let amended = amend(&sender, &id, fields).await;
    assert_eq!(amended["userErrors"], json!([]), "{amended:#}");
    for (client, consent) in [
        (&sender, json!({ "givenBy": "CLIENT", "manner": "SPOKEN", "language": "sw", "counted": true })),
        (&receiver, Value::Null),
    ] {
        let seen = see(client, &id).await;
        assert_eq!(
            (&seen["status"], &seen["urgency"], &seen["county"]["code"]),
            (&json!("ACCEPTED"), &json!("URGENT"), &json!("001"))
        );
        assert_eq!((&seen["serviceType"], &seen["service"]["id"]), (&json!("PREP"), &service(ServiceType::Prep)));
        assert_eq!((&seen["sharedWithReceiver"], &seen["populations"]), (&json!(["POPULATIONS"]), &json!(["MSM"])));
        assert_eq!(seen["consent"], consent);
        let last = seen["timeline"].as_array().expect("events").last().expect("an event").clone();
        assert_eq!(last, json!({ "status": "ACCEPTED", "amended": true, "byOrganisation": { "slug": "jirani" } }));
        assert_eq!(seen["timeline"].as_array().expect("events").iter().filter(|event| event["amended"] == true).count(), 1);
    }
    assert_eq!(see(&receiver, &id).await["ageBand"], "NOT_STATED", "what wasn't agreed to stays hidden");
    let arrived = receiver.referral_mutation("checkInReferral", "CheckInReferralInput", json!({ "slipCode": slip })).await;
    assert_eq!(arrived["referral"]["status"], "ARRIVED", "the slip stays: {arrived:#}");
    // What was agreed to at first is kept beside it.
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let consents = "SELECT count(*), count(*) FILTER (WHERE counted) FROM referral_consent";
    let row = superuser.query_one(consents, &[]).await.expect("a count");
    assert_eq!([0, 1].map(|column| row.get::<_, i64>(column)), [2, 2]);
}

#[tokio::test]
async fn whoever_watches_hears_of_an_amendment() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let taker = world.client(OUTSIDER, Role::Caseworker).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let (addressed, _) = sent(&sender).await;
    let (open, _) = referral_open::send(&sender, json!({})).await;
    for (id, slugs) in [(&addressed, "afya jirani"), (&open, "afya haki jirani")] {
        superuser.batch_execute("DELETE FROM outbox").await.expect("an empty outbox");
        assert_eq!(amend(&sender, id, json!({ "urgency": "EMERGENCY" })).await["userErrors"], json!([]));
        let told =
            "SELECT string_agg(slug, ' ' ORDER BY slug) FROM outbox JOIN organisation ON organisation.id = organisation_id";
        assert_eq!(superuser.query_one(told, &[]).await.expect("recipients").get::<_, String>(0), slugs);
        for client in [&sender, &receiver] {
            assert_eq!(see(client, id).await["urgency"], "EMERGENCY");
        }
    }
    assert_eq!(see(&taker, &open).await["urgency"], "EMERGENCY");
    for (fields, field) in [
        (json!({ "countyCode": "001" }), "countyCode"),
        (json!({ "serviceId": service(ServiceType::HivTesting), "consentGiven": true }), "serviceId"),
    ] {
        assert_eq!(refusal(&amend(&sender, &open, fields).await), ("INVALID", field));
    }
}

#[tokio::test]
async fn every_wrong_amendment_is_refused_by_name_and_changes_nothing() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let administrator = world.client(RECEIVER, Role::OrganisationAdmin).await;
    let offered = async |fields: Value| json!(crate::service::offered(&administrator, fields).await);
    let closed = offered(json!({ "serviceType": "HIV_TESTING" })).await;
    let paused = offered(json!({ "serviceType": "HIV_TESTING" })).await;
    let close = json!({ "serviceId": closed });
    crate::service::change(&administrator, "closeService", "ServiceInput", close).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let pause: ServiceId = global_id::decode(&paused.as_str().expect("an id").into()).expect("an id");
    superuser.batch_execute(&format!("UPDATE service SET paused = true WHERE id = '{}'", pause.0)).await.expect("paused");
    let fields = json!({ "sharedWithReceiver": ["AGE_BAND"], "serviceType": "PEP", "hoursSinceExposure": 3,
        "under18": "YES", "ageBand": "FROM_15_TO_19", "serviceId": service(ServiceType::Pep) });
    let minor = sender.create_referral(with(draft(RECEIVER, ServiceType::Pep), fields)).await;
    let minor = minor["referral"]["id"].as_str().expect("an id").to_owned();
    let fields = json!({ "sharedWithReceiver": ["AGE_BAND"] });
    let adult = sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), fields)).await;
    let adult = adult["referral"]["id"].as_str().expect("an id").to_owned();
    let before = [see(&sender, &adult).await, see(&sender, &minor).await];
    let cases = [
        (&adult, json!({}), "INVALID", ""),
        (&adult, json!({ "urgency": "ROUTINE", "countyCode": "047", "sharedWithReceiver": ["AGE_BAND"] }), "INVALID", ""),
        (&adult, json!({ "countyCode": "048" }), "INVALID", "countyCode"),
        (&adult, json!({ "sharedWithReceiver": [] }), "INVALID", "sharedWithReceiver"),
        (&adult, json!({ "sharedWithReceiver": ["POPULATIONS"], "consentGiven": true }), "INVALID", "sharedWithReceiver"),
        (&adult, json!({ "sharedWithReceiver": ["AGE_BAND", "POPULATIONS"] }), "INVALID", "consentGiven"),
        (&adult, json!({ "sharedWithReceiver": ["AGE_BAND", "POPULATIONS"], "consentGiven": false }), "INVALID", "consentGiven"),
        (&adult, json!({ "urgency": "URGENT", "consentGiven": false }), "INVALID", "consentGiven"),
        (&adult, json!({ "serviceId": service(ServiceType::Prep) }), "INVALID", "consentGiven"),
        (&adult, json!({ "sealedNote": "Please see Jo", "consentGiven": true }), "INVALID", "sealedNote"),
        (&adult, json!({ "serviceId": closed, "consentGiven": true }), "INVALID", "serviceId"),
        (&adult, json!({ "serviceId": paused, "consentGiven": true }), "INVALID", "serviceId"),
        (
            &adult,
            json!({ "serviceId": global_id::encode(OUTSIDER.service(ServiceType::HivTesting)), "consentGiven": true }),
            "INVALID",
            "serviceId",
        ),
        (
            &adult,
            json!({ "serviceId": global_id::encode(ServiceId(Uuid::new_v4())), "consentGiven": true }),
            "NOT_FOUND",
            "serviceId",
        ),
        (&adult, json!({ "serviceId": global_id::encode(RECEIVER.id()), "consentGiven": true }), "NOT_FOUND", "serviceId"),
        (&minor, json!({ "serviceId": service(ServiceType::Prep), "consentGiven": true }), "INVALID", "serviceId"),
    ];
    for (id, fields, code, field) in cases {
        let refused = amend(&sender, id, fields.clone()).await;
        assert_eq!(refusal(&refused), (code, field), "{fields}: {refused:#}");
    }
    assert_eq!([see(&sender, &adult).await, see(&sender, &minor).await], before);
    // The receiver, a peer educator who didn't refer, and whoever comes too late.
    let urgent = json!({ "urgency": "URGENT" });
    assert_eq!(refusal(&amend(&receiver, &adult, urgent.clone()).await).0, "FORBIDDEN");
    let peer = world.client(SENDER, Role::PeerEducator).await;
    assert_eq!(refusal(&amend(&peer, &adult, urgent.clone()).await), ("NOT_FOUND", "referralId"));
    receiver.move_referral("checkInReferralWithoutSlip", &adult).await;
    assert_eq!(refusal(&amend(&sender, &adult, urgent.clone()).await).0, "ILLEGAL_TRANSITION");
    sender.move_referral("withdrawReferralConsent", &minor).await;
    assert_eq!(refusal(&amend(&sender, &minor, urgent).await).0, "ILLEGAL_TRANSITION");
}

#[tokio::test]
async fn what_was_declined_for_want_of_information_is_asked_for_again_with_the_same_slip() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let key = Uuid::new_v4();
    let created =
        sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), json!({ "clientMutationId": key }))).await;
    let (other, _) = sent(&sender).await;
    let id = created["referral"]["id"].as_str().expect("an id").to_owned();
    for (id, reason) in [(&id, "NEEDS_MORE_INFORMATION"), (&other, "NO_CAPACITY")] {
        let input = json!({ "referralId": id, "reason": reason });
        receiver.referral_mutation("declineReferral", "DeclineReferralInput", input).await;
    }
    let repeat = sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), json!({ "clientMutationId": key }))).await;
    assert_eq!(repeat["slipCode"], created["slipCode"]);
    world.travel(TimeDelta::days(14) - TimeDelta::minutes(1)).await;
    for member in [SENDER, RECEIVER] {
        job::expire(&world.worker, member.id()).await.expect("the job");
        retention::retain(&world.worker, member.id()).await.expect("the job");
    }
    let (sender, receiver) = desks(&world).await;
    let urgent = json!({ "urgency": "URGENT" });
    assert_eq!(refusal(&amend(&sender, &other, urgent.clone()).await).0, "ILLEGAL_TRANSITION");
    let amended = amend(&sender, &id, urgent.clone()).await;
    assert_eq!(amended["referral"]["status"], "REQUESTED", "{amended:#}");
    let seen = see(&receiver, &id).await;
    let events: Vec<(&str, bool)> = seen["timeline"]
        .as_array()
        .expect("events")
        .iter()
        .map(|event| (event["status"].as_str().unwrap_or_default(), event["amended"] == true))
        .collect();
    assert_eq!(events, [("REQUESTED", false), ("DECLINED", false), ("REQUESTED", true)]);
    assert_eq!(seen["declineReason"], Value::Null);
    // It has its whole time again, and waits for an answer as a new one does.
    let tasks = "{ viewer { tasks { nodes { kind dueAt referral { id } } } } }";
    let waiting = receiver.data(tasks, json!({})).await;
    let task =
        waiting["viewer"]["tasks"]["nodes"].as_array().expect("tasks").iter().find(|task| task["referral"]["id"] == json!(id));
    let task = task.unwrap_or_else(|| panic!("nobody is reminded: {waiting:#}"));
    assert_eq!(task["kind"], "ANSWER_REFERRAL");
    let at = |value: &Value| value.as_str().expect("a moment").parse::<chrono::DateTime<chrono::Utc>>().expect("a moment");
    let now = chrono::Utc::now() + TimeDelta::days(14);
    assert!((at(&task["dueAt"]) - now - TimeDelta::hours(24)).abs() < TimeDelta::minutes(10), "{task}");
    assert!((at(&seen["expiresAt"]) - now - TimeDelta::days(30)).abs() < TimeDelta::minutes(10), "{seen:#}");
    let arrived =
        receiver.referral_mutation("checkInReferral", "CheckInReferralInput", json!({ "slipCode": created["slipCode"] })).await;
    assert_eq!(arrived["referral"]["status"], "ARRIVED", "{arrived:#}");
}

#[tokio::test]
async fn after_fourteen_days_it_is_not_asked_for_again() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    let input = json!({ "referralId": id, "reason": "NEEDS_MORE_INFORMATION" });
    receiver.referral_mutation("declineReferral", "DeclineReferralInput", input).await;
    assert!(see(&sender, &id).await["allowedActions"].as_array().expect("actions").contains(&json!("AMEND")));
    world.travel(TimeDelta::days(14) + TimeDelta::minutes(1)).await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    assert_eq!(refusal(&amend(&sender, &id, json!({ "urgency": "URGENT" })).await).0, "EXPIRED");
    assert!(!see(&sender, &id).await["allowedActions"].as_array().expect("actions").contains(&json!("AMEND")));
}

#[tokio::test]
async fn how_a_client_agreed_is_not_lost_because_nobody_says_that_they_did() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    let amended = amend(&sender, &id, json!({ "urgency": "URGENT", "consent": { "manner": "SPOKEN" } })).await;
    assert_eq!(refusal(&amended), ("INVALID", "consentGiven"));
    assert_eq!(see(&sender, &id).await["urgency"], "ROUTINE", "nothing is half done");
}
