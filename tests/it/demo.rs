//! What a person who tries out the demo finds in it.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use pamoja_demo::coalition::{self, Plan};
use pamoja_demo::private_postgresql::{DatabaseRole, PrivatePostgresql, ServerOptions};
use pamoja_domain::month::Month;
use pamoja_persistence::database::Database;
use pamoja_persistence::migrate;
use serde_json::json;

use crate::harness::{Folder, Program, demo, demo_at, gone, postgres, postmaster, signal, until_within};

const TRAININGS: &str = "query ($from: Month!, $through: Month!) {
    incoming: trainingRequests(direction: INCOMING, first: 100) { nodes { ...request } }
    outgoing: trainingRequests(direction: OUTGOING, first: 100) { nodes { ...request } }
    trainingOffers(first: 100) { nodes { organisation { slug } title topic openUntil } }
    given: ownTrainingFigures(side: GIVEN, by: TOPIC, from: $from, through: $through) { ...figures }
    received: ownTrainingFigures(side: RECEIVED, by: CADRE, from: $from, through: $through) { ...figures }
}
fragment request on TrainingRequest { status topic allowedActions timeline { status } session { on hosts { slug } participants { count } } }
fragment figures on TrainingFigures { rows { key } total { trainings participants scoreGain } }";

/// Counts rows that contradict each other.
const CONTRADICTIONS: &str = "SELECT
    (SELECT count(*) FROM training_session AS session WHERE (SELECT array_agg(from_organisation_id ORDER BY from_organisation_id)
        FROM training_request AS request WHERE request.to_organisation_id = session.trainer_organisation_id AND request.session_id = session.id)
        IS DISTINCT FROM (SELECT array_agg(host ORDER BY host) FROM unnest(hosts) AS host))
    + (SELECT count(*) FROM training_participants AS came JOIN training_request AS request ON request.id = came.request_id
        WHERE request.session_id IS DISTINCT FROM came.session_id)
    + (SELECT count(*) FROM training_request AS request WHERE updated_at < (SELECT max(at) FROM training_event WHERE request_id = request.id)
        OR status <> (SELECT status FROM training_event WHERE request_id = request.id ORDER BY position DESC LIMIT 1))";

#[tokio::test]
async fn the_demo_has_trainings_for_whoever_looks_for_them() {
    let folder = Folder::new("trainings");
    let data = folder.0.join("data");
    let program = Program::run(demo_at("0.4", &data)).await;
    let made_up = program.said.iter().find(|line| line.starts_with("Made up")).expect("what is made up");
    assert!(made_up.ends_with(" services, 8000 referrals and 120 trainings."), "{made_up}");

    let months = json!({ "from": Month::at(Utc::now() - chrono::TimeDelta::days(760)).to_string(), "through": Month::at(Utc::now()).to_string() });
    let seen = program.client("trainer@jirani").await.data(TRAININGS, months).await;
    for direction in ["incoming", "outgoing"] {
        let nodes = seen[direction]["nodes"].as_array().expect("requests");
        let standing: HashSet<_> = nodes.iter().filter_map(|node| node["status"].as_str()).collect();
        assert!(nodes.len() > 5 && standing.len() > 2 && standing.contains("EVALUATED"), "{direction}: {standing:?}");
        assert!(nodes.iter().all(|node| node["timeline"][0]["status"] == "REQUESTED"));
    }
    let offers = seen["trainingOffers"]["nodes"].as_array().expect("offers");
    assert!(offers.len() > 30 && offers.iter().any(|offer| offer["organisation"]["slug"] == "jirani"));
    assert!(offers.iter().any(|offer| offer["openUntil"].is_string()));
    for side in ["given", "received"] {
        let total = &seen[side]["total"];
        assert!(total["trainings"].as_i64() > Some(3) && total["participants"].as_i64() > Some(20), "{side}: {total}");
        assert!(seen[side]["rows"].as_array().is_some_and(|rows| rows.len() > 2) && total["scoreGain"].as_f64() > Some(5.0));
    }

    let joined = PrivatePostgresql::open(&data, ServerOptions::default()).await.expect("it is joined");
    let url = joined.connection_url(DatabaseRole::Superuser);
    let (superuser, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("a connection");
    tokio::spawn(connection);
    let count = async |query: &str| -> i64 { superuser.query_one(query, &[]).await.expect("a count").get(0) };
    assert_eq!(count(CONTRADICTIONS).await, 0);
    assert!(
        count("SELECT count(*) FROM training_satisfaction WHERE month = present_month()").await > 0,
        "it is published from the start"
    );
    drop(superuser);
    joined.stop().await.expect("it is let go of");
}

/// What a filling leaves that was interrupted before the organisations came.
const LEFT_BEHIND: &str = "SET session_replication_role = replica;
    INSERT INTO referral (from_organisation_id, id, service_type, county_code, urgency) VALUES (gen_random_uuid(), gen_random_uuid(), 'PREP', '047', 'ROUTINE')";

#[tokio::test]
async fn the_coalition_is_filled_in_whole_over_what_was_left_behind_and_only_once() {
    let database = postgres().create_empty_database().await;
    migrate::up(&database.url(DatabaseRole::Owner)).await.expect("it is migrated");
    let url = database.url(DatabaseRole::Superuser);
    let (superuser, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("a connection");
    tokio::spawn(connection);
    superuser.batch_execute(LEFT_BEHIND).await.expect("a referral of nobody");
    let worker = Database::new(&database.url(DatabaseRole::Worker), 2).expect("a pool");
    let plan = Plan {
        seed: 1,
        scale: 0.05,
        coalitions: 2,
        at: worker.now(),
        credential: pamoja_api::auth::new_credential("nobody signs in here").expect("hashed"),
        slip: Arc::new(|nonce| [nonce, nonce].concat().try_into().expect("32 bytes")),
    };
    let filled = coalition::fill(&url, &plan, &|_, _| ()).await.expect("it is filled in");
    assert_eq!((filled.organisations, filled.referrals), (32, 1_000));
    let count = async |query: &str| -> i64 { superuser.query_one(query, &[]).await.expect("a count").get(0) };
    let referrals = "SELECT count(*) FROM referral";
    assert_eq!((count(referrals).await, count("SELECT count(*) FROM organisation").await), (1_000, 32));
    assert_eq!(count("SELECT count(*) FROM pg_index WHERE NOT indisready OR NOT indisvalid").await, 0);
    let numbered = "SELECT max(position) - (SELECT last_value FROM pg_sequences WHERE sequencename LIKE 'referral_event_%') FROM referral_event";
    assert_eq!(count(numbered).await, 0, "the next event comes after all others");
    let of_senders = "SELECT count(*) FROM referral_handler AS handler JOIN referral_sender AS sender USING (from_organisation_id, referral_id)
        WHERE handler.organisation_id = from_organisation_id AND handler.user_id = sender.user_id";
    assert_eq!(count(of_senders).await, 1_000, "whoever referred handles it");
    let by_nobody = "SELECT count(*) FROM referral_event WHERE by_organisation_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM referral_event_user AS by_user WHERE by_user.organisation_id = by_organisation_id
            AND by_user.referral_id = referral_event.referral_id AND by_user.position = referral_event.position)";
    assert_eq!(count(by_nobody).await, 0, "every move was made by somebody");
    assert!(coalition::fill(&url, &plan, &|_, _| ()).await.is_err(), "it is there already");
    assert_eq!(count(referrals).await, 1_000);
    // Every foreign key to referrals tells that they are gone: those that hold for whole rows, and those that hold while a column is null.
    let removed = "SET session_replication_role = replica; DELETE FROM referral;
        UPDATE referral_progress SET to_organisation_id = NULL, service_id = NULL WHERE referral_id = (SELECT max(referral_id::text)::uuid FROM referral_progress)";
    superuser.batch_execute(removed).await.expect("all are gone");
    let checks = include_str!("../../crates/demo/src/coalition/references.sql");
    let mut broken = Vec::new();
    for check in superuser.query(checks, &[]).await.expect("the checks") {
        if superuser.query_one(check.get::<_, &str>(1), &[]).await.expect("checked").get(0) {
            broken.push(check.get::<_, String>(0));
        }
    }
    // Which rows each of them holds for. What is addressed to nobody depends on the hour at which the coalition is made up.
    let keys = "SELECT conname, format('SELECT EXISTS (SELECT FROM %s WHERE %s)', conrelid::regclass, CASE
            WHEN conname ~ '_of$' THEN 'to_organisation_id IS NULL' WHEN cardinality(conkey) = 3 THEN 'to_organisation_id IS NOT NULL' ELSE 'true'
        END) FROM pg_constraint WHERE contype = 'f' AND confrelid = 'referral'::regclass";
    let mut expected = Vec::new();
    for key in superuser.query(keys, &[]).await.expect("the keys") {
        if superuser.query_one(key.get::<_, &str>(1), &[]).await.expect("counted").get(0) {
            expected.push(key.get::<_, String>(0));
        }
    }
    broken.sort_unstable();
    expected.sort_unstable();
    assert_eq!(broken, expected);
    assert!(broken.len() >= 10);
    assert!(broken.iter().any(|broken| broken == "referral_progress_of"), "{broken:?}");
}

/// How long a server may take to start on a busy machine.
const STARTING: Duration = Duration::from_secs(60);

/// Starts the demo, with its log in the folder's file `stderr`.
async fn logging(folder: &Folder) -> Program {
    let mut command = demo(&folder.0.join("data"));
    command.stderr(std::fs::File::create(folder.0.join("stderr")).expect("a file"));
    Program::run(command).await
}

fn said(folder: &Folder) -> String {
    std::fs::read_to_string(folder.0.join("stderr")).expect("its log")
}

/// Kills the PostgreSQL whenever it runs.
async fn kill_for_ever(data: &Path) {
    loop {
        let text = std::fs::read_to_string(data.join("postgres/postmaster.pid")).unwrap_or_default();
        if let Some(process) = text.lines().next().and_then(|line| line.parse::<u32>().ok()) {
            drop(tokio::process::Command::new("kill").args(["-s", "KILL", &process.to_string()]).output().await);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The processes that work in that folder.
fn in_folder(folder: &Path) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").expect("processes").flatten().map(|entry| entry.path());
    let inside = |process: &std::path::PathBuf| std::fs::read_link(process.join("cwd")).is_ok_and(|at| at.starts_with(folder));
    processes.filter(inside).map(|process| process.display().to_string()).collect()
}

#[tokio::test]
async fn a_postgresql_that_is_killed_is_started_again_until_it_dies_too_often() {
    let folder = Folder::new("killed");
    let data = folder.0.join("data");
    let mut program = logging(&folder).await;
    let client = program.client("caseworker@jirani").await;
    let list = "{ referrals(direction: OUTGOING, first: 3) { nodes { id } } }";
    let before = client.data(list, json!({})).await;
    let mut family = program.family();
    for times in 1..=3 {
        signal("KILL", postmaster(&data)).await;
        until_within(STARTING, "it is started again", async || {
            (said(&folder).matches("PostgreSQL runs again").count() == times).then_some(())
        })
        .await;
        until_within(STARTING, "it answers again", async || {
            let ready = client.request(reqwest::Method::GET, "/health/ready").send().await.expect("an answer");
            (ready.status() == 200).then_some(())
        })
        .await;
        assert_eq!(client.data(list, json!({})).await, before, "after it was killed {times} times");
        family.extend(program.family());
    }
    let log = said(&folder);
    assert!(log.matches("the database is in trouble").count() <= 3, "{log}");
    let succeeded = tokio::select! {
        succeeded = program.ended() => succeeded,
        () = kill_for_ever(&data) => true,
    };
    assert!(!succeeded, "it fails");
    gone(&family).await;
    assert_eq!(in_folder(&folder.0), Vec::<String>::new());
    let log = said(&folder);
    assert!(log.contains("times within a minute") && log.contains("start pamoja again"), "{log}");
    // What it left is taken up by the next.
    let program = Program::start(&data).await;
    assert_eq!(program.client("caseworker@jirani").await.data(list, json!({})).await, before);
}

#[tokio::test]
async fn a_postgresql_whose_data_are_gone_ends_the_demo_with_a_sentence_and_no_process_is_left() {
    let folder = Folder::new("gone");
    let data = folder.0.join("data");
    let mut program = logging(&folder).await;
    let family = program.family();
    let killed = postmaster(&data);
    std::fs::rename(data.join("postgres"), folder.0.join("elsewhere")).expect("the data are moved away");
    signal("KILL", killed).await;
    assert!(!program.ended().await, "it fails");
    gone(&family).await;
    assert_eq!(in_folder(&folder.0), Vec::<String>::new());
    let log = said(&folder);
    assert!(log.contains("are gone") && log.contains("restore them from a backup"), "{log}");
}
