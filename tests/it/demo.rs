//! What a person who tries out the demo finds in it.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use chrono::Utc;
use pamoja_demo::private_postgresql::{DatabaseRole, PrivatePostgresql, ServerOptions};
use pamoja_domain::month::Month;
use serde_json::json;

use crate::harness::{Folder, Program, demo, demo_at, gone, postmaster, signal, until_within};

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
