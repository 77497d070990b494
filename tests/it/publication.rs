//! Figures over all members: what is published about a coalition that was recorded row by row, and that it stays as published.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{NoiseKey, PeriodKind, closes_at};
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::publication::Publisher;
use serde_json::{Value, json};
use tokio_postgres::Client;

use crate::harness::{Client as Caller, OUTSIDER, SENDER, World};

mod recount;
mod utility;

/// Writes fourteen months of records.
pub async fn made(superuser: &Client) {
    superuser.batch_execute(include_str!("publication/made.sql")).await.expect("they are written");
}

/// A time at which January 2026 is closed and February isn't.
fn at() -> DateTime<Utc> {
    "2026-03-20T00:00:00Z".parse().expect("a moment")
}

fn noise_key() -> NoiseKey {
    NoiseKey::new(zeroize::Zeroizing::new([7; 32]))
}

async fn publisher(world: &World, at: DateTime<Utc>) -> Publisher {
    Publisher::connect(&world.url(DatabaseRole::Publisher), noise_key(), false, at).await.expect("a publisher")
}

/// Publishes every month that is due.
pub async fn publish_all(world: &World) -> Vec<Month> {
    let mut publisher = publisher(world, at()).await;
    let due = publisher.due().await.expect("months");
    for month in &due {
        publisher.publish(*month, &|_| ()).await.expect("it is published");
    }
    due
}

/// Everything that is published, as text.
async fn rows(superuser: &Client) -> Vec<String> {
    let statement = "SELECT statistic_cell::text FROM statistic_cell UNION ALL SELECT statistic_release::text FROM statistic_release ORDER BY 1";
    superuser.query(statement, &[]).await.expect("rows").iter().map(|row| row.get(0)).collect()
}

async fn count(superuser: &Client, what: &str) -> i64 {
    superuser.query_one(&format!("SELECT count(*) FROM {what}"), &[]).await.expect("a count").get(0)
}

#[tokio::test]
async fn every_published_figure_is_near_the_truth_and_nobody_subtracts_itself_out_of_it() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    made(&superuser).await;
    let due = publish_all(&world).await;
    assert_eq!((due.len(), due[0].to_string(), due[12].to_string()), (13, "2025-01".to_owned(), "2026-01".to_owned()));
    let facts = recount::facts(&superuser).await;
    let cells =
        superuser.query("SELECT table_name, measure, period_kind, period::text, keys, value FROM statistic_cell", &[]).await;
    let mut shown: BTreeMap<(String, String), usize> = BTreeMap::new();
    for row in cells.expect("cells") {
        let (table, measure, kind): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let (period, keys, value): (String, Vec<String>, i64) = (row.get(3), row.get(4), row.get(5));
        let first = Month::parse("", &period[..7]).expect("a month");
        let months = PeriodKind::from_code(&kind).expect("a period").months();
        let months: Vec<String> = (0..months).map(|ahead| first.plus(ahead).to_string()).collect();
        let wrong = recount::wrong(&facts, &table, &measure, &months, &keys, value);
        assert_eq!(wrong, None, "{table} {measure} {kind} {period} {keys:?}");
        *shown.entry((table, kind)).or_default() += 1;
    }
    assert!(shown.values().sum::<usize>() > 1_000, "{shown:?}");
    for (table, kind) in [
        ("REFERRALS_BY_COUNTY", "MONTH"),
        ("REFERRALS_BY_POPULATION_AND_SERVICE_TYPE", "YEAR"),
        ("TRAINING_PARTICIPANTS_BY_CADRE", "YEAR"),
    ] {
        assert!(shown.contains_key(&(table.to_owned(), kind.to_owned())), "nothing of {table} by {kind}: {shown:?}");
    }
    // Publishing a year deletes its intermediate counts; one month of the next year is kept.
    assert_eq!(count(&superuser, "statistic_rollup WHERE month < '2026-01-01'").await, 0);
    assert!(count(&superuser, "statistic_rollup").await > 0);
    let audit = "SELECT organisation.slug, action, door FROM audit_entry JOIN organisation ON id = organisation_id WHERE action LIKE 'publish%' ORDER BY position";
    let audit = superuser.query(audit, &[]).await.expect("the audit");
    assert_eq!(
        (audit.len(), audit[12].get::<_, &str>(0), audit[12].get::<_, &str>(1), audit[12].get::<_, &str>(2)),
        (13, "secretariat", "publishFigures 2026-01", "publication")
    );
}

#[tokio::test]
async fn whoever_publishes_adds_nothing_to_what_is_published_and_is_seen_by_the_secretariat() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    made(&superuser).await;
    // As long as the secretariat has a coalition administrator, it stays the secretariat.
    let administrator = "UPDATE user_account SET roles = '{ANALYST}' WHERE 'COALITION_ADMIN' = ANY (roles)";
    superuser.batch_execute(administrator).await.expect("the role is taken away");
    let secretariat = "UPDATE organisation SET kind = $1::text WHERE slug = 'secretariat'";
    superuser.execute(secretariat, &[&"LEGAL_AID"]).await.expect("nobody is the secretariat");
    let mut publisher = publisher(&world, at()).await;
    let due = publisher.due().await.expect("months");
    let refused = publisher.publish(due[0], &|_| ()).await.expect_err("nobody would hear of it");
    assert!(refused.to_string().contains("SECRETARIAT"), "{refused}");
    assert_eq!(count(&superuser, "statistic_release").await + count(&superuser, "statistic_cell").await, 0);
    superuser.execute(secretariat, &[&"SECRETARIAT"]).await.expect("as it was");
    publisher.publish(due[0], &|_| ()).await.expect("it is published");
    drop(publisher);
    let client = world.connect(DatabaseRole::Publisher).await;
    let cell = |period: &str| {
        format!("INSERT INTO statistic_cell VALUES ('REFERRALS_BY_COUNTY', 'CREATED', 'MONTH', '{period}', '{{002}}', 7)")
    };
    let closed_later =
        "INSERT INTO statistic_release (month, noise_key_id) SELECT date_trunc('month', moment() - interval '29 days'), 'x'";
    for statement in [cell(&format!("{}-01", due[0])), closed_later.to_owned()] {
        let refused = client.batch_execute(&statement).await.expect_err("it is refused");
        assert_eq!(refused.code().map(|code| code.code()), Some("42501"), "{statement}: {refused}");
    }
    client.batch_execute(&cell(&format!("{}-01", due[1]))).await.expect("of a month that isn't published yet");
}

#[tokio::test]
async fn what_is_published_stands_whatever_is_recorded_late_and_is_published_once() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    made(&superuser).await;
    // Two publications at once: one waits for the other, and finds nothing left to do.
    let (one, other) = tokio::join!(publish_all(&world), publish_all(&world));
    assert_eq!((one.len().max(other.len()), one.len().min(other.len())), (13, 0));
    let before = rows(&superuser).await;
    superuser
        .batch_execute(
            "SET session_replication_role = replica;
             INSERT INTO referral SELECT from_organisation_id, gen_random_uuid(), to_organisation_id, service_type, county_code, urgency, created_at FROM referral;
             DELETE FROM referral_event WHERE random() < 0.5; UPDATE referral_consent SET counted = NOT counted; DELETE FROM training_participants",
        )
        .await
        .expect("late records");
    assert_eq!(publish_all(&world).await, []);
    assert_eq!(rows(&superuser).await, before);
    for role in [DatabaseRole::App, DatabaseRole::Publisher] {
        let client = world.connect(role).await;
        for statement in ["UPDATE statistic_cell SET value = 1", "DELETE FROM statistic_cell", "DELETE FROM statistic_release"] {
            assert!(client.batch_execute(statement).await.is_err(), "{statement}");
        }
    }
    let app = world.connect(DatabaseRole::App).await;
    assert!(app.batch_execute("SELECT month FROM statistic_rollup").await.is_err(), "the app role reads true figures");
    assert_eq!(count(&app, "statistic_cell").await, 0, "without a door");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_interrupted_has_published_a_month_or_nothing_of_it() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    made(&superuser).await;
    for patience in [20, 60, 120, 250, 400] {
        let mut publisher = publisher(&world, at()).await;
        let due = publisher.due().await.expect("months");
        let publishing = async {
            for month in due {
                publisher.publish(month, &|_| ()).await.expect("it is published");
            }
        };
        drop(tokio::time::timeout(Duration::from_millis(patience), publishing).await);
        drop(publisher);
        // In one statement: what was committed may still be on its way.
        let counts =
            "SELECT (SELECT count(*) FROM statistic_release), (SELECT count(*) FROM audit_entry WHERE action LIKE 'publish%'),
            (SELECT count(DISTINCT period) FROM statistic_cell WHERE period_kind = 'MONTH')";
        let counts = superuser.query_one(counts, &[]).await.expect("counts");
        let (months, audited, of_cells): (i64, i64, i64) = (counts.get(0), counts.get(1), counts.get(2));
        // August has no records.
        assert!(months == audited && (of_cells == months || of_cells + 1 == months), "{months} {audited} {of_cells}");
    }
    publish_all(&world).await;
    assert_eq!(count(&superuser, "statistic_release").await, 13);
}

/// PostgreSQL and the program close a month at the same moment, wherever the server is.
#[tokio::test]
async fn postgresql_lets_a_month_be_published_from_the_moment_on_at_which_it_closes() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let policy = "SELECT with_check FROM pg_policies WHERE policyname = 'statistic_release_publish'";
    let check: String = superuser.query_one(policy, &[]).await.expect("a policy").get(0);
    // Whoever publishes enters no door, so that no test can set their clock off.
    assert_eq!(check.matches("moment()").count(), 1, "{check}");
    for zone in ["UTC", "Africa/Nairobi", "Pacific/Honolulu", "Pacific/Kiritimati", "Europe/London"] {
        superuser.batch_execute(&format!("SET TimeZone = '{zone}'")).await.expect("a time zone");
        for month in (0..48).map(|ahead| Month::of("2024-01-01".parse().expect("a day")).plus(ahead)) {
            for (seconds, is_let) in [(-1, false), (0, true)] {
                let at = closes_at(month) + TimeDelta::seconds(seconds);
                let asked = check.replace("moment()", &format!("timestamptz '{}'", at.to_rfc3339()));
                let asked = format!("SELECT {asked} FROM (VALUES (date '{month}-01')) AS release (month)");
                let answer: bool = superuser.query_one(&asked, &[]).await.expect("an answer").get(0);
                assert_eq!(answer, is_let, "{month} in {zone}, {seconds} s after it closes");
            }
        }
    }
}

#[tokio::test]
async fn a_month_that_is_not_closed_is_not_published() {
    let world = World::new().await;
    made(&world.connect(DatabaseRole::Superuser).await).await;
    // January ends in Nairobi three hours before it ends in Greenwich. It is closed after another 30 days and one hour.
    for (at, due) in [("2025-03-02T21:59:59Z", 0), ("2025-03-02T22:00:00Z", 1), ("2025-03-31T00:00:00Z", 2)] {
        let at = at.parse().expect("a moment");
        assert_eq!(publisher(&world, at).await.due().await.expect("months").len(), due, "{at}");
    }
    let mut early = publisher(&world, "2025-03-02T21:59:59Z".parse().expect("a moment")).await;
    let january = Month::parse("", "2025-01").expect("a month");
    assert!(early.publish(january, &|_| ()).await.is_err());
}

#[tokio::test]
async fn a_table_that_joins_the_catalogue_later_has_no_figure_of_a_period_that_began_without_it() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    made(&superuser).await;
    let late = "REFERRALS_BY_COUNTY";
    {
        let mut publisher = publisher(&world, at()).await;
        for month in publisher.due().await.expect("months").into_iter().take(2) {
            publisher.publish(month, &|_| ()).await.expect("it is published");
        }
    }
    // January and February were published by a catalogue that didn't have the table.
    superuser
        .batch_execute(&format!(
            "DELETE FROM statistic_cell WHERE table_name = '{late}'; DELETE FROM statistic_rollup WHERE table_name = '{late}';
             UPDATE statistic_release SET series = (SELECT array_agg(one) FROM unnest(series) AS one WHERE one NOT LIKE '{late} %')"
        ))
        .await
        .expect("the table wasn't there");
    publish_all(&world).await;
    let figures = async |table: &str, kind: PeriodKind, period: &str| {
        count(
            &superuser,
            &format!("statistic_cell WHERE table_name = '{table}' AND period_kind = '{kind}' AND period = '{period}-01'"),
        )
        .await
    };
    for (kind, period, is_there) in [
        (PeriodKind::Month, "2025-02", false),
        (PeriodKind::Month, "2025-03", true),
        (PeriodKind::Quarter, "2025-01", false),
        (PeriodKind::Quarter, "2025-04", true),
        (PeriodKind::Quarter, "2025-10", true),
        (PeriodKind::Year, "2025-01", false),
    ] {
        assert_eq!(figures(late, kind, period).await > 0, is_there, "{kind} {period}");
        assert!(figures("REFERRALS_BY_SERVICE_TYPE", kind, period).await > 0, "{kind} {period}");
    }
    let analyst = world.client(SENDER, Role::Analyst).await;
    let statuses = async |kind: PeriodKind| {
        let input = json!({ "name": late, "measure": "CREATED", "period": kind, "from": "2024-12", "through": "2026-02" });
        let answer = table(&analyst, input).await;
        let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for cell in answer["cells"].as_array().expect("cells") {
            let text = |field: &str| cell[field].as_str().expect("a text").to_owned();
            told.entry(text("period")).or_default().insert(text("status"));
        }
        told
    };
    let only = |status: &str| BTreeSet::from([status.to_owned()]);
    let months = statuses(PeriodKind::Month).await;
    assert_eq!((months.len(), &months["2024-12"], &months["2025-02"]), (15, &only("NEVER_PUBLISHED"), &only("NEVER_PUBLISHED")));
    assert!(months["2025-03"].contains("SHOWN") && months["2026-02"] == only("NOT_YET_PUBLISHED"), "{months:?}");
    let quarters = statuses(PeriodKind::Quarter).await;
    assert_eq!((&quarters["2024-10"], &quarters["2025-01"]), (&only("NEVER_PUBLISHED"), &only("NEVER_PUBLISHED")));
    assert!(quarters["2025-04"].contains("SHOWN") && quarters["2026-01"] == only("NOT_YET_PUBLISHED"), "{quarters:?}");
    let years = statuses(PeriodKind::Year).await;
    assert_eq!((years.len(), &years["2025-01"]), (3, &only("NEVER_PUBLISHED")));
}

const TABLE: &str = "query ($input: StatisticTableInput!) { coalition { table(input: $input) { name measure dimensions period
    cells { period keys labels order value suppressed status } totals { period keys order value suppressed status } method { caption minimumUnits minimumOrganisations maximumPerturbation } } } }";

async fn table(client: &Caller, input: Value) -> Value {
    client.data(TABLE, json!({ "input": input })).await["coalition"]["table"].take()
}

#[tokio::test]
async fn everybody_reads_the_same_and_what_is_suppressed_is_no_zero() {
    let world = World::new().await;
    let analyst = world.client(SENDER, Role::Analyst).await;
    let input = json!({ "name": "REFERRALS_BY_COUNTY", "measure": "CREATED", "from": "2025-01", "through": "2026-01" });
    let nothing = table(&analyst, input.clone()).await;
    let lists = ["cells", "totals"].map(|list| nothing[list].as_array().expect("a list").clone());
    assert_eq!(lists.each_ref().map(Vec::len), [13 * 47, 13]);
    assert!(lists.iter().flatten().all(|cell| cell["value"].is_null() && cell["status"] == "NOT_YET_PUBLISHED"));
    made(&world.connect(DatabaseRole::Superuser).await).await;
    publish_all(&world).await;
    let first = table(&analyst, input.clone()).await;
    for (member, role) in [(OUTSIDER, Role::PeerEducator), (SENDER, Role::CoalitionAdmin)] {
        let client = world.client(member, role).await;
        for _ in 0..100 {
            assert_eq!(table(&client, input.clone()).await, first, "{role}");
        }
    }
    let cells = first["cells"].as_array().expect("cells");
    assert_eq!(cells.len(), 13 * 47);
    for cell in cells {
        assert_eq!(cell["value"].is_null(), cell["suppressed"] == true);
        assert_eq!(cell["status"], if cell["suppressed"] == true { "SUPPRESSED" } else { "SHOWN" });
        assert_eq!(cell["order"].as_i64(), cell["keys"][0].as_str().and_then(|code| code.parse().ok()));
    }
    assert!(cells.iter().any(|cell| cell["suppressed"] == false) && cells[46]["labels"] == json!(["Nairobi"]), "{cells:?}");
    assert_eq!(first["method"]["minimumUnits"], 20);
    // Picking cells selects them, and changes none.
    let picked = crate::referral::with(input.clone(), json!({ "where": [{ "dimension": "county", "values": ["047"] }] }));
    let nairobi: Vec<&Value> = cells.iter().filter(|cell| cell["keys"] == json!(["047"])).collect();
    let answer = table(&analyst, picked).await;
    assert_eq!(
        (answer["cells"].as_array().map(|cells| cells.iter().collect()), &answer["totals"]),
        (Some(nairobi), &first["totals"])
    );
    let structural = json!({ "name": "REFERRALS_BY_RESPONSE_TIME", "measure": "ARRIVED", "period": "YEAR", "from": "2025-01", "through": "2025-12" });
    let answer = table(&analyst, structural).await;
    let never =
        answer["cells"].as_array().and_then(|cells| cells.iter().find(|cell| cell["keys"] == json!(["NEVER"]))).expect("a cell");
    assert_eq!((&never["value"], &never["suppressed"]), (&json!(0), &json!(false)));
    for (wrong, said) in [
        (json!({ "measure": "PARTICIPANTS" }), "What this table can count is: CREATED, ACCEPTED, ARRIVED, COMPLETED."),
        (json!({ "from": "2021-01" }), "Ask for at most 60 months at a time."),
        (json!({ "from": "2026-02" }), "The last month comes before the first"),
        (json!({ "where": [{ "dimension": "county", "values": ["Nairobi"] }] }), "“county” takes codes alone,"),
        (json!({ "where": [{ "dimension": "ageBand", "values": [] }] }), "What this table counts by is: county."),
    ] {
        let answer = analyst.run(TABLE, json!({ "input": crate::referral::with(input.clone(), wrong.clone()) })).await;
        let error = &answer["errors"][0];
        assert!(
            error["extensions"]["code"] == "BAD_REQUEST" && error["message"].as_str().is_some_and(|text| text.starts_with(said)),
            "{wrong} {error}"
        );
    }
    let through = analyst.data("{ coalition { publishedThrough tables { name title measures } } }", json!({})).await;
    assert_eq!(through["coalition"]["publishedThrough"], "2026-01");
    let kinds = "{ coalition { month: publishedThrough(period: MONTH) quarter: publishedThrough(period: QUARTER) year: publishedThrough(period: YEAR) } }";
    let kinds = analyst.data(kinds, json!({})).await;
    assert_eq!(kinds["coalition"], json!({ "month": "2026-01", "quarter": "2025-12", "year": "2025-12" }));
    assert_eq!(through["coalition"]["tables"].as_array().map(Vec::len), Some(13));
    file(&world, &analyst, &first).await;
}

/// Checks that the CSV file says what the table says, to every role that may read it.
async fn file(world: &World, analyst: &Caller, table: &Value) {
    let get = async |client: &Caller, path: &str| {
        let answer = client.request(reqwest::Method::GET, path).send().await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a text"))
    };
    let path = "/tables/REFERRALS_BY_COUNTY.csv?measure=CREATED&from=2025-01&through=2026-01";
    let (status, text) = get(analyst, path).await;
    assert_eq!(status, 200);
    let mut lines = text.split("\r\n");
    assert_eq!(lines.next(), Some("period,county,countyLabel,value,suppressed,note"));
    let (totals, cells): (Vec<&str>, Vec<&str>) =
        lines.filter(|line| !line.is_empty()).partition(|line| line.contains(",TOTAL,"));
    assert_eq!((cells.len(), totals.len()), (13 * 47, 13));
    for (line, cell) in cells.iter().zip(table["cells"].as_array().expect("cells")) {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string().replace("null", ""), str::to_owned);
        let told = [&cell["period"], &cell["keys"][0], &cell["labels"][0], &cell["value"], &cell["suppressed"]].map(text);
        assert_eq!(*line, format!("{},", told.join(",")));
    }
    let later = get(analyst, "/tables/REFERRALS_BY_COUNTY.csv?measure=CREATED&from=2026-02&through=2026-02&county=047").await;
    assert_eq!(
        later.1.lines().collect::<Vec<_>>()[1..],
        ["2026-02,047,Nairobi,,true,Not yet published", "2026-02,TOTAL,,,true,Not yet published"]
    );
    assert!(totals[0].ends_with("may not add up.\""), "{}", totals[0]);
    assert_eq!(get(analyst, &format!("{path}&county=047&county=001")).await.1.lines().count(), 1 + 13 * 3);
    for (wrong, status) in [
        ("/tables/REFERRALS_BY_COUNTY.csv", 400),
        ("/tables/REFERRALS_BY_COUNTY.csv?measure=CREATED&measure=ARRIVED&from=2025-01&through=2026-01", 400),
        ("/tables/REFERRALS_BY_COUNTY.csv?measure=CREATED&from=2026-02&through=2026-01", 400),
        ("/tables/REFERRALS_BY_COUNTY.csv?measure=CREATED&from=2025-01&through=2026-01&county=048", 400),
        ("/tables/REFERRALS_BY_COUNTY.csv?measure=CREATED&from=2025-01&through=2026-01&county=047&county=", 400),
        ("/tables/REFERRALS_BY_COUNTY.csv?measure=CREATED&from=2025-01&through=2026-01&county=Nairobi", 400),
        ("/tables/REFERRALS_BY_COUNTY.csv?measure=CREATED&from=2025-01&through=2026-01&ageBand=FROM_30", 400),
        ("/tables/REFERRALS_BY_COUNTY.csv?measure=CREATED&from=2025-01&through=2026-01&period=WEEK", 400),
        ("/tables/REFERRALS_BY_NAME.csv?measure=CREATED&from=2025-01&through=2026-01", 404),
        ("/tables/%FF.csv", 404),
    ] {
        let (told, text) = get(analyst, wrong).await;
        let error: Value = serde_json::from_str(&text).expect("JSON");
        assert!(told == status && error["errors"][0]["message"].is_string(), "{wrong}: {told} {text}");
    }
    assert_eq!(get(&world.anonymous(), path).await.0, 401);
}
