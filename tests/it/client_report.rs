//! What clients report: only the sender sees it, the receiver notices nothing, and only one number a month is published.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Datelike, Months, TimeDelta, Utc};
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::day::{day_of, start_of_day};
use pamoja_domain::id::ReferralId;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use pamoja_persistence::job;
use serde_json::{Value, json};

use crate::harness::{Client, Member, OUTSIDER, RECEIVER, SENDER, Schema, Socket, World};
use crate::referral::{desks, draft, sent, with};

const REPORT: &str = "mutation ($input: RecordClientReportInput!) { recordClientReport(input: $input) {
    referral { id status updatedAt clientReportedOutcome clientReportedFriendliness } userErrors { code field message } } }";
const READ: &str = "query ($id: ID!) { node(id: $id) { ... on Referral { clientReportedOutcome clientReportedFriendliness } } }";

/// Records a client's report; returns the payload.
pub async fn report(client: &Client, input: Value) -> Value {
    client.data(REPORT, json!({ "input": input })).await["recordClientReport"].take()
}

/// What the viewer reads of a report.
pub async fn read(client: &Client, id: &str) -> (Value, Value) {
    let mut node = client.data(READ, json!({ "id": id })).await["node"].take();
    (node["clientReportedOutcome"].take(), node["clientReportedFriendliness"].take())
}

/// Sends a referral that names a service; returns its id.
pub async fn sent_to_service(sender: &Client) -> String {
    let service = global_id::encode(RECEIVER.service(ServiceType::HivTesting));
    // Each is of another client.
    let client: String = uuid::Uuid::new_v4()
        .simple()
        .to_string()
        .chars()
        .take(26)
        .map(|digit| match digit {
            '0' => 'g',
            '1' => 'h',
            '8' => 'i',
            '9' => 'j',
            other => other,
        })
        .collect();
    let fields = json!({ "serviceId": service, "client": client });
    let payload = sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), fields)).await;
    payload["referral"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned()
}

/// The code, field and key of an error.
fn told(payload: &Value) -> String {
    assert_eq!(payload["referral"], Value::Null, "{payload:#}");
    let error = &payload["userErrors"][0];
    let field = error["field"][0].as_str().unwrap_or("-");
    format!("{} {field}", error["code"].as_str().unwrap_or("nothing refused"))
}

/// Everything that PostgreSQL shows the app role in that member's tenant, which has a part in a referral.
pub async fn visible_to(world: &World, member: Member) -> BTreeMap<String, String> {
    let seen = rows_visible_to(world, member).await;
    assert!(!seen["referral"].is_empty(), "this sees too little to prove anything");
    seen
}

/// Everything that PostgreSQL shows the app role in that member's tenant, table by table, without the traces of the member's own
/// sign-ins.
pub async fn rows_visible_to(world: &World, member: Member) -> BTreeMap<String, String> {
    let app = world.connect(DatabaseRole::App).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let query = "SELECT relname::text, string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
        AND has_column_privilege('pamoja_app', pg_class.oid, attnum, 'SELECT') GROUP BY relname";
    let tables = superuser.query(query, &[]).await.expect("the tables");
    app.batch_execute(&format!("SELECT test_gate.enter('{}', 'member')", member.id())).await.expect("a tenant");
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for row in tables {
        let table: String = row.get(0);
        let columns: String = row.get(1);
        let rows = format!(
            "SELECT coalesce(string_agg(seen::text, E'\\n' ORDER BY seen::text), '') FROM (SELECT {columns} FROM {table}) AS seen"
        );
        seen.insert(table, app.query_one(&rows, &[]).await.expect("rows").get(0));
    }
    assert!(seen.len() > 15, "this sees too few tables to prove anything");
    seen
}

#[tokio::test]
async fn a_report_is_the_senders_alone_and_a_later_one_replaces_what_it_names() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let colleague = world.client_of(SENDER, "second-caseworker").await;
    let id = sent_to_service(&sender).await;
    assert_eq!(read(&sender, &id).await, (Value::Null, Value::Null));
    for (input, outcome, friendliness) in [
        (json!({ "friendliness": 2 }), Value::Null, json!(2)),
        (json!({ "outcome": "TURNED_AWAY" }), json!("TURNED_AWAY"), json!(2)),
        (json!({ "outcome": "SERVED_WELL", "friendliness": 5 }), json!("SERVED_WELL"), json!(5)),
        (json!({ "outcome": "MISTREATED" }), json!("MISTREATED"), json!(5)),
    ] {
        let payload = report(&sender, with(json!({ "referralId": id }), input)).await;
        let referral = &payload["referral"];
        let answered = (&referral["clientReportedOutcome"], &referral["clientReportedFriendliness"]);
        assert_eq!(answered, (&outcome, &friendliness), "{payload:#}");
        assert_eq!(read(&colleague, &id).await, (outcome, friendliness));
        assert_eq!(read(&receiver, &id).await, (Value::Null, Value::Null));
    }
    // Reports are also possible after the referral ended, and before there was anything to report on.
    receiver.move_referral("checkInReferralWithoutSlip", &id).await;
    receiver.move_referral("completeReferral", &id).await;
    let after = report(&sender, json!({ "referralId": id, "outcome": "WENT_ELSEWHERE" })).await;
    assert_eq!((&after["referral"]["status"], &after["userErrors"]), (&json!("COMPLETED"), &json!([])), "{after:#}");
}

#[tokio::test]
async fn what_cannot_be_reported_is_told_apart() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let (plain, _) = sent(&sender).await;
    let id = sent_to_service(&sender).await;
    let own = sent_to_service(&peer).await;
    let of = |id: &str, input: Value| with(json!({ "referralId": id }), input);
    assert_eq!(told(&report(&sender, of(&id, json!({}))).await), "INVALID outcome");
    for friendliness in [0, 6, -1] {
        assert_eq!(told(&report(&sender, of(&id, json!({ "friendliness": friendliness }))).await), "INVALID friendliness");
    }
    assert_eq!(told(&report(&sender, of(&plain, json!({ "friendliness": 3 }))).await), "INVALID friendliness");
    let outcome = json!({ "outcome": "SERVED_WELL" });
    assert_eq!(told(&report(&receiver, of(&id, outcome.clone())).await), "FORBIDDEN -");
    assert_eq!(told(&report(&peer, of(&id, outcome.clone())).await), "NOT_FOUND referralId");
    assert_eq!(report(&peer, of(&own, outcome.clone())).await["userErrors"], json!([]));
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    assert_eq!(told(&report(&outsider, of(&id, outcome.clone())).await), "NOT_FOUND referralId");

    assert_eq!(report(&sender, of(&id, json!({ "outcome": "MISTREATED", "friendliness": 1 }))).await["userErrors"], json!([]));
    sender.move_referral("withdrawReferralConsent", &id).await;
    assert_eq!(read(&sender, &id).await, (Value::Null, Value::Null), "withdrawal erases it");
    assert_eq!(told(&report(&sender, of(&id, outcome)).await), "ILLEGAL_TRANSITION -");
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let left: i64 = superuser.query_one("SELECT count(*) FROM client_report", &[]).await.expect("a count").get(0);
    assert_eq!(left, 1, "only the peer educator's is left");
}

/// The answers to the receiver, byte by byte: every field of a referral in the schema, in every list.
async fn answers(receiver: &Client, schema: &Schema, id: &str, slip: &str, since: &str) -> Vec<String> {
    let mut answers = Vec::new();
    let mut ask = async |name: &str, variables: Value| {
        let operation = schema.operations().into_iter().find(|operation| operation.name == name).expect("an operation");
        let body = json!({ "query": operation.document, "variables": variables });
        let answer = receiver.request(reqwest::Method::POST, "/graphql").json(&body).send().await.expect("an answer");
        let text = answer.text().await.expect("a text");
        assert!(!text.contains("errors"), "{text}");
        answers.push(text);
    };
    ask("referralBySlip", json!({ "slipCode": slip })).await;
    for order in ["NEWEST_FIRST", "OLDEST_FIRST", "RECENTLY_UPDATED_FIRST", "EXPIRING_FIRST"] {
        for filter in [json!({}), json!({ "updatedSince": since }), json!({ "statuses": ["REQUESTED"] })] {
            ask("referrals", json!({ "direction": "INCOMING", "orderBy": order, "filter": filter })).await;
        }
    }
    ask("node", json!({ "id": id })).await;
    ask("services", json!({})).await;
    assert!(answers[0].contains("clientReportedOutcome") && answers[0].contains("updatedAt"), "{}", answers[0]);
    answers
}

#[tokio::test]
async fn the_receiver_is_answered_the_same_bytes_before_and_after_a_report() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let schema = Schema::of(&receiver).await;
    let (mut reported, mut slip) = (String::new(), String::new());
    for number in 0..3 {
        let service = global_id::encode(RECEIVER.service(ServiceType::HivTesting));
        let payload =
            sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), json!({ "serviceId": service }))).await;
        if number == 1 {
            reported = payload["referral"]["id"].as_str().expect("an id").to_owned();
            slip = payload["slipCode"].as_str().expect("a slip").to_owned();
        }
    }
    // Beyond the twenty seconds that catching up gives back.
    world.travel(TimeDelta::minutes(2)).await;
    let since = (Utc::now() + TimeDelta::minutes(1)).to_rfc3339();
    let mut at_receiver = Socket::of(&receiver).await;
    at_receiver.subscribe("1", "subscription { referralChanged { id updatedAt clientReportedOutcome } }").await;
    at_receiver.await_changes(async || sent(&sender).await.0).await;
    let mut at_sender = Socket::of(&sender).await;
    at_sender.subscribe("1", "subscription { referralChanged { id clientReportedFriendliness } }").await;
    at_sender.await_changes(async || sent(&sender).await.0).await;
    // Changes that were sent meanwhile arrive first.
    while tokio::time::timeout(Duration::from_millis(700), at_receiver.hear()).await.is_ok() {}

    let before = (answers(&receiver, &schema, &reported, &slip, &since).await, visible_to(&world, RECEIVER).await);
    let input = json!({ "referralId": reported, "outcome": "MISTREATED", "friendliness": 1 });
    let recorded = report(&sender, input).await;
    assert_eq!(recorded["userErrors"], json!([]), "{recorded:#}");
    let mut after = (answers(&receiver, &schema, &reported, &slip, &since).await, visible_to(&world, RECEIVER).await);
    assert_eq!(before.0, after.0);
    // The receiver looked up a slip.
    after.1.insert("slip_attempt".to_owned(), before.1["slip_attempt"].clone());
    assert_eq!(before.1, after.1, "a row that the receiver can read has changed");

    // The sender's subscribers are notified of the report. The receiver's are notified of the next referral, and of nothing
    // before it.
    let mut heard = at_sender.referral().await;
    while heard["id"] != json!(reported) {
        heard = at_sender.referral().await;
    }
    assert_eq!(heard["clientReportedFriendliness"], json!(1));
    let (next, _) = sent(&sender).await;
    assert_eq!(at_receiver.referral().await["id"], json!(next));
}

#[tokio::test]
async fn past_the_program_a_report_can_be_neither_read_nor_changed_from_another_tenant() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let id = sent_to_service(&sender).await;
    report(&sender, json!({ "referralId": id, "outcome": "MISTREATED", "friendliness": 1 })).await;
    let uuid: ReferralId = global_id::decode(&id.as_str().into()).expect("an id");
    let app = world.connect(DatabaseRole::App).await;
    let become_tenant = async |member: Member, door: &str| {
        let settings = format!("SELECT test_gate.enter('{}', '{door}')", member.id());
        app.batch_execute(&settings).await.expect("a tenant");
    };
    for door in ["member", "job", "operator"] {
        for member in [RECEIVER, OUTSIDER] {
            become_tenant(member, door).await;
            let seen: i64 = app.query_one("SELECT count(*) FROM client_report", &[]).await.expect("a count").get(0);
            assert_eq!(seen, 0, "{} reads a report as {door}", member.slug);
            for change in ["UPDATE client_report SET outcome = NULL", "DELETE FROM client_report"] {
                assert_eq!(app.execute(change, &[]).await.expect("no row"), 0, "{change}");
            }
            let forged = format!(
                "INSERT INTO client_report (from_organisation_id, referral_id, outcome) VALUES ('{}', '{}', 'SERVED_WELL')
                 ON CONFLICT (from_organisation_id, referral_id) DO UPDATE SET outcome = 'SERVED_WELL'",
                SENDER.id(),
                uuid.0
            );
            let refused = app.batch_execute(&forged).await.expect_err("refused");
            assert!(refused.as_db_error().is_some_and(|error| error.message().contains("row-level security")));
        }
    }
    become_tenant(SENDER, "member").await;
    let seen: i64 = app.query_one("SELECT count(*) FROM client_report", &[]).await.expect("a count").get(0);
    assert_eq!(seen, 1);
}

/// A third organisation that refers to the receiver, besides the sender and the outsider.
pub const THIRD: Member = crate::harness::MEMBERS[3];

/// The beginning of the month in Kenya that is `from_now` months ahead.
pub fn month(from_now: u32) -> DateTime<Utc> {
    let today = day_of(Utc::now());
    start_of_day(today.with_day(1).expect("a first day") + Months::new(from_now))
}

/// Writes ratings of the receiver's service of that type in the previous month, one list for each referring organisation. The
/// service has been there for years.
pub async fn rated(world: &World, service_type: ServiceType, ratings: &[(Member, &[i32])]) {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser.batch_execute("UPDATE service SET created_at = '2020-01-15'").await.expect("old services");
    for (member, ratings) in ratings {
        for rating in *ratings {
            // Each is of another client. What else there is to the referrals doesn't matter here, so it isn't written.
            let insert = format!(
                "SET session_replication_role = replica;
                 WITH referred AS (
                     INSERT INTO referral_client (from_organisation_id, referral_id, client, populations, age_band)
                     SELECT '{}', id, left(translate(md5(id::text), '0189', 'ghij'), 26), '{{NOT_STATED}}', 'NOT_STATED'
                     FROM gen_random_uuid() AS id RETURNING from_organisation_id, referral_id
                 )
                 INSERT INTO client_report (from_organisation_id, referral_id, friendliness, service_organisation_id, service_id, rated_in)
                 SELECT from_organisation_id, referral_id, {rating}, '{}', '{}', (present_month() - interval '1 month')::date FROM referred",
                member.id(), RECEIVER.id(), RECEIVER.service(service_type).0
            );
            superuser.batch_execute(&insert).await.expect("a rating");
        }
    }
}

/// Runs the job, and reads what is published about the receiver's services.
pub async fn published(world: &World) -> Vec<(String, Value)> {
    job::publish_friendliness(&world.worker, RECEIVER.id()).await.expect("the job");
    let analyst = world.client(OUTSIDER, Role::Analyst).await;
    let query = "query ($of: ID!) { services(filter: { organisationIds: [$of] }) { nodes { serviceType friendliness } } }";
    let mut data = analyst.data(query, json!({ "of": global_id::encode(RECEIVER.id()) })).await;
    let nodes = data["services"]["nodes"].as_array_mut().expect("services");
    let mut read: Vec<_> = nodes
        .iter_mut()
        .map(|node| (node["serviceType"].as_str().expect("a type").to_owned(), node["friendliness"].take()))
        .collect();
    read.sort_by(|one, other| one.0.cmp(&other.0));
    read
}

/// What [`published`] reads, by type.
pub fn expected(hiv_testing: Value, pep: Value, prep: Value) -> Vec<(String, Value)> {
    [("HIV_TESTING", hiv_testing), ("PEP", pep), ("PREP", prep)].map(|(name, value)| (name.to_owned(), value)).to_vec()
}

#[tokio::test]
async fn a_mean_is_published_from_ten_ratings_by_three_organisations_on_and_rounded_to_halves() {
    let world = World::new().await;
    assert_eq!(published(&world).await, expected(Value::Null, Value::Null, Value::Null));
    // Nine ratings by three organisations; ten by two; eleven by three, with means of 3, 4 and 2.
    rated(&world, ServiceType::HivTesting, &[(SENDER, &[5; 3]), (OUTSIDER, &[5; 3]), (THIRD, &[5; 3])]).await;
    rated(&world, ServiceType::Pep, &[(SENDER, &[5; 5]), (OUTSIDER, &[5; 5])]).await;
    rated(&world, ServiceType::Prep, &[(SENDER, &[3; 4]), (OUTSIDER, &[4; 4]), (THIRD, &[2; 3])]).await;
    assert_eq!(published(&world).await, expected(Value::Null, Value::Null, json!(3.0)));
    world.travel(month(1) - Utc::now() + TimeDelta::hours(1)).await;
    // The first service gets its tenth rating. The second gets its third organisation, whose three ratings weigh as much as five
    // of another.
    rated(&world, ServiceType::HivTesting, &[(SENDER, &[4])]).await;
    rated(&world, ServiceType::Pep, &[(THIRD, &[1; 3])]).await;
    rated(&world, ServiceType::Prep, &[(THIRD, &[5, 5])]).await;
    assert_eq!(published(&world).await, expected(json!(5.0), json!(3.5), json!(3.5)));
}

#[tokio::test]
async fn an_organisation_that_rates_more_often_weighs_no_more() {
    let world = World::new().await;
    rated(&world, ServiceType::HivTesting, &[(SENDER, &[1; 200]), (OUTSIDER, &[5; 3]), (THIRD, &[5; 3])]).await;
    // 200 ratings of 1, and 6 of 5: each organisation counts as one number, so the mean is 11 / 3.
    assert_eq!(published(&world).await, expected(json!(3.5), Value::Null, Value::Null));
}

#[tokio::test]
async fn what_was_published_for_any_other_month_goes_a_later_one_too() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let later = format!(
        "INSERT INTO service_friendliness VALUES ('{}', '{}', (present_month() + interval '1 year')::date, 5)",
        RECEIVER.id(),
        RECEIVER.service(ServiceType::HivTesting).0
    );
    superuser.batch_execute(&later).await.expect("a later month's");
    assert_eq!(published(&world).await, expected(Value::Null, Value::Null, Value::Null));
}

#[tokio::test]
async fn what_an_organisation_says_of_its_own_service_does_not_count() {
    let world = World::new().await;
    // The receiver's own ratings don't count: not as the tenth, not as the third organisation's, not in the mean.
    rated(&world, ServiceType::HivTesting, &[(SENDER, &[5; 3]), (OUTSIDER, &[5; 3]), (THIRD, &[5; 3])]).await;
    rated(&world, ServiceType::Pep, &[(SENDER, &[5; 6]), (OUTSIDER, &[5; 6])]).await;
    rated(&world, ServiceType::Prep, &[(SENDER, &[2; 4]), (OUTSIDER, &[2; 4]), (THIRD, &[2; 3])]).await;
    for service_type in [ServiceType::HivTesting, ServiceType::Pep, ServiceType::Prep] {
        rated(&world, service_type, &[(RECEIVER, &[5; 9])]).await;
    }
    assert_eq!(published(&world).await, expected(Value::Null, Value::Null, json!(2.0)));
}

#[tokio::test]
async fn the_published_number_changes_once_a_month_whatever_happens_within_it() {
    let world = World::new().await;
    rated(&world, ServiceType::HivTesting, &[(OUTSIDER, &[5; 5]), (THIRD, &[5; 4])]).await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let (one, other, third) = (sent_to_service(&sender).await, sent_to_service(&sender).await, sent_to_service(&sender).await);
    for id in [&one, &other, &third] {
        assert_eq!(report(&sender, json!({ "referralId": id, "friendliness": 1 })).await["userErrors"], json!([]));
    }
    // What was recorded this month doesn't count before the month is over in Kenya.
    assert_eq!(published(&world).await, expected(Value::Null, Value::Null, Value::Null));
    // Nobody's session goes back in time in the month's last hour.
    world.travel((month(1) - Utc::now() - TimeDelta::hours(1)).max(TimeDelta::zero())).await;
    assert_eq!(published(&world).await, expected(Value::Null, Value::Null, Value::Null));
    world.travel(month(1) - Utc::now() + TimeDelta::hours(1)).await;
    let first = expected(json!(3.5), Value::Null, Value::Null);
    assert_eq!(published(&world).await, first);
    // A rating is replaced, another is erased, others arrive: a viewer who watches the number learns of none of them.
    let sender = world.client(SENDER, Role::Caseworker).await;
    report(&sender, json!({ "referralId": one, "friendliness": 5 })).await;
    assert_eq!(published(&world).await, first);
    sender.move_referral("withdrawReferralConsent", &other).await;
    for _ in 0..3 {
        let id = sent_to_service(&sender).await;
        report(&sender, json!({ "referralId": id, "friendliness": 1 })).await;
        assert_eq!(published(&world).await, first);
    }
    world.travel(month(2) - Utc::now() - TimeDelta::hours(1)).await;
    assert_eq!(published(&world).await, first);
    // The mean of 5, 5 and 1.8. The 1.8 is the mean of 5 and four times 1, without the erased rating.
    world.travel(month(2) - Utc::now() + TimeDelta::hours(1)).await;
    assert_eq!(published(&world).await, expected(json!(4.0), Value::Null, Value::Null));
    // With fewer than ten ratings again, the number is withdrawn, but only at the end of the month.
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute(&format!("DELETE FROM client_report WHERE from_organisation_id = '{}'", OUTSIDER.id()))
        .await
        .expect("less");
    assert_eq!(published(&world).await, expected(json!(4.0), Value::Null, Value::Null));
    world.travel(month(3) - Utc::now() + TimeDelta::hours(1)).await;
    assert_eq!(published(&world).await, expected(Value::Null, Value::Null, Value::Null));
}

#[tokio::test]
async fn only_a_job_publishes_and_only_for_its_own_organisation() {
    let world = World::new().await;
    rated(&world, ServiceType::HivTesting, &[(OUTSIDER, &[5; 5]), (THIRD, &[5; 4]), (SENDER, &[5; 4])]).await;
    let worker = world.connect(DatabaseRole::Worker).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let publishing = async |member: Member, door: &str| {
        let publish =
            format!("BEGIN; SELECT test_gate.enter('{}', '{door}'); SELECT publish_friendliness(); COMMIT", member.id());
        worker.batch_execute(&publish).await.expect("it runs");
        superuser.query_one("SELECT count(*) FROM service_friendliness", &[]).await.expect("a count").get::<_, i64>(0)
    };
    for (member, door) in [(RECEIVER, "member"), (RECEIVER, "operator"), (SENDER, "job"), (OUTSIDER, "job")] {
        assert_eq!(publishing(member, door).await, 0, "{} as {door}", member.slug);
    }
    assert_eq!(publishing(RECEIVER, "job").await, 1);
    let app = world.connect(DatabaseRole::App).await;
    for change in [
        "SELECT publish_friendliness()",
        "INSERT INTO service_friendliness SELECT * FROM service_friendliness",
        "DELETE FROM service_friendliness",
    ] {
        let refused = app.batch_execute(change).await.expect_err(change);
        assert_eq!(refused.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE));
    }
    let publisher = world.connect(DatabaseRole::Publisher).await;
    assert!(publisher.batch_execute("SELECT publish_friendliness()").await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_and_friendliness_cost_the_same_however_many_there_are() {
    let world = World::new().await;
    let caller = world.caller(SENDER, "caseworker").await;
    world.app.session_activity.touch(&world.app.gate, world.app.database.now(), caller).await.expect("its use is noted");
    let token = world.app.authority.issue(caller, world.app.database.now(), pamoja_api::auth::LIFETIME);
    let sender = Client::new(world.address, Some(token));
    for _ in 0..20 {
        let id = sent_to_service(&sender).await;
        report(&sender, json!({ "referralId": id, "outcome": "SERVED_WELL", "friendliness": 4 })).await;
    }
    let query = "query ($first: Int!) { referrals(direction: OUTGOING, first: $first) { nodes { clientReportedOutcome clientReportedFriendliness service { friendliness } } }
        services(first: $first) { nodes { friendliness } } }";
    let mut costs = Vec::new();
    for first in [1, 20] {
        world.app.directory.has_changed();
        let (_, before) = world.app.database.counted();
        let data = sender.data(query, json!({ "first": first })).await;
        costs.push(world.app.database.counted().1 - before);
        assert_eq!(data["referrals"]["nodes"].as_array().map(Vec::len), Some(first));
        assert_eq!(data["referrals"]["nodes"][0]["clientReportedFriendliness"], json!(4));
    }
    assert_eq!(costs[0], costs[1]);
}
