//! Nothing personal reaches a log, at any level and after any failure.

use std::process::Stdio;

use pamoja_domain::service::ServiceType;
use serde_json::json;

use crate::harness::{Folder, Program, RECEIVER, demo, signal};
use crate::referral::{CLIENT, draft, with};

#[tokio::test]
async fn no_log_at_any_level_holds_what_somebody_sent() {
    let folder = Folder::new("log");
    let data = folder.0.join("data");
    let file = std::fs::File::create(folder.0.join("stderr")).expect("a file");
    let mut command = demo(&data);
    command.args(["--log", "debug"]).stderr(Stdio::from(file));
    let mut program = Program::run(command).await;
    let sender = program.client("caseworker@jirani").await;
    let services = "{ services(filter: { serviceTypes: [PEP] }, first: 1) { nodes { organisation { id slug } } } }";
    let organisation = sender.data(services, json!({})).await["services"]["nodes"][0]["organisation"].take();
    let input = with(draft(RECEIVER, ServiceType::Pep), json!({ "toOrganisationId": organisation["id"] }));
    let slip = sender.create_referral(input.clone()).await["slipCode"].as_str().expect("a slip").to_owned();
    sender.create_referral(with(input, json!({ "client": "0712345678" }))).await;
    let receiver = program.client(&format!("caseworker@{}", organisation["slug"].as_str().expect("a short name"))).await;
    receiver.referral_mutation("checkInReferral", "CheckInReferralInput", json!({ "slipCode": slip })).await;
    receiver
        .run("query ($text: String) { services(filter: { text: $text }) { nodes { id } } }", json!({ "text": "Jo Wanjiru" }))
        .await;
    let wrong = json!({ "username": "wanjiru@jirani", "password": "open sesame please" });
    receiver.request(reqwest::Method::POST, "/session").json(&wrong).send().await.expect("an answer");
    let token = sender.token.clone().expect("a token");
    signal("TERM", program.id()).await;
    assert!(program.ended().await);

    let log = std::fs::read_to_string(folder.0.join("stderr")).expect("the log");
    assert!(
        log.contains("createReferral") && log.contains("checkInReferral"),
        "the log says too little to prove anything:\n{log}"
    );
    let server_log = std::fs::read_to_string(data.join("postgres.log")).expect("the server's log");
    for secret in [
        CLIENT,
        "0712345678",
        &slip,
        &slip.replace('-', ""),
        &token,
        "pamoja-demo-only",
        "open sesame",
        "wanjiru",
        "Wanjiru",
        "caseworker@",
        "127.0.0.1:",
        "parameters",
    ] {
        assert!(!log.contains(secret), "the log holds {secret}");
        assert!(!server_log.contains(secret), "the server's log holds {secret}");
    }
}

#[tokio::test]
async fn a_refused_origin_is_one_line_that_names_it_and_the_setting() {
    let folder = Folder::new("origin");
    let file = std::fs::File::create(folder.0.join("stderr")).expect("a file");
    let mut command = demo(&folder.0.join("data"));
    command.args(["--allowed-origins", "https://app.example.org/"]).stderr(Stdio::from(file));
    let mut program = Program::run(command).await;
    let client = crate::harness::Client::new(program.address, None);
    let own = format!("http://{}", program.address);
    let long = format!("https://{}.example", "a.".repeat(2_000));
    for origin in [
        "https://app.example.org",
        &own,
        "https://partner.example",
        "https://partner.example",
        "null",
        "Jo Wanjiru 0712345678",
        &long,
    ] {
        for (method, path) in [("OPTIONS", "/graphql"), ("POST", "/session"), ("GET", "/graphql/ws")] {
            let request = client.request(method.parse().expect("a method"), path).header("origin", origin);
            let request = request.header("access-control-request-method", "POST");
            request.send().await.expect("an answer");
        }
    }
    signal("TERM", program.id()).await;
    assert!(program.ended().await);
    let log = std::fs::read_to_string(folder.0.join("stderr")).expect("the log");
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("PAMOJA_ALLOWED_ORIGINS")).collect();
    assert_eq!(lines.len(), 3, "{log}");
    for named in ["https://partner.example", "null", "(not an origin)"] {
        assert_eq!(lines.iter().filter(|line| line.contains(named)).count(), 1, "{named}:\n{log}");
    }
    for unnamed in ["app.example.org", own.as_str(), "Wanjiru", "0712345678", "a.a.a."] {
        assert!(!log.contains(unnamed), "{unnamed}:\n{log}");
    }
}

/// Directly as a role of the program: even then, PostgreSQL logs that a constraint was broken, but not by which values.
#[tokio::test]
async fn what_a_constraint_refuses_is_logged_without_the_row() {
    let folder = Folder::new("constraint");
    let data = folder.0.join("data");
    let program = Program::start(&data).await;
    let url = String::from_utf8(
        crate::harness::command(&["database", "url", "--role", "operator", "--data-dir", &data.display().to_string()])
            .stdout(Stdio::piped())
            .output()
            .await
            .expect("it runs")
            .stdout,
    )
    .expect("a text");
    let (app, connection) = tokio_postgres::connect(url.trim(), tokio_postgres::NoTls).await.expect("a connection");
    tokio::spawn(connection);
    let secret = "wanjiru-was-here";
    let broken = [
        format!("INSERT INTO slip_attempt (organisation_id, user_id) VALUES ('{secret}', '{secret}')"),
        format!(
            "INSERT INTO organisation (id, slug, name, kind, populations, counties, status) VALUES (gen_random_uuid(), '{secret}!', '{secret}', 'OTHER', '{{}}', '{{}}', 'ACTIVE')"
        ),
        format!("SELECT '{secret}'::integer"),
    ];
    for statement in &broken {
        assert!(app.batch_execute(statement).await.is_err(), "{statement}");
    }
    let parameter = app.query("SELECT 1 / length($1::text) WHERE $1 = $1 AND 1 / (length($1::text) - 16) = 1", &[&secret]).await;
    assert!(parameter.is_err());
    drop(app);
    signal("TERM", program.id()).await;
    let mut program = program;
    assert!(program.ended().await);
    let log = std::fs::read_to_string(data.join("postgres.log")).expect("the server's log");
    assert!(log.matches("ERROR").count() >= 3, "the log says too little to prove anything:\n{log}");
    for part in ["DETAIL", "STATEMENT", "Failing row"] {
        assert!(!log.contains(part), "{part}:\n{log}");
    }
}
