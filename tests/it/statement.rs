//! What a request costs the database: numbers that don't grow with the amount of data.

use pamoja_domain::access::Caller;
use pamoja_domain::service::ServiceType;
use serde_json::{Value, json};

use crate::harness::{Client, RECEIVER, SENDER, World};
use crate::referral::{draft, sent};

/// A signed-in caseworker whose session's use has already been recorded, so that only requests are counted.
pub async fn quiet(world: &World, member: crate::harness::Member) -> Client {
    let caller: Caller = world.caller(member, "caseworker").await;
    world.app.session_activity.touch(&world.app.gate, world.app.database.now(), caller).await.expect("its use is noted");
    let token = world.app.authority.issue(caller, world.app.database.now(), pamoja_api::auth::LIFETIME);
    Client::new(world.address, Some(token))
}

/// The transactions and statements during that work, as a line.
pub async fn cost(world: &World, of: &str, work: impl AsyncFnOnce()) -> String {
    // Nothing of the directory is in memory: otherwise the first of several would cost more.
    world.app.directory.has_changed();
    let (transactions, statements) = world.app.database.counted();
    work().await;
    let (transactions_after, statements_after) = world.app.database.counted();
    format!("{of}: {} transactions, {} statements\n", transactions_after - transactions, statements_after - statements)
}

const LIST: &str = "query ($first: Int!) { referrals(direction: OUTGOING, first: $first) { nodes { id status sealedNote
    fromOrganisation { name } toOrganisation { name } service { name organisation { name } } timeline { status byOrganisation { name } } } } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_list_costs_the_same_however_long_it_is() {
    let world = World::new().await;
    let sender = quiet(&world, SENDER).await;
    let service = pamoja_api::graphql::global_id::encode(RECEIVER.service(ServiceType::HivTesting));
    let input = crate::referral::with(draft(RECEIVER, ServiceType::HivTesting), json!({ "serviceId": service }));
    for _ in 0..100 {
        sender.create_referral(input.clone()).await;
    }
    let mut costs = String::new();
    for first in [1, 20, 100] {
        costs += &cost(&world, &first.to_string(), async || {
            let data = sender.data(LIST, json!({ "first": first })).await;
            let nodes = data["referrals"]["nodes"].as_array().expect("nodes").clone();
            assert_eq!(nodes.len(), first);
            assert_eq!(nodes[0]["timeline"][0]["byOrganisation"]["name"], "The jirani of the tests");
        })
        .await;
    }
    insta::assert_snapshot!(costs);
}

const TASKS: &str = "query ($first: Int!) { viewer { tasks(kinds: [NO_ANSWER], first: $first) { hasMore nodes { kind instruction
    referral { status toOrganisation { name } } service { name } alternatives { service { name organisation { name } } reasons { message } } } } } }";

#[tokio::test(flavor = "multi_thread")]
async fn tasks_cost_the_same_however_many_there_are_and_badges_one_statement() {
    let world = World::new().await;
    let sender = quiet(&world, SENDER).await;
    crate::referral_circumstance::vouched(&world, "PEP").await;
    let input = crate::referral::with(draft(RECEIVER, ServiceType::Pep), json!({ "hoursSinceExposure": 3 }));
    // As many unanswered referrals as two accounts together may have.
    let colleague = world.client_of(SENDER, "second-caseworker").await;
    for by in [&sender, &colleague] {
        for _ in 0..51 {
            assert_eq!(by.create_referral(input.clone()).await["userErrors"], json!([]));
        }
    }
    world.travel(chrono::TimeDelta::minutes(61)).await;
    let sender = quiet(&world, SENDER).await;
    let mut costs = String::new();
    for first in [1, 20, 100] {
        costs += &cost(&world, &first.to_string(), async || {
            let data = sender.data(TASKS, json!({ "first": first })).await;
            let nodes = data["viewer"]["tasks"]["nodes"].as_array().expect("nodes").clone();
            assert_eq!((nodes.len(), &data["viewer"]["tasks"]["hasMore"]), (first, &json!(true)));
            assert_eq!(nodes[first - 1]["alternatives"][0]["service"]["organisation"]["name"], "The jirani of the tests");
        })
        .await;
    }
    costs += &cost(&world, "badges", async || {
        let data = sender.data("{ viewer { taskCounts { kind count } } }", json!({})).await;
        assert_eq!(data["viewer"]["taskCounts"][4], json!({ "kind": "NO_ANSWER", "count": 100 }));
    })
    .await;
    insta::assert_snapshot!(costs);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_many_fields_is_one_transaction() {
    let world = World::new().await;
    let sender = quiet(&world, SENDER).await;
    let (id, _) = sent(&sender).await;
    let query = "query ($id: ID!) { viewer { organisation { name } } a: node(id: $id) { id } b: node(id: $id) { id } nodes(ids: [$id]) { id }
        organisations { nodes { name } } services { nodes { name organisation { name } } } facilities { nodes { id } }
        incoming: referrals(direction: INCOMING) { nodes { id } } outgoing: referrals(direction: OUTGOING) { nodes { id } } }";
    let costs = cost(&world, "many fields", async || drop(sender.data(query, json!({ "id": id })).await)).await;
    assert!(costs.starts_with("many fields: 1 transactions"), "{costs}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_move_costs_a_fixed_number_of_statements() {
    let world = World::new().await;
    let (sender, receiver) = (quiet(&world, SENDER).await, quiet(&world, RECEIVER).await);
    let mut costs = String::new();
    let mut created = Value::Null;
    let keyed = |input: Value| crate::referral::with(input, json!({ "clientMutationId": uuid::Uuid::new_v4() }));
    let input = keyed(draft(RECEIVER, ServiceType::HivTesting));
    costs += &cost(&world, "createReferral", async || created = sender.create_referral(input.clone()).await).await;
    costs += &cost(&world, "createReferral, repeated", async || drop(sender.create_referral(input.clone()).await)).await;
    let id = created["referral"]["id"].as_str().expect("an id");
    costs += &cost(&world, "acceptReferral", async || {
        // Only the status: reading more would begin another transaction.
        let query = "mutation ($input: ReferralInput!) { acceptReferral(input: $input) { referral { status } } }";
        receiver.data(query, json!({ "input": keyed(json!({ "referralId": id })) })).await;
    })
    .await;
    costs += &cost(&world, "checkInReferral", async || {
        let query = "mutation ($input: CheckInReferralInput!) { checkInReferral(input: $input) { referral { status } } }";
        receiver.data(query, json!({ "input": keyed(json!({ "slipCode": created["slipCode"] })) })).await;
    })
    .await;
    insta::assert_snapshot!(costs);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_by_role_costs_no_more_than_an_opening() {
    let world = World::new().await;
    let caller = world.caller(SENDER, "analyst").await;
    world.app.session_activity.touch(&world.app.gate, world.app.database.now(), caller).await.expect("its use is noted");
    let token = world.app.authority.issue(caller, world.app.database.now(), pamoja_api::auth::LIFETIME);
    let analyst = Client::new(world.address, Some(token));
    let costs = cost(&world, "refused", async || {
        let refused = analyst.create_referral(draft(RECEIVER, ServiceType::HivTesting)).await;
        assert_eq!(refused["userErrors"][0]["code"], "FORBIDDEN");
    })
    .await;
    insta::assert_snapshot!(costs, @"refused: 1 transactions, 3 statements");
}

const TRAININGS: &str = "query ($first: Int!) { trainingRequests(direction: OUTGOING, first: $first) { nodes { id status allowedActions
    fromOrganisation { name } toOrganisation { name } offer { title satisfaction organisation { name } } timeline { status byOrganisation { name } }
    session { on hosts { name } trainerOrganisation { name } participants { count organisation { name } } evaluation { pairs } followUps { asked } } } } }";

#[tokio::test(flavor = "multi_thread")]
async fn requests_for_trainings_cost_the_same_however_many_there_are() {
    let world = World::new().await;
    let (host, trainer) = crate::training::trainers(&world).await;
    let offer = crate::training::offered(&trainer, json!({})).await;
    for number in 0..50 {
        let fields = json!({ "offerId": offer, "toOrganisationId": null, "topic": null });
        let input = crate::referral::with(crate::training::request_draft(None), fields);
        let payload = crate::training::training(&host, "requestTraining", "RequestTrainingInput", input).await;
        let id = payload["trainingRequest"]["id"].as_str().expect("an id");
        if number % 2 == 0 {
            crate::training::step(&trainer, "acceptTrainingRequest", id, None).await;
            crate::training::scheduled(&trainer, id, json!({})).await;
            crate::training::delivered(&trainer, id, json!([{ "cadre": "STAFF", "count": 5 }])).await;
        }
    }
    let reader = quiet(&world, SENDER).await;
    let mut costs = String::new();
    for first in [2, 20, 50] {
        costs += &cost(&world, &first.to_string(), async || {
            let data = reader.data(TRAININGS, json!({ "first": first })).await;
            let nodes = data["trainingRequests"]["nodes"].as_array().expect("nodes").clone();
            assert_eq!((nodes.len(), &nodes[1]["session"]["participants"][0]["count"]), (first, &json!(5)));
        })
        .await;
    }
    insta::assert_snapshot!(costs);
}
