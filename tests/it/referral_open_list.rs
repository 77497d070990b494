//! The list of referrals that are open to all: its order, its filters, and that no user can fill it for everybody.

use chrono::TimeDelta;
use pamoja_api::graphql::global_id;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};

use crate::harness::{RECEIVER, SENDER, World};
use crate::referral::{desks, draft, with};
use crate::referral_open::{list, open, send};

#[tokio::test]
async fn nobody_buries_the_emergencies_of_all_others() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let colleague = world.client_of(SENDER, "second-caseworker").await;
    let upload = "mutation ($input: CreateReferralsInput!) { createReferrals(input: $input) { results { referral { id } userErrors { code } } } }";
    let client = |number: u8| json!({ "client": pamoja_domain::pseudonym::Pseudonym::from_bits([number; 16]).as_str(), "clientMutationId": uuid::Uuid::new_v4() });
    let exposed = with(draft(RECEIVER, ServiceType::Pep), json!({ "hoursSinceExposure": 3 }));
    let items: Vec<Value> = (0..50).map(|number| with(open(json!({})), client(number))).collect();
    let data = sender.data(upload, json!({ "input": { "items": items } })).await;
    let results = data["createReferrals"]["results"].as_array().expect("results").clone();
    assert!(results.len() == 50 && results.iter().all(|result| result["userErrors"] == json!([])), "a whole upload has room");
    let items: Vec<Value> = (50..62).map(|number| with(exposed.clone(), client(number))).collect();
    let data = sender.data(upload, json!({ "input": { "items": items } })).await;
    let codes: Vec<&Value> = (0..12).map(|at| &data["createReferrals"]["results"][at]["userErrors"][0]["code"]).collect();
    assert_eq!((&codes[9], &codes[10], &codes[11]), (&&Value::Null, &&json!("LIMIT_REACHED"), &&json!("LIMIT_REACHED")));
    for input in [open(json!({})), exposed.clone()] {
        let refused = sender.create_referral(input).await;
        assert_eq!(
            (&refused["userErrors"][0]["code"], &refused["userErrors"][0]["field"]),
            (&json!("LIMIT_REACHED"), &Value::Null)
        );
    }
    // A referral to one organisation can still be sent, and colleagues' referrals are counted separately.
    assert_eq!(sender.create_referral(draft(RECEIVER, ServiceType::Pep)).await["userErrors"], json!([]));
    assert_eq!(colleague.create_referral(exposed.clone()).await["userErrors"], json!([]));
    // An answered or cancelled referral makes room for another.
    let id = |at: usize| results[at]["referral"]["id"].as_str().expect("an id");
    receiver.move_referral("acceptReferral", id(0)).await;
    assert_eq!(sender.create_referral(exposed.clone()).await["userErrors"], json!([]));
    assert_eq!(sender.create_referral(exposed.clone()).await["userErrors"][0]["code"], "LIMIT_REACHED");
    let reason = json!({ "referralId": id(1), "reason": "NO_LONGER_NEEDED" });
    sender.referral_mutation("cancelReferral", "CancelReferralInput", reason).await;
    assert_eq!(sender.create_referral(open(json!({}))).await["userErrors"], json!([]));
    // An expired one makes room too.
    world.travel(TimeDelta::days(31)).await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    assert_eq!(sender.create_referral(exposed).await["userErrors"], json!([]));
}

#[tokio::test]
async fn the_most_urgent_stands_first_and_what_has_a_clock_is_an_emergency() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let mut ids = Vec::new();
    for fields in [
        json!({ "serviceType": "PEP", "hoursSinceExposure": 70, "urgency": "ROUTINE" }),
        json!({ "urgency": "URGENT" }),
        json!({ "urgency": "ROUTINE" }),
        json!({ "urgency": "URGENT" }),
    ] {
        ids.push(send(&sender, fields).await.0);
    }
    let urgency = "query ($id: ID!) { node(id: $id) { ... on Referral { urgency actBefore } } }";
    let seen = receiver.data(urgency, json!({ "id": ids[0] })).await;
    assert_eq!(seen["node"], json!({ "urgency": "EMERGENCY", "actBefore": null }));
    let expected: Vec<String> = [0, 3, 1, 2].map(|at: usize| ids[at].clone()).to_vec();
    assert_eq!(list(&receiver, "OPEN", json!({})).await, expected);
    let page =
        "query ($after: String) { referrals(direction: OPEN, first: 1, after: $after) { nodes { id } pageInfo { endCursor } } }";
    let mut after = Value::Null;
    for id in &expected {
        let read = receiver.data(page, json!({ "after": after })).await["referrals"].take();
        assert_eq!(read["nodes"], json!([{ "id": id }]));
        after = read["pageInfo"]["endCursor"].clone();
    }
}

#[tokio::test]
async fn the_filters_hold_for_open_ones_and_tell_nothing_that_is_not_shown() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = send(&sender, json!({ "urgency": "EMERGENCY", "sharedWithReceiver": ["POPULATIONS"] })).await;
    let shown = [
        json!({ "urgencies": ["EMERGENCY"] }),
        json!({ "serviceTypes": ["HIV_TESTING"] }),
        json!({ "countyCodes": ["047"] }),
        json!({ "statuses": ["REQUESTED"] }),
        json!({ "updatedSince": "2020-01-01T00:00:00Z" }),
    ];
    for filter in shown {
        assert_eq!(list(&receiver, "OPEN", filter.clone()).await, std::slice::from_ref(&id), "{filter}");
    }
    let hidden = [
        json!({ "client": crate::referral::CLIENT }),
        json!({ "urgencies": ["ROUTINE"] }),
        json!({ "countyCodes": ["001"] }),
        json!({ "statuses": ["ACCEPTED"] }),
        json!({ "serviceIds": [global_id::encode(RECEIVER.service(ServiceType::HivTesting))] }),
        json!({ "createdBefore": "2020-01-01T00:00:00Z" }),
    ];
    for filter in hidden {
        assert_eq!(list(&receiver, "OPEN", filter.clone()).await, Vec::<String>::new(), "{filter}");
    }
    for order in ["NEWEST_FIRST", "OLDEST_FIRST", "RECENTLY_UPDATED_FIRST", "EXPIRING_FIRST"] {
        let query = "query ($order: ReferralOrder) { referrals(direction: OPEN, orderBy: $order, first: 1) { nodes { id } pageInfo { hasNextPage } } }";
        let page = receiver.data(query, json!({ "order": order })).await;
        assert_eq!(page["referrals"], json!({ "nodes": [{ "id": id }], "pageInfo": { "hasNextPage": false } }));
    }
}
