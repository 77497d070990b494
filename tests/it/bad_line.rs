//! A shared phone on a bad line: few requests, small answers.

use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{Client, PASSWORD, RECEIVER, SENDER, World};
use crate::referral::{draft, with};

/// Everything that a list on a phone shows about a referral.
const PAGE: &str = "{ referrals(direction: OUTGOING, first: 20) { nodes { id status serviceType urgency county { code name } actBefore overdue accompanied scheduledOn
    toOrganisation { id name } service { id name capacity } client populations ageBand under18 declineReason nonCompletionReason allowedActions
    timeline { status at byOrganisation { name } } createdAt updatedAt expiresAt } pageInfo { hasNextPage endCursor } } }";

#[tokio::test]
async fn a_page_of_twenty_is_under_ten_kilobytes() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let receiver = world.client(RECEIVER, Role::Caseworker).await;
    let service = pamoja_api::graphql::global_id::encode(RECEIVER.service(ServiceType::Pep));
    for number in 0..20 {
        let client: String = uuid::Uuid::new_v4()
            .simple()
            .to_string()
            .chars()
            .map(|digit| if digit.is_ascii_digit() { 'q' } else { digit })
            .take(26)
            .collect();
        let fields = json!({ "client": client, "serviceId": service, "hoursSinceExposure": number });
        let payload = sender.create_referral(with(draft(RECEIVER, ServiceType::Pep), fields)).await;
        let id = payload["referral"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}"));
        for operation in ["acceptReferral", "checkInReferralWithoutSlip", "completeReferral"].iter().take(number % 4) {
            receiver.move_referral(operation, id).await;
        }
    }
    let request =
        sender.request(reqwest::Method::POST, "/graphql").header("accept-encoding", "gzip").json(&json!({ "query": PAGE }));
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    let bytes = answer.bytes().await.expect("a body").len();
    let whole = sender.data(PAGE, json!({})).await;
    assert_eq!(whole["referrals"]["nodes"].as_array().map(Vec::len), Some(20));
    assert!(bytes < 10 * 1024, "{bytes} bytes");
    assert!(whole.to_string().len() > 2 * bytes, "{bytes} of {}", whole.to_string().len());
}

#[tokio::test]
async fn a_peer_educator_refers_from_a_shared_phone_in_three_requests() {
    let world = World::new().await;
    let phone = world.anonymous();
    let account = json!({ "username": "peer@jirani", "password": PASSWORD, "device": "shared" });
    let signed_in = phone.request(reqwest::Method::POST, "/session").json(&account).send().await.expect("an answer");
    let session: Value = signed_in.json().await.expect("JSON");
    assert!(session.get("refreshToken").is_none_or(Value::is_null), "a shared phone keeps no session");
    let phone = Client::new(world.address, session["accessToken"].as_str().map(str::to_owned));
    let look = "{ viewer { user { displayName } organisation { name } permissions taskCounts { kind count more } tasks(first: 5) { nodes { kind instruction dueAt nodeId } } }
        suggestedServices(serviceType: PEP, countyCode: \"047\", populations: [MSM], first: 3) { service { id name capacity organisation { id name } } reasons { code message } } }";
    let seen = phone.data(look, json!({})).await;
    let best = &seen["suggestedServices"][0]["service"];
    let input = with(
        draft(RECEIVER, ServiceType::Pep),
        json!({ "toOrganisationId": best["organisation"]["id"], "serviceId": best["id"], "hoursSinceExposure": 3, "clientMutationId": uuid::Uuid::new_v4() }),
    );
    let refer = "mutation ($input: CreateReferralInput!) { createReferral(input: $input) { referral { id status actBefore } slipCode advice { code message } userErrors { message } } }";
    let sent = phone.data(refer, json!({ "input": input })).await["createReferral"].take();
    assert_eq!((&sent["userErrors"], &sent["advice"][0]["code"]), (&json!([]), &json!("GO_NOW")), "{sent:#}");
    assert!(sent["slipCode"].is_string());
}
