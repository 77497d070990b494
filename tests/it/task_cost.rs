//! What the list of tasks and its counts look at: as much as is still open, however much has ended.

use std::collections::BTreeSet;

use chrono::Days;
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::id::ReferralId;
use pamoja_domain::task::TaskKind;
use pamoja_domain::vocabulary::Vocabulary;
use serde_json::Value;
use tokio_postgres::SimpleQueryMessage;

use crate::harness::{SENDER, World};
use crate::referral::desks;
use crate::task::{moment, tasks};
use crate::task_follow_up::declined;

/// The rows that the nodes of a plan looked at.
pub fn looked_at(plan: &Value) -> f64 {
    let own = |field: &str| plan[field].as_f64().unwrap_or(0.0);
    let rows = own("Actual Rows") + own("Rows Removed by Filter") + own("Rows Removed by Join Filter");
    rows * own("Actual Loops") + plan["Plans"].as_array().into_iter().flatten().map(looked_at).sum::<f64>()
}

/// The tables that a plan read.
fn tables_read(plan: &Value) -> BTreeSet<&str> {
    let own = plan["Relation Name"].as_str().filter(|_| plan["Actual Loops"].as_f64() > Some(0.0));
    plan["Plans"].as_array().into_iter().flatten().flat_map(tables_read).chain(own).collect()
}

/// Executes the statement that was prepared as `asked`; returns the plan that was followed.
pub async fn explain(app: &tokio_postgres::Client, parameters: &str) -> Value {
    let explained = format!("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE asked({parameters})");
    let answer = app.simple_query(&explained).await.expect("a plan");
    let told = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    let mut plan: Value = serde_json::from_str(told.expect("a row")).expect("JSON");
    plan[0]["Plan"].take()
}

/// Makes thirty thousand old referrals of a declined one, which all have been followed up.
pub async fn multiply(world: &World, id: ReferralId) {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute(&format!(
            "SET session_replication_role = replica; CREATE TEMPORARY TABLE copy AS SELECT gen_random_uuid() AS id FROM generate_series(1, 30000);
             INSERT INTO referral (from_organisation_id, id, to_organisation_id, service_type, county_code, urgency, created_at)
                 SELECT from_organisation_id, copy.id, to_organisation_id, service_type, county_code, urgency, created_at - interval '300 days' FROM referral, copy;
             INSERT INTO referral_progress (from_organisation_id, referral_id, to_organisation_id, status, status_at, expires_at)
                 SELECT from_organisation_id, copy.id, to_organisation_id, 'DECLINED', status_at - interval '290 days', expires_at - interval '300 days' FROM referral_progress, copy;
             INSERT INTO referral_sender SELECT from_organisation_id, copy.id, user_id FROM referral_sender, copy;
             INSERT INTO referral_follow_up (from_organisation_id, referral_id, ended_at, settled_at)
                 SELECT from_organisation_id, referral_id, status_at, status_at FROM referral_progress WHERE referral_id <> '{id}';
             ANALYZE"
        ))
        .await
        .expect("many old referrals");
}

/// The names of the sources in a statement.
fn names(text: &str) -> BTreeSet<&str> {
    let before = text.split(" = ANY ($1)").map(|before| before.trim_end_matches('\'').rsplit('\'').next().unwrap_or_default());
    before.filter(|name| name.contains('.') && !name.contains(' ')).collect()
}

#[tokio::test]
async fn whatever_has_ended_before_costs_a_list_of_tasks_nothing() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = declined(&sender, &receiver).await;
    let id: ReferralId = global_id::decode(&id.as_str().into()).expect("an id");
    multiply(&world, id).await;
    let texts: Vec<String> = pamoja_persistence::builders::statements()
        .into_iter()
        .filter(|(file, _)| *file == "task.rs")
        .flat_map(|(_, texts)| texts)
        .collect();
    let app = world.connect(DatabaseRole::App).await;
    let enter =
        |roles: &str| format!("SELECT test_gate.enter('{}', 'member', '{}', '{roles}')", SENDER.id(), SENDER.user("caseworker"));
    app.batch_execute(&format!("SET plan_cache_mode = force_generic_plan; {}", enter("CASEWORKER"))).await.expect("a tenant");
    let (mut explained, mut read) = (0, 0);
    for text in &texts {
        app.batch_execute(&format!("PREPARE asked AS {text}")).await.expect("a statement");
        let typed = "SELECT parameter_types::text FROM pg_prepared_statements WHERE name = 'asked'";
        let further = match app.query_one(typed, &[]).await.expect("its types").get::<_, &str>(0) {
            "{text[],bigint}" => ", 101",
            "{text[]}" => "",
            // Whether there is one task.
            "{text[],uuid}" => {
                app.batch_execute("DEALLOCATE asked").await.expect("it is forgotten");
                continue;
            }
            other => panic!("{other}"),
        };
        let plan = explain(&app, &format!("ARRAY[]::text[]{further}")).await;
        assert_eq!(tables_read(&plan), BTreeSet::new(), "nothing is asked for: {text}\n{plan:#}");
        for name in names(text) {
            for roles in ["PEER_EDUCATOR", "CASEWORKER TRAINER ORGANISATION_ADMIN"] {
                app.batch_execute(&enter(roles)).await.expect("roles");
                let plan = explain(&app, &format!("ARRAY['{name}']{further}")).await;
                let rows = looked_at(&plan);
                assert!(rows < 1_500.0, "{rows} rows were looked at for {name} as {roles}: {text}\n{plan:#}");
                explained += 1;
                read += usize::from(!tables_read(&plan).is_empty());
            }
        }
        app.batch_execute("DEALLOCATE asked").await.expect("it is forgotten");
    }
    assert!(explained >= 4 * TaskKind::ALL.len(), "only {explained}: of each source and reach, lists and counts");
    // A source that nobody of these roles has reads nothing.
    assert!(2 * read > explained, "only {read} of {explained} read a table");
    let found = tasks(&sender).await;
    assert_eq!((found.len(), moment(&found[0]["dueAt"]) > world.app.database.now() - Days::new(1)), (1, true));
}
