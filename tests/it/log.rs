//! Nothing personal reaches a log, whatever the level and whatever goes wrong.

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
async fn what_a_constraint_refuses_is_logged_without_the_row() {
    let world = crate::harness::World::new().await;
    let app = world.connect(pamoja_persistence::embedded::DatabaseRole::App).await;
    for (setting, value) in
        [("log_error_verbosity", "terse"), ("log_min_error_statement", "panic"), ("log_parameter_max_length_on_error", "0")]
    {
        let set: String = app.query_one(&format!("SHOW {setting}"), &[]).await.expect("a setting").get(0);
        assert_eq!(set, value, "{setting}");
    }
    world.end().await;
}
