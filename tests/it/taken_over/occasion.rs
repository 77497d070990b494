//! What a member writes where another reads it has an occasion, whoever sends the statements and in whatever order.

use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::id::{OrganisationId, ReferralId, TrainingOfferId, TrainingRequestId};
use pamoja_domain::user::Role;
use serde_json::json;
use tokio_postgres::Client;

use super::attempt::{Outcome, send};
use crate::harness::{Member, OUTSIDER, RECEIVER, SENDER, World, member};
use crate::referral::{desks, sent};
use crate::task_follow_up::declined;
use crate::training::{held, offered, requested, scheduled, step, trainers};

/// The transactions of a member's account.
struct Attacker {
    app: Client,
    member: Member,
    roles: &'static str,
}

impl Attacker {
    async fn of(world: &World, member: Member) -> Self {
        Self { app: world.connect(DatabaseRole::App).await, member, roles: "CASEWORKER TRAINER ORGANISATION_ADMIN" }
    }

    async fn begin(&self) {
        let opened = format!(
            "BEGIN; SELECT test_gate.enter('{}', 'member', '{}', '{}')",
            self.member.id(),
            self.member.user("trainer"),
            self.roles
        );
        self.app.batch_execute(&opened).await.expect("a tenant");
    }

    /// What comes of these statements, each after all before it; the transaction is taken back.
    async fn tries(&self, statements: &[&str]) -> Vec<Outcome> {
        self.begin().await;
        let mut outcomes = Vec::new();
        for statement in statements {
            outcomes.push(send(&self.app, statement).await);
        }
        send(&self.app, "ROLLBACK").await;
        outcomes
    }

    /// Refused by a policy in this transaction: the last of these statements.
    async fn is_refused(&self, statements: &[&str]) {
        let mut outcomes = self.tries(statements).await;
        let last = outcomes.pop().expect("a statement");
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Ran(..))), "{outcomes:?}");
        assert!(last.reached_a_policy(), "{}: {last:?}", statements[statements.len() - 1]);
    }

    /// Why the transaction doesn't end well.
    async fn commit(&self, statements: &str) -> Option<String> {
        self.begin().await;
        let mut done = self.app.batch_execute(statements).await;
        if done.is_ok() {
            done = self.app.batch_execute("COMMIT").await;
        }
        send(&self.app, "ROLLBACK").await;
        let refused = done.err()?;
        let refused = refused.as_db_error().expect("by PostgreSQL");
        Some([refused.message()].into_iter().chain(refused.detail()).collect::<Vec<_>>().join(": "))
    }
}

/// What is said of a change without its entry.
fn unnamed(what: &str) -> Option<String> {
    Some(format!("a change has no audit entry: {what}"))
}

const OFFER: &str = "INSERT INTO training_offer (organisation_id, id, topic, title, description, modes, county_codes, languages, duration_hours, maximum_participants)
    VALUES (tenant(), '00000000-0000-4000-8000-000000000001', 'PROVIDER_SENSITISATION', 'A day', 'A day.', '{IN_PERSON}', '{047}', '{en}', 6, 20)";
const WAITING: &str = "SELECT count(*) FROM training_request WHERE to_organisation_id IS NULL";

fn counted(count: u32) -> Outcome {
    Outcome::Ran(vec![count.to_string()], 1)
}

#[tokio::test]
async fn an_offer_that_is_taken_back_has_shown_nothing() {
    let world = World::new().await;
    let (host, _) = trainers(&world).await;
    requested(&host, None).await;
    let attacker = Attacker::of(&world, OUTSIDER).await;
    let of_topic = |set: &str| {
        format!("UPDATE training_offer SET {set} WHERE organisation_id = tenant() AND topic = 'PROVIDER_SENSITISATION'")
    };
    assert_eq!(attacker.tries(&[OFFER, WAITING]).await[1], counted(0), "an offer of the same transaction");
    let entered =
        "INSERT INTO audit_entry (action, node_id) VALUES ('createTrainingOffer', '00000000-0000-4000-8000-000000000001')";
    assert_eq!(attacker.commit(&format!("{OFFER}; {entered}")).await, None);
    assert_eq!(attacker.tries(&[WAITING]).await[0], counted(1), "from the next on it counts");
    for (narrow, widen) in [
        ("county_codes = '{001}'", "county_codes = '{}'"),
        ("open_until = '2020-01-01'", "open_until = NULL"),
        ("paused = true", "paused = false"),
    ] {
        let entered = if narrow.starts_with("paused") {
            "INSERT INTO audit_entry (action, node_id) VALUES ('pauseServices', tenant())"
        } else {
            "INSERT INTO audit_entry (action, node_id) VALUES ('updateTrainingOffer', '00000000-0000-4000-8000-000000000001')"
        };
        let changed = format!("{}; {entered}", of_topic(narrow));
        assert_eq!(attacker.commit(&changed).await, None, "{narrow}");
        let widen = of_topic(widen);
        assert_eq!(
            attacker.tries(&[WAITING, &widen, WAITING]).await,
            [counted(0), Outcome::Ran(vec![], 1), counted(0)],
            "{widen}"
        );
        let back = format!("{widen}; {entered}");
        assert_eq!(attacker.commit(&back).await, None, "{widen}");
        assert_eq!(attacker.tries(&[WAITING]).await[0], counted(1), "{widen}");
    }
}

#[tokio::test]
async fn every_move_and_every_change_of_the_directory_is_named_by_an_entry() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let offer: TrainingOfferId = global_id::decode(&offered(&trainer, json!({})).await.into()).expect("an id");
    let request: TrainingRequestId = global_id::decode(&requested(&host, None).await.into()).expect("an id");
    let attacker = Attacker::of(&world, RECEIVER).await;
    let close = format!("UPDATE training_offer SET closed_at = moment() WHERE id = '{offer}'");
    let pause = format!("UPDATE training_offer SET paused = true WHERE id = '{offer}'");
    let service = "UPDATE service SET languages = '{luo}' WHERE id = (SELECT min(id::text)::uuid FROM service WHERE organisation_id = tenant() AND closed_at IS NULL)";
    let take = format!(
        "SELECT take_open('TRAINING_REQUEST', '{request}');
         UPDATE training_request SET status = 'ACCEPTED' WHERE id = '{request}';
         INSERT INTO training_event (from_organisation_id, request_id, status, by_organisation_id) VALUES ('{}', '{request}', 'ACCEPTED', tenant())",
        SENDER.id()
    );
    let entry = |action: &str, node: &str| format!("INSERT INTO audit_entry (action, node_id) VALUES ('{action}', {node})");
    let of_offer = entry("updateTrainingOffer", &format!("'{offer}'"));
    let of_pause = entry("pauseServices", "tenant()");
    for (doing, entry, what) in [
        (&*take, &of_offer, "training_request UPDATE"),
        (&*take, &of_pause, "training_request UPDATE"),
        (&*close, &of_pause, "training_offer UPDATE"),
        (service, &of_pause, "service UPDATE"),
        (service, &of_offer, "service UPDATE"),
    ] {
        assert_eq!(attacker.commit(&format!("{doing}; {entry}")).await, unnamed(what), "{doing} with {entry}");
    }
    let of_take = entry("acceptTrainingRequest", &format!("'{request}'"));
    assert_eq!(
        attacker.commit(&format!("{take}; {close}; {of_take}")).await,
        unnamed("training_offer UPDATE"),
        "two doings with one entry"
    );
    assert_eq!(attacker.commit(&format!("{take}; {of_take}")).await, None);
    assert_eq!(attacker.commit(&format!("{pause}; {of_pause}")).await, None);
}

#[tokio::test]
async fn a_move_of_a_referral_is_named_by_an_entry() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = declined(&sender, &receiver).await;
    let id: ReferralId = global_id::decode(&id.into()).expect("an id");
    let attacker = Attacker::of(&world, RECEIVER).await;
    let moved = format!(
        "UPDATE referral_progress SET status = 'ACCEPTED', status_at = moment() WHERE referral_id = '{id}';
         INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, by_organisation_id)
         VALUES ('{}', '{id}', tenant(), 'ACCEPTED', tenant());
         INSERT INTO audit_entry (action, node_id) VALUES ",
        SENDER.id()
    );
    let looked = attacker.commit(&format!("{moved} ('referralBySlip', NULL)")).await;
    assert_eq!(looked, unnamed("referral_progress UPDATE"));
    assert_eq!(attacker.commit(&format!("{moved} ('acceptReferral', '{id}')")).await, None);
}

#[tokio::test]
async fn nobody_is_asked_to_follow_up_what_has_not_just_ended() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = declined(&sender, &receiver).await;
    let id: ReferralId = global_id::decode(&id.into()).expect("an id");
    let attacker = Attacker::of(&world, RECEIVER).await;
    let add = format!("INSERT INTO referral_follow_up (from_organisation_id, referral_id) VALUES ('{}', '{id}')", SENDER.id());
    attacker.is_refused(&[&add]).await;
    let again = format!("UPDATE referral_progress SET status = 'NO_SHOW', status_at = moment() WHERE referral_id = '{id}'");
    assert!(matches!(attacker.tries(&[&again, &add]).await[1], Outcome::Ran(_, 1)), "with its ending it can be written");
}

#[tokio::test]
async fn nobody_is_given_a_training_that_they_did_not_ask_for() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let id = requested(&host, Some(RECEIVER)).await;
    let attacker = Attacker::of(&world, RECEIVER).await;
    let session = |hosts: &str, topic: &str| {
        format!(
            "INSERT INTO training_session (trainer_organisation_id, id, topic, held_on, mode, county_code, hosts)
             VALUES (tenant(), '00000000-0000-4000-8000-000000000002', '{topic}', present_day(), 'IN_PERSON', '047', {hosts})"
        )
    };
    let (own, other) = (SENDER.id(), member("secretariat").id());
    let asked = session(&format!("ARRAY['{own}']::uuid[]"), "PROVIDER_SENSITISATION");
    attacker.is_refused(&[&asked]).await;
    step(&trainer, "acceptTrainingRequest", &id, None).await;
    assert!(matches!(attacker.tries(&[&asked]).await[0], Outcome::Ran(_, 1)), "accepted, it can be planned");
    attacker.is_refused(&[&session(&format!("ARRAY['{own}', '{other}']::uuid[]"), "PROVIDER_SENSITISATION")]).await;
    attacker.is_refused(&[&session(&format!("ARRAY['{own}']::uuid[]"), "SAFER_SEX")]).await;

    held(&host, &trainer, RECEIVER).await;
    attacker.is_refused(&[&format!("UPDATE training_session SET hosts = hosts || '{other}'::uuid")]).await;
    // Somebody else has asked for another training, and got it.
    let elsewhere = world.client(OUTSIDER, Role::Trainer).await;
    let theirs = held(&elsewhere, &trainer, RECEIVER).await;
    let theirs: TrainingRequestId = global_id::decode(&theirs.into()).expect("an id");
    let of_another = |table: &str, columns: &str, values: &str| {
        format!(
            "INSERT INTO {table} (trainer_organisation_id, session_id, host_organisation_id, {columns})
             SELECT tenant(), id, '{}', {values} FROM training_session WHERE hosts = ARRAY['{own}']::uuid[] AND delivered_at IS NOT NULL",
            OUTSIDER.id()
        )
    };
    attacker
        .is_refused(&[&of_another("training_participants", "request_id, cadre, count", &format!("'{theirs}', 'STAFF', 5"))])
        .await;
    let evaluation = "INSERT INTO training_evaluation (organisation_id, session_id, satisfaction_mean)
        SELECT tenant(), id, 4 FROM training_session WHERE delivered_at IS NOT NULL";
    let told = of_another("training_evaluation_for_host", "satisfaction_mean, readable_at", "4, moment()");
    attacker.is_refused(&[evaluation, &told]).await;
    let own_host = told.replace(&OUTSIDER.id().to_string(), &own.to_string());
    assert!(matches!(attacker.tries(&[evaluation, &own_host]).await[1], Outcome::Ran(_, 1)), "its own host is told");
}

#[tokio::test]
async fn nobody_is_told_of_what_has_not_just_changed_and_of_nothing_twice() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = declined(&sender, &receiver).await;
    let id: ReferralId = global_id::decode(&id.into()).expect("an id");
    let (host, trainer) = trainers(&world).await;
    let training: TrainingRequestId = global_id::decode(&held(&host, &trainer, RECEIVER).await.into()).expect("an id");
    let attacker = Attacker::of(&world, RECEIVER).await;
    let announce = |kind: &str, to: OrganisationId, node: &str| {
        include_str!("../../../crates/persistence/src/outbox/announce.sql")
            .replace("$1", &format!("ARRAY['{to}', '{to}']"))
            .replace("$2", &format!("'{kind}'"))
            .replace("$3", &format!("ARRAY['{node}', '{node}']"))
    };
    attacker.is_refused(&[&announce("REFERRAL", SENDER.id(), &id.to_string())]).await;
    attacker.is_refused(&[&announce("TRAINING_REQUEST", SENDER.id(), &training.to_string())]).await;
    for (kind, change, node) in [
        (
            "REFERRAL",
            format!("UPDATE referral_progress SET status = 'NO_SHOW', status_at = moment() WHERE referral_id = '{id}'"),
            id.to_string(),
        ),
        (
            "TRAINING_REQUEST",
            format!("UPDATE training_request SET status = 'EVALUATED' WHERE id = '{training}'"),
            training.to_string(),
        ),
    ] {
        let outcomes = attacker.tries(&[&change, &announce(kind, SENDER.id(), &node), "SHOW pamoja.outbox_held"]).await;
        assert_eq!(outcomes[..2], [Outcome::Ran(vec![], 1), Outcome::Ran(vec![], 1)], "once, after the change");
        // Two transactions in a row note nothing that tells how many others ran between them.
        let shown = |outcome: &Outcome| match outcome {
            Outcome::Ran(rows, _) => rows[0].clone(),
            Outcome::Refused(..) => panic!("{outcome:?}"),
        };
        let again = attacker.tries(&[&change, &announce(kind, SENDER.id(), &node), "SHOW pamoja.outbox_held"]).await;
        let numbers: Vec<Vec<i64>> = [&outcomes[2], &again[2]]
            .map(|outcome| shown(outcome).split(' ').filter_map(|part| part.parse().ok()).collect())
            .to_vec();
        assert!(numbers[0].iter().zip(&numbers[1]).all(|(first, second)| first.abs_diff(*second) > 1_000_000), "{numbers:?}");
    }
}

const UNTRUE: Option<&str> = Some("new row violates row-level security policy \"audit_entry_true\" for table \"audit_entry\"");

#[tokio::test]
async fn an_entry_of_another_operation_or_of_other_roles_covers_nothing() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = declined(&sender, &receiver).await;
    let id: ReferralId = global_id::decode(&id.into()).expect("an id");
    let mut attacker = Attacker::of(&world, RECEIVER).await;
    let moved = format!(
        "UPDATE referral_progress SET status = 'ACCEPTED', status_at = moment() WHERE referral_id = '{id}';
         INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, by_organisation_id)
         VALUES ('{}', '{id}', tenant(), 'ACCEPTED', tenant());
         INSERT INTO audit_entry (action, node_id) VALUES",
        SENDER.id()
    );
    assert_eq!(
        attacker.commit(&format!("{moved} ('moveReferral', '{id}')")).await,
        unnamed("referral_event INSERT"),
        "it moved nothing elsewhere"
    );
    assert_eq!(attacker.commit(&format!("{moved} ('allocateSlips', '{id}')")).await.as_deref(), UNTRUE, "no slip was allocated");
    let back = format!(
        "UPDATE referral_progress SET status = 'ACCEPTED', status_at = moment(), scheduled_on = '2030-01-01' WHERE referral_id = '{id}';
         UPDATE referral_progress SET status = 'DECLINED', status_at = (
             SELECT at FROM referral_event WHERE referral_id = '{id}' AND status = 'DECLINED'
         ) WHERE referral_id = '{id}'"
    );
    assert_eq!(attacker.commit(&back).await, unnamed("referral_progress UPDATE"), "there and back again");
    attacker.roles = "ANALYST TRAINER";
    assert_eq!(
        attacker.commit(&format!("{moved} ('acceptReferral', '{id}')")).await.as_deref(),
        UNTRUE,
        "an analyst accepts nothing"
    );
    let contact = "INSERT INTO organisation_contact (organisation_id) VALUES (tenant()) ON CONFLICT DO NOTHING;
        UPDATE organisation_contact SET languages = '{luo}' WHERE organisation_id = tenant()";
    assert_eq!(attacker.commit(contact).await, unnamed("organisation_contact INSERT"));
    let entry = "INSERT INTO audit_entry (action, node_id) VALUES ('updateOrganisationContact', tenant())";
    assert_eq!(attacker.commit(&format!("{contact}; {entry}")).await.as_deref(), UNTRUE, "an analyst changes no line");
    attacker.roles = "CASEWORKER";
    let service = "UPDATE service SET closed_at = moment() WHERE id = (SELECT min(id::text)::uuid FROM service WHERE organisation_id = tenant())";
    let entry = "INSERT INTO audit_entry (action, node_id) SELECT 'setServiceCapacity', min(id::text)::uuid FROM service WHERE organisation_id = tenant()";
    assert_eq!(
        attacker.commit(&format!("{service}; {entry}")).await,
        unnamed("service UPDATE"),
        "a caseworker closes no service"
    );
}

#[tokio::test]
async fn what_the_clock_ended_is_named_too() {
    let world = World::new().await;
    let (sender, _) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    let id: ReferralId = global_id::decode(&id.into()).expect("an id");
    let attacker = Attacker::of(&world, RECEIVER).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let over = format!(
        "UPDATE referral_progress SET opened_at = opened_at - interval '40 days', expires_at = expires_at - interval '40 days'
         WHERE referral_id = '{id}'"
    );
    superuser.batch_execute(&over).await.expect("it is over");
    let expired = format!(
        "UPDATE referral_progress SET status = 'EXPIRED', status_at = expires_at WHERE referral_id = '{id}';
         INSERT INTO referral_event (from_organisation_id, referral_id, to_organisation_id, status, at)
         SELECT from_organisation_id, referral_id, to_organisation_id, 'EXPIRED', expires_at FROM referral_progress WHERE referral_id = '{id}'"
    );
    assert_eq!(attacker.commit(&expired).await, unnamed("referral_progress UPDATE"), "by nobody, and named by nobody");
    let moved = format!("INSERT INTO audit_entry (action, node_id) VALUES ('moveReferral', '{id}')");
    assert_eq!(attacker.commit(&format!("{expired}; {moved}")).await, unnamed("referral_event INSERT"), "a move ends nothing");
}

#[tokio::test]
async fn a_state_of_a_training_that_is_taken_back_covers_nothing() {
    let world = World::new().await;
    let (host, trainer) = trainers(&world).await;
    let id: TrainingRequestId = global_id::decode(&held(&host, &trainer, RECEIVER).await.into()).expect("an id");
    let attacker = Attacker::of(&world, RECEIVER).await;
    let set = |status: &str| format!("UPDATE training_request SET status = '{status}' WHERE id = '{id}'");
    let entry = format!("INSERT INTO audit_entry (action, node_id) VALUES ('scheduleTraining', '{id}')");
    let there = format!("{}; {entry}; {}", set("SCHEDULED"), set("DELIVERED"));
    assert_eq!(attacker.commit(&there).await.as_deref(), UNTRUE, "no event says that it was scheduled");
    // Of a session with two hosts one leaves, and calls nothing off.
    let other = world.client(OUTSIDER, Role::Trainer).await;
    let own = requested(&host, Some(RECEIVER)).await;
    let others = requested(&other, Some(RECEIVER)).await;
    for id in [&own, &others] {
        step(&trainer, "acceptTrainingRequest", id, None).await;
    }
    let planned = scheduled(&trainer, &own, json!({})).await;
    let joined = scheduled(&trainer, &others, json!({ "sessionId": planned["trainingRequest"]["session"]["id"] })).await;
    assert_eq!(joined["trainingRequest"]["status"], "SCHEDULED", "{joined:#}");
    let own: TrainingRequestId = global_id::decode(&own.into()).expect("an id");
    let attacker = Attacker::of(&world, SENDER).await;
    let leave = format!("SELECT leave_training_session(session_id) FROM training_request WHERE id = '{own}'");
    assert_eq!(attacker.commit(&leave).await, unnamed("training_session UPDATE"));
    let cancelled = format!(
        "UPDATE training_request SET status = 'CANCELLED', session_id = NULL WHERE id = '{own}';
         INSERT INTO training_event (from_organisation_id, request_id, status, by_organisation_id) VALUES (tenant(), '{own}', 'CANCELLED', tenant());
         INSERT INTO audit_entry (action, node_id) VALUES ('cancelTraining', '{own}')"
    );
    assert_eq!(attacker.commit(&format!("{leave}; {cancelled}")).await, None, "whoever leaves calls it off");
}
