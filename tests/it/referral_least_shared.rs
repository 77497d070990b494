//! What the client didn't agree to share doesn't exist for the receiver: in no field of the schema, in no list, filter, order or
//! event.

use std::collections::BTreeSet;

use pamoja_domain::service::ServiceType;
use serde_json::{Value, json};

use crate::harness::{Client, RECEIVER, Socket, World};
use crate::referral::{desks, draft, sent, with};

/// Every field of that type that needs no argument, down to the leaves. It is made from the schema, so that a new field is
/// tested.
pub async fn fields(client: &Client, of: &str) -> Vec<String> {
    let query = "query ($name: String!) { __type(name: $name) { fields { name args { name } type { ...T ofType { ...T ofType { ...T ofType { ...T } } } } } } }
        fragment T on __Type { name kind }";
    let data = client.data(query, json!({ "name": of })).await;
    let mut selected = Vec::new();
    // Each type is selected in full once, so that the document stays as small as the API demands.
    let mut known = BTreeSet::from([json!(of).to_string()]);
    for field in data["__type"]["fields"].as_array().expect("fields") {
        let mut named = &field["type"];
        while named["ofType"].is_object() {
            named = &named["ofType"];
        }
        let name = field["name"].as_str().expect("a name");
        if field["args"] != json!([]) {
            continue;
        }
        let has_id = !["County", "ReferralEvent", "ReferralConsent"].contains(&named["name"].as_str().unwrap_or(""));
        if named["kind"] == "OBJECT" && has_id && !known.insert(named["name"].to_string()) {
            selected.push(format!("{name} {{ id }}"));
        } else if named["kind"] == "OBJECT" {
            let inner = client.data(query, json!({ "name": named["name"] })).await;
            let leaves: Vec<&str> = inner["__type"]["fields"]
                .as_array()
                .expect("fields")
                .iter()
                .filter(|leaf| !leaf["type"].to_string().contains("OBJECT"))
                .filter_map(|leaf| leaf["name"].as_str())
                .collect();
            selected.push(format!("{name} {{ {} }}", leaves.join(" ")));
        } else {
            selected.push(name.to_owned());
        }
    }
    assert!(selected.len() > 14, "the type {of} has fields");
    selected
}

async fn every_field(client: &Client, of: &str) -> String {
    fields(client, of).await.join(" ")
}

/// The answer without what differs between any two referrals.
fn alike(mut node: Value, known: &[(&str, &Value)]) -> Value {
    for (name, value) in known {
        assert!(!value.is_null());
        node[*name] = Value::Null;
    }
    for event in node["timeline"].as_array_mut().into_iter().flatten() {
        event["at"] = Value::Null;
    }
    node
}

#[tokio::test]
async fn two_clients_who_share_nothing_are_the_same_to_the_receiver() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let fields = every_field(&receiver, "Referral").await;
    let clients = [
        json!({}),
        json!({ "populations": ["TRANS_WOMAN", "FEMALE_SEX_WORKER"], "ageBand": "FROM_30", "client": "aaaaaaaaaaaaaaaaaaaaaaaaaa" }),
        json!({ "populations": ["NOT_STATED"], "ageBand": "NOT_STATED", "client": "bbbbbbbbbbbbbbbbbbbbbbbbbb", "consentToBeCounted": false }),
        json!({ "ageBand": "FROM_15_TO_19", "consent": { "noticeVersion": "2026-1", "manner": "SIGNED", "language": "luo" } }),
    ];
    let mut socket = Socket::of(&receiver).await;
    socket.subscribe("1", &format!("subscription {{ referralChanged(direction: INCOMING) {{ {fields} }} }}")).await;
    let others = std::cell::Cell::new(0);
    socket
        .await_changes(async || {
            others.set(others.get() + 1);
            sent(&sender).await.0
        })
        .await;
    let mut seen = Vec::new();
    for client in &clients {
        let payload = sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), client.clone())).await;
        let id = payload["referral"]["id"].clone();
        let report = "mutation ($input: RecordClientReportInput!) { recordClientReport(input: $input) { userErrors { code } } }";
        sender.data(report, json!({ "input": { "referralId": id, "outcome": "MISTREATED" } })).await;
        let mut event = socket.referral().await;
        while event["id"] != id {
            event = socket.referral().await;
        }
        let node = receiver
            .data(&format!("query ($id: ID!) {{ node(id: $id) {{ ... on Referral {{ {fields} }} }} }}"), json!({ "id": id }))
            .await["node"]
            .take();
        let known = [
            ("id", &id),
            ("createdAt", &node["createdAt"].clone()),
            ("updatedAt", &node["updatedAt"].clone()),
            ("expiresAt", &node["expiresAt"].clone()),
            // Drawn at random.
            ("reference", &node["reference"].clone()),
        ];
        seen.push(alike(node, &known).to_string());
        seen.push(alike(event, &known).to_string());
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "{seen:#?}");
    // In lists, every filter and order finds either all of them or none.
    for filter in [json!({}), json!({ "client": crate::referral::CLIENT }), json!({ "updatedSince": "2020-01-01T00:00:00Z" })] {
        for order in ["NEWEST_FIRST", "OLDEST_FIRST", "RECENTLY_UPDATED_FIRST", "EXPIRING_FIRST"] {
            let query = "query ($filter: ReferralFilter, $order: ReferralOrder) { referrals(direction: INCOMING, filter: $filter, orderBy: $order) { nodes { id createdAt } } }";
            let list = receiver.data(query, json!({ "filter": filter, "order": order })).await;
            let nodes = list["referrals"]["nodes"].as_array().expect("nodes").clone();
            assert_eq!(nodes.len(), if filter["client"].is_null() { clients.len() + others.get() } else { 0 }, "{filter}");
            let mut times: Vec<&str> = nodes.iter().filter_map(|node| node["createdAt"].as_str()).collect();
            if ["NEWEST_FIRST", "RECENTLY_UPDATED_FIRST"].contains(&order) {
                times.reverse();
            }
            assert!(times.is_sorted(), "by nothing but time: {order}");
        }
    }
}
