//! Slips that are printed in advance for places without a line: every client who presents one is served, whether the client or
//! the referral comes first.

use chrono::{DateTime, TimeDelta, Utc};
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::referral::slip::SlipCode;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use pamoja_persistence::retention;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Client, MEMBERS, Member, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{desks, draft, refusal, sent, with};
use crate::referral_circumstance::vouched;

const ALLOCATE: &str = "mutation ($input: AllocateSlipsInput!) { allocateSlips(input: $input) { slips { slipCode expiresAt } userErrors { code message field } } }";
const CHECK_IN: &str = "mutation ($input: CheckInReferralInput!) { checkInReferral(input: $input) { pendingSince
    referral { id status timeline { status byOrganisation { slug } } } userErrors { code message field } } }";
const BY_SLIP: &str = "query ($slip: SlipCode!) { referralBySlip(slipCode: $slip) { id } }";
const SEEN: &str = "query ($id: ID!) { node(id: $id) { ... on Referral { status toOrganisation { slug } timeline { status byOrganisation { slug } } } } }";

pub async fn ask_for(client: &Client, input: Value) -> Value {
    client.data(ALLOCATE, json!({ "input": input })).await["allocateSlips"].take()
}

/// Allocates that many blank slips; returns their codes.
pub async fn blanks(client: &Client, count: usize) -> Vec<String> {
    let payload = ask_for(client, json!({ "count": count })).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    let slips = payload["slips"].as_array().expect("slips");
    slips.iter().map(|slip| slip["slipCode"].as_str().expect("a code").to_owned()).collect()
}

pub async fn check_in(client: &Client, slip: &str, key: Option<Uuid>) -> Value {
    let input = json!({ "slipCode": slip, "clientMutationId": key });
    client.data(CHECK_IN, json!({ "input": input })).await["checkInReferral"].take()
}

/// A referral that uses that blank slip.
pub fn taking(slip: &str, fields: Value) -> Value {
    with(with(draft(RECEIVER, ServiceType::HivTesting), json!({ "preissuedSlipCode": slip })), fields)
}

/// The referral's receiver, its state and its timeline, as the client sees them.
pub async fn course(client: &Client, id: &Value) -> Value {
    client.data(SEEN, json!({ "id": id })).await["node"].take()
}

/// The sender's answer whether the client is where that member checked somebody in.
pub async fn answer(client: &Client, id: &Value, place: Member, client_is_there: bool) -> Value {
    let input = json!({ "referralId": id, "checkedInById": global_id::encode(place.id()), "clientIsThere": client_is_there });
    client.referral_mutation("answerCheckIn", "AnswerCheckInInput", input).await
}

/// The course of a referral that arrived at that member.
pub fn arrived_at(member: Member) -> Value {
    json!({ "status": "ARRIVED", "toOrganisation": { "slug": member.slug }, "timeline": [
        { "status": "REQUESTED", "byOrganisation": { "slug": "jirani" } }, { "status": "ARRIVED", "byOrganisation": { "slug": member.slug } },
    ] })
}

pub async fn count(world: &World, table: &str) -> i64 {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.expect("a count").get(0)
}

fn never_printed() -> String {
    SlipCode::from_bits(0x1_2345_6789_abcd).to_string()
}

#[tokio::test]
async fn blank_slips_are_made_by_the_pad_shown_again_to_a_repeat_and_good_for_sixty_days() {
    let world = World::new().await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let input = json!({ "count": 50, "clientMutationId": Uuid::new_v4() });
    let pad = ask_for(&peer, input.clone()).await;
    let slips = pad["slips"].as_array().expect("slips");
    let codes: std::collections::BTreeSet<&str> = slips.iter().filter_map(|slip| slip["slipCode"].as_str()).collect();
    assert_eq!(codes.len(), 50);
    for slip in slips {
        assert!(SlipCode::parse("slipCode", slip["slipCode"].as_str().expect("a code")).is_ok());
        let expires: DateTime<Utc> = slip["expiresAt"].as_str().expect("a moment").parse().expect("a moment");
        assert!((expires - Utc::now() - TimeDelta::days(60)).abs() < TimeDelta::minutes(5), "{expires}");
    }
    assert_eq!(ask_for(&peer, input.clone()).await, pad);
    let taken = peer.create_referral(taking(slips[0]["slipCode"].as_str().expect("a code"), json!({}))).await;
    assert_eq!(taken["slipCode"], slips[0]["slipCode"], "{taken:#}");
    assert_eq!(ask_for(&peer, input).await["slips"].as_array(), Some(&slips[1..].to_vec()), "what is used isn't printed again");
    for (wrong, code) in [(0, "INVALID"), (-3, "INVALID"), (51, "LIMIT_REACHED")] {
        let refused = ask_for(&peer, json!({ "count": wrong })).await;
        assert_eq!((&refused["userErrors"][0]["code"], &refused["userErrors"][0]["field"]), (&json!(code), &json!(["count"])));
        assert_eq!(refused["slips"], json!([]));
    }
    assert_eq!(count(&world, "blank_slip").await, 49);
}

#[tokio::test]
async fn an_account_holds_five_hundred_good_blanks_at_most() {
    let world = World::new().await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let mut slips = Vec::new();
    for _ in 0..10 {
        slips.extend(blanks(&peer, 50).await);
    }
    let one_more = async |client: &Client| {
        ask_for(client, json!({ "count": 1 })).await.pointer_mut("/userErrors/0/code").map_or(Value::Null, Value::take)
    };
    assert_eq!(one_more(&peer).await, "LIMIT_REACHED");
    assert_eq!(one_more(&world.client_of(SENDER, "second-peer").await).await, Value::Null, "each account has its own");
    assert_eq!(peer.create_referral(taking(&slips[0], json!({}))).await["userErrors"], json!([]));
    assert_eq!(one_more(&peer).await, Value::Null, "one was used");
    assert_eq!(one_more(&peer).await, "LIMIT_REACHED");
    world.travel(TimeDelta::days(61)).await;
    assert_eq!(one_more(&world.client(SENDER, Role::PeerEducator).await).await, Value::Null, "they have expired");
}

#[tokio::test]
async fn a_referral_takes_a_blank_of_its_organisation_whoever_was_given_it() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let slip = blanks(&peer, 1).await.remove(0);
    let typed = slip.to_lowercase().replace('-', " ");
    let refused = sender.create_referral(taking(&typed, json!({ "consentGiven": false }))).await;
    assert_eq!(refusal(&refused), ("INVALID", "consentGiven"), "and the slip stays blank");
    let created = sender.create_referral(taking(&typed, json!({ "clientMutationId": Uuid::new_v4() }))).await;
    assert_eq!((&created["slipCode"], &created["referral"]["status"]), (&json!(slip), &json!("REQUESTED")), "{created:#}");
    let found = receiver.data(BY_SLIP, json!({ "slip": slip })).await;
    assert_eq!(found["referralBySlip"]["id"], created["referral"]["id"]);
    assert_eq!(check_in(&receiver, &slip, None).await["referral"]["status"], "ARRIVED");
    let id = created["referral"]["id"].as_str().expect("an id");
    sender.move_referral("withdrawReferralConsent", id).await;
    assert_eq!((count(&world, "blank_slip").await, count(&world, "referral_slip").await), (0, 0), "nothing of it is left");
}

#[tokio::test]
async fn a_slip_that_cannot_be_taken_is_refused_in_one_way_and_a_slip_of_the_pen_is_told_as_such() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let used = blanks(&sender, 1).await.remove(0);
    assert_eq!(sender.create_referral(taking(&used, json!({}))).await["userErrors"], json!([]));
    let [in_time, expired]: [String; 2] = blanks(&sender, 2).await.try_into().expect("two");
    let (_, of_a_referral) = sent(&sender).await;
    world.travel(TimeDelta::days(60) - TimeDelta::minutes(1)).await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    assert_eq!(sender.create_referral(taking(&in_time, json!({}))).await["userErrors"], json!([]));
    world.travel(TimeDelta::days(60) + TimeDelta::minutes(1)).await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let of_others = blanks(&world.client(OUTSIDER, Role::Caseworker).await, 1).await.remove(0);
    let mut answers = Vec::new();
    for slip in [used, expired, of_a_referral, of_others, never_printed()] {
        let refused = sender.create_referral(taking(&slip, json!({}))).await;
        assert_eq!(refusal(&refused), ("INVALID", "preissuedSlipCode"));
        answers.push(refused);
    }
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:#?}");
    let misread = sender.create_referral(taking("K7Q2-9FXM-3TA", json!({ "countyCode": "000" }))).await;
    let fields: Vec<&str> =
        misread["userErrors"].as_array().expect("errors").iter().filter_map(|error| error["field"][0].as_str()).collect();
    assert_eq!(fields, ["preissuedSlipCode", "countyCode"], "all that is wrong is told at once");
    assert_ne!(misread["userErrors"][0]["message"], answers[0]["userErrors"][0]["message"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_referrals_that_take_one_slip_at_once_exactly_one_has_it() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    for slip in blanks(&sender, 5).await {
        let attempts = (0..6).map(|_| sender.create_referral(taking(&slip, json!({}))));
        let payloads = futures_util::future::join_all(attempts).await;
        let won: Vec<&Value> = payloads.iter().filter(|payload| payload["slipCode"] == json!(slip)).collect();
        assert_eq!(won.len(), 1, "{payloads:#?}");
        let lost = payloads.iter().filter(|payload| payload["slipCode"].is_null());
        assert!(lost.map(refusal).all(|told| told == ("INVALID", "preissuedSlipCode")));
    }
    assert_eq!(count(&world, "referral").await, 5);
}

#[tokio::test]
async fn a_check_in_before_the_referral_waits_and_counts_as_no_attempt() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let slips = blanks(&sender, 8).await;
    let key = Uuid::new_v4();
    let first = check_in(&receiver, &slips[0], Some(key)).await;
    assert_eq!((&first["referral"], &first["userErrors"]), (&Value::Null, &json!([])));
    let since: DateTime<Utc> = first["pendingSince"].as_str().expect("a moment").parse().expect("a moment");
    assert!((Utc::now() - since).abs() < TimeDelta::minutes(5));
    let colleague = world.client_of(RECEIVER, "second-caseworker").await;
    for repeat in [
        check_in(&receiver, &slips[0], Some(key)).await,
        check_in(&receiver, &slips[0], None).await,
        check_in(&colleague, &slips[0], None).await,
    ] {
        assert_eq!(repeat, first);
    }
    assert_eq!(count(&world, "pending_check_in").await, 1);
    assert_eq!(receiver.data(BY_SLIP, json!({ "slip": slips[0] })).await["referralBySlip"], Value::Null);
    // None of these look-ups counts as a failed attempt, although none of the slips has been checked in yet.
    for slip in &slips[1..] {
        assert_eq!(receiver.data(BY_SLIP, json!({ "slip": slip })).await["referralBySlip"], Value::Null);
        assert!(check_in(&receiver, slip, None).await["pendingSince"].is_string());
    }
    assert_eq!(count(&world, "slip_attempt").await, 0);
    let entries = "audit_entry AS entry JOIN pending_check_in AS pending ON pending.id = entry.node_id AND pending.organisation_id = entry.organisation_id
        WHERE entry.action = 'checkInReferral'";
    // One entry for each check-in except the repeat with the same key, which changes nothing.
    assert_eq!(count(&world, entries).await, 10);
    // Codes that nobody printed, and those that the viewer's organisation printed, stay unknown.
    let own = blanks(&receiver, 1).await.remove(0);
    for unknown in [never_printed(), own.clone(), own.clone(), own.clone(), own.clone()] {
        assert_eq!(refusal(&check_in(&receiver, &unknown, None).await), ("NOT_FOUND", "slipCode"));
    }
    assert_eq!(refusal(&check_in(&receiver, &own, None).await), ("LIMIT_REACHED", "slipCode"));
    let peer = world.client(RECEIVER, Role::PeerEducator).await;
    assert_eq!(check_in(&peer, &slips[0], None).await["userErrors"][0]["code"], "NOT_FOUND");
}

#[tokio::test]
async fn the_referral_that_meets_a_waiting_check_in_has_arrived_and_both_parties_are_told() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let slip = blanks(&sender, 1).await.remove(0);
    let key = Uuid::new_v4();
    assert!(check_in(&receiver, &slip, Some(key)).await["pendingSince"].is_string());
    world.travel(TimeDelta::hours(5)).await;
    let (sender, receiver) = desks(&world).await;
    let created = sender
        .create_referral(taking(&slip, json!({ "serviceId": global_id::encode(RECEIVER.service(ServiceType::HivTesting)) })))
        .await;
    assert_eq!((&created["slipCode"], &created["referral"]["status"]), (&json!(slip), &json!("ARRIVED")), "{created:#}");
    let id = &created["referral"]["id"];
    for party in [&sender, &receiver] {
        assert_eq!(course(party, id).await, arrived_at(RECEIVER));
        let times = party
            .data(
                "query ($id: ID!) { node(id: $id) { ... on Referral { createdAt updatedAt timeline { at } } } }",
                json!({ "id": id }),
            )
            .await;
        let referral = &times["node"];
        let at = &referral["createdAt"];
        assert_eq!(referral["timeline"], json!([{ "at": at }, { "at": at }]), "it arrived when it was sent");
        assert_eq!(&referral["updatedAt"], at);
    }
    assert_eq!(count(&world, "pending_check_in").await, 0);
    let told = format!(
        "outbox JOIN referral ON referral.id = outbox.node_id WHERE outbox.organisation_id IN ('{}', '{}')",
        SENDER.id(),
        RECEIVER.id()
    );
    assert_eq!(count(&world, &told).await, 2);
    let repeat = check_in(&receiver, &slip, Some(key)).await;
    assert_eq!((&repeat["referral"]["id"], &repeat["pendingSince"]), (id, &Value::Null), "a repeat answers what it has come to");
    assert_eq!(receiver.move_referral("completeReferral", id.as_str().expect("an id")).await["referral"]["status"], "COMPLETED");
}

#[tokio::test]
async fn a_check_in_whose_referral_is_for_somebody_else_waits_until_it_expires() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    let slip = blanks(&sender, 2).await.remove(0);
    let first = check_in(&outsider, &slip, None).await;
    let created = sender.create_referral(taking(&slip, json!({}))).await;
    assert_eq!(created["referral"]["status"], "REQUESTED");
    assert_eq!(check_in(&outsider, &slip, None).await, first, "it can't tell that it was sent elsewhere");
    assert_eq!(outsider.data(BY_SLIP, json!({ "slip": slip })).await["referralBySlip"], Value::Null);
    assert_eq!(check_in(&receiver, &slip, None).await["referral"]["status"], "ARRIVED", "the slip is good where it is meant for");
    let retain = async || {
        for member in MEMBERS {
            retention::retain(&world.worker, member.id()).await.expect("the job");
        }
        (count(&world, "blank_slip").await, count(&world, "pending_check_in").await)
    };
    world.travel(TimeDelta::days(60) - TimeDelta::minutes(1)).await;
    assert_eq!(retain().await, (1, 1));
    world.travel(TimeDelta::days(60) + TimeDelta::minutes(1)).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    assert_eq!(refusal(&check_in(&outsider, &slip, None).await), ("NOT_FOUND", "slipCode"), "expired, whether deleted or not");
    assert_eq!(retain().await, (0, 0));
}

#[tokio::test]
async fn an_accompanied_referral_takes_a_blank_slip_too() {
    let world = World::new().await;
    let service = vouched(&world, "PEP").await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let slip = blanks(&peer, 1).await.remove(0);
    let own = json!({ "toOrganisationId": global_id::encode(SENDER.id()), "serviceId": service, "serviceType": "PEP" });
    let created = peer.create_referral(taking(&slip, own)).await;
    assert_eq!((&created["slipCode"], &created["referral"]["status"]), (&json!(slip), &json!("REQUESTED")), "{created:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_in_and_the_upload_at_once_never_miss_each_other() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let mut waited = 0;
    for (round, slip) in blanks(&sender, 30).await.into_iter().enumerate() {
        let fields = if round % 2 == 0 { json!({}) } else { json!({ "toOrganisationId": null }) };
        let sending = async {
            tokio::time::sleep(std::time::Duration::from_millis(round as u64 % 6)).await;
            sender.create_referral(taking(&slip, fields)).await
        };
        let (checked_in, created) = tokio::join!(check_in(&receiver, &slip, None), sending);
        assert_eq!((&checked_in["userErrors"], &created["userErrors"]), (&json!([]), &json!([])), "{checked_in:#} {created:#}");
        // Whom the sender didn't name has the client after the sender has said so.
        if round % 2 == 1 && checked_in["pendingSince"].is_string() {
            let answered = answer(&sender, &created["referral"]["id"], RECEIVER, true).await;
            assert_eq!(answered["userErrors"], json!([]), "{answered:#}");
        }
        assert_eq!(course(&sender, &created["referral"]["id"]).await, arrived_at(RECEIVER));
        waited += usize::from(checked_in["pendingSince"].is_string());
    }
    assert!(waited > 0, "the check-in was never first: this proves nothing");
    assert_eq!(count(&world, "pending_check_in").await, 0);
}

#[tokio::test]
async fn past_the_program_nobody_learns_more_of_a_slip_or_makes_anybody_arrive() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let slips = blanks(&sender, 2).await;
    check_in(&receiver, &slips[0], None).await;
    let (addressed, _) = sent(&sender).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let hash: String =
        superuser.query_one("SELECT encode(look_up_hash, 'hex') FROM pending_check_in", &[]).await.expect("a row").get(0);
    let referral = global_id::decode::<pamoja_domain::id::ReferralId>(&addressed.as_str().into()).expect("an id");
    let app = world.connect(DatabaseRole::App).await;
    let answer = async |member: Member, door: &str, query: &str| -> String {
        let settings = format!("SELECT test_gate.enter('{}', '{door}')", member.id());
        app.batch_execute(&settings).await.expect("a tenant");
        app.query_one(&format!("SELECT ({query})::text"), &[]).await.expect("an answer").get(0)
    };
    let held = format!("SELECT hold_blank_slip('\\x{hash}')");
    let bound = format!("SELECT count(*) FROM bind_blank_slip('\\x{hash}')");
    let recognised = format!("SELECT is_blank_slip('\\x{hash}')");
    let addressed = format!("SELECT address_to_waiting('{}', '{}')", referral.0, RECEIVER.id());
    let met = format!("SELECT meet_pending_check_in('{}')", referral.0);
    for (member, door, query, expected) in [
        (SENDER, "member", &held, "false"),
        (RECEIVER, "job", &held, "false"),
        (OUTSIDER, "member", &held, "true"),
        (SENDER, "member", &recognised, "false"),
        (RECEIVER, "job", &recognised, "false"),
        (OUTSIDER, "member", &recognised, "true"),
        // It is addressed already, its slip waits nowhere, and it is not the others'.
        (SENDER, "member", &addressed, "false"),
        (RECEIVER, "member", &addressed, "false"),
        (RECEIVER, "member", &bound, "0"),
        (OUTSIDER, "member", &bound, "0"),
        (SENDER, "job", &bound, "0"),
        // This referral has another slip, so no other organisation can meet it.
        (SENDER, "member", &met, "false"),
        (RECEIVER, "member", &met, "false"),
    ] {
        assert_eq!(answer(member, door, query).await, expected, "{query} by {} through {door}", member.slug);
    }
    answer(SENDER, "member", "SELECT 1").await;
    for statement in [
        "DELETE FROM blank_slip",
        "UPDATE blank_slip SET expires_at = 'infinity'",
        "UPDATE pending_check_in SET organisation_id = tenant()",
    ] {
        let error = app.batch_execute(statement).await.expect_err(statement);
        assert_eq!(error.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE), "{statement}");
    }
    let forged = format!(
        "INSERT INTO pending_check_in (organisation_id, look_up_hash, id, user_id, expires_at)
         VALUES ('{}', '\\x{hash}', gen_random_uuid(), '{}', 'infinity')",
        RECEIVER.id(),
        RECEIVER.user("caseworker").0
    );
    assert!(app.batch_execute(&forged).await.is_err(), "the sender makes nobody arrive");
    assert_eq!((count(&world, "blank_slip").await, count(&world, "pending_check_in").await), (2, 1));
}

#[tokio::test]
async fn a_slip_whose_code_the_receiver_has_already_ends_one_referral_and_not_an_upload() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let slips = blanks(&sender, 1).await;
    // Two slips of fifty bits could collide once in a coalition's life: here the same hash finds another referral to the
    // receiver.
    let (other, _) = crate::referral::sent(&sender).await;
    let other: pamoja_domain::id::ReferralId = pamoja_api::graphql::global_id::decode(&other.as_str().into()).expect("an id");
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let clash = format!(
        "UPDATE referral_slip SET look_up_hash = (SELECT look_up_hash FROM blank_slip) WHERE referral_id = '{}'",
        other.0
    );
    assert_eq!(superuser.execute(&clash, &[]).await.expect("a clash"), 1);
    let (before, blank) = (count(&world, "referral").await, count(&world, "blank_slip").await);
    let item = |slip: Value| {
        let fields = json!({ "preissuedSlipCode": slip, "clientMutationId": Uuid::new_v4() });
        with(draft(RECEIVER, ServiceType::HivTesting), fields)
    };
    let upload = "mutation ($input: CreateReferralsInput!) { createReferrals(input: $input) { results { referral { id } userErrors { code field } } } }";
    let data = sender.data(upload, json!({ "input": { "items": [item(json!(slips[0])), item(Value::Null)] } })).await;
    let results = &data["createReferrals"]["results"];
    let refused = json!({ "referral": null, "userErrors": [{ "code": "INVALID", "field": ["preissuedSlipCode"] }] });
    assert_eq!((&results[0], &results[1]["userErrors"]), (&refused, &json!([])), "{data:#}");
    assert_eq!((count(&world, "referral").await, count(&world, "blank_slip").await), (before + 1, blank), "nothing is half done");
}
