//! How PostgreSQL would carry out each statement that members may send, where every table that grows has a million rows: it reads what is
//! shown, and not all that there is. And a plan is made once a connection, not once a call.

use std::collections::{BTreeMap, BTreeSet};

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_persistence::limits::{Extent, LIMITS};
use pamoja_persistence::listed::{self, ListedStatement};
use serde_json::{Value, json};
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::harness::{RECEIVER, SENDER, World};
use crate::referral::{desks, sent};
use crate::taken_over::scene;

/// The rows of a table that a statement may read before it knows which of them it shows, and the rows that it may sort: of a million, more
/// than any page and any limit has, and a small part of what an organisation has.
const MOST: f64 = 5_000.0;
/// What looking up so many rows by an index may cost at most, in the planner's units: so much, and so much a row. Whoever reads more of an
/// index than leads to the rows pays for it.
const LOOKING_UP: (f64, f64) = (200.0, 12.0);
/// The tables of which there are some thousands of rows when the whole country has joined. They may be read as a whole.
const DIRECTORY: [&str; 9] = [
    "facility",
    "organisation",
    "organisation_contact",
    "service",
    "service_friendliness",
    "statistic_release",
    "training_offer",
    "training_satisfaction",
    "user_account",
];
/// What statements may read beyond that: what their text has, the table, and why.
const EXEMPT: [(&str, &str, &str); 7] = [
    ("WITH member_away", "", "tasks: what they read is looked at by whatever_has_ended_before_costs_a_list_of_tasks_nothing"),
    ("SELECT own.referral_id", "referral_sender", "a page of a peer educator's own begins with what one person has sent"),
    ("SELECT own.referral_id", "referral_handler", "and with what is assigned to them"),
    ("SELECT violation.id", "violation_author", "a page of a caseworker's own looks at what one person has documented"),
    ("COUNT(*) FROM \"blank_slip\"", "blank_slip", "an account can have no more than a limit of them"),
    ("COUNT(*) FROM \"pending_check_in\"", "pending_check_in", "likewise"),
    ("COUNT(*) FROM \"slip_attempt\"", "slip_attempt", "likewise"),
];

/// What is wrong with a plan: the table, and what is done with it.
type Faults = BTreeSet<(String, String)>;

/// The table that a part of a plan reads first.
fn table(plan: &Value) -> Option<&str> {
    plan["Relation Name"].as_str().or_else(|| plan["Plans"].as_array()?.iter().find_map(table))
}

/// Adds what is wrong with a part of a plan that is carried out that many times. `ends_early`: whoever reads its rows stops after a page.
fn judge(plan: &Value, times: f64, ends_early: bool, faults: &mut Faults) {
    let kind = plan["Node Type"].as_str().expect("its kind");
    let number = |field: &str| plan[field].as_f64().unwrap_or(0.0);
    let parts: Vec<&Value> = plan["Plans"].as_array().into_iter().flatten().collect();
    let rows = number("Plan Rows") * if ends_early { 1.0 } else { times };
    let mut fault = |what: String| faults.insert((table(plan).unwrap_or_default().to_owned(), what));
    if kind == "Seq Scan" {
        fault("is read as a whole".to_owned());
    } else if kind.ends_with("Sort") && rows > MOST {
        fault(format!("{rows} rows are sorted"));
    } else if plan.get("Relation Name").is_some() && rows > MOST && (kind.starts_with("Bitmap") || !ends_early) {
        fault(format!("{rows} rows are read: {kind} {}", plan["Index Name"]));
    }
    let asks_others = parts.iter().any(|part| part["Parent Relationship"] == "SubPlan");
    if kind.starts_with("Index") && !ends_early && !asks_others {
        let cost = number("Total Cost") - number("Startup Cost");
        if cost > LOOKING_UP.0 + LOOKING_UP.1 * number("Plan Rows") {
            fault(format!("{} is walked through: it costs {cost}", plan["Index Name"]));
        }
    }
    let outer = parts.iter().find(|part| part["Parent Relationship"] == "Outer").and_then(|part| part["Plan Rows"].as_f64());
    for part in parts {
        let (times, ends_early) = match (kind, part["Parent Relationship"].as_str()) {
            (_, Some("InitPlan" | "SubPlan")) => (1.0, false),
            ("Limit", _) => (times, true),
            // These begin when they have read everything.
            ("Sort" | "Hash" | "WindowAgg" | "Materialize", _) => (times, false),
            ("Aggregate", _) if plan["Strategy"] != "Sorted" => (times, false),
            ("Nested Loop", Some("Inner")) => (times * outer.unwrap_or(1.0).max(1.0), ends_early),
            _ => (times, ends_early),
        };
        judge(part, times, ends_early, faults);
    }
}

/// The plan of a statement for whatever is asked for.
async fn plan(client: &Client, parameters: &str, text: &str) -> Value {
    let count = if parameters.is_empty() { 0 } else { parameters.split(", ").count() };
    let (types, nothing) = if count == 0 {
        (String::new(), String::new())
    } else {
        (format!("({parameters})"), format!("({})", vec!["NULL"; count].join(", ")))
    };
    client.batch_execute(&format!("PREPARE asked {types} AS {text}")).await.unwrap_or_else(|error| panic!("{error:?}: {text}"));
    let explained = client.simple_query(&format!("EXPLAIN (FORMAT JSON) EXECUTE asked{nothing}")).await.expect("a plan");
    client.batch_execute("DEALLOCATE asked").await.expect("it is forgotten");
    let told = explained.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    let plan: Value = serde_json::from_str(told.expect("a row")).expect("JSON");
    plan[0]["Plan"].clone()
}

async fn faults(client: &Client, parameters: &str, text: &str) -> Faults {
    let mut faults = Faults::new();
    judge(&plan(client, parameters, text).await, 1.0, false, &mut faults);
    faults.retain(|(table, _)| !DIRECTORY.contains(&table.as_str()));
    faults
}

/// A member's transaction as the role that has the rights of the statements, in a database with a million rows in each table.
async fn member_among_many(world: &World) -> Client {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser.batch_execute(&scene::rows(SENDER, RECEIVER)).await.expect("a row in each table");
    superuser.batch_execute(include_str!("plan/multiply.sql")).await.expect("many rows");
    let app = world.connect(DatabaseRole::App).await;
    let settings = LIMITS.iter().filter(|(_, _, extent)| *extent == Extent::Transaction);
    let quoted = |value: &str| value.split(", ").map(|one| format!("'{one}'")).collect::<Vec<_>>().join(", ");
    let settings: Vec<String> = settings.map(|(name, value, _)| format!("SET {name} = {}", quoted(value))).collect();
    app.batch_execute(&format!("BEGIN READ ONLY; {}", settings.join("; "))).await.expect("as the program connects");
    app.batch_execute(&scene::proof(world.caller(SENDER, "caseworker").await)).await.expect("a member's transaction");
    app
}

#[tokio::test]
async fn no_statement_reads_more_than_it_shows() {
    let world = World::new().await;
    let app = member_among_many(&world).await;
    let (mut wrong, mut used) = (BTreeMap::<_, Vec<String>>::new(), BTreeSet::new());
    for ListedStatement { parameters, text, .. } in listed::statements() {
        for fault in faults(&app, &parameters, &text).await {
            let exempt = EXEMPT.iter().find(|(has, table, _)| text.contains(has) && (table.is_empty() || fault.0 == *table));
            match exempt {
                Some(exempt) => drop(used.insert(exempt)),
                None => wrong.entry(fault).or_default().push(text.clone()),
            }
        }
    }
    let told: Vec<String> =
        wrong.iter().map(|((table, what), texts)| format!("{table}: {what}, by {}: {}", texts.len(), texts[0])).collect();
    assert!(wrong.is_empty(), "{}", told.join("\n\n"));
    let unused: Vec<_> = EXEMPT.iter().filter(|exempt| !used.contains(exempt)).collect();
    assert!(unused.is_empty(), "nothing needs these any more: {unused:?}");
    // What the rule is for is found.
    for (parameters, text, found) in [
        ("text", "SELECT sealed FROM referral_note WHERE sealed = $1", "is read as a whole"),
        (
            "",
            "SELECT id FROM referral WHERE from_organisation_id = (SELECT tenant()) ORDER BY county_code LIMIT 20",
            "are sorted",
        ),
        ("", "SELECT count(*) FROM referral WHERE from_organisation_id = (SELECT tenant())", "are read"),
    ] {
        let told = faults(&app, parameters, text).await;
        assert!(told.iter().any(|(_, what)| what.contains(found)), "{text}: {told:?}");
    }
    let walks = json!({ "Node Type": "Index Scan", "Relation Name": "training_request", "Index Name": "an_index", "Plan Rows": 5,
        "Startup Cost": 0.3, "Total Cost": 2152.0 });
    let mut told = Faults::new();
    judge(&walks, 1.0, false, &mut told);
    assert!(told.iter().any(|(_, what)| what.contains("is walked through")), "{told:?}");
    let page =
        "SELECT id FROM referral WHERE from_organisation_id = (SELECT tenant()) ORDER BY created_at DESC, id DESC LIMIT 20";
    assert_eq!(faults(&app, "", page).await, Faults::new());
}

/// Writes down, at each audit entry, what the connection has prepared and what plans it keeps.
const WRITE_DOWN: &str = "CREATE SCHEMA test_plan;
    CREATE TABLE test_plan.prepared (statement text, generic_plans bigint, custom_plans bigint);
    CREATE TABLE test_plan.kept (name text, text text);
    CREATE FUNCTION test_plan.write_down() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        TRUNCATE test_plan.prepared, test_plan.kept;
        INSERT INTO test_plan.prepared SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements;
        INSERT INTO test_plan.kept SELECT name, ident FROM pg_backend_memory_contexts WHERE name IN ('CachedPlanSource', 'CachedPlan');
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER test_plan AFTER INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION test_plan.write_down()";

const LIST: &str = "{ referrals(direction: INCOMING, first: 20) { nodes { id client status service { name } timeline { status byUser { displayName } } } }
    viewer { tasks(first: 5) { nodes { kind } } } }";

#[tokio::test]
async fn a_statement_is_planned_once_a_connection() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let (sender, receiver) = desks(&world).await;
    // The pool's connections take turns, so that each does each of it several times.
    for _ in 0..24 {
        let (id, _) = sent(&sender).await;
        receiver.data(LIST, json!({})).await;
        receiver.move_referral("acceptReferral", &id).await;
    }
    superuser.batch_execute(WRITE_DOWN).await.expect("the plans are written down");
    sent(&sender).await;
    let query =
        "SELECT statement, generic_plans, custom_plans FROM test_plan.prepared WHERE statement LIKE 'SELECT * FROM statement.%'";
    let prepared: Vec<(String, i64, i64)> =
        superuser.query(query, &[]).await.expect("statements").iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    let often = prepared.iter().filter(|(_, generic, _)| *generic > 2).count();
    assert!(often > 10, "only {often} of {} statements were called more than twice: {prepared:?}", prepared.len());
    let anew: Vec<_> = prepared.iter().filter(|(_, _, custom)| *custom > 0).collect();
    assert!(anew.is_empty(), "planned anew at each call: {anew:?}");
    // What the statements' functions send: each text has a plan that is kept.
    let query = "SELECT text FROM test_plan.kept WHERE name = 'CachedPlanSource' EXCEPT SELECT text FROM test_plan.kept WHERE name = 'CachedPlan'";
    let without: Vec<String> = superuser.query(query, &[]).await.expect("texts").iter().map(|row| row.get(0)).collect();
    let listed = listed::statements();
    // PostgreSQL tells the beginning of long texts.
    let lists = |text: &String| listed.iter().any(|statement| statement.text.starts_with(text.trim_end()));
    let kept = "SELECT text FROM test_plan.kept WHERE name = 'CachedPlan'";
    let kept: Vec<String> = superuser.query(kept, &[]).await.expect("texts").iter().map(|row| row.get(0)).collect();
    assert!(kept.iter().filter(|text| lists(text)).count() > 10, "{kept:?}");
    let unkept: Vec<&String> = without.iter().filter(|text| lists(text)).collect();
    assert!(unkept.is_empty(), "no plan is kept of {unkept:?}");
}
