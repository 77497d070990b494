//! Referrals that were written where there was no line, and are sent together later.

use std::collections::BTreeMap;

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{CLIENT, draft, with};
use crate::referral_slip::{answer, blanks, check_in, course, taking};

const UPLOAD: &str = "mutation ($input: CreateReferralsInput!) { createReferrals(input: $input) { userErrors { code message field }
    results { slipCode advice { code } userErrors { code message field } referral { id status timeline { status byOrganisation { slug } } } } } }";

async fn upload(client: &Client, items: &[Value]) -> Value {
    client.data(UPLOAD, json!({ "input": { "items": items } })).await["createReferrals"].take()
}

/// Uploads items; returns the result of each.
async fn results(client: &Client, items: &[Value]) -> Vec<Value> {
    let payload = upload(client, items).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    let results = payload["results"].as_array().expect("results").clone();
    assert_eq!(results.len(), items.len());
    results
}

/// A referral of another client, with another key, for each number.
fn item(number: usize, fields: Value) -> Value {
    let client = format!("{}{}", char::from(b'a' + (number / 26) as u8), char::from(b'a' + (number % 26) as u8));
    let own = json!({ "client": format!("{client}{}", &CLIENT[2..]), "clientMutationId": Uuid::new_v4() });
    with(with(draft(RECEIVER, ServiceType::HivTesting), own), fields)
}

fn items(count: usize) -> Vec<Value> {
    (0..count).map(|number| item(number, json!({}))).collect()
}

fn refused(result: &Value) -> (&str, &str) {
    crate::referral::refusal(result)
}

async fn count(world: &World, table: &str) -> i64 {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.expect("a count").get(0)
}

#[tokio::test]
async fn results_come_in_the_order_of_the_items_and_each_is_in_the_audit() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let slips = blanks(&sender, 4).await;
    let items: Vec<Value> =
        slips.iter().enumerate().map(|(number, slip)| item(number, json!({ "preissuedSlipCode": slip }))).collect();
    let done = results(&sender, &items).await;
    for (result, slip) in done.iter().zip(&slips) {
        assert_eq!((&result["slipCode"], &result["userErrors"]), (&json!(slip), &json!([])));
        assert_eq!(result["referral"]["status"], "REQUESTED");
    }
    let entries = "audit_entry JOIN referral ON referral.id = audit_entry.node_id WHERE action = 'createReferral'";
    assert_eq!((count(&world, entries).await, count(&world, "audit_entry WHERE action = 'createReferrals'").await), (4, 0));
}

#[tokio::test]
async fn one_to_fifty_are_sent_together_and_of_more_nothing_is_done() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    for (count, code) in [(0, "INVALID"), (51, "LIMIT_REACHED")] {
        let payload = upload(&sender, &items(count)).await;
        assert_eq!((&payload["userErrors"][0]["code"], &payload["userErrors"][0]["field"]), (&json!(code), &json!(["items"])));
        assert_eq!(payload["results"], json!([]));
    }
    assert_eq!(count(&world, "referral").await, 0);
    let analyst = world.client(SENDER, Role::Analyst).await;
    assert_eq!(upload(&analyst, &items(1)).await["userErrors"][0]["code"], "FORBIDDEN");
    // Fifty referrals with every field except a note fit into one request.
    let service = pamoja_api::graphql::global_id::encode(RECEIVER.service(ServiceType::Pep)).to_string();
    let slips = blanks(&sender, 50).await;
    let full: Vec<Value> = slips
        .iter()
        .enumerate()
        .map(|(number, slip)| {
            let consent = json!({ "givenBy": "CAREGIVER", "noticeVersion": "notice.version.seven", "manner": "ON_SCREEN", "language": "luo" });
            item(number, json!({ "preissuedSlipCode": slip, "serviceType": "PEP", "serviceId": service, "hoursSinceExposure": 12, "under18": "YES",
                "populations": ["MSM", "PERSON_WHO_INJECTS_DRUGS", "PERSON_WHO_USES_DRUGS", "GENDER_DIVERSE"], "ageBand": "FROM_15_TO_19",
                "sharedWithReceiver": ["POPULATIONS", "AGE_BAND"], "urgency": "EMERGENCY", "consent": consent, "consentToBeCounted": false }))
        })
        .collect();
    let size = json!({ "query": UPLOAD, "variables": { "input": { "items": full } } }).to_string().len();
    assert!(size > 30_000, "the items hold too little to prove anything: {size}");
    for result in results(&sender, &full).await {
        assert_eq!(result["userErrors"], json!([]));
    }
    assert_eq!(count(&world, "referral").await, 50);
}

#[tokio::test]
async fn what_is_wrong_with_one_stands_against_none_of_the_others() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let wrong = [
        (json!({ "consentGiven": false }), ("INVALID", "consentGiven")),
        (json!({ "clientMutationId": null }), ("INVALID", "clientMutationId")),
        (json!({ "clientMutationId": "one" }), ("INVALID", "clientMutationId")),
        (json!({ "client": "0712345678" }), ("IDENTIFYING_DATA", "client")),
        (json!({ "serviceType": "LEGAL_AID" }), ("INVALID", "serviceType")),
        (json!({ "preissuedSlipCode": "K7Q2-9FXM-3TB" }), ("INVALID", "preissuedSlipCode")),
    ];
    let mut items = Vec::new();
    for (number, (fields, _)) in wrong.iter().enumerate() {
        items.push(item(2 * number, fields.clone()));
        items.push(item(2 * number + 1, json!({})));
    }
    let done = results(&sender, &items).await;
    for (pair, (_, expected)) in done.chunks(2).zip(&wrong) {
        assert_eq!(refused(&pair[0]), *expected);
        assert_eq!(pair[1]["userErrors"], json!([]));
    }
    assert_eq!(count(&world, "referral").await, 6);
    for table in ["referral_progress", "referral_client", "referral_slip", "referral_event", "client_mutation", "audit_entry"] {
        assert_eq!(count(&world, table).await, 6, "{table}: nothing is half done");
    }
}

#[tokio::test]
async fn one_that_fails_on_the_servers_side_takes_no_answer_from_the_others_and_can_be_sent_again() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let items = items(5);
    let superuser = world.connect(DatabaseRole::Superuser).await;
    // As a policy refuses a row: nothing that the sender could put right.
    let failing = items[2]["client"].as_str().expect("a pseudonym");
    superuser
        .batch_execute(&format!(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
                 $$BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = 'insufficient_privilege'; END$$;
             CREATE TRIGGER fail BEFORE INSERT ON referral_client FOR EACH ROW WHEN (NEW.client = '{failing}') EXECUTE FUNCTION fail()"
        ))
        .await
        .expect("a trigger");
    let done = results(&sender, &items).await;
    for (number, result) in done.iter().enumerate() {
        if number == 2 {
            assert_eq!(refused(result).0, "INTERNAL", "{result:#}");
            assert_eq!((&result["referral"], &result["slipCode"]), (&Value::Null, &Value::Null));
        } else {
            assert_eq!((&result["userErrors"], &result["referral"]["status"]), (&json!([]), &json!("REQUESTED")), "{result:#}");
            assert!(result["slipCode"].is_string());
        }
    }
    assert_eq!(count(&world, "referral").await, 4);
    superuser.batch_execute("DROP TRIGGER fail ON referral_client").await.expect("it is mended");
    let again = results(&sender, &items).await;
    assert_eq!(again[2]["referral"]["status"], "REQUESTED", "{:#}", again[2]);
    for number in [0, 1, 3, 4] {
        assert_eq!(again[number], done[number], "the others are the same");
    }
    assert_eq!(count(&world, "referral").await, 5);
}

#[tokio::test]
async fn an_upload_that_comes_again_or_overlaps_with_what_was_sent_changes_nothing() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let slips = blanks(&sender, 6).await;
    let items: Vec<Value> =
        slips.iter().enumerate().map(|(number, slip)| item(number, json!({ "preissuedSlipCode": slip }))).collect();
    let alone = sender.create_referral(items[2].clone()).await;
    let first = results(&sender, &items[..4]).await;
    assert_eq!(first[2]["referral"]["id"], alone["referral"]["id"]);
    let all = results(&sender, &items).await;
    assert_eq!(all[..4], first);
    assert_eq!(sender.create_referral(items[5].clone()).await["referral"]["id"], all[5]["referral"]["id"]);
    let before = (count(&world, "referral").await, count(&world, "audit_entry").await, count(&world, "outbox").await);
    assert_eq!(before, (6, 7, 12));
    assert_eq!(results(&sender, &items).await, all);
    assert_eq!((count(&world, "referral").await, count(&world, "audit_entry").await, count(&world, "outbox").await), before);
    let other = with(items[0].clone(), json!({ "urgency": "URGENT" }));
    assert_eq!(refused(&results(&sender, &[other]).await[0]), ("CONFLICT", "clientMutationId"));
}

#[tokio::test]
async fn an_item_that_is_there_twice_is_refused_the_second_time_and_told_which_it_repeats() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let slip = blanks(&sender, 1).await.remove(0);
    let first = item(0, json!({}));
    let second = item(1, json!({ "preissuedSlipCode": slip }));
    let key = first["clientMutationId"].as_str().expect("a key").to_uppercase();
    let repeats = |number: usize| format!("This is referral number {number} of the same list again");
    let taken =
        "This slip is used by referral number 2 of the same list: give this client another one, or leave it out.".to_owned();
    let slip_again = json!({ "preissuedSlipCode": slip.replace('-', "").to_lowercase() });
    let again = [
        (with(item(2, json!({})), json!({ "clientMutationId": key })), json!(["clientMutationId"]), repeats(1)),
        (item(3, slip_again), json!(["preissuedSlipCode"]), taken),
        (with(second.clone(), json!({ "clientMutationId": Uuid::new_v4() })), json!(["preissuedSlipCode"]), repeats(2)),
        (with(first.clone(), json!({ "clientMutationId": Uuid::new_v4() })), Value::Null, repeats(1)),
    ];
    let mut items = vec![first, second];
    items.extend(again.iter().map(|(item, _, _)| item.clone()));
    items.push(item(4, json!({})));
    let done = results(&sender, &items).await;
    for (result, (_, field, said)) in done[2..6].iter().zip(&again) {
        let error = &result["userErrors"][0];
        assert_eq!((&error["code"], &error["field"]), (&json!("CONFLICT"), field));
        assert!(error["message"].as_str().expect("a message").starts_with(said), "{error}");
    }
    assert!([0, 1, 6].iter().all(|at| done[*at]["userErrors"] == json!([])), "{done:#?}");
    assert_eq!(count(&world, "referral").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_of_the_results_costs_the_same_however_many_there_are() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let items = items(20);
    results(&sender, &items).await;
    let mut costs = Vec::new();
    for many in [2, 20] {
        let mut sent = Vec::new();
        for asked in [
            "slipCode",
            "slipCode advice { code } alternatives { service { name organisation { name } } reasons { message } } referral { id sealedNote toOrganisation { name } timeline { status byOrganisation { name } } }",
        ] {
            let query = format!(
                "mutation ($input: CreateReferralsInput!) {{ createReferrals(input: $input) {{ results {{ {asked} }} }} }}"
            );
            world.app.directory.has_changed();
            let (_, before) = world.app.database.counted();
            let data = sender.data(&query, json!({ "input": { "items": items[..many] } })).await;
            if asked.contains("alternatives") {
                let results = data["createReferrals"]["results"].as_array().expect("results");
                assert!(results.iter().all(|result| result["alternatives"].as_array().is_some_and(|found| !found.is_empty())));
            }
            sent.push(world.app.database.counted().1 - before);
        }
        costs.push(sent[1] - sent[0]);
    }
    assert_eq!(costs[0], costs[1], "reading the results of 2 and of 20 items");
}

/// What may happen in any order: the client with that slip comes, or that client's referral is sent.
#[derive(Clone, Copy, Debug)]
enum Step {
    CheckIn(usize),
    Send(usize),
}

/// For each referral: its receiver, its service type, and where its client comes.
const KINDS: [(Option<&str>, &str, &str); 5] = [
    (Some("afya"), "HIV_TESTING", "afya"),
    (None, "HIV_TESTING", "haki"),
    (None, "PEP", "afya"),
    (Some("afya"), "HIV_TESTING", "haki"),
    (None, "PEP", "haki"),
];

/// The course of every referral after the steps in that order. Consecutive referrals are sent together, unless `parted` says that
/// the line broke between them.
async fn end_of(world: &World, clients: &BTreeMap<&str, Client>, steps: &[Step], parted: &[bool]) -> Vec<Value> {
    let sender = &clients["jirani"];
    let items: Vec<Value> = blanks(sender, KINDS.len())
        .await
        .iter()
        .zip(KINDS)
        .map(|(slip, (to, service_type, _))| {
            let to = to.map(|slug| pamoja_api::graphql::global_id::encode(crate::harness::member(slug).id()));
            taking(slip, json!({ "toOrganisationId": to, "serviceType": service_type, "clientMutationId": Uuid::new_v4() }))
        })
        .collect();
    let mut ids = vec![Value::Null; KINDS.len()];
    let mut together = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        match *step {
            Step::Send(number) => together.push(number),
            Step::CheckIn(number) => {
                let slip = items[number]["preissuedSlipCode"].as_str().expect("a code");
                check_in(&clients[KINDS[number].2], slip, None).await;
            }
        }
        let goes_on = matches!(steps.get(at + 1), Some(Step::Send(_))) && !parted[at];
        if !goes_on && !together.is_empty() {
            let batch: Vec<Value> = together.iter().map(|number| items[*number].clone()).collect();
            for (number, result) in together.drain(..).zip(results(sender, &batch).await) {
                assert_eq!(result["userErrors"], json!([]));
                ids[number] = result["referral"]["id"].clone();
            }
        }
    }
    // Where somebody came whom the sender didn't name there, the sender is asked. That is the client here: yes, if the place can take
    // them, and of a referral that is for another place no.
    for (id, (to, _, place)) in ids.iter().zip(KINDS) {
        let asked = sender
            .data(
                "query ($id: ID!) { node(id: $id) { ... on Referral { checkInsElsewhere { organisation { slug } } } } }",
                json!({ "id": id }),
            )
            .await;
        let asked = &asked["node"]["checkInsElsewhere"];
        if *asked == json!([]) {
            continue;
        }
        assert_eq!(*asked, json!([{ "organisation": { "slug": place } }]));
        let place = crate::harness::member(place);
        let yes = to.is_none() && answer(sender, id, place, true).await["userErrors"] == json!([]);
        assert!(yes || answer(sender, id, place, false).await["userErrors"] == json!([]));
    }
    let mut courses = Vec::new();
    for id in &ids {
        for client in clients.values() {
            courses.push(course(client, id).await);
        }
    }
    // Unknown slips are counted, and so is what waits. Neither is tested here.
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser.batch_execute("DELETE FROM slip_attempt; DELETE FROM pending_check_in").await.expect("no attempts");
    courses
}

#[tokio::test]
async fn whichever_comes_first_and_however_it_is_sent_the_end_is_the_same() {
    let world = World::new().await;
    let mut clients = BTreeMap::new();
    for member in [SENDER, RECEIVER, OUTSIDER] {
        clients.insert(member.slug, world.client(member, Role::Caseworker).await);
    }
    let every: Vec<Step> = (0..KINDS.len()).flat_map(|number| [Step::CheckIn(number), Step::Send(number)]).collect();
    let expected = end_of(&world, &clients, &every, &[true; 10]).await;
    let statuses: Vec<&Value> = expected.iter().filter(|course| course.is_object()).map(|course| &course["status"]).collect();
    assert!(statuses.iter().any(|status| *status == "ARRIVED") && statuses.iter().any(|status| *status == "REQUESTED"));
    let strategy = (Just(every).prop_shuffle(), prop::collection::vec(any::<bool>(), 10));
    let mut runner = TestRunner::deterministic();
    for _ in 0..25 {
        let (steps, parted) = strategy.new_tree(&mut runner).expect("an order").current();
        assert_eq!(end_of(&world, &clients, &steps, &parted).await, expected, "{steps:?} {parted:?}");
    }
}
