//! Whoever sends SQL as a member: what the database itself shows of violations, and what it lets them write.

use pamoja_api::graphql::global_id;
use pamoja_domain::id::ViolationId;
use tokio_postgres::Client as Postgres;

use super::*;

struct Intruder {
    app: Postgres,
}

impl Intruder {
    /// The transactions of that account, by its own session.
    async fn of(world: &World) -> Self {
        Self { app: world.connect(DatabaseRole::App).await }
    }

    async fn enter(&self, handle: &str, roles: &str, device: &str) {
        let enter =
            format!("SELECT test_gate.enter('{}', 'member', '{}', '{roles}', '{device}')", SENDER.id(), SENDER.user(handle));
        self.app.batch_execute(&enter).await.expect("a tenant");
    }

    async fn counts(&self) -> Vec<i64> {
        let mut counts = Vec::new();
        for table in ["violation", "violation_author", "violation_client", "violation_note", "violation_step", "violation_link"] {
            let count = format!("SELECT count(*) FROM {table}");
            counts.push(self.app.query_one(&count, &[]).await.expect("a count").get(0));
        }
        let outbox = "SELECT count(*) FROM outbox WHERE kind = 'VIOLATION'";
        counts.push(self.app.query_one(outbox, &[]).await.expect("a count").get(0));
        counts
    }
}

#[tokio::test]
async fn with_sql_each_account_sees_what_it_may_and_on_a_shared_device_nothing() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::Caseworker).await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let referral = turned_away(&author).await;
    let whole = json!({ "referralId": referral, "sealedNote": crate::referral_note::sealed(2), "steps": [{ "kind": "COUNSELLING", "month": this_month() }] });
    documented(&author, whole).await;
    documented(&peer, json!({})).await;
    let intruder = Intruder::of(&world).await;
    for (handle, roles, device, seen) in [
        ("caseworker", "CASEWORKER", "own", [1, 1, 1, 1, 1, 1, 1]),
        ("caseworker", "CASEWORKER", "shared", [0; 7]),
        ("peer", "PEER_EDUCATOR", "own", [1, 1, 1, 0, 0, 0, 1]),
        ("second-caseworker", "CASEWORKER", "own", [0; 7]),
        ("paralegal", "PARALEGAL", "own", [2, 2, 2, 1, 1, 1, 2]),
        ("paralegal", "PARALEGAL", "shared", [0; 7]),
        ("admin", "ORGANISATION_ADMIN", "own", [0; 7]),
        // Whoever documented one and has another role now.
        ("caseworker", "ANALYST TRAINER ORGANISATION_ADMIN", "own", [0; 7]),
    ] {
        intruder.enter(handle, roles, device).await;
        assert_eq!(intruder.counts().await, seen, "{handle} as {roles} on a device that is {device}");
        // What isn't seen isn't changed either, and not by a statement that reads nothing.
        for change in ["UPDATE violation SET people_affected = 2", "DELETE FROM violation_note", "DELETE FROM violation_client"] {
            let done = intruder.app.batch_execute(&format!("BEGIN; {change}; ROLLBACK")).await;
            done.expect("it runs");
            intruder.app.batch_execute("BEGIN").await.expect("a transaction");
            let touched = intruder.app.execute(change, &[]).await.expect("it runs");
            intruder.app.batch_execute("ROLLBACK").await.expect("it is undone");
            let most = if change.contains("note") { seen[3] } else { seen[0] };
            assert_eq!(touched as i64, most, "{change} as {handle} {roles} {device}");
        }
    }
}

#[tokio::test]
async fn with_sql_nobody_makes_a_colleagues_violation_their_own() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::Caseworker).await;
    let id = documented(&author, json!({ "sealedNote": crate::referral_note::sealed(2) })).await;
    let uuid = global_id::decode::<ViolationId>(&id.as_str().into()).expect("an id").0;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    // Also when the author is forgotten.
    superuser
        .batch_execute("ALTER TABLE violation_author DISABLE TRIGGER ALL; DELETE FROM violation_author")
        .await
        .expect("forgotten");
    let intruder = Intruder::of(&world).await;
    intruder.enter("second-caseworker", "CASEWORKER", "own").await;
    let [referral, _] = ["referral", "nothing"];
    for statement in [
        format!("INSERT INTO violation_author (violation_id) VALUES ('{uuid}')"),
        format!("INSERT INTO violation_client (violation_id, client) VALUES ('{uuid}', '{}')", "q".repeat(26)),
        format!("INSERT INTO violation_note (violation_id, sealed_note) VALUES ('{uuid}', 'mine')"),
        format!("INSERT INTO violation_step (violation_id, month, kind) VALUES ('{uuid}', present_month(), 'IN_COURT')"),
        format!("INSERT INTO violation_link (violation_id, referral_id, brought) SELECT '{uuid}', id, true FROM {referral} LIMIT 1"),
        format!("INSERT INTO outbox (organisation_id, kind, node_id) VALUES (tenant(), 'VIOLATION', '{uuid}')"),
        format!("INSERT INTO violation (id, types, perpetrators, causes, populations, under_18, county_code, people_affected, occurred_in,
            consent_given_by, counted, not_reported_reasons) VALUES ('{uuid}', '{{OTHER}}', '{{OTHER}}', '{{}}', '{{}}', 'NO', '047', 1,
            present_month(), 'SURVIVOR', true, '{{}}')"),
    ] {
        if statement.contains("FROM referral") {
            sent(&author).await;
        }
        let refused = intruder.app.batch_execute(&statement).await.expect_err("refused");
        let error = refused.as_db_error().expect("by PostgreSQL");
        let known = error.message().contains("row-level security") || error.message().contains("duplicate key");
        assert!(known, "{statement}: {error}");
    }
    for call in [format!("SELECT erase_violations('{}')", "k".repeat(26)), "SELECT rotate_violations('{a}', '{b}')".to_owned()] {
        intruder.enter("admin", "ORGANISATION_ADMIN", "own").await;
        assert!(intruder.app.batch_execute(&call).await.is_err(), "{call}");
    }
    // A caseworker learns nothing by erasing.
    intruder.enter("caseworker", "CASEWORKER", "own").await;
    let told: Option<i32> =
        intruder.app.query_one("SELECT erase_violations($1)", &[&"w".repeat(26)]).await.expect("it runs").get(0);
    assert_eq!(told, None);
}

#[tokio::test]
async fn with_sql_nothing_is_changed_without_an_entry_that_may_be_written() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::Caseworker).await;
    documented(&author, json!({})).await;
    let intruder = Intruder::of(&world).await;
    for (entry, change, refused) in [
        (None, "UPDATE violation SET people_affected = 2", true),
        (Some("recordViolationStep"), "UPDATE violation SET people_affected = 2", true),
        (Some("correctViolation"), "UPDATE violation SET people_affected = 2", false),
        (
            Some("correctViolation"),
            "UPDATE violation SET status = 'ENDED', outcome = 'RESOLVED', ended_in = present_month()",
            true,
        ),
        (Some("endViolation"), "UPDATE violation SET status = 'ENDED', outcome = 'RESOLVED', ended_in = present_month()", false),
        (Some("reopenViolation"), "UPDATE violation SET status = 'OPEN', outcome = NULL, ended_in = NULL", false),
        (Some("endViolation"), "UPDATE violation SET status = 'ENDED', outcome = 'ONGOING', ended_in = present_month()", true),
        (Some("endViolation"), "UPDATE violation SET status = 'ENDED'", true),
        (Some("correctViolation"), "DELETE FROM violation_client", true),
        (Some("createService"), "UPDATE violation SET people_affected = 3", true),
    ] {
        intruder.enter("caseworker", "CASEWORKER", "own").await;
        let entry = entry.map_or(String::new(), |entry| {
            format!("INSERT INTO audit_entry (action, node_id) VALUES ('{entry}', gen_random_uuid());")
        });
        let done = intruder.app.batch_execute(&format!("BEGIN; {entry} {change}; COMMIT")).await;
        assert_eq!(done.is_err(), refused, "{entry} {change}: {done:?}");
        if done.is_err() {
            intruder.app.batch_execute("ROLLBACK").await.expect("it is undone");
        }
    }
    let seen = intruder.app.query("SELECT action FROM audit_entry", &[]).await;
    assert!(seen.is_err(), "a member reads the audit");
}

/// Whether somebody's session hears that there is news, as often as they may read what is new.
#[tokio::test]
async fn with_sql_nobody_hears_of_news_that_they_may_not_read() {
    let world = World::new().await;
    let author = world.client(SENDER, Role::Caseworker).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let intruder = Intruder::of(&world).await;
    let position: i64 =
        superuser.query_one("SELECT coalesce(max(position), 0) FROM outbox", &[]).await.expect("a position").get(0);
    documented(&author, json!({})).await;
    let mut hearing = 0;
    for (handle, role) in [
        ("caseworker", "CASEWORKER"),
        ("second-caseworker", "CASEWORKER"),
        ("peer", "PEER_EDUCATOR"),
        ("paralegal", "PARALEGAL"),
        ("trainer", "TRAINER"),
        ("analyst", "ANALYST"),
        ("admin", "ORGANISATION_ADMIN"),
    ] {
        let caller = world.caller(SENDER, handle).await;
        let [user, session, secret] = [caller.user.0, caller.session.0, caller.secret.0];
        for device in ["own", "shared"] {
            let kind = format!(
                "UPDATE user_session SET device = '{device}', ends_at = created_at + interval '1 hour', last_used_at = now() WHERE id = '{session}'"
            );
            superuser.batch_execute(&kind).await.expect("a device");
            let own = SENDER.id();
            let asked = format!(
                "SELECT news FROM news_for('{{{own}}}', '{{{user}}}', '{{{session}}}', '{{{secret}}}', '{{{position}}}')"
            );
            let heard: bool = superuser.query_one(&asked, &[]).await.expect("an answer").get(0);
            intruder.enter(handle, role, device).await;
            let read = format!("SELECT EXISTS (SELECT FROM outbox WHERE position > {position})");
            let seen: bool = intruder.app.query_one(&read, &[]).await.expect("an answer").get(0);
            assert_eq!(heard, seen, "{handle} on a device that is {device}");
            hearing += i32::from(heard);
        }
    }
    assert_eq!(hearing, 2, "whoever documented it, and the paralegal");
}

/// Whether new pseudonyms reached violations that a caseworker may not read doesn't show in whether the change may be made.
#[tokio::test]
async fn with_sql_new_pseudonyms_do_not_tell_whether_there_are_violations() {
    let world = World::new().await;
    let paralegal = world.client(SENDER, Role::Paralegal).await;
    let hidden = "h".repeat(26);
    documented(&paralegal, json!({ "client": hidden })).await;
    let intruder = Intruder::of(&world).await;
    for device in ["own", "shared"] {
        for client in [hidden.clone(), "u".repeat(26)] {
            intruder.enter("caseworker", "CASEWORKER", device).await;
            let rotate = format!("SELECT rotate_violations('{{{client}}}', '{{{}}}')", "v".repeat(26));
            let done = intruder.app.batch_execute(&format!("BEGIN; {rotate}; SET CONSTRAINTS ALL IMMEDIATE; ROLLBACK")).await;
            assert!(done.is_ok(), "{client} on a device that is {device}: {done:?}");
        }
    }
}
