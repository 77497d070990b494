//! Plans for a sensitisation: who makes them, who sees them, and that nothing of a violation goes out with the request.

use chrono::{Datelike, Days, NaiveDate};
use pamoja_domain::sensitisation::{FEWEST_RECEIVERS, RECEIVER_DAYS, RELEASE_DAYS};

use crate::harness::write_with_entry;

use super::*;

const PLAN: &str = "sensitisationPlan { id topic audience county { code } status releasableFrom trainingRequest { id status topic audience county { code } }
    allowedActions } userErrors { code field message }";

async fn plan_with(client: &Client, mutation: &str, input_type: &str, input: Value) -> Value {
    let document = format!("mutation ($input: {input_type}!) {{ {mutation}(input: $input) {{ {PLAN} }} }}");
    client.data(&document, json!({ "input": input })).await[mutation].take()
}

async fn plan(client: &Client, violations: &[&str], fields: Value) -> Value {
    let input = with(json!({ "violationIds": violations, "audience": "POLICE", "countyCode": "047" }), fields);
    plan_with(client, "planSensitisation", "PlanSensitisationInput", input).await
}

/// Plans a sensitisation of the police because of a violation; returns the plan's id.
pub async fn planned(client: &Client, violation: &str) -> String {
    let payload = plan(client, &[violation], json!({})).await;
    payload["sensitisationPlan"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned()
}

async fn release(client: &Client, plan: &str, fields: Value) -> Value {
    let input = with(json!({ "sensitisationPlanId": plan, "expectedParticipants": 20, "preferredMonths": [] }), fields);
    plan_with(client, "releaseSensitisation", "ReleaseSensitisationInput", input).await
}

/// Drops a plan; returns the payload.
pub async fn drop_plan(client: &Client, plan: &str) -> Value {
    plan_with(client, "dropSensitisation", "SensitisationPlanInput", json!({ "sensitisationPlanId": plan })).await
}

fn code(payload: &Value) -> &str {
    assert_eq!(payload["sensitisationPlan"], Value::Null, "{payload:#}");
    payload["userErrors"][0]["code"].as_str().unwrap_or_else(|| panic!("{payload:#}"))
}

async fn listed_plans(client: &Client, arguments: &str) -> Option<Vec<String>> {
    let answer = client.run(&format!("{{ sensitisationPlans{arguments} {{ id }} }}"), json!({})).await;
    let Some(plans) = answer["data"]["sensitisationPlans"].as_array() else {
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer:#}");
        return None;
    };
    Some(plans.iter().map(|plan| plan["id"].as_str().expect("an id").to_owned()).collect())
}

async fn to_release(client: &Client) -> Vec<String> {
    let query =
        "{ viewer { tasks(kinds: [RELEASE_SENSITISATION]) { nodes { instruction overdue subject { __typename id } } } } }";
    let data = client.data(query, json!({})).await;
    let tasks = data["viewer"]["tasks"]["nodes"].as_array().expect("tasks").clone();
    assert!(tasks.iter().all(|task| task["subject"]["__typename"] == "SensitisationPlan"), "{tasks:?}");
    tasks.iter().map(|task| task["subject"]["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn a_plan_goes_out_from_the_first_of_a_month_as_an_ordinary_request() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::Caseworker).await;
    let violation = documented(&author, json!({})).await;
    let made = plan(&author, &[&violation, &violation], json!({})).await;
    let plan_made = &made["sensitisationPlan"];
    assert_eq!(made["userErrors"], json!([]), "{made:#}");
    assert_eq!(
        (&plan_made["topic"], &plan_made["status"], &plan_made["allowedActions"]),
        (&json!("PROVIDER_SENSITISATION"), &json!("PLANNED"), &json!(["DROP"]))
    );
    let id = plan_made["id"].as_str().expect("an id").to_owned();
    let from: NaiveDate = plan_made["releasableFrom"].as_str().expect("a day").parse().expect("a day");
    let today = day_of(Utc::now());
    assert!(from.day() == 1 && from >= today + Days::new(14) && from <= today + Days::new(14 + 31), "{from}");
    let because = "query ($id: ID!) { node(id: $id) { ... on Violation { allowedActions sensitisationPlans { id status } } } }";
    let read = author.data(because, json!({ "id": violation })).await["node"].take();
    assert_eq!(read["sensitisationPlans"], json!([{ "id": id, "status": "PLANNED" }]), "{read:#}");
    assert!(read["allowedActions"].as_array().expect("actions").contains(&json!("PLAN_SENSITISATION")));
    // A day early nobody may.
    let trainer = world.client(SENDER, Role::Trainer).await;
    let early = release(&trainer, &id, json!({})).await;
    assert_eq!(code(&early), "ILLEGAL_TRANSITION");
    assert!(early["userErrors"][0]["message"].as_str().expect("words").contains(&from.year().to_string()), "{early:#}");
    assert_eq!(to_release(&trainer).await, [""; 0]);
    world.travel(start_of_day(from) - Utc::now() - TimeDelta::seconds(60)).await;
    assert_eq!(code(&release(&world.client(SENDER, Role::Trainer).await, &id, json!({})).await), "ILLEGAL_TRANSITION");
    world.travel(start_of_day(from) - Utc::now() + TimeDelta::seconds(1)).await;
    let (trainer, author) = (world.client(SENDER, Role::Trainer).await, world.client(SENDER, Role::Caseworker).await);
    assert_eq!((to_release(&trainer).await, to_release(&author).await), (vec![id.clone()], vec![]));
    assert_eq!(code(&release(&author, &id, json!({})).await), "FORBIDDEN");
    let too_few = release(&trainer, &id, json!({ "expectedParticipants": 0 })).await;
    assert_eq!(code(&too_few), "INVALID", "{too_few:#}");
    let done = release(&trainer, &id, json!({ "clientMutationId": Uuid::from_u128(7) })).await;
    let request = &done["sensitisationPlan"]["trainingRequest"];
    assert_eq!(done["userErrors"], json!([]), "{done:#}");
    assert_eq!(
        (&request["status"], &request["topic"], &request["audience"], &request["county"]["code"]),
        (&json!("REQUESTED"), &json!("PROVIDER_SENSITISATION"), &json!(["POLICE"]), &json!("047"))
    );
    let again = release(&trainer, &id, json!({ "clientMutationId": Uuid::from_u128(7) })).await;
    assert_eq!(again, done, "a repeat has no second effect");
    assert_eq!(code(&release(&trainer, &id, json!({})).await), "ILLEGAL_TRANSITION");
    assert_eq!(code(&drop_plan(&author, &id).await), "ILLEGAL_TRANSITION");
    assert_eq!(to_release(&trainer).await, [""; 0]);
    // Nothing of the request leads anywhere: its row is that of any other.
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let uuid = global_id_of(&id);
    for table in ["training_request", "training_event", "outbox", "outbox_for_all"] {
        let rows = format!("SELECT count(*) FROM {table} AS any_row WHERE any_row::text LIKE '%{uuid}%'");
        let found: i64 = superuser.query_one(&rows, &[]).await.expect("a count").get(0);
        assert_eq!(found, 0, "{table}");
    }
    let entries = "SELECT action FROM audit_entry WHERE action IN ('requestTraining', 'releaseSensitisation', 'planSensitisation') ORDER BY 1";
    let entries: Vec<String> = superuser.query(entries, &[]).await.expect("entries").iter().map(|row| row.get(0)).collect();
    assert_eq!(entries, ["planSensitisation", "releaseSensitisation"]);
}

fn global_id_of(id: &str) -> Uuid {
    use pamoja_api::graphql::global_id;
    global_id::decode::<pamoja_domain::id::SensitisationPlanId>(&id.into()).expect("an id").0
}

#[tokio::test]
async fn whoever_manages_trainings_sees_the_plan_and_no_violation() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::PeerEducator).await;
    let violation = documented(&author, json!({})).await;
    let id = planned(&author, &violation).await;
    for (role, sees) in [
        (Role::PeerEducator, true),
        (Role::Caseworker, true),
        (Role::Paralegal, true),
        (Role::Trainer, true),
        (Role::OrganisationAdmin, true),
        (Role::Analyst, false),
    ] {
        let client = world.client(SENDER, role).await;
        assert_eq!(listed_plans(&client, "").await, sees.then(|| vec![id.clone()]), "{role}");
        let node = "query ($id: ID!) { node(id: $id) { __typename id } }";
        let node = client.data(node, json!({ "id": id })).await["node"].take();
        assert_eq!(!node.is_null(), sees, "{role}");
    }
    let trainer = world.client(SENDER, Role::Trainer).await;
    assert_eq!(listed_plans(&trainer, "(statuses: [RELEASED, DROPPED])").await, Some(vec![]));
    for client in [world.client(RECEIVER, Role::Trainer).await, world.client(OUTSIDER, Role::Caseworker).await] {
        assert_eq!(listed_plans(&client, "").await, Some(vec![]));
        assert_eq!(code(&drop_plan(&client, &id).await), "NOT_FOUND");
    }
    // By SQL as well: the plan, and nothing that leads to a violation.
    let app = world.connect(DatabaseRole::App).await;
    for (handle, roles, device, seen) in [
        ("trainer", "TRAINER", "own", [1, 0]),
        ("admin", "ORGANISATION_ADMIN", "own", [1, 0]),
        ("peer", "PEER_EDUCATOR", "own", [1, 1]),
        ("peer", "PEER_EDUCATOR", "shared", [0, 0]),
        ("caseworker", "CASEWORKER", "own", [1, 0]),
        ("paralegal", "PARALEGAL", "own", [1, 1]),
        ("analyst", "ANALYST", "own", [0, 0]),
    ] {
        let enter =
            format!("SELECT test_gate.enter('{}', 'member', '{}', '{roles}', '{device}')", SENDER.id(), SENDER.user(handle));
        app.batch_execute(&enter).await.expect("a tenant");
        let count = "SELECT (SELECT count(*) FROM sensitisation_plan), (SELECT count(*) FROM violation_sensitisation)";
        let row = app.query_one(count, &[]).await.expect("counts");
        assert_eq!([row.get::<_, i64>(0), row.get::<_, i64>(1)], seen, "{roles} on a device that is {device}");
    }
    // Nobody sends it out early past the program, or makes one that can go out at once.
    let enter = format!("SELECT test_gate.enter('{}', 'member', '{}', 'TRAINER', 'own')", SENDER.id(), SENDER.user("trainer"));
    app.batch_execute(&enter).await.expect("a tenant");
    let by_policy = |done: Result<(), tokio_postgres::Error>| {
        let refused = done.expect_err("refused");
        let message = refused.as_db_error().expect("by PostgreSQL").message();
        assert!(message.contains("row-level security policy"), "{message}");
    };
    let no_request = Uuid::from_u128(9);
    let release = format!("UPDATE sensitisation_plan SET status = 'RELEASED', training_request_id = '{no_request}'");
    by_policy(app.batch_execute(&release).await);
    // Nor, on its day, without a request that goes out.
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser.batch_execute("UPDATE sensitisation_plan SET releasable_from = present_month()").await.expect("long ago");
    let unsent = write_with_entry(&app, &release, &format!("'releaseSensitisation', '{no_request}'")).await.expect_err("refused");
    let message = unsent.as_db_error().expect("by PostgreSQL").message();
    assert!(message.contains("audit_entry"), "{message}");
    let enter =
        format!("SELECT test_gate.enter('{}', 'member', '{}', 'CASEWORKER', 'own')", SENDER.id(), SENDER.user("caseworker"));
    app.batch_execute(&enter).await.expect("a tenant");
    let at_once = "INSERT INTO sensitisation_plan (id, topic, audience, county_code, releasable_from)
        VALUES (gen_random_uuid(), 'OTHER', 'POLICE', '047', present_month())";
    by_policy(app.batch_execute(at_once).await);
    // Whoever planned it can drop it.
    assert_eq!(drop_plan(&author, &id).await["sensitisationPlan"]["status"], "DROPPED");
    assert_eq!(code(&drop_plan(&trainer, &id).await), "ILLEGAL_TRANSITION");
}

#[tokio::test]
async fn what_would_name_the_accused_or_is_of_others_is_not_planned() {
    let world = World::new().await;
    let (author, colleague) = (world.client(SENDER, Role::Caseworker).await, world.client_of(SENDER, "second-caseworker").await);
    let own = documented(&author, json!({})).await;
    let of_colleague = documented(&colleague, json!({})).await;
    let shared = on_shared_device(&world, &format!("caseworker@{}", SENDER.slug)).await;
    for (client, violations, fields, expected) in [
        (&author, vec![], json!({}), "INVALID violationIds"),
        (&author, vec![own.as_str(), of_colleague.as_str()], json!({}), "NOT_FOUND violationIds"),
        (&author, vec!["nothing"], json!({}), "NOT_FOUND violationIds"),
        (&shared, vec![own.as_str()], json!({}), "NOT_FOUND violationIds"),
        (&author, vec![own.as_str()], json!({ "countyCode": "048" }), "INVALID countyCode"),
        (&author, vec![own.as_str()], json!({ "audience": "HEALTH_PROVIDER" }), "INVALID countyCode"),
        (&author, vec![own.as_str()], json!({ "audience": "CLINICIAN" }), "INVALID countyCode"),
        (&author, vec![own.as_str()], json!({ "audience": "OTHER" }), "INVALID countyCode"),
    ] {
        let payload = plan(client, &violations, fields.clone()).await;
        let field = payload["userErrors"][0]["field"][0].as_str().unwrap_or_default();
        assert_eq!(format!("{} {field}", code(&payload)), expected, "{violations:?} {fields}");
    }
    // Withdrawn, entered in error: nothing can be planned because of it.
    let withdrawn = documented(&author, json!({})).await;
    change(&author, "withdrawViolationConsent", "ViolationInput", json!({ "violationId": withdrawn })).await;
    assert_eq!(code(&plan(&author, &[&withdrawn], json!({})).await), "ILLEGAL_TRANSITION");
    // With three receivers in the county a request names nobody, as long as they are of late.
    let superuser = world.connect(DatabaseRole::Superuser).await;
    for (days, receivers, service_type, status, is_made) in [
        (179, 2, "HIV_TESTING", "REQUESTED", false),
        (179, 3, "LEGAL_AID", "REQUESTED", false),
        (179, 3, "HIV_TESTING", "ENTERED_IN_ERROR", false),
        (181, 3, "HIV_TESTING", "REQUESTED", false),
        (179, 3, "HIV_TESTING", "REQUESTED", true),
    ] {
        superuser.batch_execute("DELETE FROM referral").await.expect("none");
        let insert = format!(
            "WITH sent AS (INSERT INTO referral (from_organisation_id, id, to_organisation_id, service_type, county_code, urgency, created_at)
             SELECT '{own}'::uuid, gen_random_uuid(), other.id, '{service_type}', '047', 'ROUTINE', now() - interval '{days} days'
             FROM (SELECT id FROM organisation WHERE id <> '{own}' ORDER BY id LIMIT {receivers}) AS other, generate_series(1, 2)
             UNION ALL SELECT '{own}'::uuid, gen_random_uuid(), '{own}'::uuid, 'HIV_TESTING', '047', 'ROUTINE', now()
             UNION ALL SELECT '{own}'::uuid, gen_random_uuid(), other.id, 'HIV_TESTING', '001', 'ROUTINE', now() FROM organisation AS other WHERE id <> '{own}'
             RETURNING *)
             INSERT INTO referral_progress (from_organisation_id, referral_id, to_organisation_id, status, expires_at, answer_by)
             SELECT from_organisation_id, id, to_organisation_id, '{status}', now() + interval '9 days', now() FROM sent",
            own = SENDER.id()
        );
        superuser.batch_execute(&insert).await.expect("referrals");
        let payload = plan(&author, &[&own], json!({ "audience": "HEALTH_PROVIDER" })).await;
        assert_eq!(
            payload["userErrors"] == json!([]),
            is_made,
            "{days} days, {receivers} receivers, {service_type} {status}: {payload:#}"
        );
    }
    // What was planned with enough of them, and would name somebody by now, doesn't go out.
    let query = "{ sensitisationPlans(statuses: [PLANNED]) { id releasableFrom } }";
    let plans = author.data(query, json!({})).await["sensitisationPlans"].take();
    let from: NaiveDate = plans[0]["releasableFrom"].as_str().expect("a day").parse().expect("a day");
    world.travel(start_of_day(from) - Utc::now() + TimeDelta::seconds(1)).await;
    let trainer = world.client(SENDER, Role::Trainer).await;
    assert_eq!(code(&release(&trainer, plans[0]["id"].as_str().expect("an id"), json!({})).await), "INVALID");
    // A violation that is forgotten is no reason any more, and what has no reason doesn't go out.
    let author = world.client(SENDER, Role::Caseworker).await;
    let of_police = planned(&author, &own).await;
    superuser.batch_execute("UPDATE sensitisation_plan SET releasable_from = present_month()").await.expect("long ago");
    let before = superuser
        .query("SELECT xmin::text, sensitisation_plan::text FROM sensitisation_plan ORDER BY 2", &[])
        .await
        .expect("rows");
    change(&author, "withdrawViolationConsent", "ViolationInput", json!({ "violationId": own })).await;
    let left: i64 = superuser.query_one("SELECT count(*) FROM violation_sensitisation", &[]).await.expect("a count").get(0);
    assert_eq!(left, 0);
    let after = superuser
        .query("SELECT xmin::text, sensitisation_plan::text FROM sensitisation_plan ORDER BY 2", &[])
        .await
        .expect("rows");
    let texts = |rows: &[tokio_postgres::Row]| rows.iter().map(|row| (row.get(0), row.get(1))).collect::<Vec<(String, String)>>();
    assert_eq!(texts(&before), texts(&after), "whoever manages trainings notices nothing");
    let refused = release(&trainer, &of_police, json!({})).await;
    assert_eq!(code(&refused), "ILLEGAL_TRANSITION", "{refused:#}");
    assert_eq!(drop_plan(&trainer, &of_police).await["sensitisationPlan"]["status"], "DROPPED");
}

/// Whoever withdraws consent while somebody plans because of the violation is waited for: no link to what is forgotten stays.
#[tokio::test]
async fn what_is_withdrawn_meanwhile_or_forgotten_is_no_reason() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::Caseworker).await;
    let (withdrawn, forgotten) = (documented(&author, json!({})).await, documented(&author, json!({})).await);
    let (superuser, watching) = (world.connect(DatabaseRole::Superuser).await, world.connect(DatabaseRole::Superuser).await);
    let forget = |id: &str, status: &str, outcome: &str| {
        let uuid = pamoja_api::graphql::global_id::decode::<pamoja_domain::id::ViolationId>(&id.into()).expect("an id").0;
        format!(
            "UPDATE violation SET status = '{status}', outcome = {outcome}, ended_in = documented_in, causes = '{{}}', populations = '{{}}', forgotten = true WHERE id = '{uuid}'"
        )
    };
    superuser.batch_execute(&format!("BEGIN; {}", forget(&withdrawn, "CONSENT_WITHDRAWN", "NULL"))).await.expect("withdrawn");
    let committing = async {
        crate::harness::until("somebody waits for the violation", async || {
            let waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)";
            let waiting: bool = watching.query_one(waits, &[]).await.expect("an answer").get(0);
            waiting.then_some(())
        })
        .await;
        superuser.batch_execute("COMMIT").await.expect("it is withdrawn");
    };
    let (planned, ()) = futures_util::future::join(plan(&author, &[&withdrawn], json!({})), committing).await;
    assert_eq!(code(&planned), "ILLEGAL_TRANSITION");
    superuser.batch_execute(&forget(&forgotten, "ENDED", "'RESOLVED'")).await.expect("forgotten");
    assert_eq!(code(&plan(&author, &[&forgotten], json!({})).await), "ILLEGAL_TRANSITION");
    let actions = read(&author, &forgotten).await["allowedActions"].clone();
    assert!(!actions.as_array().expect("actions").contains(&json!("PLAN_SENSITISATION")), "{actions}");
    let links: i64 = superuser.query_one("SELECT count(*) FROM violation_sensitisation", &[]).await.expect("a count").get(0);
    assert_eq!(links, 0);
}

/// The numbers of the domain are those of PostgreSQL, and what it takes for a service of health is what the domain takes for one.
#[tokio::test]
async fn postgresql_asks_for_what_the_domain_says() {
    use pamoja_domain::vocabulary::Vocabulary;
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let text: String =
        superuser.query_one("SELECT pg_get_functiondef('enough_receivers'::regproc)", &[]).await.expect("its text").get(0);
    for said in [format!(">= {FEWEST_RECEIVERS}"), format!("interval '{RECEIVER_DAYS} days'")] {
        assert!(text.contains(&said), "{said}: {text}");
    }
    let policy = "SELECT with_check FROM pg_policies WHERE policyname = 'sensitisation_plan_add'";
    let policy: String = superuser.query_one(policy, &[]).await.expect("a policy").get(0);
    assert!(policy.contains(&format!("+ {RELEASE_DAYS})")), "{policy}");
    for service_type in ServiceType::ALL {
        let is_left_out = text.contains(&format!("'{}'", service_type.code()));
        assert_eq!(is_left_out, !service_type.is_of_health(), "{service_type}");
    }
}
