//! What has already been done is said: that a client has such a referral, and that a slip was used here.

use chrono::TimeDelta;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::day::{day_of, hour_of};
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{CLIENT, desks, draft, refusal, sent, with};
use crate::referral_circumstance::vouched;
use crate::words::in_words;

const CREATE: &str = "mutation ($input: CreateReferralInput!) { createReferral(input: $input) {
    referral { id createdAt } slipCode advice { code message } userErrors { code } } }";
const BY_SLIP: &str = "query ($slip: SlipCode!) { referralBySlip(slipCode: $slip) { id status } }";

/// Refers the client; returns the payload, and the message when it says that they are already referred.
async fn refer(client: &Client, input: Value) -> (Value, Option<String>) {
    let payload = client.data(CREATE, json!({ "input": input })).await["createReferral"].take();
    assert_eq!(payload["userErrors"], json!([]), "it is never refused for it");
    (payload.clone(), already(&payload))
}

fn already(payload: &Value) -> Option<String> {
    let advice = payload["advice"].as_array().expect("advice");
    let said = advice.iter().find(|advice| advice["code"] == "ALREADY_OPEN")?;
    Some(said["message"].as_str().expect("a message").to_owned())
}

#[tokio::test]
async fn whoever_refers_a_client_again_is_told_since_when_they_are_referred() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let testing = draft(RECEIVER, ServiceType::HivTesting);
    let (first, said) = refer(&sender, testing.clone()).await;
    assert_eq!(said, None);
    let today = in_words(day_of(first["referral"]["createdAt"].as_str().expect("a moment").parse().expect("a moment")));
    world.travel(TimeDelta::days(2)).await;
    let (sender, receiver_later) = desks(&world).await;
    let another = pamoja_domain::pseudonym::Pseudonym::from_bits([9; 16]);
    // Another client, service, receiver or way is another matter.
    for fields in [
        json!({ "client": another.as_str() }),
        json!({ "serviceType": "PREP" }),
        json!({ "toOrganisationId": pamoja_api::graphql::global_id::encode(OUTSIDER.id()) }),
        json!({ "toOrganisationId": null }),
    ] {
        assert_eq!(refer(&sender, with(testing.clone(), fields.clone())).await.1, None, "{fields}");
    }
    let colleague = world.client(SENDER, Role::PeerEducator).await;
    for by in [&sender, &colleague] {
        let said = refer(by, testing.clone()).await.1.expect("it is said");
        assert!(said.contains(&format!("since {today}")), "{said}");
    }
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    assert_eq!(refer(&outsider, testing.clone()).await.1, None, "another organisation's referrals are its own business");
    // Both open to all.
    assert!(refer(&sender, with(testing.clone(), json!({ "toOrganisationId": null }))).await.1.is_some());
    // A repeat of the first isn't told of what came later.
    let key = json!({ "clientMutationId": uuid::Uuid::new_v4(), "client": pamoja_domain::pseudonym::Pseudonym::from_bits([8; 16]).as_str() });
    let keyed = with(testing.clone(), key);
    assert_eq!(refer(&sender, keyed.clone()).await.1, None);
    let (later, said) = refer(&sender, with(keyed.clone(), json!({ "clientMutationId": null }))).await;
    assert!(said.is_some());
    assert_eq!(refer(&sender, keyed).await.1, None);
    // Once the others have ended, nothing is said; until the client has been served, it is.
    let later = later["referral"]["id"].as_str().expect("an id").to_owned();
    for (operation, open) in [("acceptReferral", true), ("checkInReferralWithoutSlip", true), ("completeReferral", false)] {
        assert_eq!(receiver_later.move_referral(operation, &later).await["userErrors"], json!([]));
        let superuser = world.connect(DatabaseRole::Superuser).await;
        // Of this client's referrals only that one goes on.
        superuser
            .batch_execute(&format!(
                "UPDATE referral_progress SET status = 'CANCELLED' FROM referral_client
                 WHERE referral_client.referral_id = referral_progress.referral_id AND client = '{}' AND status = 'REQUESTED'",
                pamoja_domain::pseudonym::Pseudonym::from_bits([8; 16]).as_str()
            ))
            .await
            .expect("the others have ended");
        let again = json!({ "client": pamoja_domain::pseudonym::Pseudonym::from_bits([8; 16]).as_str() });
        assert_eq!(refer(&sender, with(testing.clone(), again)).await.1.is_some(), open, "{operation}");
    }
    world.travel(TimeDelta::days(40)).await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    assert_eq!(refer(&sender, with(testing, json!({ "client": CLIENT }))).await.1, None, "what has expired is not open");
    drop(receiver);
}

#[tokio::test]
async fn the_second_of_two_in_one_upload_is_told_of_the_first_and_whoever_goes_along_too() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let upload = "mutation ($input: CreateReferralsInput!) { createReferrals(input: $input) { results { advice { code message } userErrors { code } } } }";
    let item = |urgency| {
        with(draft(RECEIVER, ServiceType::HivTesting), json!({ "urgency": urgency, "clientMutationId": uuid::Uuid::new_v4() }))
    };
    let data = sender.data(upload, json!({ "input": { "items": [item("ROUTINE"), item("URGENT")] } })).await;
    let results = data["createReferrals"]["results"].as_array().expect("results");
    assert_eq!(results.iter().map(already).map(|said| said.is_some()).collect::<Vec<_>>(), [false, true]);
    let service = vouched(&world, "PEP").await;
    let along = json!({ "toOrganisationId": pamoja_api::graphql::global_id::encode(SENDER.id()), "serviceId": service });
    let along = with(draft(RECEIVER, ServiceType::Pep), along);
    assert_eq!((refer(&sender, along.clone()).await.1, refer(&sender, along).await.1.is_some()), (None, true));
}

#[tokio::test]
async fn a_slip_that_was_used_here_says_so_and_to_everybody_else_it_is_as_unknown_as_ever() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let colleague = world.client_of(RECEIVER, "second-caseworker").await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let created = sender.create_referral(draft(RECEIVER, ServiceType::HivTesting)).await;
    let (id, slip) = (created["referral"]["id"].as_str().expect("an id"), &created["slipCode"]);
    let check_in = async |client: &Client| {
        client.referral_mutation("checkInReferral", "CheckInReferralInput", json!({ "slipCode": slip })).await
    };
    let before = chrono::Utc::now();
    assert_eq!(check_in(&receiver).await["referral"]["status"], "ARRIVED");
    let after = chrono::Utc::now();
    let mut ended = false;
    for status in ["ARRIVED", "COMPLETED"] {
        // More often than an account may try unknown codes.
        for desk in [&receiver, &colleague, &receiver, &receiver, &receiver, &receiver, &receiver] {
            let told = check_in(desk).await;
            assert_eq!(refusal(&told), ("ILLEGAL_TRANSITION", "slipCode"));
            let said = told["userErrors"][0]["message"].as_str().expect("a message");
            let when = |at| format!("on {} at {}", in_words(day_of(at)), hour_of(at).format("%H:%M"));
            assert!(said.contains(&when(before)) || said.contains(&when(after)), "{said}");
            assert_eq!(
                desk.data(BY_SLIP, json!({ "slip": slip })).await["referralBySlip"],
                json!({ "id": id, "status": status })
            );
        }
        // Their reply is that of a code that was never printed, in every byte.
        let never = json!({ "slipCode": pamoja_domain::referral::slip::SlipCode::from_bits(77).to_string() });
        for other in [&sender, &outsider] {
            let unknown = other.referral_mutation("checkInReferral", "CheckInReferralInput", never.clone()).await;
            assert_eq!((refusal(&unknown), &check_in(other).await), (("NOT_FOUND", "slipCode"), &unknown), "ended: {ended}");
            assert_eq!(other.data(BY_SLIP, json!({ "slip": slip })).await["referralBySlip"], Value::Null);
        }
        let superuser = world.connect(DatabaseRole::Superuser).await;
        let attempts = format!("SELECT count(*) FROM slip_attempt WHERE organisation_id = '{}'", RECEIVER.id());
        assert_eq!(superuser.query_one(&attempts, &[]).await.expect("a count").get::<_, i64>(0), 0, "it counts as no attempt");
        superuser.batch_execute("DELETE FROM slip_attempt").await.expect("the others may go on trying");
        if !ended {
            assert_eq!(receiver.move_referral("completeReferral", id).await["referral"]["status"], "COMPLETED");
            ended = true;
        }
    }
    sender.move_referral("withdrawReferralConsent", id).await;
    assert_eq!(refusal(&check_in(&receiver).await), ("NOT_FOUND", "slipCode"), "nothing is left of it");
}

#[tokio::test]
async fn a_slip_whose_referral_ended_without_an_arrival_stays_unknown_to_the_receiver() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    for decline in [true, false] {
        let created = sender.create_referral(draft(RECEIVER, ServiceType::HivTesting)).await;
        let (id, slip) = (created["referral"]["id"].as_str().expect("an id"), &created["slipCode"]);
        let ended = match decline {
            true => {
                let input = json!({ "referralId": id, "reason": "NO_CAPACITY" });
                receiver.referral_mutation("declineReferral", "DeclineReferralInput", input).await
            }
            false => {
                let input = json!({ "referralId": id, "reason": "OTHER" });
                sender.referral_mutation("cancelReferral", "CancelReferralInput", input).await
            }
        };
        assert_eq!(ended["userErrors"], json!([]));
        let told = receiver.referral_mutation("checkInReferral", "CheckInReferralInput", json!({ "slipCode": slip })).await;
        assert_eq!(refusal(&told), ("NOT_FOUND", "slipCode"));
        assert_eq!(receiver.data(BY_SLIP, json!({ "slip": slip })).await["referralBySlip"], Value::Null);
    }
}

#[tokio::test]
async fn a_peer_educator_who_goes_along_is_told_that_their_own_slip_was_used() {
    let world = World::new().await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let other = world.client_of(SENDER, "second-peer").await;
    let service = vouched(&world, "PEP").await;
    let along = json!({ "toOrganisationId": pamoja_api::graphql::global_id::encode(SENDER.id()), "serviceId": service });
    let created = peer.create_referral(with(draft(RECEIVER, ServiceType::Pep), along)).await;
    let input = json!({ "slipCode": created["slipCode"] });
    let check_in =
        async |client: &Client| client.referral_mutation("checkInReferral", "CheckInReferralInput", input.clone()).await;
    assert_eq!(check_in(&peer).await["referral"]["status"], "ARRIVED");
    assert_eq!(refusal(&check_in(&peer).await), ("ILLEGAL_TRANSITION", "slipCode"));
    assert_eq!(refusal(&check_in(&other).await), ("NOT_FOUND", "slipCode"));
}

#[tokio::test]
async fn a_check_in_that_was_taken_back_is_none_and_a_taking_back_is_no_check_in() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let check_in = async |slip: &str| {
        receiver.referral_mutation("checkInReferral", "CheckInReferralInput", json!({ "slipCode": slip })).await
    };
    let (id, slip) = sent(&sender).await;
    assert_eq!(check_in(&slip).await["userErrors"], json!([]));
    assert_eq!(crate::referral_undo::undo(&receiver, &id).await["userErrors"], json!([]));
    let cancel = json!({ "referralId": id, "reason": "NO_LONGER_NEEDED" });
    let cancelled = sender.referral_mutation("cancelReferral", "CancelReferralInput", cancel).await;
    assert_eq!(cancelled["userErrors"], json!([]));
    assert_eq!(refusal(&check_in(&slip).await), ("NOT_FOUND", "slipCode"), "nobody arrived");

    let (id, slip) = sent(&sender).await;
    assert_eq!(check_in(&slip).await["userErrors"], json!([]));
    let told = check_in(&slip).await;
    world.travel(TimeDelta::minutes(5)).await;
    assert_eq!(receiver.move_referral("completeReferral", &id).await["userErrors"], json!([]));
    world.travel(TimeDelta::minutes(10)).await;
    assert_eq!(crate::referral_undo::undo(&receiver, &id).await["referral"]["status"], "ARRIVED");
    assert_eq!(check_in(&slip).await, told, "the moment of the check-in stays");
}
