//! The same request twice has one effect.

use chrono::TimeDelta;
use futures_util::future::join_all;
use pamoja_domain::referral::slip::SlipCode;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::harness::{Client, RECEIVER, SENDER, Ways, World, outcome};
use crate::referral::{desks, draft, refusal, sent, with};

fn keyed(key: Uuid) -> Value {
    with(draft(RECEIVER, ServiceType::HivTesting), json!({ "clientMutationId": key }))
}

async fn referrals_sent(sender: &Client) -> usize {
    let list = sender.data("{ referrals(direction: OUTGOING, first: 100) { nodes { id } } }", json!({})).await;
    list["referrals"]["nodes"].as_array().expect("nodes").len()
}

#[tokio::test]
async fn every_mutation_takes_a_repeat_without_a_second_effect_and_refuses_the_key_with_another_input() {
    let world = World::new().await;
    let ways = Ways::of(&world).await;
    for mutation in ways.mutations() {
        let done = ways.succeed(&mutation).await;
        let (entries, announcements) = (ways.entries().await, ways.announcements().await);
        assert_eq!(entries, done.entries_before + 1, "{}", mutation.name);
        let repeat = done.client.data(&mutation.document, done.variables.clone()).await;
        assert_eq!(repeat[&mutation.name], done.payload, "{}", mutation.name);
        let other = done.client.data(&mutation.document, done.otherwise()).await;
        let error = &outcome(&other[&mutation.name])["userErrors"][0];
        assert_eq!((&error["code"], &error["field"][0]), (&json!("CONFLICT"), &json!("clientMutationId")), "{}", mutation.name);
        // Whoever is shown a violation again has looked at it.
        let looked = i64::from(mutation.name.contains("Violation"));
        assert_eq!((ways.entries().await, ways.announcements().await), (entries + looked, announcements), "{}", mutation.name);
    }
}

#[tokio::test]
async fn ten_repeats_at_once_are_one_referral_with_one_slip() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let key = Uuid::new_v4();
    let payloads = join_all((0..10).map(|_| sender.create_referral(keyed(key)))).await;
    for payload in &payloads {
        assert!(payload["slipCode"].is_string(), "{payload:#}");
        assert_eq!(payload, &payloads[0]);
    }
    assert_eq!(referrals_sent(&sender).await, 1);
}

#[tokio::test]
async fn a_key_is_one_users_for_one_operation() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let colleague = world.client_of(SENDER, "second-caseworker").await;
    let key = Uuid::new_v4();
    let mine = sender.create_referral(keyed(key)).await;
    let theirs = colleague.create_referral(keyed(key)).await;
    assert_ne!(mine["referral"]["id"], theirs["referral"]["id"]);
    let input = json!({ "referralId": mine["referral"]["id"], "clientMutationId": key });
    let withdrawn = sender.referral_mutation("withdrawReferralConsent", "ReferralInput", input).await;
    assert_eq!(withdrawn["referral"]["status"], "CANCELLED", "{withdrawn:#}");
}

#[tokio::test]
async fn the_key_of_a_refusal_can_be_used_again() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let key = Uuid::new_v4();
    let refused = sender.create_referral(with(keyed(key), json!({ "consentGiven": false }))).await;
    assert_eq!(refusal(&refused).0, "INVALID");
    let created = sender.create_referral(keyed(key)).await;
    let slip = created["slipCode"].as_str().expect("a slip");

    let check_in = async |slip: &str| {
        let input = json!({ "slipCode": slip, "clientMutationId": key });
        receiver.referral_mutation("checkInReferral", "CheckInReferralInput", input).await
    };
    let unknown = SlipCode::from_bits(0x1_2345_6789_abcd).to_string();
    assert_eq!(refusal(&check_in(&unknown).await), ("NOT_FOUND", "slipCode"));
    let arrived = check_in(slip).await;
    assert_eq!(arrived["referral"]["status"], "ARRIVED", "{arrived:#}");
    assert_eq!(check_in(slip).await["referral"], arrived["referral"]);
}

#[tokio::test]
async fn a_key_is_remembered_for_seven_days() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let key = Uuid::new_v4();
    let first = sender.create_referral(keyed(key)).await;
    world.travel(TimeDelta::days(7) - TimeDelta::minutes(1)).await;
    let before = world.client(SENDER, Role::Caseworker).await.create_referral(keyed(key)).await;
    assert_eq!(before["referral"]["id"], first["referral"]["id"]);
    world.travel(TimeDelta::days(7) + TimeDelta::minutes(1)).await;
    let after = world.client(SENDER, Role::Caseworker).await.create_referral(keyed(key)).await;
    assert_ne!(after["referral"]["id"], first["referral"]["id"], "{after:#}");
}

#[tokio::test]
async fn a_repeat_answers_with_the_node_as_it_is_now() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let key = Uuid::new_v4();
    let first = sender.create_referral(keyed(key)).await;
    let id = first["referral"]["id"].as_str().expect("an id");
    receiver.move_referral("acceptReferral", id).await;
    let repeat = sender.create_referral(keyed(key)).await;
    assert_eq!((&repeat["referral"]["id"], &repeat["referral"]["status"]), (&json!(id), &json!("ACCEPTED")));
    assert_eq!(repeat["slipCode"], first["slipCode"]);
    sender.move_referral("withdrawReferralConsent", id).await;
    let repeat = sender.create_referral(keyed(key)).await;
    assert_eq!((&repeat["referral"]["client"], &repeat["slipCode"]), (&Value::Null, &Value::Null), "what was erased stays so");
}

#[tokio::test]
async fn a_referral_whose_answer_was_lost_is_found_by_repeating_it() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    for number in 1..=10 {
        let key = Uuid::new_v4();
        let query = "mutation ($input: CreateReferralInput!) { createReferral(input: $input) { slipCode } }";
        let body = json!({ "query": query, "variables": { "input": keyed(key) } }).to_string();
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: pamoja\r\ncontent-type: application/json\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n\r\n{body}",
            sender.token.as_deref().expect("a token"),
            body.len()
        );
        let mut lost = TcpStream::connect(world.address).await.expect("a connection");
        lost.write_all(request.as_bytes()).await.expect("it is sent");
        drop(lost);
        let repeat = sender.create_referral(keyed(key)).await;
        let slip = &repeat["slipCode"];
        let found =
            receiver.data("query ($slip: SlipCode!) { referralBySlip(slipCode: $slip) { id } }", json!({ "slip": slip })).await;
        assert_eq!(found["referralBySlip"]["id"], repeat["referral"]["id"]);
        // If the lost request arrives last, it counts as the repeat.
        sender.create_referral(keyed(key)).await;
        assert_eq!(referrals_sent(&sender).await, number);
    }
}

#[tokio::test]
async fn without_a_key_twice_is_twice() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    assert_ne!(sent(&sender).await, sent(&sender).await);
    assert_eq!(referrals_sent(&sender).await, 2);
}
