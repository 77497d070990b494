//! Rights violations: what is documented, who reads it, its moves, and what is forgotten.

mod client;
mod clock;
mod funnel;
mod link;
pub mod sensitisation;
mod turned_away;
mod unnoticed;
mod wall;

use std::collections::BTreeSet;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::day::{day_of, start_of_day};
use pamoja_domain::month::Month;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use pamoja_persistence::retention;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Client, OUTSIDER, PASSWORD, RECEIVER, SENDER, Schema, Socket, World, put};
use crate::referral::{desks, sent, with};

/// What the tests read of a violation.
pub const FIELDS: &str =
    "id types perpetrators causes populations under18 county { code } peopleAffected occurredIn documentedIn client
    consentGivenBy consentToBeCounted sealedNote status outcome endReasons notReportedReasons steps { kind month referral { id } }
    actBefore overdue fromReferral { id } referrals { id } allowedActions updatedAt";

/// The present month in Kenya.
pub fn this_month() -> String {
    Month::of(day_of(chrono::Utc::now())).to_string()
}

/// What is documented in most tests.
pub fn draft() -> Value {
    json!({
        "types": ["EXTORTION_BLACKMAIL"], "perpetrators": ["POLICE"], "populations": ["MSM"], "countyCode": "047",
        "occurredIn": this_month(), "client": "k".repeat(26), "consentGiven": true,
    })
}

/// Documents it with these fields changed; returns the payload.
pub async fn document(client: &Client, fields: Value) -> Value {
    change(client, "documentViolation", "DocumentViolationInput", with(draft(), fields)).await
}

/// Documents it with these fields changed; returns its id.
pub async fn documented(client: &Client, fields: Value) -> String {
    let payload = document(client, fields).await;
    payload["violation"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned()
}

/// Makes a mutation of violations; returns the payload.
pub async fn change(client: &Client, mutation: &str, input_type: &str, input: Value) -> Value {
    let document = format!(
        "mutation ($input: {input_type}!) {{ {mutation}(input: $input) {{ violation {{ {FIELDS} }} advice {{ code message }}
         userErrors {{ code field message }} }} }}"
    );
    client.data(&document, json!({ "input": input })).await[mutation].take()
}

/// What the viewer reads of a violation by its id.
pub async fn read(client: &Client, id: &str) -> Value {
    let document = format!("query ($id: ID!) {{ node(id: $id) {{ ... on Violation {{ {FIELDS} }} }} }}");
    client.data(&document, json!({ "id": id })).await["node"].take()
}

/// The code of the error, and the field that it is about.
fn refusal(payload: &Value) -> String {
    assert_eq!(payload["violation"], Value::Null, "{payload:#}");
    let error = &payload["userErrors"][0];
    let field = error["field"]
        .as_array()
        .map_or("-".to_owned(), |path| path.iter().map(|part| part.as_str().expect("a part")).collect::<Vec<_>>().join("."));
    format!("{} {field}", error["code"].as_str().unwrap_or("nothing refused"))
}

/// The ids of the violations that the viewer's list shows.
async fn listed(client: &Client, arguments: &str) -> Vec<String> {
    let document = format!("{{ violations{arguments} {{ nodes {{ id }} }} }}");
    let data = client.data(&document, json!({})).await;
    let nodes = data["violations"]["nodes"].as_array().expect("violations");
    nodes.iter().map(|node| node["id"].as_str().expect("an id").to_owned()).collect()
}

/// Signed in on a shared device.
async fn on_shared_device(world: &World, username: &str) -> Client {
    let body = json!({ "username": username, "password": PASSWORD, "device": "shared" });
    let request = world.anonymous().request(Method::POST, "/session").json(&body);
    let answer: Value = request.send().await.expect("an answer").json().await.expect("JSON");
    Client::new(world.address, Some(answer["accessToken"].as_str().expect("a token").to_owned()))
}

/// A referral of the sender, whose client said that they were turned away.
async fn turned_away(sender: &Client) -> String {
    let (id, _) = sent(sender).await;
    crate::client_report::report(sender, json!({ "referralId": id, "outcome": "TURNED_AWAY" })).await;
    id
}

fn pairs(advice: &Value) -> Vec<&str> {
    advice.as_array().expect("advice").iter().map(|one| one["code"].as_str().expect("a code")).collect()
}

#[tokio::test]
async fn whoever_documented_it_and_paralegals_read_it_and_nobody_else() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::Caseworker).await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let paralegal = world.client(SENDER, Role::Paralegal).await;
    let colleague = world.client_of(SENDER, "second-caseworker").await;
    let first = documented(&author, json!({ "sealedNote": crate::referral_note::sealed(3) })).await;
    let second = documented(&peer, json!({})).await;
    let third = documented(&paralegal, json!({})).await;
    for (client, sees) in
        [(&author, vec![&first]), (&peer, vec![&second]), (&paralegal, vec![&first, &second, &third]), (&colleague, vec![])]
    {
        let listed = listed(client, "").await;
        assert_eq!(listed.iter().collect::<BTreeSet<_>>(), sees.iter().copied().collect::<BTreeSet<_>>());
        for id in [&first, &second, &third] {
            assert_eq!(read(client, id).await.is_null(), !sees.contains(&id), "{id}");
        }
    }
    assert_eq!(read(&paralegal, &first).await["sealedNote"], json!(crate::referral_note::sealed(3)));
    let mine = "(filter: { mine: true })";
    assert_eq!(listed(&paralegal, mine).await, std::slice::from_ref(&third));
    for role in [Role::Trainer, Role::Analyst, Role::OrganisationAdmin, Role::CoalitionAdmin] {
        let client = world.client(SENDER, role).await;
        let query = "{ violations { nodes { id } } viewer { roles } }";
        let answer = client.run(query, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{role}: {answer:#}");
        assert_eq!((&answer["data"]["violations"], answer["data"]["viewer"].is_null()), (&Value::Null, false), "{role}");
        assert!(read(&client, &first).await.is_null(), "{role}");
        let refused = document(&client, json!({})).await;
        assert_eq!(refusal(&refused), "FORBIDDEN -", "{role}");
    }
    for member in [RECEIVER, OUTSIDER] {
        for role in [Role::Caseworker, Role::Paralegal] {
            let client = world.client(member, role).await;
            assert_eq!((listed(&client, "").await, read(&client, &first).await), (vec![], Value::Null));
            let step = json!({ "violationId": first, "kind": "COUNSELLING", "month": this_month() });
            let refused = change(&client, "recordViolationStep", "RecordViolationStepInput", step).await;
            assert_eq!(refusal(&refused), "NOT_FOUND violationId");
        }
    }
    let refused = change(&colleague, "reopenViolation", "ViolationInput", json!({ "violationId": first })).await;
    assert_eq!(refusal(&refused), "NOT_FOUND violationId");
}

#[tokio::test]
async fn on_a_shared_device_nobody_reads_any_whatever_is_asked() {
    let world = World::new().await;
    let own = world.client(SENDER, Role::Caseworker).await;
    let id = documented(&own, json!({ "types": ["ARBITRARY_ARREST"], "hoursAgo": 2, "occurredIn": null })).await;
    let referral = turned_away(&own).await;
    let schema = Schema::of(&own).await;
    for username in ["caseworker@jirani", "peer@jirani", "paralegal@jirani"] {
        let shared = on_shared_device(&world, username).await;
        let input = with(
            draft(),
            json!({ "types": ["ARBITRARY_ARREST"], "hoursAgo": 2, "occurredIn": null, "clientMutationId": Uuid::new_v4() }),
        );
        let input = with(
            input,
            json!({ "sealedNote": crate::referral_note::sealed(3), "steps": [{ "kind": "SAFETY_PLAN", "month": this_month() }] }),
        );
        let mut told = Vec::new();
        // Also a repeat says nothing else.
        for _ in 0..2 {
            let payload = change(&shared, "documentViolation", "DocumentViolationInput", input.clone()).await;
            assert_eq!((&payload["violation"], &payload["userErrors"]), (&Value::Null, &json!([])), "{payload:#}");
            told.push(payload["advice"].clone());
        }
        assert_eq!(told[0], told[1]);
        assert_eq!(pairs(&told[0]), ["COURT_WITHIN_24_HOURS", "REFER_TO_LEGAL_AID", "REPORT_TO_OVERSIGHT"]);
        let mut socket = Socket::of(&shared).await;
        socket.subscribe("1", "subscription { violationChanged { id } }").await;
        let tasks = "{ viewer { tasks(first: 100) { nodes { kind nodeId } } taskCounts { kind count } } }";
        let answer = shared.data(tasks, json!({})).await;
        let of_violations = |kind: &Value| kind.as_str().is_some_and(|kind| kind.contains("VIOLATION"));
        let tasks = answer["viewer"]["tasks"]["nodes"].as_array().expect("tasks");
        assert!(tasks.iter().all(|task| !of_violations(&task["kind"])), "{answer:#}");
        let counts = answer["viewer"]["taskCounts"].as_array().expect("counts");
        assert!(counts.iter().filter(|count| of_violations(&count["kind"])).all(|count| count["count"] == 0), "{answer:#}");
        let draft = "query ($of: ID!) { violationDraft(referralId: $of) { types } }";
        assert_eq!(shared.data(draft, json!({ "of": referral })).await["violationDraft"], Value::Null);
        // Every operation of the schema that takes or gives one.
        let asked = |document: &str, name: &str| !document.starts_with("subscription") && name != "captions";
        for operation in schema.operations().into_iter().filter(|operation| asked(&operation.document, &operation.name)) {
            let mut variables = operation.variables.clone();
            for (pointer, is_list) in &operation.ids {
                let value = if *is_list { json!([id]) } else { json!(id) };
                put(&mut variables, pointer, value);
            }
            let answer = shared.run(&operation.document, variables).await.to_string();
            assert!(!answer.contains("ARBITRARY_ARREST"), "{}: {answer}", operation.name);
        }
        assert!(listed(&shared, "").await.is_empty());
        assert!(read(&shared, &id).await.is_null());
        let step = json!({ "violationId": id, "kind": "COUNSELLING", "month": this_month() });
        let refused = change(&shared, "recordViolationStep", "RecordViolationStepInput", step.clone()).await;
        assert_eq!(refusal(&refused), "NOT_FOUND violationId");
        let step = with(step, json!({ "clientMutationId": Uuid::new_v4() }));
        let done = change(&own, "recordViolationStep", "RecordViolationStepInput", step.clone()).await;
        assert_eq!(done["userErrors"], json!([]));
        // Also a move that was made on a device of one's own, when it comes again on a shared one.
        let refused = change(&shared, "recordViolationStep", "RecordViolationStepInput", step).await;
        assert_eq!(refusal(&refused), "NOT_FOUND violationId");
        assert_eq!(socket.next_event("violationChanged").await, None, "{username}");
    }
    // What was documented there is on a device of one's own.
    let found = listed(&own, "(filter: { types: [ARBITRARY_ARREST] })").await;
    assert_eq!(found.len(), 2, "{found:?}");
    let of_shared = found.iter().find(|found| **found != id).expect("the other one");
    let violation = read(&own, of_shared).await;
    assert_eq!((&violation["client"], &violation["steps"][1]["kind"]), (&json!("k".repeat(26)), &json!("SAFETY_PLAN")));
    assert_eq!(violation["sealedNote"], json!(crate::referral_note::sealed(3)));
}

#[tokio::test]
async fn at_night_one_request_says_what_to_do_by_when_and_a_task_waits() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::PeerEducator).await;
    let paralegal = world.client(SENDER, Role::Paralegal).await;
    let payload = document(&author, json!({ "types": ["ARBITRARY_ARREST"], "hoursAgo": 3, "occurredIn": null })).await;
    let violation = &payload["violation"];
    let act_before: DateTime<Utc> = violation["actBefore"].as_str().expect("a moment").parse().expect("a moment");
    assert_eq!(act_before, (Utc::now() + TimeDelta::hours(21)).duration_trunc(TimeDelta::hours(1)).expect("an hour"));
    assert_eq!(pairs(&payload["advice"])[0], "COURT_WITHIN_24_HOURS");
    assert!(payload["advice"][0]["message"].as_str().is_some_and(|message| message.contains("24 hours")), "{payload:#}");
    let tasks =
        "{ viewer { tasks(kinds: [ACT_ON_VIOLATION]) { nodes { kind instruction hoursLeft overdue subject { id __typename } } }
        taskCounts { kind count } } }";
    for client in [&author, &paralegal] {
        let data = client.data(tasks, json!({})).await;
        let found = &data["viewer"]["tasks"]["nodes"];
        assert_eq!((found.as_array().map(Vec::len), &found[0]["subject"]["id"]), (Some(1), &violation["id"]), "{data:#}");
        assert!(found[0]["hoursLeft"].as_i64().is_some_and(|hours| (20..=21).contains(&hours)), "{data:#}");
    }
    world.travel(TimeDelta::hours(25)).await;
    let (author, paralegal) = (world.client(SENDER, Role::PeerEducator).await, world.client(SENDER, Role::Paralegal).await);
    let data = paralegal.data(tasks, json!({})).await;
    assert_eq!(data["viewer"]["tasks"]["nodes"][0]["overdue"], true);
    let id = violation["id"].as_str().expect("an id");
    assert_eq!(read(&paralegal, id).await["overdue"], true);
    let step =
        json!({ "violationId": id, "kind": "IN_COURT", "month": Month::at(Utc::now() + TimeDelta::hours(25)).to_string() });
    let done = change(&paralegal, "recordViolationStep", "RecordViolationStepInput", step).await;
    assert_eq!((&done["userErrors"], &done["violation"]["overdue"]), (&json!([]), &json!(false)), "{done:#}");
    let data = author.data(tasks, json!({})).await;
    assert_eq!(data["viewer"]["tasks"]["nodes"], json!([]));
    // By when it had to happen is forgotten a week later; the hour itself was never kept.
    world.travel(TimeDelta::hours(21) + TimeDelta::days(8)).await;
    retention::retain(&world.worker, SENDER.id()).await.expect("the job");
    let paralegal = world.client(SENDER, Role::Paralegal).await;
    assert_eq!(read(&paralegal, id).await["actBefore"], Value::Null);
    // Nobody recorded anything for three months: is it going on?
    world.travel(TimeDelta::days(92)).await;
    let (author, paralegal) = (world.client(SENDER, Role::PeerEducator).await, world.client(SENDER, Role::Paralegal).await);
    let follow_up = "{ viewer { tasks(kinds: [FOLLOW_UP_VIOLATION]) { nodes { subject { id } } } } }";
    let asked = |data: Value| data["viewer"]["tasks"]["nodes"].as_array().map(Vec::len);
    assert_eq!(asked(paralegal.data(follow_up, json!({})).await), Some(1));
    assert_eq!(asked(author.data(follow_up, json!({})).await), Some(0), "for paralegals alone");
}

#[tokio::test]
async fn a_violation_goes_its_way_by_months_and_is_put_right_until_its_month_is_published() {
    let world = World::new().await;
    let client = world.client(SENDER, Role::Caseworker).await;
    let id = documented(&client, json!({})).await;
    let of = |fields: Value| with(json!({ "violationId": id }), fields);
    let month = this_month();
    let step = async |kind: &str| {
        let input = of(json!({ "kind": kind, "month": month }));
        change(&client, "recordViolationStep", "RecordViolationStepInput", input).await
    };
    assert_eq!(step("REPORTED_TO_POLICE").await["userErrors"], json!([]));
    let done = step("REPORTED_TO_POLICE").await;
    let steps = done["violation"]["steps"].as_array().expect("steps");
    assert_eq!(steps.len(), 2, "the same step of the same month changes nothing: {done:#}");
    let corrected = of(json!({ "perpetrators": ["LOCAL_AUTHORITY"], "peopleAffected": 2 }));
    let corrected = change(&client, "correctViolation", "CorrectViolationInput", corrected).await;
    assert_eq!(corrected["violation"]["perpetrators"], json!(["LOCAL_AUTHORITY"]), "{corrected:#}");
    let note = of(json!({ "sealedNote": crate::referral_note::sealed(5) }));
    for _ in 0..2 {
        let noted = change(&client, "replaceViolationNote", "ReplaceViolationNoteInput", note.clone()).await;
        assert_eq!(noted["violation"]["sealedNote"], json!(crate::referral_note::sealed(5)), "{noted:#}");
    }
    let ended = of(json!({ "outcome": "WITHDRAWN", "month": month, "reasons": ["TOO_LONG", "PRESSURE", "TOO_LONG"] }));
    let ended = change(&client, "endViolation", "EndViolationInput", ended).await;
    let violation = &ended["violation"];
    assert_eq!((&violation["status"], &violation["outcome"]), (&json!("ENDED"), &json!("WITHDRAWN")), "{ended:#}");
    assert_eq!(violation["endReasons"], json!(["TOO_LONG", "PRESSURE"]));
    let updated: DateTime<Utc> = violation["updatedAt"].as_str().expect("a moment").parse().expect("a moment");
    assert_eq!(updated, start_of_day(Month::at(Utc::now()).first_day()), "an ending says its month alone");
    assert_eq!(refusal(&step("IN_COURT").await), "ILLEGAL_TRANSITION -");
    let reopened = change(&client, "reopenViolation", "ViolationInput", of(json!({}))).await;
    let violation = &reopened["violation"];
    assert_eq!((&violation["outcome"], &violation["endReasons"]), (&json!("ONGOING"), &json!([])), "{reopened:#}");
    // Two months later the figures of its month are published.
    world.travel(TimeDelta::days(70)).await;
    let client = world.client(SENDER, Role::Caseworker).await;
    for (name, input_type, fields) in [
        ("correctViolation", "CorrectViolationInput", json!({ "peopleAffected": 3 })),
        ("markViolationEnteredInError", "ViolationInput", json!({})),
    ] {
        let refused = change(&client, name, input_type, of(fields)).await;
        assert_eq!(refusal(&refused), "EXPIRED -", "{refused:#}");
    }
    let actions = read(&client, &id).await["allowedActions"].clone();
    assert_eq!(actions, json!(["RECORD_STEP", "END", "REPLACE_NOTE", "WITHDRAW_CONSENT", "PLAN_SENSITISATION"]));
    let withdrawn = change(&client, "withdrawViolationConsent", "ViolationInput", of(json!({}))).await;
    let violation = &withdrawn["violation"];
    assert_eq!((&violation["status"], &violation["client"]), (&json!("CONSENT_WITHDRAWN"), &Value::Null), "{withdrawn:#}");
    assert_eq!((&violation["sealedNote"], &violation["populations"]), (&Value::Null, &json!([])));
    assert_eq!((&violation["types"], &violation["allowedActions"]), (&json!(["EXTORTION_BLACKMAIL"]), &json!([])));
    let another = documented(&client, json!({})).await;
    let marked = change(&client, "markViolationEnteredInError", "ViolationInput", json!({ "violationId": another })).await;
    assert_eq!(marked["violation"]["status"], "ENTERED_IN_ERROR", "{marked:#}");
}

#[tokio::test]
async fn what_is_wrong_is_told_by_its_field_and_nothing_is_kept() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let (plain, _) = sent(&sender).await;
    let received = world.client(RECEIVER, Role::Caseworker).await;
    let next = Month::at(Utc::now()).plus(1).to_string();
    for (fields, told) in [
        (json!({ "types": [] }), "INVALID types"),
        (json!({ "types": null }), "INVALID types"),
        (json!({ "occurredIn": next }), "INVALID occurredIn"),
        (json!({ "occurredIn": "1999-12" }), "INVALID occurredIn"),
        (json!({ "occurredIn": "yesterday" }), "INVALID occurredIn"),
        (json!({ "peopleAffected": 0 }), "INVALID peopleAffected"),
        (json!({ "peopleAffected": 501 }), "INVALID peopleAffected"),
        (json!({ "consentGiven": false }), "INVALID consentGiven"),
        (json!({ "consentGivenBy": "ORGANISATION" }), "INVALID consentGivenBy"),
        (json!({ "countyCode": "048" }), "INVALID countyCode"),
        (json!({ "countyCode": null }), "INVALID countyCode"),
        (json!({ "populations": ["FEMALE_SEX_WORKER"], "under18": "YES" }), "INVALID populations"),
        (json!({ "hoursAgo": 3 }), "INVALID hoursAgo"),
        (json!({ "types": ["EVICTION"], "hoursAgo": 1 }), "INVALID hoursAgo"),
        (json!({ "types": ["SEXUAL_VIOLENCE"], "hoursAgo": 73 }), "INVALID hoursAgo"),
        (json!({ "types": ["SEXUAL_VIOLENCE"], "hoursAgo": -1 }), "INVALID hoursAgo"),
        (json!({ "client": "0712345678" }), "IDENTIFYING_DATA client"),
        (json!({ "client": "somebody" }), "INVALID client"),
        (json!({ "sealedNote": "They came at night." }), "INVALID sealedNote"),
        (json!({ "perpetrators": ["POLICE", "NOT_STATED"] }), "INVALID perpetrators"),
        (json!({ "steps": [{ "kind": "DOCUMENTED", "month": this_month() }] }), "INVALID steps.0.kind"),
        (json!({ "steps": [{ "kind": "IN_COURT", "month": next }] }), "INVALID steps.0.month"),
        (json!({ "steps": [{ "kind": "IN_COURT", "month": "soon" }] }), "INVALID steps.0.month"),
        (json!({ "referralId": plain, "types": null }), "INVALID types"),
        (json!({ "referralId": "nothing" }), "NOT_FOUND referralId"),
        (json!({ "clientMutationId": "again" }), "INVALID clientMutationId"),
    ] {
        let refused = document(&sender, fields.clone()).await;
        assert_eq!(refusal(&refused), told, "{fields}: {refused:#}");
    }
    // A received referral that is neither about the law nor about care, and one of strangers.
    let condoms = received.create_referral(crate::referral::draft(OUTSIDER, ServiceType::LegalAid)).await;
    let stranger = condoms["referral"]["id"].clone();
    assert_eq!(refusal(&document(&sender, json!({ "referralId": stranger })).await), "NOT_FOUND referralId");
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let kept: i64 = superuser.query_one("SELECT count(*) FROM violation", &[]).await.expect("a count").get(0);
    assert_eq!(kept, 0);

    let id = documented(&sender, json!({})).await;
    let before = Month::at(Utc::now()).before().to_string();
    for (name, input_type, fields, told) in [
        (
            "recordViolationStep",
            "RecordViolationStepInput",
            json!({ "kind": "DOCUMENTED", "month": this_month() }),
            "INVALID kind",
        ),
        ("recordViolationStep", "RecordViolationStepInput", json!({ "kind": "IN_COURT", "month": before }), "INVALID month"),
        ("recordViolationStep", "RecordViolationStepInput", json!({ "kind": "IN_COURT", "month": next }), "INVALID month"),
        ("endViolation", "EndViolationInput", json!({ "outcome": "ONGOING", "month": this_month() }), "INVALID outcome"),
        ("endViolation", "EndViolationInput", json!({ "outcome": "RESOLVED", "month": before }), "INVALID month"),
        ("endViolation", "EndViolationInput", json!({ "outcome": "RESOLVED", "month": next }), "INVALID month"),
        ("correctViolation", "CorrectViolationInput", json!({}), "INVALID -"),
        ("correctViolation", "CorrectViolationInput", json!({ "types": [] }), "INVALID types"),
        ("correctViolation", "CorrectViolationInput", json!({ "occurredIn": next }), "INVALID occurredIn"),
        ("replaceViolationNote", "ReplaceViolationNoteInput", json!({ "sealedNote": "plain" }), "INVALID sealedNote"),
        ("reopenViolation", "ViolationInput", json!({}), "ILLEGAL_TRANSITION -"),
    ] {
        let input = with(json!({ "violationId": id }), fields);
        let refused = change(&sender, name, input_type, input.clone()).await;
        assert_eq!(refusal(&refused), told, "{input}: {refused:#}");
    }
    let raid =
        json!({ "types": ["RAID_ON_ORGANISATION"], "consentGivenBy": "ORGANISATION", "client": null, "populations": null });
    assert_eq!(document(&sender, raid).await["userErrors"], json!([]), "a raid needs no survivor");
    for filter in ["client: \"x\"", "occurredFrom: \"soon\"", "updatedSince: \"soon\"", "countyCodes: [\"48\"]"] {
        let query = format!("{{ violations(filter: {{ {filter} }}) {{ nodes {{ id }} }} }}");
        assert_eq!(sender.error_code(&query, json!({})).await, "BAD_REQUEST", "{filter}");
    }
}
