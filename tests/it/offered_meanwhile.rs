//! What is open to all while a member that offers it pauses or closes in that very moment: the member is left out, and nothing fails.
//!
//! Nothing here is left to chance. The request is held where it first writes to whom it is open, until what is offered has changed.

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{OUTSIDER, RECEIVER, World, until};
use crate::referral::{desks, refusal, with};
use crate::referral_open::{list, open};
use crate::training::{offer_draft, request_draft, training};

/// Makes a request, holds it before it writes to that table, makes the change, and lets the request go on. Returns its answer.
async fn meanwhile(world: &World, table: &str, change: &str, request: impl Future<Output = Value>) -> Value {
    let mut superuser = world.connect(DatabaseRole::Superuser).await;
    let observer = world.connect(DatabaseRole::Superuser).await;
    let held = superuser.transaction().await.expect("a transaction");
    held.batch_execute(&format!("LOCK TABLE {table} IN SHARE MODE")).await.expect("nobody writes to it yet");
    let waits = format!(
        "SELECT FROM pg_locks WHERE NOT granted AND locktype = 'relation' AND relation = '{table}'::regclass
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    );
    let changed = async {
        let waits = async || (!observer.query(&waits, &[]).await.expect("the locks").is_empty()).then_some(());
        until("the request waits", waits).await;
        held.batch_execute(change).await.expect("it is changed");
        held.commit().await.expect("it is committed");
    };
    tokio::join!(request, changed).0
}

async fn as_superuser(world: &World, change: &str) {
    world.connect(DatabaseRole::Superuser).await.batch_execute(change).await.expect("it is changed");
}

fn change(service_type: ServiceType, set: &str) -> String {
    format!("UPDATE service SET {set} WHERE id = '{}'", RECEIVER.service(service_type).0)
}

/// What stops the receiver's service from taking a client under 18.
const STOPS: [&str; 3] = ["paused = true", "closed_at = now()", "accepts_minors = false"];
const STARTS: &str = "paused = false, closed_at = NULL, accepts_minors = true";

fn minor(fields: Value) -> Value {
    open(with(json!({ "under18": "YES", "ageBand": "NOT_STATED", "clientMutationId": Uuid::new_v4() }), fields))
}

#[tokio::test]
async fn a_referral_is_offered_to_all_but_who_has_just_stopped() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    as_superuser(&world, "UPDATE service SET accepts_minors = true").await;
    for stops in STOPS {
        let stop = change(ServiceType::HivTesting, stops);
        let sent = meanwhile(&world, "open_referral_offer", &stop, sender.create_referral(minor(json!({})))).await;
        assert_eq!(sent["userErrors"], json!([]), "{stops}: {sent:#}");
        as_superuser(&world, &change(ServiceType::HivTesting, STARTS)).await;
        let id = sent["referral"]["id"].as_str().expect("an id").to_owned();
        assert!(list(&outsider, "OPEN", json!({})).await.contains(&id), "{stops}: who goes on offering it can take it");
        assert!(!list(&receiver, "OPEN", json!({})).await.contains(&id), "{stops}: who has stopped can't");
    }
}

#[tokio::test]
async fn a_referral_that_nobody_offers_any_more_is_refused_and_not_there() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    as_superuser(&world, "UPDATE service SET accepts_minors = true").await;
    for stops in STOPS {
        let stop = change(ServiceType::Pep, stops);
        let draft = minor(json!({ "serviceType": "PEP" }));
        let before = list(&sender, "OUTGOING", json!({})).await;
        let refused = meanwhile(&world, "open_referral_offer", &stop, sender.create_referral(draft.clone())).await;
        assert_eq!(refusal(&refused), ("INVALID", "toOrganisationId"), "{stops}: {refused:#}");
        assert_eq!(list(&sender, "OUTGOING", json!({})).await, before, "{stops}: nothing is half done");
        // The same again, once it is offered again.
        as_superuser(&world, &change(ServiceType::Pep, STARTS)).await;
        let sent = sender.create_referral(draft).await;
        let id = sent["referral"]["id"].as_str().unwrap_or_else(|| panic!("{stops}: {sent:#}")).to_owned();
        assert!(list(&receiver, "OPEN", json!({})).await.contains(&id), "{stops}");
    }
}

#[tokio::test]
async fn a_request_for_a_training_is_sent_to_all_but_who_has_just_stopped() {
    let world = World::new().await;
    let host = world.client(crate::harness::SENDER, Role::Trainer).await;
    let stopping = world.client(RECEIVER, Role::Trainer).await;
    let going_on = world.client(OUTSIDER, Role::Trainer).await;
    for trainer in [&stopping, &going_on] {
        crate::training::offered(trainer, offer_draft()).await;
    }
    let open_list = "{ trainingRequests(direction: OPEN) { nodes { id } } }";
    for stops in ["paused = true", "closed_at = now()", "open_until = DATE '2020-01-01'", "county_codes = '{001}'"] {
        let stop = format!("UPDATE training_offer SET {stops} WHERE organisation_id = '{}'", RECEIVER.id());
        let request = training(&host, "requestTraining", "RequestTrainingInput", request_draft(None));
        let sent = meanwhile(&world, "outbox", &stop, request).await;
        let id = sent["trainingRequest"]["id"].clone();
        assert!(id.is_string(), "{stops}: {sent:#}");
        for (trainer, offers) in [(&stopping, false), (&going_on, true)] {
            let seen = trainer.data(open_list, json!({})).await["trainingRequests"]["nodes"].take();
            assert_eq!(seen.as_array().expect("nodes").contains(&json!({ "id": id })), offers, "{stops}: {seen:#}");
        }
        let told = format!("SELECT count(*) FROM outbox WHERE organisation_id IN ('{}', '{}')", RECEIVER.id(), OUTSIDER.id());
        let superuser = world.connect(DatabaseRole::Superuser).await;
        assert_eq!(superuser.query_one(&told, &[]).await.expect("a count").get::<_, i64>(0), 1, "{stops}: one is told");
        let start = "UPDATE training_offer SET paused = false, closed_at = NULL, open_until = NULL, county_codes = '{047}'; DELETE FROM outbox";
        as_superuser(&world, start).await;
    }
}
