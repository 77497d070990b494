//! A database in trouble: the client is told to try again, the probe tells, and all is well again by itself.

use std::time::Duration;

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::service::ServiceType;
use reqwest::Method;
use serde_json::json;
use tokio_postgres::Client;

use crate::harness::{RECEIVER, World, postgres, until, until_within};
use crate::referral::{desks, draft, sent};
use crate::subscription::{CHANGES, listening};

/// Longer than the program waits before it says that a database that failed is well again.
const WELL: Duration = Duration::from_secs(30);

const CREATE: &str =
    "mutation ($input: CreateReferralInput!) { createReferral(input: $input) { referral { id } userErrors { message } } }";
const LIST: &str = "{ referrals(direction: OUTGOING, first: 1) { nodes { id } } }";

async fn ready(world: &World) -> u16 {
    world.anonymous().request(Method::GET, "/health/ready").send().await.expect("an answer").status().as_u16()
}

async fn is_well_again(world: &World) {
    until_within(WELL, "it is ready again", async || (ready(world).await == 200).then_some(())).await;
}

/// Ends the app role's connections to that world's database.
async fn cut_off(superuser: &Client) {
    let query = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND usename IN ('pamoja_server', 'pamoja_sign_in')";
    superuser.query_one(query, &[]).await.expect("they are ended");
}

/// Whether a client that gets this SQLSTATE from a statement is to try again: the class's first two letters, or the whole.
fn passes(code: &str) -> bool {
    ["08", "40", "53", "57", "58", "F0", "XX"].iter().any(|class| code.starts_with(class))
        || ["25006", "25P03", "25P04", "55P03"].contains(&code)
}

#[tokio::test]
async fn whatever_class_an_error_of_postgresql_has_the_client_is_told_whose_fault_it_is() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
             CREATE TRIGGER fail BEFORE INSERT ON referral_sender FOR EACH ROW EXECUTE FUNCTION fail()",
        )
        .await
        .expect("writing fails");
    // Every class of PostgreSQL's appendix A, and those codes that mean something else than their class.
    let codes = "01000 02000 03000 08000 08006 09000 0A000 0B000 0F000 0L000 0P000 0Z000 20000 21000 22000 22P02 23000 23514 24000 25000 \
        25006 25P02 25P03 25P04 26000 27000 28000 2B000 2D000 2F000 34000 38000 39000 3B000 3D000 3F000 40000 40001 40P01 42000 42501 44000 \
        53000 53100 53200 53300 54000 55000 55P03 57000 57014 57P01 57P02 57P03 58000 58030 58P01 72000 F0000 HV000 P0001 XX000 XX001 ZZ999";
    for code in codes.split_whitespace() {
        superuser
            .batch_execute(&format!(
                "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'wanjiru' USING ERRCODE = '{code}'; END $$"
            ))
            .await
            .expect("it fails in another way");
        let answer = sender.run(CREATE, json!({ "input": draft(RECEIVER, ServiceType::HivTesting) })).await;
        let wanted = if passes(code) { "UNAVAILABLE" } else { "INTERNAL" };
        assert_eq!(answer["errors"][0]["extensions"]["code"], wanted, "{code}: {answer:#}");
        assert!(!answer.to_string().contains("wanjiru"), "{answer:#}");
    }
    assert_eq!(ready(&world).await, 503, "it failed just now");
    sender.data(LIST, json!({})).await;
    superuser.batch_execute("DROP TRIGGER fail ON referral_sender").await.expect("it is well");
    sent(&sender).await;
    is_well_again(&world).await;
}

#[tokio::test]
async fn a_database_that_takes_no_connection_is_told_and_all_goes_on_when_it_does() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let mut socket = listening(&receiver, CHANGES, &sender).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let name = &world.database.name;
    // A database can't be closed from within.
    let elsewhere = postgres().url(DatabaseRole::Superuser, "postgres");
    let (elsewhere, connection) = tokio_postgres::connect(&elsewhere, tokio_postgres::NoTls).await.expect("a connection");
    tokio::spawn(connection);
    // Without a connection left, and as if it were stopped.
    for (closed, open) in [("CONNECTION LIMIT 0", "CONNECTION LIMIT -1"), ("ALLOW_CONNECTIONS false", "ALLOW_CONNECTIONS true")] {
        elsewhere.batch_execute(&format!("ALTER DATABASE {name} WITH {closed}")).await.expect("it is closed");
        cut_off(&superuser).await;
        for _ in 0..3 {
            assert_eq!(sender.error_code(LIST, json!({})).await, "UNAVAILABLE", "{closed}");
        }
        let body = json!({ "username": "caseworker@jirani", "password": "whatever it is" });
        let refused = world.anonymous().request(Method::POST, "/session").json(&body).send().await.expect("an answer");
        assert_eq!(refused.status(), 503, "{closed}");
        until("the probe tells", async || (ready(&world).await == 503).then_some(())).await;
        elsewhere.batch_execute(&format!("ALTER DATABASE {name} WITH {open}")).await.expect("it is open");
        is_well_again(&world).await;
        sender.data(LIST, json!({})).await;
        let (id, _) = sent(&sender).await;
        let mut event = socket.referral().await;
        while event["id"] != json!(id) {
            event = socket.referral().await;
        }
    }
}

#[tokio::test]
async fn a_connection_that_is_ended_is_made_anew_and_no_change_is_overlooked() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let mut socket = listening(&receiver, CHANGES, &sender).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    for _ in 0..3 {
        cut_off(&superuser).await;
        // A request may still find a connection that has ended.
        until("it can be read", async || (sender.run(LIST, json!({})).await["data"].is_object()).then_some(())).await;
        let (id, _) = sent(&sender).await;
        let mut event = socket.referral().await;
        while event["id"] != json!(id) {
            event = socket.referral().await;
        }
        assert_eq!(ready(&world).await, 200, "the end of a connection is no trouble");
    }
}

#[tokio::test]
async fn a_database_that_is_read_only_is_read_and_whoever_writes_is_told_to_come_back() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let of_role = format!("ALTER ROLE pamoja_server IN DATABASE {}", world.database.name);
    superuser.batch_execute(&format!("{of_role} SET default_transaction_read_only = on")).await.expect("it is read-only");
    cut_off(&superuser).await;
    until("it can be read", async || (sender.run(LIST, json!({})).await["data"].is_object()).then_some(())).await;
    let input = json!({ "input": draft(RECEIVER, ServiceType::HivTesting) });
    assert_eq!(sender.error_code(CREATE, input).await, "UNAVAILABLE");
    assert_eq!(ready(&world).await, 503);
    superuser.batch_execute(&format!("{of_role} RESET default_transaction_read_only")).await.expect("it can be written to");
    cut_off(&superuser).await;
    is_well_again(&world).await;
    sent(&sender).await;
}
