//! What GraphQL promises of every answer: on the real schema where that shows it, on a stand-in for failures. An upgrade of the
//! library that breaks a promise fails here.

use std::time::Duration;

use async_graphql::{EmptyMutation, EmptySubscription, Object, Result, Schema};
use pamoja_api::graphql::global_id;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, RECEIVER, SENDER, World};
use crate::referral::sent;

/// A query with resolvers that are slow, fail, or both.
struct StandIn;

#[Object]
impl StandIn {
    async fn slow(&self) -> &str {
        tokio::time::sleep(Duration::from_millis(50)).await;
        "slow"
    }

    async fn fast(&self) -> &str {
        "fast"
    }

    async fn nullable(&self) -> Option<Result<&str>> {
        Some(Err("it fails".into()))
    }

    async fn nullable_slow(&self) -> Option<Result<&str>> {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Some(Err("it fails".into()))
    }

    async fn required(&self) -> Result<&str> {
        Err("it fails".into())
    }

    async fn inner(&self) -> Self {
        Self
    }

    async fn maybe_inner(&self) -> Option<Self> {
        Some(Self)
    }

    async fn list(&self) -> Vec<Option<Result<i32>>> {
        vec![Some(Ok(1)), Some(Err("it fails".into())), None, Some(Ok(4))]
    }

    async fn required_list(&self) -> Option<Vec<Result<i32>>> {
        Some(vec![Ok(1), Err("it fails".into())])
    }

    async fn inner_list(&self) -> Vec<Option<Self>> {
        vec![Some(Self), None]
    }
}

/// The answer, as text that shows the order of keys, and as a value.
async fn run(document: &str) -> (String, Value) {
    let schema = Schema::new(StandIn, EmptyMutation, EmptySubscription);
    let text = serde_json::to_string(&schema.execute(document).await).expect("JSON");
    let value = serde_json::from_str(&text).expect("JSON");
    (text, value)
}

async fn text(client: &Client, document: &str) -> String {
    let request = client.request(Method::POST, "/graphql").json(&json!({ "query": document }));
    request.send().await.expect("an answer").text().await.expect("a body")
}

#[tokio::test]
async fn fields_stand_in_the_order_in_which_they_were_asked_for() {
    for (document, expected) in [
        ("{ slow fast }", r#"{"slow":"slow","fast":"fast"}"#),
        ("{ fast slow }", r#"{"fast":"fast","slow":"slow"}"#),
        (
            "{ slow ...F fast } fragment F on StandIn { b: fast a: slow }",
            r#"{"slow":"slow","b":"fast","a":"slow","fast":"fast"}"#,
        ),
        ("{ inner { slow fast } fast }", r#"{"inner":{"slow":"slow","fast":"fast"},"fast":"fast"}"#),
        ("{ nullableSlow nullable fast }", r#"{"nullableSlow":null,"nullable":null,"fast":"fast"}"#),
    ] {
        let (text, _) = run(document).await;
        assert!(text.contains(&format!(r#""data":{expected}"#)), "{document}: {text}");
    }
    let world = World::new().await;
    let client = world.client(SENDER, Role::Caseworker).await;
    let answer = text(&client, "{ services(first: 1) { nodes { name } } viewer { roles permissions __typename } organisations(first: 1) { nodes { slug id } } }").await;
    let keys =
        ["services", "nodes", "name", "viewer", "roles", "permissions", "__typename", "organisations", "nodes\":[{\"slug", "id"];
    let mut from = 0;
    for key in keys {
        from += answer[from..].find(&format!("\"{key}\"")).unwrap_or_else(|| panic!("{key} is out of order: {answer}"));
    }
}

#[tokio::test]
async fn a_failing_nullable_field_is_null_and_its_neighbours_stay() {
    let (_, answer) = run("{ fast\n  nullable inner { nullable fast } }").await;
    assert_eq!(answer["data"], json!({ "fast": "fast", "nullable": null, "inner": { "nullable": null, "fast": "fast" } }));
    let paths: Vec<&Value> = answer["errors"].as_array().expect("errors").iter().map(|error| &error["path"]).collect();
    assert_eq!(paths, [&json!(["nullable"]), &json!(["inner", "nullable"])]);
    assert_eq!(answer["errors"][0]["locations"], json!([{ "line": 2, "column": 3 }]));
}

#[tokio::test]
async fn a_failing_required_field_nulls_the_nearest_parent_that_may_be_null() {
    let (_, answer) = run("{ fast maybeInner { fast required } }").await;
    assert_eq!(answer["data"], json!({ "fast": "fast", "maybeInner": null }));
    assert_eq!(answer["errors"][0]["path"], json!(["maybeInner", "required"]));
    let (_, answer) = run("{ fast maybeInner { inner { required } } }").await;
    assert_eq!(answer["data"], json!({ "fast": "fast", "maybeInner": null }));
    let (_, answer) = run("{ fast inner { required } }").await;
    assert_eq!(answer["data"], Value::Null);
    assert_eq!(answer["errors"][0]["path"], json!(["inner", "required"]));
}

#[tokio::test]
async fn in_a_list_a_failure_takes_its_own_place_or_all_of_a_list_of_required_things() {
    let (_, answer) = run("{ list }").await;
    assert_eq!((&answer["data"]["list"], &answer["errors"][0]["path"]), (&json!([1, null, null, 4]), &json!(["list", 1])));
    let (_, answer) = run("{ fast requiredList }").await;
    assert_eq!(answer["data"], json!({ "fast": "fast", "requiredList": null }));
    assert_eq!(answer["errors"][0]["path"], json!(["requiredList", 1]));
    let (_, answer) = run("{ innerList { fast required } }").await;
    assert_eq!(
        (&answer["data"]["innerList"], &answer["errors"][0]["path"]),
        (&json!([null, null]), &json!(["innerList", 0, "required"]))
    );
}

#[tokio::test]
async fn in_the_real_schema_a_refused_nullable_field_empties_nothing_but_itself() {
    let world = World::new().await;
    let client = world.client(SENDER, Role::Caseworker).await;
    let analyst = world.client(SENDER, Role::Analyst).await;
    let slip = pamoja_domain::referral::slip::SlipCode::from_bits(7).to_string();
    for (client, slip, code) in [(&client, PHONE, "BAD_REQUEST"), (&analyst, slip.as_str(), "FORBIDDEN")] {
        let document = "query ($slip: SlipCode!) { viewer { roles } found: referralBySlip(slipCode: $slip) { id } __typename }";
        let answer = client.run(document, json!({ "slip": slip })).await;
        let error = &answer["errors"][0];
        assert_eq!((&error["extensions"]["code"], &error["path"]), (&json!(code), &json!(["found"])), "{answer:#}");
        assert_eq!(answer["data"]["found"], Value::Null);
        assert_eq!(answer["data"]["__typename"], "Query", "{answer:#}");
        assert!(answer["data"]["viewer"]["roles"].is_array(), "{answer:#}");
    }
}

const PHONE: &str = "0712345678";

#[tokio::test]
async fn in_the_real_schema_a_refused_required_field_empties_the_answer() {
    let world = World::new().await;
    let analyst = world.client(SENDER, Role::Analyst).await;
    let document = "query {\n  viewer { roles }\n  sent: referrals(direction: OUTGOING) { nodes { id } }\n}";
    let answer = analyst.run(document, json!({})).await;
    assert_eq!(answer["data"], Value::Null);
    let error = &answer["errors"][0];
    assert_eq!((&error["path"], &error["locations"]), (&json!(["sent"]), &json!([{ "line": 3, "column": 3 }])));
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn what_is_asked_for_twice_is_merged_and_what_is_left_out_is_not_there() {
    let world = World::new().await;
    let client = world.client(SENDER, Role::Caseworker).await;
    sent(&client).await;
    let document = "query ($no: Boolean!, $yes: Boolean = true) {
        viewer { user { displayName } }
        viewer { user { __typename } organisation { slug } ...F }
        me: viewer { roles @skip(if: $yes) permissions @include(if: $no) user @include(if: $yes) @skip(if: $no) { displayName } }
        ... @include(if: $no) { services { nodes { id } } }
        ...G @skip(if: $yes)
    }
    fragment F on Viewer { user { displayName } }
    fragment G on Query { organisations { nodes { id } } }";
    let seen = client.data(document, json!({ "no": false })).await;
    assert_eq!(
        seen,
        json!({
            "viewer": { "user": { "displayName": "caseworker", "__typename": "User" }, "organisation": { "slug": "jirani" } },
            "me": { "user": { "displayName": "caseworker" } },
        })
    );
    let list = client.data("{ referrals(direction: OUTGOING) { nodes { a: status } edges { node { b: status } } } referrals(direction: OUTGOING) { nodes { c: urgency } } }", json!({})).await;
    assert_eq!(
        list["referrals"],
        json!({ "nodes": [{ "a": "REQUESTED", "c": "ROUTINE" }], "edges": [{ "node": { "b": "REQUESTED" } }] })
    );
    let conflict = "{ viewer { a: roles a: permissions } }";
    assert_eq!(client.error_code(conflict, json!({})).await, "BAD_REQUEST");
}

#[tokio::test]
async fn a_type_name_is_told_of_whatever_stands_behind_an_interface() {
    let world = World::new().await;
    let client = world.client(SENDER, Role::Caseworker).await;
    let (referral, _) = sent(&client).await;
    let ids = [
        global_id::encode(SENDER.id()).to_string(),
        global_id::encode(SENDER.user("peer")).to_string(),
        global_id::encode(RECEIVER.service(ServiceType::Pep)).to_string(),
        "nothing".to_owned(),
        referral.clone(),
    ];
    let document = "query ($ids: [ID!]!) { __typename nodes(ids: $ids) { __typename id ... on Organisation { slug } ... on Referral { status } } }";
    let seen = client.data(document, json!({ "ids": ids })).await;
    assert_eq!(seen["__typename"], "Query");
    assert_eq!(
        seen["nodes"],
        json!([
            { "__typename": "Organisation", "id": ids[0], "slug": "jirani" }, { "__typename": "User", "id": ids[1] },
            { "__typename": "Service", "id": ids[2] }, null, { "__typename": "Referral", "id": ids[4], "status": "REQUESTED" }
        ])
    );
}

#[tokio::test]
async fn mutations_of_one_document_run_one_after_the_other() {
    let world = World::new().await;
    let client = world.client(RECEIVER, Role::Caseworker).await;
    let id = global_id::encode(RECEIVER.service(ServiceType::Pep)).to_string();
    let one = |name: &str, capacity: &str| {
        format!("{name}: setServiceCapacity(input: {{ serviceId: \"{id}\", capacity: {capacity} }}) {{ service {{ capacity }} }}")
    };
    let document = format!("mutation {{ {} {} {} }}", one("a", "FULL"), one("b", "OPEN"), one("c", "WAITLIST"));
    let seen = client.data(&document, json!({})).await;
    let capacities: Vec<&Value> = ["a", "b", "c"].iter().map(|name| &seen[name]["service"]["capacity"]).collect();
    assert_eq!(capacities, ["FULL", "OPEN", "WAITLIST"]);
    let last = client.data("query ($id: ID!) { node(id: $id) { ... on Service { capacity } } }", json!({ "id": id })).await;
    assert_eq!(last["node"]["capacity"], "WAITLIST");
}
