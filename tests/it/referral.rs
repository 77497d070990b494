//! A referral, from the sender's desk to the receiver's and to its end.

use chrono::{Days, TimeDelta, Utc};
use pamoja_api::graphql::global_id;
use pamoja_api::i18n::{Language, caption};
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Client, MEMBERS, Member, OUTSIDER, RECEIVER, SENDER, World};

pub const CLIENT: &str = "k3v5q2mztaxwcnbdjr7uephgiy";

/// An ordinary referral to the receiver.
pub fn draft(receiver: Member, service_type: ServiceType) -> Value {
    json!({
        "toOrganisationId": global_id::encode(receiver.id()), "serviceType": service_type, "client": CLIENT, "populations": ["MSM"],
        "ageBand": "FROM_20_TO_24", "countyCode": "047", "urgency": "ROUTINE", "consentGiven": true,
    })
}

/// A draft with some of its fields replaced.
pub fn with(mut draft: Value, fields: Value) -> Value {
    for (name, value) in fields.as_object().expect("fields") {
        draft[name] = value.clone();
    }
    draft
}

/// Sends an ordinary referral; returns its id and slip.
pub async fn sent(sender: &Client) -> (String, String) {
    let payload = sender.create_referral(draft(RECEIVER, ServiceType::HivTesting)).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    (text(&payload["referral"]["id"]), text(&payload["slipCode"]))
}

/// The code of the error, and the field that it is about.
pub fn refusal(payload: &Value) -> (&str, &str) {
    assert_eq!(payload["referral"], Value::Null, "{payload:#}");
    let error = &payload["userErrors"][0];
    (error["code"].as_str().unwrap_or("nothing refused"), error["field"][0].as_str().unwrap_or(""))
}

/// A caseworker of the sender and one of the receiver.
pub async fn desks(world: &World) -> (Client, Client) {
    (world.client(SENDER, Role::Caseworker).await, world.client(RECEIVER, Role::Caseworker).await)
}

#[tokio::test]
async fn a_client_is_referred_arrives_with_the_slip_and_is_served() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, slip) = sent(&sender).await;

    let accepted = receiver.move_referral("acceptReferral", &id).await;
    assert_eq!(accepted["referral"]["status"], "ACCEPTED");
    assert_eq!(accepted["referral"]["client"], Value::Null, "the pseudonym is the sender's alone");
    let on = (Utc::now() + Days::new(2)).format("%Y-%m-%d").to_string();
    let scheduled =
        receiver.referral_mutation("scheduleReferral", "ScheduleReferralInput", json!({ "referralId": id, "on": on })).await;
    assert_eq!(scheduled["referral"]["scheduledOn"], json!(on));
    let arrived =
        receiver.referral_mutation("checkInReferral", "CheckInReferralInput", json!({ "slipCode": slip.to_lowercase() })).await;
    assert_eq!(arrived["referral"]["status"], "ARRIVED", "{arrived:#}");
    let completed = receiver.move_referral("completeReferral", &id).await;
    assert_eq!(completed["referral"]["status"], "COMPLETED");

    let seen = sender
        .data("query ($id: ID!) { node(id: $id) { ... on Referral { status client timeline { status withoutSlip byOrganisation { slug } } } } }", json!({ "id": id }))
        .await;
    let timeline: Vec<(&str, &str)> = seen["node"]["timeline"]
        .as_array()
        .expect("a timeline")
        .iter()
        .map(|event| (event["status"].as_str().unwrap_or(""), event["byOrganisation"]["slug"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(
        timeline,
        [("REQUESTED", "jirani"), ("ACCEPTED", "afya"), ("SCHEDULED", "afya"), ("ARRIVED", "afya"), ("COMPLETED", "afya")]
    );
    assert_eq!(seen["node"]["client"], CLIENT);
}

#[tokio::test]
async fn what_is_not_shared_reads_as_empty_to_the_receiver() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    for (shared, populations, age_band) in [
        (json!([]), json!([]), "NOT_STATED"),
        (json!(["POPULATIONS"]), json!(["MSM"]), "NOT_STATED"),
        (json!(["AGE_BAND"]), json!([]), "FROM_20_TO_24"),
    ] {
        let payload =
            sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), json!({ "sharedWithReceiver": shared }))).await;
        let id = payload["referral"]["id"].as_str().expect("an id");
        assert_eq!(payload["referral"]["populations"], json!(["MSM"]));
        let seen = receiver
            .data(
                "query ($id: ID!) { node(id: $id) { ... on Referral { populations ageBand sharedWithReceiver } } }",
                json!({ "id": id }),
            )
            .await;
        assert_eq!(seen["node"], json!({ "populations": populations, "ageBand": age_band, "sharedWithReceiver": shared }));
    }
}

#[tokio::test]
async fn every_wrong_field_is_refused_by_name_and_nothing_is_sent() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let frozen = MEMBERS.into_iter().find(|member| member.slug == "frozen").expect("a frozen member");
    let left = MEMBERS.into_iter().find(|member| member.slug == "left").expect("a member that left");
    let cases = [
        (json!({ "client": "0712345678" }), "IDENTIFYING_DATA", "client"),
        (json!({ "client": "somebody" }), "INVALID", "client"),
        (json!({ "consentGiven": false }), "INVALID", "consentGiven"),
        (json!({ "countyCode": "048" }), "INVALID", "countyCode"),
        (json!({ "sealedNote": "Please see Jo" }), "INVALID", "sealedNote"),
        (json!({ "populations": ["MSM", "NOT_STATED"] }), "INVALID", "populations"),
        (
            json!({ "populations": ["MALE_SEX_WORKER"], "under18": "YES", "ageBand": "FROM_15_TO_19", "serviceType": "PEP" }),
            "INVALID",
            "populations",
        ),
        (json!({ "under18": "YES", "ageBand": "FROM_15_TO_19" }), "INVALID", "toOrganisationId"),
        (json!({ "under18": "YES", "ageBand": "FROM_30" }), "INVALID", "under18"),
        (json!({ "toOrganisationId": null, "serviceType": "SHELTER" }), "INVALID", "toOrganisationId"),
        (json!({ "toOrganisationId": global_id::encode(SENDER.id()) }), "INVALID", "serviceId"),
        (json!({ "toOrganisationId": global_id::encode(frozen.id()) }), "INVALID", "toOrganisationId"),
        (json!({ "toOrganisationId": global_id::encode(left.id()) }), "INVALID", "toOrganisationId"),
        (json!({ "toOrganisationId": "nonsense" }), "NOT_FOUND", "toOrganisationId"),
        (json!({ "toOrganisationId": global_id::encode(RECEIVER.service(ServiceType::Pep)) }), "NOT_FOUND", "toOrganisationId"),
        (json!({ "serviceType": "SHELTER" }), "INVALID", "serviceType"),
        (json!({ "serviceId": global_id::encode(OUTSIDER.service(ServiceType::HivTesting)) }), "INVALID", "serviceId"),
        (json!({ "serviceId": global_id::encode(RECEIVER.service(ServiceType::Pep)) }), "INVALID", "serviceId"),
        (json!({ "serviceId": global_id::encode(pamoja_domain::id::ServiceId(Uuid::new_v4())) }), "NOT_FOUND", "serviceId"),
        (json!({ "clientMutationId": "once" }), "INVALID", "clientMutationId"),
    ];
    for (fields, code, field) in cases {
        let payload = sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), fields.clone())).await;
        assert_eq!(refusal(&payload), (code, field), "{fields}: {payload:#}");
        assert_eq!(payload["slipCode"], Value::Null);
    }
    let none = sender.data("{ referrals(direction: OUTGOING) { nodes { id } } }", json!({})).await;
    assert_eq!(none["referrals"]["nodes"], json!([]));
}

#[tokio::test]
async fn consent_withdrawn_erases_at_once_and_for_good() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let input = with(
        draft(RECEIVER, ServiceType::HivTesting),
        json!({ "sharedWithReceiver": ["POPULATIONS", "AGE_BAND"], "under18": "NO" }),
    );
    let payload = sender.create_referral(input).await;
    let id = payload["referral"]["id"].as_str().expect("an id").to_owned();
    let slip = payload["slipCode"].as_str().expect("a slip").to_owned();
    let withdrawn = sender.move_referral("withdrawReferralConsent", &id).await;
    assert_eq!(withdrawn["referral"]["status"], "CANCELLED", "{withdrawn:#}");
    for viewer in [&sender, &receiver] {
        let seen = viewer
            .data("query ($id: ID!) { node(id: $id) { ... on Referral { client populations ageBand under18 sealedNote serviceType county { code } timeline { status } } } }", json!({ "id": id }))
            .await;
        assert_eq!(
            seen["node"],
            json!({ "client": null, "populations": [], "ageBand": "NOT_STATED", "under18": "NOT_STATED", "sealedNote": null,
                "serviceType": "HIV_TESTING", "county": { "code": "047" }, "timeline": [{ "status": "REQUESTED" }, { "status": "CANCELLED" }] })
        );
    }
    let with_slip = receiver.referral_mutation("checkInReferral", "CheckInReferralInput", json!({ "slipCode": slip })).await;
    assert_eq!(refusal(&with_slip), ("NOT_FOUND", "slipCode"));
    let again = sender.move_referral("withdrawReferralConsent", &id).await;
    assert_eq!(refusal(&again).0, "ILLEGAL_TRANSITION");
    let owner = world.connect(pamoja_demo::private_postgresql::DatabaseRole::Superuser).await;
    for table in ["referral_client", "referral_shared", "referral_note", "referral_slip"] {
        let left = owner.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.expect("a count").get::<_, i64>(0);
        assert_eq!(left, 0, "{table} still holds something");
    }
}

#[tokio::test]
async fn it_expires_by_the_clock_alone_and_can_be_reopened_for_fourteen_days() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, slip) = sent(&sender).await;
    world.travel(TimeDelta::days(31)).await;
    let (sender, receiver_later) = desks(&world).await;
    drop(receiver);
    let seen = sender
        .data("query ($id: ID!) { node(id: $id) { ... on Referral { status allowedActions timeline { status byOrganisation { slug } } } } }", json!({ "id": id }))
        .await;
    assert_eq!(seen["node"]["status"], "EXPIRED");
    assert_eq!(seen["node"]["timeline"][1], json!({ "status": "EXPIRED", "byOrganisation": null }));
    let found =
        sender.data("{ referrals(direction: OUTGOING, filter: { statuses: [EXPIRED] }) { nodes { id } } }", json!({})).await;
    assert_eq!(found["referrals"]["nodes"][0]["id"], json!(id));
    let late = receiver_later.move_referral("acceptReferral", &id).await;
    assert_eq!(refusal(&late).0, "EXPIRED");
    let with_slip =
        receiver_later.referral_mutation("checkInReferral", "CheckInReferralInput", json!({ "slipCode": slip })).await;
    assert_eq!(refusal(&with_slip), ("NOT_FOUND", "slipCode"));
    let reopened = receiver_later.move_referral("reopenReferral", &id).await;
    let timeline: Vec<&str> = reopened["referral"]["timeline"]
        .as_array()
        .expect("events")
        .iter()
        .filter_map(|event| event["status"].as_str())
        .collect();
    assert_eq!(timeline, ["REQUESTED", "EXPIRED", "ACCEPTED"], "what the clock did stands in its place");
    let arrived = receiver_later.referral_mutation("checkInReferral", "CheckInReferralInput", json!({ "slipCode": slip })).await;
    assert_eq!(arrived["referral"]["status"], "ARRIVED", "the slip of a reopened referral works: {arrived:#}");
}

#[tokio::test]
async fn of_two_moves_at_once_exactly_one_wins_and_the_other_is_told_the_state() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    for _ in 0..5 {
        let (id, _) = sent(&sender).await;
        let decline = receiver.referral_mutation(
            "declineReferral",
            "DeclineReferralInput",
            json!({ "referralId": id, "reason": "NO_CAPACITY" }),
        );
        let cancel = sender.referral_mutation(
            "cancelReferral",
            "CancelReferralInput",
            json!({ "referralId": id, "reason": "NO_LONGER_NEEDED" }),
        );
        let (declined, cancelled) = tokio::join!(decline, cancel);
        let won = [&declined, &cancelled].into_iter().filter(|payload| payload["referral"] != Value::Null).count();
        assert_eq!(won, 1, "{declined:#} {cancelled:#}");
        let (winner, loser) = if declined["referral"] == Value::Null { (&cancelled, &declined) } else { (&declined, &cancelled) };
        assert_eq!(refusal(loser).0, "ILLEGAL_TRANSITION");
        let state = winner["referral"]["status"].as_str().expect("a status");
        let state = caption(Language::English, "ReferralStatus", state);
        assert!(loser["userErrors"][0]["message"].as_str().expect("a message").contains(&format!("“{state}”")), "{loser:#}");
    }
}

#[tokio::test]
async fn a_complaint_is_neither_recorded_nor_read_by_the_accused() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    for reason in ["TURNED_AWAY_OR_MISTREATED", "DETAINED", "UNSAFE_TO_FOLLOW_UP"] {
        let (id, _) = sent(&sender).await;
        receiver.move_referral("acceptReferral", &id).await;
        let by_receiver = receiver
            .referral_mutation("markReferralNotCompleted", "NotCompletedInput", json!({ "referralId": id, "reason": reason }))
            .await;
        assert_eq!(refusal(&by_receiver), ("FORBIDDEN", "reason"));
        let by_sender = sender
            .referral_mutation("markReferralNotCompleted", "NotCompletedInput", json!({ "referralId": id, "reason": reason }))
            .await;
        assert_eq!(by_sender["referral"]["nonCompletionReason"], reason, "{by_sender:#}");
        let read = receiver
            .data("query ($id: ID!) { node(id: $id) { ... on Referral { status nonCompletionReason } } }", json!({ "id": id }))
            .await;
        assert_eq!(read["node"], json!({ "status": "NOT_COMPLETED", "nonCompletionReason": null }));
        // After a reopening the receiver can end it with a new reason, independent of the earlier one.
        receiver.move_referral("reopenReferral", &id).await;
        let again = receiver
            .referral_mutation(
                "markReferralNotCompleted",
                "NotCompletedInput",
                json!({ "referralId": id, "reason": "CLIENT_DECLINED" }),
            )
            .await;
        assert_eq!(again["referral"]["nonCompletionReason"], "CLIENT_DECLINED", "{again:#}");
    }
}

#[tokio::test]
async fn whatever_the_sender_recorded_reads_alike_to_the_receiver() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    for reason in ["MOVED", "UNKNOWN", "TURNED_AWAY_OR_MISTREATED"] {
        let (id, _) = sent(&sender).await;
        receiver.move_referral("acceptReferral", &id).await;
        let input = json!({ "referralId": id, "reason": reason });
        let ended = sender.referral_mutation("markReferralNotCompleted", "NotCompletedInput", input).await;
        assert_eq!(ended["referral"]["nonCompletionReason"], reason, "{ended:#}");
        let query = "query ($id: ID!) { node(id: $id) { ... on Referral { nonCompletionReason } } }";
        let read = receiver.data(query, json!({ "id": id })).await;
        assert_eq!(read["node"]["nonCompletionReason"], Value::Null, "{reason} can be told from a complaint");
    }
}

#[tokio::test]
async fn a_new_slip_kills_the_old_one_and_a_lost_one_does_not_matter() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, old) = sent(&sender).await;
    let query = "mutation ($input: ReferralInput!) { reissueReferralSlip(input: $input) { slipCode referral { status } userErrors { code } } }";
    let key = Uuid::new_v4();
    let reissued = sender.data(query, json!({ "input": { "referralId": id, "clientMutationId": key } })).await;
    let new = reissued["reissueReferralSlip"]["slipCode"].as_str().expect("a slip").to_owned();
    assert_ne!(new, old);
    let repeat = sender.data(query, json!({ "input": { "referralId": id, "clientMutationId": key } })).await;
    assert_eq!(repeat["reissueReferralSlip"]["slipCode"], json!(new), "a repeat shows the same slip");
    let find = "query ($slip: SlipCode!) { referralBySlip(slipCode: $slip) { id } }";
    assert_eq!(receiver.data(find, json!({ "slip": old })).await["referralBySlip"], Value::Null);
    assert_eq!(receiver.data(find, json!({ "slip": new })).await["referralBySlip"]["id"], json!(id));
    let without = receiver.move_referral("checkInReferralWithoutSlip", &id).await;
    assert_eq!(without["referral"]["timeline"][1]["withoutSlip"], true);
}

#[tokio::test]
async fn five_unknown_slips_an_hour_and_a_slip_of_the_pen_counts_for_nothing() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (_, slip) = sent(&sender).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let find = "query ($slip: SlipCode!) { referralBySlip(slipCode: $slip) { id } }";
    let mut mistyped = slip.clone();
    mistyped.replace_range(0..1, if slip.starts_with('0') { "1" } else { "0" });
    for _ in 0..8 {
        assert_eq!(receiver.error_code(find, json!({ "slip": mistyped })).await, "BAD_REQUEST");
    }
    // Another organisation can't tell the slip from one that was never issued.
    let unknown = pamoja_domain::referral::slip::SlipCode::from_bits(0x2_1234_5678_9abc).to_string();
    let foreign = outsider.run(find, json!({ "slip": slip })).await;
    let invented = outsider.run(find, json!({ "slip": unknown })).await;
    assert_eq!(foreign, invented);
    for _ in 0..3 {
        assert_eq!(outsider.data(find, json!({ "slip": slip })).await["referralBySlip"], Value::Null);
    }
    assert_eq!(outsider.error_code(find, json!({ "slip": slip })).await, "RATE_LIMITED");
    let check_in = outsider.referral_mutation("checkInReferral", "CheckInReferralInput", json!({ "slipCode": slip })).await;
    assert_eq!(refusal(&check_in), ("LIMIT_REACHED", "slipCode"));
    let colleague = world.client_of(OUTSIDER, "second-caseworker").await;
    assert_eq!(colleague.data(find, json!({ "slip": slip })).await["referralBySlip"], Value::Null, "the limit is the account's");
    assert_eq!(receiver.data(find, json!({ "slip": slip })).await["referralBySlip"]["id"].as_str().map(str::len), Some(23));
}

#[tokio::test]
async fn a_peer_educator_sees_and_moves_only_what_they_referred() {
    let world = World::new().await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let other = world.client_of(SENDER, "second-peer").await;
    let caseworker = world.client(SENDER, Role::Caseworker).await;
    let (mine, _) = sent(&peer).await;
    let (theirs, _) = sent(&other).await;
    let list = "{ referrals(direction: OUTGOING) { nodes { id } } }";
    assert_eq!(peer.data(list, json!({})).await["referrals"]["nodes"], json!([{ "id": mine }]));
    assert_eq!(caseworker.data(list, json!({})).await["referrals"]["nodes"].as_array().map(Vec::len), Some(2));
    assert_eq!(peer.data("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": theirs })).await["node"], Value::Null);
    let input = json!({ "referralId": theirs, "reason": "OTHER" });
    assert_eq!(
        refusal(&peer.referral_mutation("cancelReferral", "CancelReferralInput", input).await),
        ("NOT_FOUND", "referralId")
    );
    let input = json!({ "referralId": mine, "reason": "OTHER" });
    assert_eq!(peer.referral_mutation("cancelReferral", "CancelReferralInput", input).await["referral"]["status"], "CANCELLED");
}

#[tokio::test]
async fn it_moves_between_the_receivers_own_services_alone() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    let own = global_id::encode(RECEIVER.service(ServiceType::Prep));
    let moved =
        receiver.referral_mutation("moveReferral", "MoveReferralInput", json!({ "referralId": id, "serviceId": own })).await;
    assert_eq!(
        (&moved["referral"]["service"]["id"], &moved["referral"]["status"]),
        (&json!(own), &json!("REQUESTED")),
        "{moved:#}"
    );
    for foreign in [
        global_id::encode(OUTSIDER.service(ServiceType::LegalAid)),
        global_id::encode(pamoja_domain::id::ServiceId(Uuid::new_v4())),
    ] {
        let refused = receiver
            .referral_mutation("moveReferral", "MoveReferralInput", json!({ "referralId": id, "serviceId": foreign }))
            .await;
        assert_eq!(refusal(&refused), ("NOT_FOUND", "serviceId"));
    }
}
