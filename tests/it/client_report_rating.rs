//! What a rating is about, and that recording one leaves no trace that others can see.

use chrono::{TimeDelta, Utc};
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::id::ReferralId;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::{Value, json};

use crate::client_report::{THIRD, expected, month, published, rated, read, report, sent_to_service};
use crate::harness::{Client, Member, OUTSIDER, RECEIVER, SENDER, World, write_with_entry};
use crate::referral::{desks, draft, sent, with};

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
async fn past_the_program_a_rating_is_of_the_service_that_the_sender_named_and_of_this_month() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let id = sent_to_service(&sender).await;
    let uuid: ReferralId = global_id::decode(&id.as_str().into()).expect("an id");
    let app = world.connect(DatabaseRole::App).await;
    app.batch_execute(&format!("SELECT test_gate.enter('{}', 'member')", SENDER.id())).await.expect("a tenant");
    let entry = format!("'recordClientReport', '{}'", uuid.0);
    let rate = async |member: Member, service_type: ServiceType, month: &str| {
        let (from, id, of, service) = (SENDER.id(), uuid.0, member.id(), member.service(service_type).0);
        let rating = format!(
            "INSERT INTO client_report (from_organisation_id, referral_id, friendliness, service_organisation_id, service_id, rated_in)
             VALUES ('{from}', '{id}', 1, '{of}', '{service}', {month}) ON CONFLICT (from_organisation_id, referral_id) DO UPDATE SET
             friendliness = 1, service_organisation_id = excluded.service_organisation_id, service_id = excluded.service_id, rated_in = excluded.rated_in"
        );
        write_with_entry(&app, &rating, &entry).await.err().and_then(|error| error.code().map(|code| code.code().to_owned()))
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
        let error = write_with_entry(&app, &change, &entry).await.expect_err("refused");
        assert_eq!(error.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE), "{change}");
    }
    // In a later month, and when the referral names another service, only the outcome can change.
    let elsewhere = json!({ "referralId": id, "serviceId": global_id::encode(RECEIVER.service(ServiceType::Prep)) });
    assert_eq!(receiver.referral_mutation("moveReferral", "MoveReferralInput", elsewhere).await["userErrors"], json!([]));
    assert_eq!(rate(RECEIVER, ServiceType::Prep, present).await, refused, "the rating doesn't move along");
    world.travel(month(1) - Utc::now() + TimeDelta::hours(1)).await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    assert_eq!(report(&sender, json!({ "referralId": id, "outcome": "TURNED_AWAY" })).await["userErrors"], json!([]));
    assert_eq!(read(&sender, &id).await, (json!("TURNED_AWAY"), json!(1)));
    assert_eq!(report(&sender, json!({ "referralId": id, "friendliness": 2 })).await["userErrors"], json!([]));
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let rated = "SELECT service_id::text, friendliness FROM client_report";
    let rated = superuser.query_one(rated, &[]).await.expect("the rating");
    let named = RECEIVER.service(ServiceType::HivTesting).0.to_string();
    assert_eq!((rated.get::<_, String>(0), rated.get::<_, i32>(1)), (named, 2));
}

#[tokio::test]
async fn what_was_entered_in_error_is_not_rated() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let named = json!({ "serviceId": pamoja_api::graphql::global_id::encode(RECEIVER.service(ServiceType::HivTesting)) });
    // What is left of a report that was a rating alone is nothing.
    for outcome in [json!("SERVED_WELL"), json!(null)] {
        let payload = sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), named.clone())).await;
        let id = payload["referral"]["id"].as_str().expect("an id");
        let rated = report(&sender, json!({ "referralId": id, "outcome": outcome, "friendliness": 5 })).await;
        assert_eq!(rated["userErrors"], json!([]));
        let marked = sender.move_referral("markReferralEnteredInError", id).await;
        assert_eq!(marked["referral"]["status"], "ENTERED_IN_ERROR", "{marked:#}");
        let query = "query ($id: ID!) { node(id: $id) { ... on Referral { clientReportedOutcome clientReportedFriendliness } } }";
        let seen = sender.data(query, json!({ "id": id })).await;
        assert_eq!(seen["node"], json!({ "clientReportedOutcome": outcome, "clientReportedFriendliness": null }));
        let refused = report(&sender, json!({ "referralId": id, "friendliness": 1 })).await;
        assert_eq!(
            (&refused["userErrors"][0]["code"], &refused["userErrors"][0]["field"]),
            (&json!("INVALID"), &json!(["friendliness"]))
        );
    }
}

/// The receiver moves a referral to its service of that type.
async fn moved(receiver: &Client, id: &str, service_type: ServiceType) {
    let input = json!({ "referralId": id, "serviceId": global_id::encode(RECEIVER.service(service_type)) });
    let moved = receiver.referral_mutation("moveReferral", "MoveReferralInput", input).await;
    assert_eq!(moved["userErrors"], json!([]), "{moved:#}");
}

#[tokio::test]
async fn a_rating_stays_with_the_service_that_the_client_was_referred_to() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    rated(&world, ServiceType::HivTesting, &[(OUTSIDER, &[5; 5]), (THIRD, &[5; 4])]).await;
    rated(&world, ServiceType::Prep, &[(OUTSIDER, &[5; 5]), (THIRD, &[5; 5])]).await;
    // Moved before it was rated, after, and not at all.
    for (before, after) in [(true, false), (false, true), (false, false)] {
        let id = sent_to_service(&sender).await;
        if before {
            moved(&receiver, &id, ServiceType::Prep).await;
        }
        assert_eq!(report(&sender, json!({ "referralId": id, "friendliness": 5 })).await["userErrors"], json!([]));
        if after {
            moved(&receiver, &id, ServiceType::Prep).await;
            report(&sender, json!({ "referralId": id, "outcome": "SERVED_WELL" })).await;
        }
    }
    world.travel(month(1) - Utc::now() + TimeDelta::hours(1)).await;
    assert_eq!(published(&world).await, expected(json!(5.0), Value::Null, Value::Null));
}

#[tokio::test]
async fn a_service_that_the_receiver_chose_is_not_rated_and_one_that_the_sender_names_later_is() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    moved(&receiver, &id, ServiceType::HivTesting).await;
    let refused = report(&sender, json!({ "referralId": id, "outcome": "SERVED_WELL", "friendliness": 5 })).await;
    let error = &refused["userErrors"][0];
    assert_eq!((&error["code"], &error["field"]), (&json!("INVALID"), &json!(["friendliness"])), "{refused:#}");
    assert_eq!(read(&sender, &id).await, (Value::Null, Value::Null));
    let named = global_id::encode(RECEIVER.service(ServiceType::Prep));
    let amended = json!({ "referralId": id, "serviceId": named, "consentGiven": true });
    let amended = sender.referral_mutation("amendReferral", "AmendReferralInput", amended).await;
    assert_eq!(amended["userErrors"], json!([]), "{amended:#}");
    assert_eq!(report(&sender, json!({ "referralId": id, "friendliness": 4 })).await["userErrors"], json!([]));
    assert_eq!(read(&sender, &id).await, (Value::Null, json!(4)));
}

#[tokio::test]
async fn an_organisation_counts_from_three_ratings_of_that_service_on() {
    let world = World::new().await;
    rated(&world, ServiceType::HivTesting, &[(SENDER, &[5; 100]), (OUTSIDER, &[5; 100]), (THIRD, &[1; 2])]).await;
    rated(&world, ServiceType::Prep, &[(SENDER, &[5; 4]), (OUTSIDER, &[5; 4]), (THIRD, &[1; 3])]).await;
    // Three of another service of the same organisation don't help.
    rated(&world, ServiceType::Pep, &[(SENDER, &[5; 4]), (OUTSIDER, &[5; 4]), (THIRD, &[1; 2])]).await;
    assert_eq!(published(&world).await, expected(Value::Null, Value::Null, json!(3.5)));
}

#[tokio::test]
async fn what_is_rated_in_a_services_first_three_months_does_not_count() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    for (service_type, created_at) in [
        (ServiceType::HivTesting, "present_month() - interval '4 months'"),
        (ServiceType::Pep, "present_month() - interval '4 months' + interval '14 days'"),
        (ServiceType::Prep, "present_month() - interval '1 month'"),
    ] {
        // All were rated in the month before this one.
        rated(&world, service_type, &[(SENDER, &[4; 5]), (OUTSIDER, &[4; 5]), (THIRD, &[4; 5])]).await;
        let created = format!(
            "WITH made AS (SELECT ({created_at}) AS at) UPDATE service SET created_at = made.at AT TIME ZONE interval '3 hours' FROM made WHERE id = '{}'",
            RECEIVER.service(service_type).0
        );
        superuser.batch_execute(&created).await.expect("a young service");
        let others = [ServiceType::HivTesting, ServiceType::Pep, ServiceType::Prep];
        let counts = service_type == ServiceType::HivTesting;
        superuser.batch_execute("DELETE FROM service_friendliness").await.expect("none");
        let found = published(&world).await;
        let at = others.iter().position(|other| *other == service_type).expect("one of them");
        assert_eq!(found[at].1, if counts { json!(4.0) } else { Value::Null }, "{service_type}");
    }
}
