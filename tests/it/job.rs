//! What runs by the clock.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_persistence::{job, retention};
use serde_json::json;

use crate::harness::{MEMBERS, RECEIVER, SENDER, World};
use crate::referral::{desks, draft, sent, with};

#[tokio::test]
async fn an_expiry_is_recorded_once_at_its_time_and_told_to_both_parties() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    for _ in 0..5 {
        sent(&sender).await;
    }
    let (open, _) = sent(&sender).await;
    receiver.move_referral("checkInReferralWithoutSlip", &open).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser.batch_execute("DELETE FROM outbox").await.expect("an empty outbox");
    world.travel(TimeDelta::days(29)).await;
    assert_eq!(job::expire(&world.worker, SENDER.id()).await.expect("the job"), 0, "too early");
    world.travel(TimeDelta::days(33)).await;
    let (one, two) = tokio::join!(job::expire(&world.worker, SENDER.id()), job::expire(&world.worker, SENDER.id()));
    assert_eq!(one.expect("the job") + two.expect("the job"), 5);
    assert_eq!(job::expire(&world.worker, SENDER.id()).await.expect("the job"), 0);
    assert_eq!(job::expire(&world.worker, RECEIVER.id()).await.expect("the job"), 0, "it is the sender's to record");
    let rows = superuser
        .query(
            "SELECT progress.expires_at::text, progress.status, progress.status_at::text, event.at::text, event.by_organisation_id IS NULL,
                 (SELECT count(DISTINCT organisation_id) FROM outbox WHERE node_id = referral_id), (SELECT count(*) FROM outbox WHERE node_id = referral_id),
                 (SELECT count(*) FROM audit_entry WHERE node_id = referral_id AND action = 'expireReferral' AND user_id IS NULL)
             FROM referral_progress AS progress JOIN referral_event AS event USING (referral_id) WHERE event.status = 'EXPIRED'",
            &[],
        )
        .await
        .expect("rows");
    assert_eq!(rows.len(), 5);
    for row in rows {
        let [expires_at, status, status_at, at] = [0, 1, 2, 3].map(|column| row.get::<_, String>(column));
        assert_eq!((status.as_str(), &status_at, &at), ("EXPIRED", &expires_at, &expires_at), "the time is when it happened");
        assert!(row.get::<_, bool>(4), "nobody did it");
        assert_eq!([5, 6, 7].map(|column| row.get::<_, i64>(column)), [2, 2, 1]);
    }
}

#[tokio::test]
async fn more_than_one_batch_expires_in_one_run() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    sent(&sender).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute(
            "CREATE TEMPORARY TABLE copy AS SELECT gen_random_uuid() AS id FROM generate_series(1, 450);
             INSERT INTO referral SELECT from_organisation_id, copy.id, to_organisation_id, service_type, county_code, urgency, created_at FROM referral, copy;
             INSERT INTO referral_progress (from_organisation_id, referral_id, to_organisation_id, status, expires_at)
                 SELECT from_organisation_id, copy.id, to_organisation_id, status, expires_at FROM referral_progress, copy;
             INSERT INTO referral_sender (from_organisation_id, referral_id, user_id) SELECT from_organisation_id, copy.id, user_id FROM referral_sender, copy",
        )
        .await
        .expect("many referrals");
    world.travel(TimeDelta::days(31)).await;
    assert_eq!(job::expire(&world.worker, SENDER.id()).await.expect("the job"), 451);
}

/// How many rows each table holds.
async fn counts(superuser: &tokio_postgres::Client) -> BTreeMap<String, i64> {
    let tables = superuser
        .query("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'clock_offset'", &[])
        .await
        .expect("tables");
    let mut counts = BTreeMap::new();
    for table in tables {
        let table: String = table.get(0);
        let count = superuser.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await.expect("a count");
        counts.insert(table, count.get(0));
    }
    counts
}

#[tokio::test]
async fn retention_deletes_what_it_says_when_it_says_and_nothing_else() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let keyed = with(
        draft(RECEIVER, pamoja_domain::service::ServiceType::HivTesting),
        json!({ "clientMutationId": uuid::Uuid::new_v4() }),
    );
    let ended = sender.create_referral(keyed).await["referral"]["id"].take();
    let ended = ended.as_str().expect("an id");
    // The other referral arrives and stays there: it has no ending.
    let (open, _) = sent(&sender).await;
    receiver.move_referral("checkInReferralWithoutSlip", &open).await;
    receiver
        .referral_mutation("declineReferral", "DeclineReferralInput", json!({ "referralId": ended, "reason": "NO_CAPACITY" }))
        .await;
    // What was settled is forgotten in time, and what still asks never is.
    let another = with(draft(RECEIVER, pamoja_domain::service::ServiceType::HivTesting), json!({ "client": "a".repeat(26) }));
    let unsettled = sender.create_referral(another).await["referral"]["id"].take();
    let input = json!({ "referralId": unsettled, "reason": "NO_CAPACITY" });
    receiver.referral_mutation("declineReferral", "DeclineReferralInput", input).await;
    let dismissed = crate::task_follow_up::dismiss(&sender, "FOLLOW_UP_REFERRAL", ended).await;
    assert_eq!(dismissed["userErrors"], json!([]));
    let unknown = pamoja_domain::referral::slip::SlipCode::from_bits(0x1_2345_6789_abcd).to_string();
    receiver.referral_mutation("checkInReferral", "CheckInReferralInput", json!({ "slipCode": unknown })).await;
    let wrong = json!({ "username": "caseworker@jirani", "password": "not the password" });
    world.anonymous().request(reqwest::Method::POST, "/session").json(&wrong).send().await.expect("an answer");
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser
        .batch_execute(
            "INSERT INTO referral_note (from_organisation_id, referral_id, to_organisation_id, sealed)
             SELECT from_organisation_id, id, to_organisation_id, 'sealed' FROM referral",
        )
        .await
        .expect("notes");
    // Three sessions of a user: one is ended, two expire.
    let leaving = world.client(SENDER, pamoja_domain::user::Role::Analyst).await;
    leaving.request(reqwest::Method::DELETE, "/session").send().await.expect("an answer");

    let mut log = String::new();
    let mut before = counts(&superuser).await;
    for (when, after) in [
        ("now", TimeDelta::zero()),
        ("10 minutes", TimeDelta::minutes(10)),
        ("20 minutes", TimeDelta::minutes(20)),
        ("59 minutes", TimeDelta::minutes(59)),
        ("2 hours", TimeDelta::hours(2)),
        ("23 hours", TimeDelta::hours(23)),
        ("25 hours", TimeDelta::hours(25)),
        ("6 days 23 hours", TimeDelta::hours(6 * 24 + 23)),
        ("7 days 1 hour", TimeDelta::hours(7 * 24 + 1)),
        ("8 days 1 hour", TimeDelta::hours(8 * 24 + 1)),
        ("29 days 23 hours", TimeDelta::hours(29 * 24 + 23)),
        ("30 days 1 hour", TimeDelta::hours(30 * 24 + 1)),
        ("89 days 23 hours", TimeDelta::hours(89 * 24 + 23)),
        ("90 days 1 hour", TimeDelta::hours(90 * 24 + 1)),
        ("5 years", TimeDelta::days(5 * 365)),
    ] {
        world.travel(after).await;
        retention::retain_of_nobody(&world.worker).await.expect("the job");
        for member in MEMBERS {
            job::expire(&world.worker, member.id()).await.expect("the job");
            retention::retain(&world.worker, member.id()).await.expect("the job");
        }
        let now = counts(&superuser).await;
        let gone: Vec<String> = now
            .iter()
            .filter(|(table, count)| before[*table] != **count)
            .map(|(table, count)| format!("{table} {} -> {count}", before[table]))
            .collect();
        log.push_str(&format!("{when}: {}\n", gone.join(", ")));
        before = now;
    }
    insta::assert_snapshot!(log);
}

#[tokio::test]
async fn an_expired_referral_keeps_its_slip_while_it_can_be_reopened() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    sent(&sender).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let expires: String = superuser
        .query_one(
            "SELECT to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM referral_progress",
            &[],
        )
        .await
        .expect("a time")
        .get(0);
    let expires: DateTime<Utc> = expires.parse().expect("a time");
    for (days, left) in [(29, 1), (31, 0)] {
        world.travel(expires - Utc::now() + TimeDelta::days(days)).await;
        // Nobody recorded the expiry yet: the job records it first, with the time at which it happened.
        job::expire(&world.worker, SENDER.id()).await.expect("the job");
        retention::retain(&world.worker, SENDER.id()).await.expect("the job");
        assert_eq!(counts(&superuser).await["referral_slip"], left, "{days} days after its expiry");
    }
}
