//! What a count reads, by the statements themselves: whatever of it is changed strikes what is kept.

use std::collections::{BTreeMap, BTreeSet};

use pamoja_persistence::builders;

use super::*;

/// A table and a column.
type Column = (String, String);

/// The columns that say which record a row belongs to. Nobody changes them.
const NAMES: [&str; 5] = ["from_organisation_id", "referral_id", "id", "trainer_organisation_id", "session_id"];

/// Makes a view of each text that counts own figures, and asks PostgreSQL which columns it reads.
async fn columns_of_the_statements(superuser: &tokio_postgres::Client) -> BTreeSet<Column> {
    let (_, texts) =
        builders::statements().into_iter().find(|(file, _)| *file == "statistic.rs").expect("the figures' statements");
    assert!(texts.len() > 80, "only {} statements", texts.len());
    superuser.batch_execute("BEGIN").await.expect("a transaction");
    for (number, text) in texts.iter().enumerate() {
        let (mut view, dimensions) = (text.clone(), 2);
        for picked in (4..4 + dimensions).rev() {
            view = view.replace(&format!("${picked}"), "NULL::text[]");
        }
        let view = view.replace("$3", "'month'").replace("$2", "moment()").replace("$1", "moment()");
        superuser
            .batch_execute(&format!("CREATE VIEW counts_{number} AS {view}"))
            .await
            .unwrap_or_else(|error| panic!("{error}: {view}"));
    }
    let read = "SELECT DISTINCT depend.refobjid::regclass::text, attname::text
        FROM pg_rewrite JOIN pg_depend AS depend ON depend.objid = pg_rewrite.oid AND depend.classid = 'pg_rewrite'::regclass
        JOIN pg_attribute ON attrelid = depend.refobjid AND attnum = depend.refobjsubid
        WHERE ev_class::regclass::text ~ '^counts_' AND depend.refclassid = 'pg_class'::regclass AND depend.refobjsubid > 0
            AND depend.refobjid <> ev_class";
    columns(superuser, read).await
}

/// The columns by which row-level security decides whether somebody who counts sees a row of these tables.
async fn columns_of_the_walls(superuser: &tokio_postgres::Client, tables: &BTreeSet<&str>) -> BTreeSet<Column> {
    let read = "SELECT DISTINCT polrelid::regclass::text, attname::text
        FROM pg_policy JOIN pg_depend AS depend ON depend.objid = pg_policy.oid AND depend.classid = 'pg_policy'::regclass
        JOIN pg_attribute ON attrelid = depend.refobjid AND attnum = depend.refobjsubid
        WHERE polcmd = 'r' AND polpermissive AND depend.refobjid = polrelid AND depend.refobjsubid > 0
            AND polroles && ARRAY['pamoja_app'::regrole::oid, 'pamoja_worker'::regrole::oid]";
    columns(superuser, read).await.into_iter().filter(|(table, _)| tables.contains(table.as_str())).collect()
}

async fn columns(superuser: &tokio_postgres::Client, query: &str) -> BTreeSet<Column> {
    superuser.query(query, &[]).await.expect("the catalogue").iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// A change of each column that a count reads, and whose months it strikes: the sender's or host's, and the receiver's or trainer's.
const CHANGES: [(&str, &str, &str, [bool; 2]); 28] = [
    ("referral", "service_type", "SET service_type = 'SHELTER'", [true, true]),
    ("referral", "county_code", "SET county_code = '010'", [true, true]),
    ("referral", "created_at", "SET created_at = created_at + interval '1 hour'", [true, true]),
    ("referral_progress", "status", "SET status = 'ENTERED_IN_ERROR'", [true, true]),
    ("referral_progress", "status_at", "SET status_at = status_at + interval '1 hour'", [true, true]),
    ("referral_progress", "decline_reason", "SET decline_reason = 'OUT_OF_AREA'", [true, true]),
    ("referral_client", "populations", "SET populations = '{OTHER}'", [true, false]),
    ("referral_client", "age_band", "SET age_band = 'UNDER_15'", [true, false]),
    ("referral_shared", "populations", "SET populations = '{OTHER}'", [true, true]),
    ("referral_shared", "age_band", "SET age_band = 'UNDER_15'", [true, true]),
    ("referral_shared", "under_18", "SET under_18 = 'YES'", [true, true]),
    ("referral_consent", "counted", "SET counted = NOT counted", [true, false]),
    ("referral_event", "status", "SET status = 'COMPLETED'", [true, true]),
    ("referral_event", "at", "SET at = at - interval '1 hour'", [true, true]),
    ("referral_event", "by_organisation_id", "SET by_organisation_id = NULL WHERE by_organisation_id IS NOT NULL", [true, true]),
    ("referral_event", "taken_back", "SET taken_back = true", [true, true]),
    ("referral_event", "takes_back", "SET takes_back = true", [true, true]),
    // The receiver reads its own reasons alone.
    ("referral_non_completion", "reason", "SET reason = 'MOVED' WHERE by_organisation_id = to_organisation_id", [true, true]),
    ("referral_non_completion", "reason", "SET reason = 'MOVED' WHERE by_organisation_id <> to_organisation_id", [true, false]),
    (
        "referral_non_completion",
        "recorded_at",
        "SET recorded_at = recorded_at + interval '1 hour' WHERE by_organisation_id <> to_organisation_id",
        [true, false],
    ),
    (
        "referral_non_completion",
        "by_organisation_id",
        "SET by_organisation_id = from_organisation_id WHERE by_organisation_id = to_organisation_id",
        [true, true],
    ),
    ("training_session", "topic", "SET topic = 'OTHER'", [true, true]),
    ("training_session", "county_code", "SET county_code = '010'", [true, true]),
    ("training_session", "delivered_at", "SET delivered_at = delivered_at + interval '1 hour'", [true, true]),
    ("training_session", "hosts", "SET hosts = hosts || trainer_organisation_id", [true, true]),
    ("training_participants", "cadre", "SET cadre = 'MEDIA' WHERE cadre = 'STAFF'", [true, true]),
    ("training_participants", "count", "SET count = count + 1", [true, true]),
    ("training_participants", "host_organisation_id", "SET host_organisation_id = host_organisation_id", [true, true]),
];

/// Columns that are changed together with others, which strike: how that is made sure of is said beside them.
const TOGETHER: [(&str, &str); 7] = [
    // It refers to the referral's own, which gives and takes all of them, and strikes.
    ("referral_progress", "to_organisation_id"),
    ("referral_shared", "to_organisation_id"),
    ("referral_event", "to_organisation_id"),
    ("referral_non_completion", "to_organisation_id"),
    // These have tests of their own: another kind strikes one table of all members, and who takes an open referral strikes.
    ("organisation", "kind"),
    ("referral", "to_organisation_id"),
    // Whether somebody has a door tells nothing of the row.
    ("organisation", "status"),
];

/// The months that are struck after a statement, which is undone again: whether the sender's, and whether the receiver's.
async fn struck(scene: &Scene, statement: &str) -> [bool; 2] {
    scene.superuser.batch_execute("BEGIN").await.expect("a transaction");
    scene.superuser.batch_execute(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    let mut struck = [false; 2];
    for (struck, of) in struck.iter_mut().zip([SENDER, RECEIVER]) {
        let query = "SELECT (SELECT count(*) FROM own_figure_change WHERE organisation_id = $1 AND month = $2),
            (SELECT count(*) FROM own_figure WHERE organisation_id = $1 AND month = $2)";
        let row = scene.superuser.query_one(query, &[&of.id().0, &scene.months[0].first_day()]).await.expect("counts");
        let (changes, kept): (i64, i64) = (row.get(0), row.get(1));
        assert_eq!(changes > 0, kept == 0, "{statement}: {changes} changes, and {kept} tables are kept of {}", of.slug);
        *struck = changes > 0;
    }
    scene.superuser.batch_execute("ROLLBACK").await.expect("undone");
    struck
}

#[tokio::test]
async fn whatever_a_count_reads_strikes_what_is_kept_when_it_is_changed() {
    let scene = Scene::new().await;
    assert_eq!(kept_anew(&scene.world).await, [1, 1]);
    let superuser = &scene.superuser;
    let of_statements = columns_of_the_statements(superuser).await;
    let tables: BTreeSet<&str> = of_statements.iter().map(|(table, _)| table.as_str()).collect();
    let of_walls = columns_of_the_walls(superuser, &tables).await;
    superuser.batch_execute("ROLLBACK").await.expect("no views");
    assert!(tables.len() == 10 && of_statements.len() > 30 && of_walls.len() > 10, "{tables:?}");
    let mut tried: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (table, column, change, expected) in CHANGES {
        assert_eq!(struck(&scene, &format!("UPDATE {table} {change}")).await, expected, "{table}.{column}");
        tried.entry(table).or_default().insert(column);
    }
    for (table, column) in of_statements.iter().chain(&of_walls) {
        let (table, column) = (table.as_str(), column.as_str());
        if NAMES.contains(&column) {
            let may = "SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'pamoja\\_%' AND NOT rolsuper AND rolname <> 'pamoja_owner'
                AND has_column_privilege(oid, $1::text, $2::text, 'UPDATE')";
            let may = superuser.query(may, &[&table, &column]).await.expect("rights");
            assert!(may.is_empty(), "{table}.{column} can be changed");
        } else {
            let is_tried = tried.get(table).is_some_and(|columns| columns.contains(column));
            assert!(
                is_tried || TOGETHER.contains(&(table, column)),
                "a count reads {table}.{column}: what strikes when it is changed?"
            );
        }
    }
    // Rows that come and go. What goes with a referral is struck by it, and so is what is written with it alone.
    let comes_alone = |table: &str| ["referral_consent", "referral_non_completion", "training_participants"].contains(&table);
    for (table, expected) in [
        ("referral_progress", [true, true]),
        ("referral_client", [true, false]),
        ("referral_shared", [true, true]),
        ("referral_consent", [true, false]),
        ("referral_event", [true, true]),
        ("referral_non_completion", [true, true]),
        ("training_participants", [true, true]),
    ] {
        let goes = format!("CREATE TEMPORARY TABLE gone ON COMMIT DROP AS TABLE {table}; DELETE FROM {table}");
        assert_eq!(struck(&scene, &goes).await, expected, "rows of {table} go");
        let comes = format!(
            "CREATE TEMPORARY TABLE put_aside ON COMMIT DROP AS TABLE own_figure; {goes}; DELETE FROM own_figure_change;
             INSERT INTO own_figure TABLE put_aside ON CONFLICT DO NOTHING; INSERT INTO {table} OVERRIDING SYSTEM VALUE TABLE gone"
        );
        if comes_alone(table) {
            assert_eq!(struck(&scene, &comes).await, expected, "rows of {table} come");
        }
    }
    let amended = "INSERT INTO referral_event (from_organisation_id, referral_id, status, amended) SELECT from_organisation_id, id, 'ACCEPTED', true FROM referral";
    assert_eq!(struck(&scene, amended).await, [true, true], "what is amended");
    // By PostgreSQL's own clock: this test's is ahead of it.
    let before = "INSERT INTO referral_event (from_organisation_id, referral_id, status, at) SELECT from_organisation_id, id, 'COMPLETED', now() - interval '1 day' FROM referral";
    assert_eq!(struck(&scene, before).await, [true, true], "an event of before");
    let older = "BEGIN; INSERT INTO referral (from_organisation_id, id, to_organisation_id, service_type, county_code, urgency, created_at)
        SELECT from_organisation_id, gen_random_uuid(), to_organisation_id, service_type, county_code, urgency, timestamptz '2026-01-15Z' FROM referral";
    superuser.batch_execute(older).await.expect("referrals of before");
    let changes = "SELECT count(*) FROM own_figure_change WHERE month = '2026-01-01'";
    let changes = superuser.query_one(changes, &[]).await.expect("a count");
    assert_eq!(changes.get::<_, i64>(0), 2, "referrals of before");
    superuser.batch_execute("ROLLBACK").await.expect("undone");
    for table in &tables {
        superuser.batch_execute(&format!("BEGIN; TRUNCATE {table} CASCADE")).await.expect("an empty table");
        let kept = superuser.query_one("SELECT count(*) FROM own_figure", &[]).await.expect("a count");
        assert_eq!(kept.get::<_, i64>(0), 0, "{table} is empty");
        superuser.batch_execute("ROLLBACK").await.expect("undone");
    }
    assert_eq!(struck(&scene, "DELETE FROM referral").await, [true, true], "all that goes with it");
    let left = "UPDATE referral_progress SET to_organisation_id = NULL; UPDATE referral_shared SET to_organisation_id = NULL;
        UPDATE referral_slip SET to_organisation_id = NULL; UPDATE referral_note SET to_organisation_id = NULL;
        UPDATE referral_non_completion SET to_organisation_id = NULL; UPDATE referral_event SET to_organisation_id = NULL;
        DELETE FROM own_figure_change; UPDATE referral SET to_organisation_id = NULL, reference = NULL";
    let given_back = format!("{left}; DELETE FROM own_figure");
    assert_eq!(struck(&scene, &given_back).await, [true, true], "who takes an open referral or gives it back");
    // What nobody counts strikes nothing: another pseudonym, another urgency, another day, a consent that is given again.
    for nothing in [
        "UPDATE referral_client SET client = translate(client, 'abc', 'bca')",
        "UPDATE referral SET urgency = 'URGENT'",
        "UPDATE referral_progress SET scheduled_on = present_day(), updated_at = now()",
        "UPDATE referral_consent SET language = 'sw'",
        "UPDATE training_session SET held_on = held_on - 1",
    ] {
        assert_eq!(struck(&scene, nothing).await, [false, false], "{nothing}");
    }
}

/// Writes one referral into each of that many months, directly into the tables.
async fn one_a_month(scene: &World, first: Month, months: i32) {
    let superuser = scene.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute(&format!(
            "CREATE TEMPORARY TABLE made AS
                 SELECT gen_random_uuid() AS id, timestamptz '{first}-15Z' + make_interval(months => month) AS created_at FROM generate_series(0, {months} - 1) AS month;
             INSERT INTO referral (from_organisation_id, id, to_organisation_id, service_type, county_code, urgency, created_at)
                 SELECT '{sender}', id, '{receiver}', 'PEP', '047', 'ROUTINE', created_at FROM made;
             INSERT INTO referral_progress (from_organisation_id, referral_id, to_organisation_id, status, expires_at)
                 SELECT '{sender}', id, '{receiver}', 'REQUESTED', created_at FROM made;",
            sender = SENDER.id(),
            receiver = RECEIVER.id(),
        ))
        .await
        .expect("they are written");
}

#[tokio::test(flavor = "multi_thread")]
async fn five_years_that_are_kept_are_one_statement_that_reads_a_row_a_month() {
    let world = World::new().await;
    let last = last_closed(world.app.database.now() - pamoja_persistence::publication::MARGIN);
    let first = (0..59).fold(last, |month, _| month.before());
    one_a_month(&world, first, 62).await;
    assert_eq!(job::keep_figures(&world.worker, SENDER.id()).await.expect("the job"), 60);
    let sender = quiet(&world, SENDER).await;
    let mut costs = String::new();
    for (what, from, through) in [("all kept", first, last), ("and the open ones", first.plus(2), last.plus(2))] {
        costs += &cost(&world, what, async || {
            let months = [from.to_string(), through.to_string()];
            let answer = table(
                &sender,
                &input(StatisticTableName::ReferralsByReceiverKind, Measure::Created, PeriodKind::Month, &months),
                OwnSide::Sent,
            )
            .await;
            let totals = cells(&answer["totals"]);
            assert!(totals.len() == 60 && totals.iter().all(|(.., value)| *value == 1), "{totals:?}");
        })
        .await;
    }
    insta::assert_snapshot!(costs, @r"
    all kept: 1 transactions, 4 statements
    and the open ones: 1 transactions, 5 statements
    ");
    // However many months are struck here and there, there are few statements.
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute("DELETE FROM own_figure WHERE extract(month FROM month)::integer % 2 = 0")
        .await
        .expect("every second");
    let costs = cost(&world, "every second month", async || {
        let months = [first.to_string(), last.to_string()];
        let answer = table(
            &sender,
            &input(StatisticTableName::ReferralsByCounty, Measure::Created, PeriodKind::Month, &months),
            OwnSide::Sent,
        )
        .await;
        assert_eq!(cells(&answer["totals"]).iter().map(|(.., value)| value).sum::<i64>(), 60);
    })
    .await;
    insta::assert_snapshot!(costs, @"every second month: 1 transactions, 8 statements");
    assert_eq!(job::keep_figures(&world.worker, SENDER.id()).await.expect("the job"), 30);
    let app = world.connect(DatabaseRole::App).await;
    app.batch_execute(&format!("SELECT test_gate.enter('{}', 'member')", SENDER.id())).await.expect("a tenant");
    let read = include_str!("../../../../crates/persistence/src/statistic/kept/read.sql");
    let explain = format!(
        "SET plan_cache_mode = force_generic_plan; PREPARE tried AS {read};
         EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF, FORMAT JSON) EXECUTE tried('SENT', 'REFERRALS_BY_COUNTY', {}, '{}', '{}')",
        rule(&app).await,
        first.first_day(),
        last.plus(1).first_day()
    );
    let plan: Value = app
        .simple_query(&explain)
        .await
        .expect("a plan")
        .iter()
        .find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(|text| serde_json::from_str(text).expect("JSON")),
            _ => None,
        })
        .expect("a plan");
    let scan = scan(&plan[0]["Plan"]).expect("a scan of what is kept");
    let read = (&scan["Actual Rows"], &scan["Index Name"], &scan["Rows Removed by Filter"]);
    assert_eq!(read, (&json!(60), &json!("own_figure_pkey"), &json!(0)), "{plan:#}");
}

/// The node of a plan that reads what is kept.
fn scan(node: &Value) -> Option<&Value> {
    let below = || node["Plans"].as_array().into_iter().flatten().find_map(scan);
    if node["Relation Name"] == "own_figure" { Some(node) } else { below() }
}

/// The rule by which one table was counted, as a literal.
async fn rule(app: &tokio_postgres::Client) -> String {
    let rule = "SELECT quote_literal(rule) FROM own_figure WHERE table_name = 'REFERRALS_BY_COUNTY' LIMIT 1";
    app.query_one(rule, &[]).await.expect("a rule").get(0)
}
