//! The jobs work in batches: nobody's failure stops another's, no transaction touches many rows, and a worker that is killed loses
//! and doubles nothing.

use std::process::Stdio;
use std::time::Duration;

use pamoja_api::audit_chain;
use pamoja_api::keys::{Keys, noise};
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::user::Role;
use pamoja_persistence::batch::DELETION_BATCH;
use pamoja_persistence::job::{self, EXPIRY_BATCH};
use pamoja_persistence::retention;
use tokio::process::Command;
use tokio_postgres::Client;

use crate::command::{Ended, pamoja};
use crate::harness::{Folder, OUTSIDER, RECEIVER, SENDER, World, until_within};
use crate::referral::{desks, sent};

/// How long a program may take to start on a busy machine, and to do something.
const PATIENCE: Duration = Duration::from_secs(60);

/// The worker's command on that world's database, with keys of its own in that folder.
fn worker(world: &World, folder: &Folder, arguments: &[&str]) -> Command {
    let (keys, noise_key) = (folder.0.join("keys"), folder.0.join("noise.key"));
    if !keys.exists() {
        Keys::create(&keys).expect("keys");
        noise::create(&noise_key).expect("a noise key");
    }
    let mut command = pamoja(&["worker", "--keys"]);
    command.arg(keys).arg("--noise-key").arg(noise_key).args(arguments);
    command.env("PAMOJA_WORKER_DATABASE_URL", world.url(DatabaseRole::Worker));
    command.env("PAMOJA_PUBLISHER_DATABASE_URL", world.url(DatabaseRole::Publisher));
    command
}

/// Copies the only referral of that many into more, all of which expired an hour ago.
async fn expired(superuser: &Client, copies: usize) {
    superuser
        .batch_execute(&format!(
            "CREATE TEMPORARY TABLE copy AS SELECT gen_random_uuid() AS id FROM generate_series(1, {copies});
             INSERT INTO referral SELECT from_organisation_id, copy.id, to_organisation_id, service_type, county_code, urgency, created_at FROM referral, copy;
             INSERT INTO referral_sender (from_organisation_id, referral_id, user_id)
                 SELECT from_organisation_id, copy.id, user_id FROM referral_sender, copy;
             INSERT INTO referral_progress (from_organisation_id, referral_id, to_organisation_id, status, expires_at)
                 SELECT from_organisation_id, copy.id, to_organisation_id, status, expires_at FROM referral_progress, copy;
             DROP TABLE copy;
             UPDATE referral_progress SET expires_at = now() - interval '1 hour'"
        ))
        .await
        .expect("referrals that are due");
}

async fn count(superuser: &Client, query: &str) -> i64 {
    superuser.query_one(query, &[]).await.expect("a count").get(0)
}

const UNRECORDED: &str = "SELECT count(*) FROM referral_progress WHERE expires_at < now() AND status <> 'EXPIRED'";

#[tokio::test]
async fn what_fails_for_one_organisation_stops_nothing_else_and_is_tried_again() {
    let (world, folder) = (World::new().await, Folder::new("worker"));
    let (sender, _) = desks(&world).await;
    sent(&sender).await;
    sent(&world.client(OUTSIDER, Role::Caseworker).await).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let secret = "wanjiru-was-here";
    superuser
        .batch_execute(&format!(
            "UPDATE referral_progress SET expires_at = now() - interval '1 hour';
             INSERT INTO sign_in_attempt (account_hash, attempted_at) VALUES ('x', now() - interval '1 day');
             UPDATE outbox SET recorded_at = now() - interval '2 days';
             CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{secret}'; END $$;
             CREATE TRIGGER fail BEFORE INSERT ON referral_event FOR EACH ROW WHEN (NEW.from_organisation_id = '{}') EXECUTE FUNCTION fail()",
            SENDER.id()
        ))
        .await
        .expect("one organisation's job fails");
    let ended = Ended::of(worker(&world, &folder, &["--once"])).await;
    assert_ne!(ended.code, Some(0), "it tells that something failed");
    assert_eq!(count(&superuser, UNRECORDED).await, 1, "the other's is recorded: {}", ended.error);
    assert_eq!(count(&superuser, "SELECT count(*) FROM sign_in_attempt").await, 0);
    let old = "SELECT count(*) FROM outbox WHERE recorded_at < now() - interval '1 day'";
    assert_eq!(count(&superuser, old).await, 0, "the same organisation's other jobs are done");
    assert_eq!(ended.error.matches("a job failed").count(), 1, "{}", ended.error);
    assert!(ended.error.contains("\"job\":\"Expire\"") && ended.error.contains(&SENDER.id().to_string()), "{}", ended.error);
    assert!(!ended.error.contains(secret), "the log quotes a row: {}", ended.error);
    superuser.batch_execute("DROP TRIGGER fail ON referral_event").await.expect("it is well again");
    Ended::of(worker(&world, &folder, &["--once"])).await;
    assert_eq!(count(&superuser, UNRECORDED).await, 0);
}

/// Has every table tell how many rows each transaction adds, changes and deletes.
async fn watch(superuser: &Client) {
    superuser
        .batch_execute(
            "CREATE TABLE touched (transaction xid8, what text, rows bigint);
             CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
                 BEGIN INSERT INTO touched SELECT pg_current_xact_id(), TG_OP || ' ' || TG_TABLE_NAME, count(*) FROM affected HAVING count(*) > 0; RETURN NULL; END $$;
             DO $$ DECLARE it text; BEGIN
                 FOR it IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'touched' LOOP
                     EXECUTE format('CREATE TRIGGER touch_new AFTER INSERT ON %I REFERENCING NEW TABLE AS affected FOR EACH STATEMENT EXECUTE FUNCTION touch()', it);
                     EXECUTE format('CREATE TRIGGER touch_changed AFTER UPDATE ON %I REFERENCING NEW TABLE AS affected FOR EACH STATEMENT EXECUTE FUNCTION touch()', it);
                     EXECUTE format('CREATE TRIGGER touch_old AFTER DELETE ON %I REFERENCING OLD TABLE AS affected FOR EACH STATEMENT EXECUTE FUNCTION touch()', it);
                 END LOOP;
             END $$",
        )
        .await
        .expect("what is touched is told");
}

#[tokio::test]
async fn no_job_touches_more_rows_in_one_transaction_than_its_batch() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    receiver.move_referral("acceptReferral", &id).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let many = 2 * DELETION_BATCH + 300;
    expired(&superuser, many).await;
    // Of all that is deleted by a table, more than two batches; all of it is years old.
    superuser
        .batch_execute(&format!(
            "CREATE TEMPORARY TABLE old AS SELECT number, now() - interval '3 years' + number * interval '1 millisecond' AS at,
                 gen_random_uuid() AS id, decode(md5(number::text), 'hex') AS half FROM generate_series(1, {many}) AS number;
             CREATE TEMPORARY TABLE account AS SELECT organisation_id, id AS user_id FROM user_account WHERE organisation_id = '{organisation}' LIMIT 1;
             INSERT INTO outbox (organisation_id, kind, node_id, recorded_at) SELECT organisation_id, 'REFERRAL', old.id, at FROM account, old;
             INSERT INTO outbox_for_all (organisation_id, kind, node_id, recorded_at) SELECT organisation_id, 'SERVICE', old.id, at FROM account, old;
             INSERT INTO client_mutation (organisation_id, user_id, operation, key, input_hash, recorded_at)
                 SELECT organisation_id, user_id, 'createReferral', old.id, half, at FROM account, old;
             INSERT INTO user_session (organisation_id, id, user_id, device, ends_at) SELECT organisation_id, old.id, user_id, 'own', at FROM account, old;
             INSERT INTO slip_attempt (organisation_id, user_id, attempted_at) SELECT organisation_id, user_id, at FROM account, old;
             INSERT INTO sign_in_attempt (account_hash, attempted_at) SELECT half, at FROM old;
             INSERT INTO blank_slip (organisation_id, look_up_hash, nonce, batch_id, user_id, expires_at)
                 SELECT organisation_id, half || half, half, old.id, user_id, at FROM account, old;
             INSERT INTO pending_check_in (organisation_id, look_up_hash, id, user_id, expires_at)
                 SELECT organisation_id, half || half, old.id, user_id, at FROM account, old;
             INSERT INTO referral_note (from_organisation_id, referral_id, to_organisation_id, sealed)
                 SELECT from_organisation_id, referral_id, to_organisation_id, 'sealed' FROM referral_progress;
             INSERT INTO referral_slip (from_organisation_id, referral_id, to_organisation_id, nonce, look_up_hash)
                 SELECT from_organisation_id, referral_id, to_organisation_id, decode(md5(referral_id::text), 'hex'), sha256(referral_id::text::bytea)
                 FROM referral_progress ON CONFLICT DO NOTHING;
             INSERT INTO referral_follow_up (from_organisation_id, referral_id, ended_at, settled_at)
                 SELECT from_organisation_id, referral_id, at, at FROM referral_progress, (SELECT min(at) AS at FROM old) AS first",
            organisation = SENDER.id()
        ))
        .await
        .expect("much that is due");
    watch(&superuser).await;
    assert_eq!(job::expire(&world.worker, SENDER.id()).await.expect("the job"), many + 1);
    superuser
        .batch_execute("UPDATE referral_progress SET status_at = now() - interval '1 year'; DELETE FROM touched WHERE what LIKE '% referral_progress' AND transaction = pg_current_xact_id()")
        .await
        .expect("they expired long ago");
    retention::retain_of_nobody(&world.worker).await.expect("the job");
    retention::retain(&world.worker, SENDER.id()).await.expect("the job");
    let touched = superuser
        .query(
            "SELECT what, max(rows)::int8, sum(rows)::int8 FROM (SELECT what, transaction, sum(rows) AS rows FROM touched GROUP BY 1, 2) AS each GROUP BY 1",
            &[],
        )
        .await
        .expect("what was touched");
    let mut whole = Vec::new();
    for row in &touched {
        let (what, most, all) = (row.get::<_, String>(0), row.get::<_, i64>(1) as usize, row.get::<_, i64>(2) as usize);
        let bound = match what.split_once(' ') {
            Some(("DELETE", _)) => DELETION_BATCH,
            _ => 2 * EXPIRY_BATCH,
        };
        assert!(most <= bound, "one transaction touches {most} rows: {what}");
        if all >= many {
            whole.push(what);
        }
    }
    whole.sort();
    let deleted = [
        "blank_slip",
        "client_mutation",
        "outbox",
        "outbox_for_all",
        "pending_check_in",
        "referral_follow_up",
        "referral_note",
        "referral_slip",
        "sign_in_attempt",
        "slip_attempt",
        "user_session",
    ];
    for table in deleted {
        assert!(whole.contains(&format!("DELETE {table}")), "{table} is not emptied: {whole:?}");
    }
    for what in ["UPDATE referral_progress", "INSERT referral_event", "INSERT audit_entry", "INSERT outbox"] {
        assert!(whole.iter().any(|known| known == what), "{what}: {whole:?}");
    }
}

/// Counts expired referrals that were not recorded exactly once.
const WRONG: &str = "SELECT count(*) FROM referral_progress AS progress WHERE expires_at < now() AND NOT (
    status = 'EXPIRED' AND (SELECT count(*) FROM referral_event AS event WHERE event.referral_id = progress.referral_id AND event.status = 'EXPIRED') = 1
    AND (SELECT count(*) FROM audit_entry WHERE node_id = referral_id AND action = 'expireReferral') = 1
    AND (SELECT count(*) FROM referral_follow_up AS asked WHERE asked.referral_id = progress.referral_id) = 1
    AND (SELECT count(*) FROM outbox WHERE node_id = referral_id AND position > (SELECT position FROM before)) = 2)";

#[tokio::test]
async fn a_worker_that_is_killed_in_the_middle_of_a_batch_loses_and_doubles_nothing() {
    let (world, folder) = (World::new().await, Folder::new("killed"));
    let (sender, _) = desks(&world).await;
    sent(&sender).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    expired(&superuser, 3 * EXPIRY_BATCH).await;
    superuser
        .batch_execute(
            "CREATE TEMPORARY TABLE before AS SELECT max(position) AS position FROM outbox;
             CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN PERFORM pg_sleep(0.003); RETURN NULL; END $$;
             CREATE TRIGGER dawdle AFTER INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION dawdle()",
        )
        .await
        .expect("it takes its time");
    let mut done = 0;
    for _ in 0..3 {
        let mut running = worker(&world, &folder, &[]).stderr(Stdio::null()).spawn().expect("it runs");
        // Another batch is recorded, and the next one has begun.
        until_within(PATIENCE, "a batch is recorded", async || {
            let recorded = count(&superuser, "SELECT count(*) FROM audit_entry WHERE action = 'expireReferral'").await;
            (recorded > done).then(|| done = recorded)
        })
        .await;
        running.kill().await.expect("it is killed");
        // Its sessions end when PostgreSQL notices, and undo what they were doing.
        until_within(PATIENCE, "its sessions have ended", async || {
            let query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'pamoja_worker' AND xact_start IS NOT NULL";
            (count(&superuser, query).await == 0).then_some(())
        })
        .await;
        assert_eq!(done as usize % EXPIRY_BATCH, 0, "whole batches are recorded, or the last of them");
        if done as usize >= 2 * EXPIRY_BATCH {
            break;
        }
    }
    superuser.batch_execute("DROP TRIGGER dawdle ON audit_entry").await.expect("it hurries");
    Ended::of(worker(&world, &folder, &["--once"])).await;
    assert_eq!(count(&superuser, WRONG).await, 0);
    assert_eq!(count(&superuser, UNRECORDED).await, 0);
    let keys = Keys::read(&folder.0.join("keys")).expect("keys");
    for member in [SENDER, RECEIVER] {
        let wrong = audit_chain::verify(&world.operator, &keys, member.id()).await.expect("the chain is read");
        assert_eq!(wrong, None);
    }
}
