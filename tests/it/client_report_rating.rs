//! What a rating is about, and that recording one leaves no trace that others can see.

use chrono::{TimeDelta, Utc};
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::id::ReferralId;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::json;

use crate::client_report::{month, read, report, sent_to_service};
use crate::harness::{Member, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{desks, draft, with};

#[tokio::test]
async fn a_report_locks_no_row_of_the_referral_and_the_service_themselves() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let id = sent_to_service(&sender).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let versions = async || -> String {
        let query = "SELECT string_agg(row, E'\n' ORDER BY row) FROM (
            SELECT id::text || ' ' || xmin || ' ' || xmax || ' ' || ctid AS row FROM referral
            UNION ALL SELECT id::text || ' ' || xmin || ' ' || xmax || ' ' || ctid FROM service) AS rows";
        superuser.query_one(query, &[]).await.expect("the versions").get(0)
    };
    let before = versions().await;
    let recorded = report(&sender, json!({ "referralId": id, "outcome": "MISTREATED", "friendliness": 1 })).await;
    assert_eq!((&recorded["userErrors"], versions().await), (&json!([]), before));
}

#[tokio::test]
async fn past_the_program_a_rating_is_of_the_service_that_the_referral_names_and_of_this_month() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let id = sent_to_service(&sender).await;
    let uuid: ReferralId = global_id::decode(&id.as_str().into()).expect("an id");
    let app = world.connect(DatabaseRole::App).await;
    app.batch_execute(&format!(
        "SELECT set_config('pamoja.organisation_id', '{}', false), set_config('pamoja.door', 'member', false)",
        SENDER.id()
    ))
    .await
    .expect("a tenant");
    let rate = async |member: Member, service_type: ServiceType, month: &str| {
        let (from, id, of, service) = (SENDER.id(), uuid.0, member.id(), member.service(service_type).0);
        let rating = format!(
            "INSERT INTO client_report (from_organisation_id, referral_id, friendliness, service_organisation_id, service_id, rated_in)
             VALUES ('{from}', '{id}', 1, '{of}', '{service}', {month}) ON CONFLICT (from_organisation_id, referral_id) DO UPDATE SET
             friendliness = 1, service_organisation_id = excluded.service_organisation_id, service_id = excluded.service_id, rated_in = excluded.rated_in"
        );
        app.batch_execute(&rating).await.err().and_then(|error| error.code().map(|code| code.code().to_owned()))
    };
    let refused = Some("42501".to_owned());
    let (present, earlier) = ("present_month()", "(present_month() - interval '1 month')::date");
    for reported in [false, true] {
        assert_eq!(rate(OUTSIDER, ServiceType::HivTesting, present).await, refused);
        assert_eq!(rate(RECEIVER, ServiceType::Prep, present).await, refused);
        assert_eq!(rate(RECEIVER, ServiceType::HivTesting, earlier).await, refused);
        if !reported {
            assert_eq!(rate(RECEIVER, ServiceType::HivTesting, present).await, None);
        }
    }
    for change in [
        format!("UPDATE client_report SET rated_in = {earlier}"),
        format!("UPDATE client_report SET friendliness = 5, rated_in = {earlier}"),
    ] {
        let error = app.batch_execute(&change).await.expect_err("refused");
        assert_eq!(error.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE), "{change}");
    }
    // In a later month, and when the referral names another service, only the outcome can change.
    let elsewhere = json!({ "referralId": id, "serviceId": global_id::encode(RECEIVER.service(ServiceType::Prep)) });
    assert_eq!(receiver.referral_mutation("moveReferral", "MoveReferralInput", elsewhere).await["userErrors"], json!([]));
    world.travel(month(1) - Utc::now() + TimeDelta::hours(1));
    let sender = world.client(SENDER, Role::Caseworker).await;
    assert_eq!(report(&sender, json!({ "referralId": id, "outcome": "TURNED_AWAY" })).await["userErrors"], json!([]));
    assert_eq!(read(&sender, &id).await, (json!("TURNED_AWAY"), json!(1)));
    assert_eq!(report(&sender, json!({ "referralId": id, "friendliness": 2 })).await["userErrors"], json!([]));
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let rated = "SELECT service_id::text, friendliness FROM client_report";
    let rated = superuser.query_one(rated, &[]).await.expect("the rating");
    assert_eq!((rated.get::<_, String>(0), rated.get::<_, i32>(1)), (RECEIVER.service(ServiceType::Prep).0.to_string(), 2));
}

#[tokio::test]
async fn what_was_entered_in_error_is_not_rated() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let named = json!({ "serviceId": pamoja_api::graphql::global_id::encode(RECEIVER.service(ServiceType::HivTesting)) });
    let payload = sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), named)).await;
    let id = payload["referral"]["id"].as_str().expect("an id");
    let rated = report(&sender, json!({ "referralId": id, "outcome": "SERVED_WELL", "friendliness": 5 })).await;
    assert_eq!(rated["userErrors"], json!([]));
    sender.move_referral("markReferralEnteredInError", id).await;
    let query = "query ($id: ID!) { node(id: $id) { ... on Referral { clientReportedOutcome clientReportedFriendliness } } }";
    let seen = sender.data(query, json!({ "id": id })).await;
    assert_eq!(seen["node"], json!({ "clientReportedOutcome": "SERVED_WELL", "clientReportedFriendliness": null }));
    let refused = report(&sender, json!({ "referralId": id, "friendliness": 1 })).await;
    assert_eq!(
        (&refused["userErrors"][0]["code"], &refused["userErrors"][0]["field"]),
        (&json!("INVALID"), &json!(["friendliness"]))
    );
}
