//! The real program is killed, stopped, and started twice.

use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use pamoja_demo::private_postgresql::{DatabaseRole, PrivatePostgresql, ServerOptions};
use pamoja_domain::service::ServiceType;
use serde_json::{Value, json};

use crate::harness::{Client, Folder, Program, RECEIVER, command, demo, gone, postmaster, signal, until};
use crate::referral::{draft, with};

const CREATE: &str = "mutation ($input: CreateReferralInput!) { createReferral(input: $input) { referral { id } slipCode userErrors { message } } }";

/// A referral from jirani to an organisation that offers HIV testing: the input, and the receiver's short name.
async fn input(sender: &Client) -> (Value, String) {
    let query = "{ services(filter: { serviceTypes: [HIV_TESTING] }, first: 100) { nodes { organisation { id slug status } } } }";
    let data = sender.data(query, json!({})).await;
    let services = data["services"]["nodes"].as_array().expect("services");
    let organisation = services
        .iter()
        .map(|service| &service["organisation"])
        .find(|organisation| organisation["slug"] != "jirani" && organisation["status"] == "ACTIVE")
        .expect("somebody offers it");
    let input = with(draft(RECEIVER, ServiceType::HivTesting), json!({ "toOrganisationId": organisation["id"] }));
    (input, organisation["slug"].as_str().expect("a short name").to_owned())
}

/// Sends referrals until the program no longer answers, and keeps those that were acknowledged.
async fn refer_for_ever(sender: Client, input: Value, acknowledged: Arc<Mutex<Vec<(Value, Value)>>>) {
    let body = json!({ "query": CREATE, "variables": { "input": input } });
    loop {
        let request = sender.request(reqwest::Method::POST, "/graphql").json(&body);
        let Ok(answer) = request.send().await else { return };
        let Ok(mut answer) = answer.json::<Value>().await else { return };
        let payload = &mut answer["data"]["createReferral"];
        if payload["slipCode"].is_string() {
            acknowledged.lock().expect("a list").push((payload["referral"]["id"].take(), payload["slipCode"].take()));
        }
    }
}

/// Counts referrals that were written only in part.
const HALF_DONE: &str = "SELECT count(*) FROM referral WHERE created_at > now() - interval '5 minutes' AND NOT (
    EXISTS (SELECT FROM referral_progress WHERE referral_id = id) AND EXISTS (SELECT FROM referral_sender WHERE referral_id = id)
    AND EXISTS (SELECT FROM referral_client WHERE referral_id = id) AND EXISTS (SELECT FROM referral_shared WHERE referral_id = id)
    AND EXISTS (SELECT FROM referral_event WHERE referral_id = id) AND EXISTS (SELECT FROM referral_slip WHERE referral_id = id)
    AND EXISTS (SELECT FROM audit_entry WHERE node_id = id AND action = 'createReferral')
    AND (SELECT count(*) FROM outbox WHERE node_id = id) = 2) AND id IN (SELECT node_id FROM audit_entry UNION SELECT node_id FROM outbox)";

async fn superuser(data_directory: &Path) -> (PrivatePostgresql, tokio_postgres::Client) {
    let joined = PrivatePostgresql::open(data_directory, ServerOptions::default()).await.expect("it is joined");
    let url = joined.connection_url(DatabaseRole::Superuser);
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("a connection");
    tokio::spawn(connection);
    (joined, client)
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_everything_was_killed() {
    let folder = Folder::new("crash");
    let data = folder.0.join("data");
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let mut program = Program::start(&data).await;
    for postgres_too in [true, false] {
        let sender = program.client("caseworker@jirani").await;
        let (input, receiver) = input(&sender).await;
        let before = acknowledged.lock().expect("a list").len();
        let writers: Vec<_> =
            (0..4).map(|_| tokio::spawn(refer_for_ever(sender.clone(), input.clone(), acknowledged.clone()))).collect();
        until("some are acknowledged", async || (acknowledged.lock().expect("a list").len() >= before + 20).then_some(())).await;
        let family = program.family();
        signal("KILL", program.id()).await;
        if postgres_too {
            signal("KILL", postmaster(&data)).await;
        }
        assert!(!program.ended().await);
        for writer in writers {
            writer.await.expect("it stops by itself");
        }

        program = Program::start(&data).await;
        gone(&family).await;
        let receiver = program.client(&format!("caseworker@{receiver}")).await;
        let find = "query ($slip: SlipCode!) { referralBySlip(slipCode: $slip) { id status timeline { status } } }";
        let known = acknowledged.lock().expect("a list").clone();
        assert!(known.len() >= before + 20);
        for (id, slip) in &known {
            let found = receiver.data(find, json!({ "slip": slip })).await;
            assert_eq!(
                found["referralBySlip"],
                json!({ "id": id, "status": "REQUESTED", "timeline": [{ "status": "REQUESTED" }] })
            );
        }
        let (joined, superuser) = superuser(&data).await;
        let half_done: i64 = superuser.query_one(HALF_DONE, &[]).await.expect("a count").get(0);
        assert_eq!(half_done, 0);
        joined.stop().await.expect("it is let go of");
    }
    let family = program.family();
    signal("TERM", program.id()).await;
    assert!(program.ended().await);
    gone(&family).await;
}

#[tokio::test]
async fn told_to_stop_it_answers_what_it_has_accepted_and_leaves_no_process() {
    let folder = Folder::new("stop");
    let data = folder.0.join("data");
    let mut program = Program::start(&data).await;
    let sender = program.client("caseworker@jirani").await;
    let (input, _) = input(&sender).await;
    let (joined, superuser) = superuser(&data).await;
    // While the table is locked, the accepted requests wait.
    superuser.batch_execute("BEGIN; LOCK TABLE referral IN EXCLUSIVE MODE").await.expect("a lock");
    let requests: Vec<_> = (0..4)
        .map(|_| {
            let (sender, input) = (sender.clone(), input.clone());
            tokio::spawn(async move { sender.data(CREATE, json!({ "input": input })).await })
        })
        .collect();
    // A second connection, because within a transaction the statistics don't change.
    let (second, observer) = self::superuser(&data).await;
    until("all of them wait for the lock", async || {
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'pamoja_server'";
        let waiting: i64 = observer.query_one(waiting, &[]).await.expect("a count").get(0);
        (waiting == 4).then_some(())
    })
    .await;
    let family = program.family();
    signal("TERM", program.id()).await;
    until("it takes nobody new", async || tokio::net::TcpStream::connect(program.address).await.is_err().then_some(())).await;
    superuser.batch_execute("COMMIT").await.expect("the lock goes");
    for answer in join_all(requests).await {
        let answer = answer.expect("it is answered");
        assert!(answer["createReferral"]["slipCode"].is_string(), "{answer:#}");
    }
    drop((superuser, observer));
    second.stop().await.expect("it is let go of");
    joined.stop().await.expect("it is let go of");
    assert!(program.ended().await, "it ends well");
    gone(&family).await;
}

#[tokio::test]
async fn a_second_one_on_the_same_data_says_so_and_the_first_goes_on() {
    let folder = Folder::new("twice");
    let data = folder.0.join("data");
    let mut first = Program::start(&data).await;
    let second = demo(&data).stdout(Stdio::piped()).stderr(Stdio::piped()).output().await.expect("it ends");
    assert!(!second.status.success());
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(said.contains(&data.display().to_string()) && said.contains(&first.id().to_string()), "{said}");
    assert_eq!(said.lines().count(), 1, "one sentence: {said}");
    first.client("caseworker@jirani").await;
    let family = first.family();
    signal("INT", first.id()).await;
    assert!(first.ended().await);
    gone(&family).await;
}

#[tokio::test]
async fn the_worker_seals_the_audit_and_the_doctor_sees_what_was_taken_away() {
    let folder = Folder::new("doctor");
    let data = folder.0.join("data");
    let mut program = Program::start(&data).await;
    let run = async |arguments: &[&str]| {
        let keys = data.join("keys");
        let output = command(arguments).arg("--data-dir").arg(&data).arg("--keys").arg(keys).output().await.expect("it ends");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let sender = program.client("caseworker@jirani").await;
    let (input, _) = input(&sender).await;
    sender.data(CREATE, json!({ "input": input })).await;
    assert!(run(&["worker", "--once"]).await.0);
    let doctor = ["doctor", "--public-url", "https://api.example.org", "--allowed-origins", ""];
    let (well, said) = run(&doctor).await;
    assert!(well, "{said}");
    let (joined, superuser) = superuser(&data).await;
    let query = "DELETE FROM audit_entry WHERE action = 'createReferral' AND organisation_id = (SELECT id FROM organisation WHERE slug = 'jirani')";
    assert!(superuser.execute(query, &[]).await.expect("an entry goes") > 0);
    let (well, said) = run(&doctor).await;
    assert!(!well && said.contains("was tampered with"), "{said}");
    drop(superuser);
    joined.stop().await.expect("it is let go of");
    let family = program.family();
    signal("TERM", program.id()).await;
    assert!(program.ended().await);
    gone(&family).await;
}

#[tokio::test]
async fn a_signal_that_comes_as_it_becomes_ready_is_not_lost() {
    let folder = Folder::new("signal");
    for name in ["INT", "TERM"] {
        let mut program = Program::start(&folder.0.join("data")).await;
        signal(name, program.id()).await;
        assert!(program.ended().await, "after SIG{name}");
    }
}
