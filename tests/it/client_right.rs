//! What a client may ask for: to see what is held about them, and to have it erased.

mod rotation;

use std::collections::HashSet;

use chrono::TimeDelta;
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::id::ReferralId;
use pamoja_domain::pseudonym::Pseudonym;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::client_report::{report, visible_to};
use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, Ways, World};
use crate::referral::{desks, draft, with};

const RECORD: &str = "query ($client: Pseudonym!, $first: Int, $after: String) { clientRecord(client: $client, first: $first, after: $after) {
    client referrals { nodes { id client sealedNote clientReportedOutcome timeline { status } } pageInfo { hasNextPage endCursor } } } }";
const ERASE: &str =
    "mutation ($input: EraseClientInput!) { eraseClient(input: $input) { erasedReferrals userErrors { code message field } } }";

/// A client whom nobody has referred yet.
fn somebody() -> String {
    Pseudonym::from_bits(*Uuid::new_v4().as_bytes()).as_str().to_owned()
}

/// Refers that client; returns the referral's id.
async fn refer(sender: &Client, client: &str) -> String {
    let payload = sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": client }))).await;
    payload["referral"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned()
}

async fn record(client: &Client, of: &str) -> Value {
    client.data(RECORD, json!({ "client": of })).await["clientRecord"].take()
}

/// The ids in a record.
fn ids(record: &Value) -> Vec<&str> {
    record["referrals"]["nodes"].as_array().into_iter().flatten().filter_map(|node| node["id"].as_str()).collect()
}

async fn erase(client: &Client, of: &str) -> Value {
    client.data(ERASE, json!({ "input": { "client": of } })).await["eraseClient"].take()
}

/// The code and the path of each error.
fn told(payload: &Value) -> Vec<String> {
    let path = |error: &Value| -> Vec<String> {
        error["field"].as_array().into_iter().flatten().map(|part| part.as_str().unwrap_or("").to_owned()).collect()
    };
    let errors = payload["userErrors"].as_array().expect("userErrors");
    errors.iter().map(|error| format!("{} {}", error["code"].as_str().unwrap_or(""), path(error).join("."))).collect()
}

#[tokio::test]
async fn a_client_can_see_all_that_is_held_and_who_looked_stands_in_the_audit() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let client = somebody();
    let mut sent = Vec::new();
    for by in [&sender, &peer, &sender] {
        sent.push(refer(by, &client).await);
    }
    refer(&sender, &somebody()).await;
    report(&sender, json!({ "referralId": sent[0], "outcome": "MISTREATED" })).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute(
            "INSERT INTO referral_note (from_organisation_id, referral_id, to_organisation_id, sealed)
             SELECT from_organisation_id, id, to_organisation_id, 'sealed' FROM referral",
        )
        .await
        .expect("notes");
    let held = record(&sender, &client).await;
    let newest_first: Vec<&str> = sent.iter().rev().map(String::as_str).collect();
    assert_eq!((&held["client"], ids(&held)), (&json!(client), newest_first));
    let oldest = &held["referrals"]["nodes"][2];
    assert_eq!(
        (&oldest["client"], &oldest["sealedNote"], &oldest["clientReportedOutcome"], &oldest["timeline"][0]["status"]),
        (&json!(client), &json!("sealed"), &json!("MISTREATED"), &json!("REQUESTED"))
    );
    assert_eq!(ids(&record(&peer, &client).await), [sent[1].as_str()], "a peer educator sees what they referred");

    // In pages; a page after the last one is an empty list, not null.
    let (mut after, mut seen) = (Value::Null, Vec::new());
    for more in [true, false] {
        let mut page = sender.data(RECORD, json!({ "client": client, "first": 2, "after": after })).await["clientRecord"].take();
        assert_eq!(page["referrals"]["pageInfo"]["hasNextPage"], json!(more));
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        after = page["referrals"]["pageInfo"]["endCursor"].take();
    }
    assert_eq!(seen.iter().rev().collect::<Vec<_>>(), sent.iter().collect::<Vec<_>>());
    let behind = sender.data(RECORD, json!({ "client": client, "after": after })).await;
    assert_eq!(behind["clientRecord"]["referrals"]["nodes"], json!([]));
    assert_eq!(sender.error_code(RECORD, json!({ "client": client, "first": 101 })).await, "BAD_REQUEST");
    assert_eq!(sender.error_code(RECORD, json!({ "client": "0712345678" })).await, "BAD_REQUEST");

    // Another organisation can't tell the client from one that never existed.
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    for stranger in [&receiver, &outsider] {
        let answers = [
            stranger.run(RECORD, json!({ "client": client })).await,
            stranger.run(RECORD, json!({ "client": somebody() })).await,
        ];
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0], json!({ "data": { "clientRecord": null } }));
    }
    let analyst = world.client(SENDER, Role::Analyst).await;
    assert_eq!(analyst.error_code(RECORD, json!({ "client": client })).await, "FORBIDDEN");
    let looks = superuser
        .query("SELECT organisation_id::text, count(*) FROM audit_entry WHERE action = 'clientRecord' AND node_id IS NULL GROUP BY 1", &[])
        .await
        .expect("entries");
    let looks: HashSet<(String, i64)> = looks.iter().map(|row| (row.get(0), row.get(1))).collect();
    let expected = [(SENDER, 5), (RECEIVER, 2), (OUTSIDER, 2)].map(|(member, looks)| (member.id().to_string(), looks));
    assert_eq!(looks, HashSet::from(expected));
}

#[tokio::test]
async fn a_clients_referrals_are_a_list_like_any_other() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let client = somebody();
    let mut sent = Vec::new();
    for service_type in [ServiceType::HivTesting, ServiceType::Prep, ServiceType::HivTesting] {
        let fields = json!({ "client": client, "serviceType": service_type });
        let payload = sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), fields)).await;
        sent.push(payload["referral"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned());
    }
    let other = refer(&sender, &somebody()).await;
    let query = |arguments: &str| {
        let after = if arguments.contains("$after") { ", $after: String" } else { "" };
        format!(
            "query ($client: Pseudonym!{after}) {{ clientRecord(client: $client) {{ referrals{arguments} {{
                nodes {{ id }} totalCount pageInfo {{ hasNextPage endCursor }} }} }} }}"
        )
    };
    let listed = async |arguments: &str, after: Value| {
        let arguments = if after.is_null() { arguments.to_owned() } else { arguments.replace(')', " after: $after)") };
        sender.data(&query(&arguments), json!({ "client": client, "after": after })).await["clientRecord"].take()
    };
    assert_eq!(ids(&listed("", Value::Null).await), [&sent[2], &sent[1], &sent[0]]);
    assert_eq!(ids(&listed("(orderBy: OLDEST_FIRST)", Value::Null).await), [&sent[0], &sent[1], &sent[2]]);
    let testing = listed("(filter: { serviceTypes: [HIV_TESTING] })", Value::Null).await;
    assert_eq!((ids(&testing), &testing["referrals"]["totalCount"]), (vec![&*sent[2], &*sent[0]], &json!(2)));
    assert_eq!(ids(&listed("(last: 1)", Value::Null).await), [&sent[0]]);
    // In pages; every cursor goes on in its own order.
    let mut page = listed("(orderBy: OLDEST_FIRST first: 2)", Value::Null).await;
    assert_eq!((ids(&page), &page["referrals"]["pageInfo"]["hasNextPage"]), (vec![&*sent[0], &*sent[1]], &json!(true)));
    let cursor = page["referrals"]["pageInfo"]["endCursor"].take();
    assert_eq!(ids(&listed("(orderBy: OLDEST_FIRST first: 2)", cursor).await), [&sent[2]]);
    // Nobody reads another client's referrals in this record.
    let mine = format!("(filter: {{ client: \"{client}\" }})");
    assert_eq!(ids(&listed(&mine, Value::Null).await).len(), 3);
    assert!(!sent.contains(&other));
    for wrong in [
        format!("(filter: {{ client: \"{}\" }})", somebody()),
        "(first: 0)".to_owned(),
        "(first: 101)".to_owned(),
        "(first: 1 last: 1)".to_owned(),
    ] {
        assert_eq!(sender.error_code(&query(&wrong), json!({ "client": client })).await, "BAD_REQUEST", "{wrong}");
    }
    let twice =
        "query ($client: Pseudonym!) { clientRecord(client: $client, first: 1) { referrals(first: 2) { nodes { id } } } }";
    assert_eq!(sender.error_code(twice, json!({ "client": client })).await, "BAD_REQUEST");
}

/// Everything about a referral that withdrawal or erasure can change, except times.
async fn everything(client: &Client, id: &str) -> Value {
    let query = "query ($id: ID!) { node(id: $id) { ... on Referral { status client populations ageBand under18 sharedWithReceiver sealedNote
        declineReason nonCompletionReason clientReportedOutcome allowedActions scheduledOn service { id } timeline { status byOrganisation { slug } } } } }";
    client.data(query, json!({ "id": id })).await["node"].take()
}

/// The states in which a client may be erased.
const STATES: [&str; 7] = ["REQUESTED", "SCHEDULED", "ARRIVED", "COMPLETED", "NOT_COMPLETED", "DECLINED", "CANCELLED"];

async fn bring(sender: &Client, receiver: &Client, id: &str, state: &str) {
    let reason = |reason: &str| json!({ "referralId": id, "reason": reason });
    if ["SCHEDULED", "NOT_COMPLETED"].contains(&state) {
        receiver.move_referral("acceptReferral", id).await;
    }
    if ["ARRIVED", "COMPLETED"].contains(&state) {
        receiver.move_referral("checkInReferralWithoutSlip", id).await;
    }
    match state {
        "SCHEDULED" => {
            let on = pamoja_domain::day::day_of(chrono::Utc::now()).to_string();
            receiver.referral_mutation("scheduleReferral", "ScheduleReferralInput", json!({ "referralId": id, "on": on })).await;
        }
        "COMPLETED" => drop(receiver.move_referral("completeReferral", id).await),
        "NOT_COMPLETED" => {
            receiver.referral_mutation("markReferralNotCompleted", "NotCompletedInput", reason("CLIENT_DECLINED")).await;
        }
        "DECLINED" => {
            receiver.referral_mutation("declineReferral", "DeclineReferralInput", reason("NO_CAPACITY")).await;
        }
        "CANCELLED" => drop(sender.referral_mutation("cancelReferral", "CancelReferralInput", reason("OTHER")).await),
        _ => {}
    }
    assert_eq!(everything(sender, id).await["status"], json!(state));
}

#[tokio::test]
async fn erasure_comes_to_what_withdrawal_comes_to_and_takes_the_reasons_too() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (erased, withdrawn, other) = (somebody(), somebody(), somebody());
    let shared = json!({ "sharedWithReceiver": ["POPULATIONS", "AGE_BAND"] });
    let mut pairs = Vec::new();
    for state in STATES {
        let mut pair = Vec::new();
        for client in [&erased, &withdrawn] {
            let input = with(with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": client })), shared.clone());
            let id = sender.create_referral(input).await["referral"]["id"].as_str().expect("an id").to_owned();
            bring(&sender, &receiver, &id, state).await;
            report(&sender, json!({ "referralId": id, "outcome": "TURNED_AWAY" })).await;
            pair.push(id);
        }
        pairs.push((state, pair));
    }
    let untouched = refer(&sender, &other).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute(
            "INSERT INTO referral_note (from_organisation_id, referral_id, to_organisation_id, sealed)
             SELECT from_organisation_id, id, to_organisation_id, 'sealed' FROM referral; DELETE FROM outbox",
        )
        .await
        .expect("notes");
    let before = everything(&receiver, &untouched).await;
    for (_, pair) in &pairs {
        sender.move_referral("withdrawReferralConsent", &pair[1]).await;
    }
    assert_eq!(erase(&sender, &erased).await, json!({ "erasedReferrals": STATES.len(), "userErrors": [] }));
    for (state, pair) in &pairs {
        for desk in [&sender, &receiver] {
            let (of_erased, mut of_withdrawn) = (everything(desk, &pair[0]).await, everything(desk, &pair[1]).await);
            for taken_too in ["nonCompletionReason", "declineReason", "scheduledOn"] {
                of_withdrawn[taken_too] = Value::Null;
            }
            assert_eq!(of_erased, of_withdrawn, "{state}");
            assert_eq!((&of_erased["client"], &of_erased["sealedNote"]), (&Value::Null, &Value::Null));
            let ended = ["REQUESTED", "SCHEDULED", "ARRIVED"].contains(state);
            assert_eq!(of_erased["status"], json!(if ended { "CANCELLED" } else { *state }));
        }
        let uuid = global_id::decode::<ReferralId>(&pair[0].as_str().into()).expect("an id").0;
        for table in
            ["referral_client", "referral_shared", "referral_note", "referral_slip", "referral_non_completion", "client_report"]
        {
            let query = format!("SELECT count(*) FROM {table} WHERE referral_id::text = $1");
            let left: i64 = superuser.query_one(&query, &[&uuid.to_string()]).await.expect("a count").get(0);
            assert_eq!(left, 0, "{table} of one that was {state}");
        }
        let noted = superuser
            .query_one(
                "SELECT (SELECT count(DISTINCT organisation_id) FROM outbox WHERE node_id::text = $1), (SELECT count(*) FROM outbox WHERE node_id::text = $1),
                     (SELECT count(*) FROM audit_entry WHERE node_id::text = $1 AND action = 'eraseClient' AND user_id IS NOT NULL),
                     (SELECT coalesce(cancel_reason, '') FROM referral_sender WHERE referral_id::text = $1)",
                &[&uuid.to_string()],
            )
            .await
            .expect("what was noted");
        assert_eq!([0, 1, 2].map(|column| noted.get::<_, i64>(column)), [2, 2, 1], "told to both, and written down once");
        let reason = match *state {
            "REQUESTED" | "SCHEDULED" | "ARRIVED" => "CONSENT_WITHDRAWN",
            _ => "",
        };
        assert_eq!(noted.get::<_, String>(3), reason, "{state}");
    }
    assert_eq!(everything(&receiver, &untouched).await, before, "another client's is as it was");
    assert_eq!(ids(&record(&sender, &other).await), [untouched.as_str()]);
    assert_eq!(record(&sender, &erased).await, Value::Null);
    assert_eq!(told(&erase(&sender, &erased).await), ["NOT_FOUND client"], "who was erased was never there");
}

#[tokio::test]
async fn what_the_clock_had_ended_keeps_the_clocks_ending() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let client = somebody();
    let id = refer(&sender, &client).await;
    world.travel(TimeDelta::days(31)).await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    assert_eq!(erase(&sender, &client).await["erasedReferrals"], json!(1));
    let now = everything(&sender, &id).await;
    let timeline = json!([{ "status": "REQUESTED", "byOrganisation": { "slug": "jirani" } }, { "status": "EXPIRED", "byOrganisation": null }]);
    assert_eq!((&now["status"], &now["timeline"]), (&json!("EXPIRED"), &timeline));
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let query = "SELECT status_at = expires_at AND (SELECT bool_or(at = expires_at) FROM referral_event) AND updated_at > expires_at FROM referral_progress";
    assert!(superuser.query_one(query, &[]).await.expect("times").get::<_, bool>(0), "at the clock's time, and changed later");
}

#[tokio::test]
async fn a_client_of_a_thousand_referrals_is_erased_at_once_and_another_one_is_not() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let (client, other) = (somebody(), somebody());
    for client in [&client, &other] {
        let id = refer(&sender, client).await;
        report(&sender, json!({ "referralId": id, "outcome": "SERVED_WELL" })).await;
    }
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute(&format!(
            "CREATE TEMPORARY TABLE copy AS SELECT gen_random_uuid() AS id, number FROM generate_series(1, 999) AS number;
             CREATE TEMPORARY TABLE original AS SELECT referral_id FROM referral_client WHERE client = '{client}';
             INSERT INTO referral SELECT from_organisation_id, copy.id, to_organisation_id, service_type, county_code, urgency, created_at
                 FROM referral, copy WHERE referral.id IN (TABLE original);
             INSERT INTO referral_progress (from_organisation_id, referral_id, to_organisation_id, status, expires_at)
                 SELECT from_organisation_id, copy.id, to_organisation_id, CASE number % 3 WHEN 0 THEN 'COMPLETED' WHEN 1 THEN 'ARRIVED' ELSE 'REQUESTED' END, expires_at
                 FROM referral_progress, copy WHERE referral_id IN (TABLE original);
             INSERT INTO referral_sender SELECT from_organisation_id, copy.id, user_id FROM referral_sender, copy WHERE referral_id IN (TABLE original);
             INSERT INTO referral_client SELECT from_organisation_id, copy.id, client, populations, age_band FROM referral_client, copy WHERE referral_id IN (TABLE original);
             INSERT INTO client_report (from_organisation_id, referral_id, outcome) SELECT from_organisation_id, copy.id, 'SERVED_WELL' FROM referral, copy
                 WHERE referral.id IN (TABLE original)"
        ))
        .await
        .expect("many referrals");
    let began = std::time::Instant::now();
    assert_eq!(erase(&sender, &client).await, json!({ "erasedReferrals": 1000, "userErrors": [] }));
    // Catching up gives back the last twenty seconds, so no transaction may last longer.
    assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
    let counts = superuser
        .query_one(
            "SELECT (SELECT count(*) FROM referral_progress WHERE status = 'CANCELLED' AND consent_withdrawn),
                 (SELECT count(*) FROM referral_progress WHERE status = 'COMPLETED' AND consent_withdrawn),
                 (SELECT count(*) FROM referral_event WHERE status = 'CANCELLED'), (SELECT count(*) FROM referral_client), (SELECT count(*) FROM client_report),
                 (SELECT count(DISTINCT node_id) FROM audit_entry WHERE action = 'eraseClient'), (SELECT count(*) FROM audit_entry WHERE action = 'eraseClient')",
            &[],
        )
        .await
        .expect("counts");
    assert_eq!([0, 1, 2, 3, 4, 5, 6].map(|column| counts.get::<_, i64>(column)), [667, 333, 667, 1, 1, 1000, 1000]);
    assert_eq!(ids(&record(&sender, &other).await).len(), 1);
}

#[tokio::test]
async fn only_a_caseworker_erases_and_only_what_is_their_organisations() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let client = somebody();
    let id = refer(&peer, &client).await;
    assert_eq!(told(&erase(&peer, &client).await), ["FORBIDDEN "], "also of what they referred themself");
    let never = erase(&sender, &somebody()).await;
    assert_eq!(told(&never), ["NOT_FOUND client"]);
    for stranger in [&receiver, &outsider] {
        assert_eq!(erase(stranger, &client).await, never, "as one that was never there");
    }
    assert_eq!(told(&erase(&sender, "0712345678").await), ["IDENTIFYING_DATA client"]);
    assert_eq!(everything(&sender, &id).await["client"], json!(client));

    // The receiver may have a client under the same pseudonym, and that one stays.
    let back = with(draft(SENDER, ServiceType::PeerEducation), json!({ "client": client }));
    let theirs = receiver.create_referral(back).await["referral"]["id"].as_str().expect("an id").to_owned();
    let input = json!({ "input": { "client": client, "clientMutationId": Uuid::new_v4() } });
    let erased = sender.data(ERASE, input.clone()).await["eraseClient"].take();
    assert_eq!(erased, json!({ "erasedReferrals": 1, "userErrors": [] }));
    assert_eq!(everything(&receiver, &theirs).await["client"], json!(client));
    // Repeating the earlier request doesn't touch a new referral under the pseudonym.
    let later = refer(&sender, &client).await;
    assert_eq!(sender.data(ERASE, input).await["eraseClient"], erased);
    assert_eq!(everything(&sender, &later).await["client"], json!(client));
}

#[tokio::test]
async fn an_open_referral_that_was_erased_can_be_taken_by_nobody() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let client = somebody();
    let open = with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": client, "toOrganisationId": null }));
    let open = sender.create_referral(open).await["referral"]["id"].as_str().expect("an id").to_owned();
    let list = "{ referrals(direction: OPEN) { nodes { id } } }";
    assert_eq!(receiver.data(list, json!({})).await["referrals"]["nodes"], json!([{ "id": open }]));
    let by_a_taker = report(&receiver, json!({ "referralId": open, "outcome": "SERVED_WELL" })).await;
    assert_eq!(told(&by_a_taker), ["FORBIDDEN "]);
    assert_eq!(ids(&record(&sender, &client).await), [open.as_str()]);
    assert_eq!(erase(&sender, &client).await["erasedReferrals"], json!(1));
    assert_eq!(receiver.data(list, json!({})).await["referrals"]["nodes"], json!([]));
    let taken = receiver.move_referral("acceptReferral", &open).await;
    assert_eq!(taken["referral"], Value::Null, "{taken:#}");
    let now = everything(&sender, &open).await;
    assert_eq!((&now["status"], &now["client"]), (&json!("CANCELLED"), &Value::Null));
}

#[tokio::test]
async fn of_an_erased_client_nobody_is_told_who_agreed_and_nothing_else_is_made_up() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (erased, withdrawn) = (somebody(), somebody());
    let agreed = json!({ "givenBy": "GUARDIAN", "noticeVersion": "2026-1", "manner": "SIGNED", "language": "luo" });
    let mut ids = Vec::new();
    for client in [&erased, &withdrawn] {
        let minor = json!({ "client": client, "consent": agreed, "consentToBeCounted": false, "under18": "YES", "ageBand": "FROM_15_TO_19" });
        let payload = sender.create_referral(with(draft(RECEIVER, ServiceType::Pep), minor)).await;
        ids.push(payload["referral"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned());
    }
    sender.move_referral("withdrawReferralConsent", &ids[1]).await;
    assert_eq!(erase(&sender, &erased).await["erasedReferrals"], json!(1));
    let query = "query ($id: ID!) { node(id: $id) { ... on Referral { consent { givenBy noticeVersion manner language } } } }";
    let consent = async |desk: &Client, id: &str| desk.data(query, json!({ "id": id })).await["node"]["consent"].take();
    for desk in [&sender, &receiver] {
        assert_eq!(consent(desk, &ids[0]).await, Value::Null);
    }
    assert_eq!(consent(&sender, &ids[1]).await, agreed, "withdrawal keeps how it was given");
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let kept = "SELECT count(*) FILTER (WHERE num_nonnulls(given_by, notice_version, manner, language) = 0), count(*) FILTER (WHERE NOT counted) FROM referral_consent";
    let kept = superuser.query_one(kept, &[]).await.expect("what is kept");
    assert_eq!((kept.get::<_, i64>(0), kept.get::<_, i64>(1)), (1, 2), "whether they may be counted stays as they said");
}
