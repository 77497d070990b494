//! A no reaches whoever sent the client, and stays until somebody has said how it goes on.

use chrono::TimeDelta;
use pamoja_api::graphql::global_id;
use pamoja_api::i18n::{Language, caption};
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::day::day_of;
use pamoja_domain::id::ReferralId;
use pamoja_domain::moves::Party;
use pamoja_domain::referral::{DeclineReason, NonCompletionReason};
use pamoja_domain::service::ServiceType;
use pamoja_domain::task::TaskKind;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::client_report::{report, visible_to};
use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{desks, draft, with};
use crate::task::{NONE, desks_after, kinds, send, tasks, urgent};

const DISMISS: &str = "mutation ($input: DismissTaskInput!) { dismissTask(input: $input) { subject { __typename id } userErrors { code field message } } }";
const FOLLOW_UP: [&str; 1] = ["FOLLOW_UP_REFERRAL"];

/// Dismisses a task; returns the payload.
pub async fn dismiss(client: &Client, kind: &str, node: &str) -> Value {
    client.data(DISMISS, json!({ "input": { "kind": kind, "nodeId": node } })).await["dismissTask"].take()
}

/// The code of the error, and the field that it is about.
fn told(payload: &Value) -> (String, String) {
    assert_eq!(payload["subject"], Value::Null, "{payload:#}");
    let error = &payload["userErrors"][0];
    (error["code"].as_str().unwrap_or("nothing refused").to_owned(), error["field"][0].as_str().unwrap_or("").to_owned())
}

async fn decline(receiver: &Client, id: &str, reason: &str) {
    let input = json!({ "referralId": id, "reason": reason });
    let payload = receiver.referral_mutation("declineReferral", "DeclineReferralInput", input).await;
    assert_eq!(payload["referral"]["status"], "DECLINED", "{payload:#}");
}

async fn not_completed(by: &Client, id: &str, reason: &str) {
    let input = json!({ "referralId": id, "reason": reason });
    let payload = by.referral_mutation("markReferralNotCompleted", "NotCompletedInput", input).await;
    assert_eq!(payload["referral"]["status"], "NOT_COMPLETED", "{payload:#}");
}

/// A client whom nobody has referred yet.
fn somebody() -> Value {
    json!(pamoja_domain::pseudonym::Pseudonym::from_bits(*Uuid::new_v4().as_bytes()).as_str())
}

/// Sends a referral of a new client that the receiver declines.
pub async fn declined(sender: &Client, receiver: &Client) -> (String, Value) {
    let client = somebody();
    let id = send(sender, with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": client }))).await;
    decline(receiver, &id, "NO_CAPACITY").await;
    (id, client)
}

#[tokio::test]
async fn whoever_sent_the_client_is_told_why_and_where_else_they_could_go() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let other = world.client_of(SENDER, "second-peer").await;
    let id = send(&peer, with(draft(RECEIVER, ServiceType::HivTesting), json!({ "urgency": "URGENT" }))).await;
    for client in [&peer, &sender] {
        assert_eq!(kinds(client).await, NONE, "it is the receiver's to answer");
    }
    for reason in DeclineReason::ALL {
        decline(&receiver, &id, reason.code()).await;
        for client in [&peer, &sender] {
            let found = tasks(client).await;
            assert_eq!((found.len(), &found[0]["kind"], &found[0]["nodeId"]), (1, &json!("FOLLOW_UP_REFERRAL"), &json!(id)));
            let task = &found[0];
            assert_eq!((&task["overdue"], &task["dismissable"], &task["hoursLeft"]), (&json!(true), &json!(true), &Value::Null));
            let said = task["instruction"].as_str().expect("words");
            assert!(said.contains(&caption(Language::English, "DeclineReason", reason.code())), "{said}");
            let elsewhere = task["alternatives"].as_array().expect("alternatives");
            let outsider = global_id::encode(OUTSIDER.service(ServiceType::HivTesting));
            assert_eq!(elsewhere.iter().map(|one| &one["service"]["id"]).collect::<Vec<_>>(), [&json!(outsider)]);
        }
        assert_eq!((kinds(&other).await, kinds(&receiver).await), (vec![], vec![]), "a peer educator's tasks are their own");
        receiver.move_referral("reopenReferral", &id).await;
        assert_eq!((kinds(&peer).await, kinds(&sender).await), (vec![], vec![]), "it goes on");
        if *reason != DeclineReason::Other {
            // Asked for anew, so that it can be declined for the next reason.
            let superuser = world.connect(DatabaseRole::Superuser).await;
            superuser.batch_execute("UPDATE referral_progress SET status = 'REQUESTED'").await.expect("asked anew");
        }
    }
}

#[tokio::test]
async fn a_client_who_can_still_be_helped_stands_first_and_the_hours_are_told() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (routine, _) = declined(&sender, &receiver).await;
    let pep = send(&sender, with(urgent(), json!({ "client": somebody() }))).await;
    decline(&receiver, &pep, "COMMODITY_STOCKOUT").await;
    let order = |found: Vec<Value>| -> Vec<(String, Value)> {
        found.iter().map(|task| (task["nodeId"].as_str().expect("an id").to_owned(), task["hoursLeft"].clone())).collect()
    };
    assert_eq!(order(tasks(&sender).await), [(pep.clone(), json!(59)), (routine.clone(), Value::Null)], "it began to run");
    let (sender, _) = desks_after(&world, TimeDelta::hours(59)).await;
    assert_eq!(order(tasks(&sender).await)[0], (pep.clone(), json!(0)));
    let (sender, _) = desks_after(&world, TimeDelta::hours(61)).await;
    let late = order(tasks(&sender).await);
    assert_eq!(late, [(routine, Value::Null), (pep, json!(-2))], "still a task, as the others: by when it is due");
}

#[tokio::test]
async fn after_each_reason_the_sender_is_asked_unless_nothing_is_left_to_do() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let mut asked = Vec::new();
    for (party, by) in [(Party::Sender, &sender), (Party::Receiver, &receiver)] {
        for reason in NonCompletionReason::ALL {
            if reason.is_of_the_sender_alone() && party == Party::Receiver {
                continue;
            }
            let id = send(&sender, with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": somebody() }))).await;
            receiver.move_referral("acceptReferral", &id).await;
            not_completed(by, &id, reason.code()).await;
            let found = tasks(&sender).await;
            let own = found.iter().find(|task| task["nodeId"] == json!(id));
            assert_eq!(own.is_none(), reason.ends_the_matter(party), "{reason} by {party}");
            if let Some(task) = own {
                let said = task["instruction"].as_str().expect("words");
                assert!(said.contains(&caption(Language::English, "NonCompletionReason", reason.code())), "{said}");
                asked.push((*reason, party));
            }
        }
    }
    assert_eq!(kinds(&receiver).await, NONE);
    let mistreated = (NonCompletionReason::TurnedAwayOrMistreated, Party::Sender);
    assert!(asked.contains(&mistreated) && asked.contains(&(NonCompletionReason::ClientDeclined, Party::Receiver)));
    assert!(asked.contains(&(NonCompletionReason::Died, Party::Receiver)), "what the receiver says reaches the sender");
}

#[tokio::test]
async fn it_is_over_when_the_client_is_referred_anew_and_asks_again_when_that_was_an_error() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (_, client) = declined(&sender, &receiver).await;
    let again = |service_type| with(draft(OUTSIDER, service_type), json!({ "client": client }));
    send(&sender, again(ServiceType::LegalAid)).await;
    assert_eq!(kinds(&sender).await, FOLLOW_UP, "that is for another need");
    // Another organisation's referral under the same pseudonym is another client.
    let stranger = world.client(OUTSIDER, Role::Caseworker).await;
    send(&stranger, with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": client }))).await;
    assert_eq!(kinds(&sender).await, FOLLOW_UP);
    let anew = send(&sender, again(ServiceType::HivTesting)).await;
    assert_eq!(kinds(&sender).await, NONE);
    sender.move_referral("markReferralEnteredInError", &anew).await;
    assert_eq!(kinds(&sender).await, FOLLOW_UP, "nobody was referred");
    for (reason, asks) in [("WRONG_ORGANISATION", true), ("SAFETY_CONCERN", true), ("OTHER", true)] {
        let anew = send(&sender, again(ServiceType::HivTesting)).await;
        let input = json!({ "referralId": anew, "reason": reason });
        sender.referral_mutation("cancelReferral", "CancelReferralInput", input).await;
        assert_eq!(!kinds(&sender).await.is_empty(), asks, "{reason}: the client is where they were");
    }
    let anew = send(&sender, again(ServiceType::HivTesting)).await;
    let outsider = world.client(OUTSIDER, Role::Caseworker).await;
    decline(&outsider, &anew, "NO_CAPACITY").await;
    let found = tasks(&sender).await;
    assert_eq!((found.len(), &found[0]["nodeId"]), (1, &json!(anew)), "the last no alone is asked about");
}

#[tokio::test]
async fn it_is_over_when_somebody_records_afterwards_what_the_client_reported() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    for outcome in ["TURNED_AWAY", "WENT_ELSEWHERE", "MISTREATED", "SERVED_WELL"] {
        let (id, _) = declined(&sender, &receiver).await;
        assert_eq!(kinds(&sender).await, FOLLOW_UP);
        let payload = report(&sender, json!({ "referralId": id, "outcome": outcome })).await;
        assert_eq!(payload["userErrors"], json!([]));
        assert_eq!(kinds(&sender).await, NONE, "{outcome}");
    }
    let (id, _) = declined(&sender, &receiver).await;
    report(&sender, json!({ "referralId": id, "outcome": "SERVED_WELL" })).await;
    receiver.move_referral("reopenReferral", &id).await;
    not_completed(&receiver, &id, "UNKNOWN").await;
    assert_eq!(kinds(&sender).await, FOLLOW_UP, "the report came before this ending");
    // Of a referral that the clock ended, before any job has recorded it.
    dismiss(&sender, "FOLLOW_UP_REFERRAL", &id).await;
    let silent = send(&sender, with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": somebody() }))).await;
    let (sender, _) = desks_after(&world, TimeDelta::days(31)).await;
    assert_eq!(kinds(&sender).await, FOLLOW_UP);
    report(&sender, json!({ "referralId": silent, "outcome": "WENT_ELSEWHERE" })).await;
    assert_eq!(kinds(&sender).await, NONE);
    pamoja_persistence::job::expire(&world.worker, SENDER.id()).await.expect("the job");
    assert_eq!(kinds(&sender).await, NONE, "the record changes nothing");
}

#[tokio::test]
async fn what_the_clock_ends_is_one_task_before_and_after_a_job_records_it() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let settled = send(&sender, with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": somebody() }))).await;
    let left = send(&sender, with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": somebody() }))).await;
    receiver.move_referral("acceptReferral", &left).await;
    let (sender, receiver) = desks_after(&world, TimeDelta::days(31)).await;
    assert_eq!(kinds(&sender).await, ["FOLLOW_UP_REFERRAL"; 2]);
    assert_eq!(dismiss(&sender, "FOLLOW_UP_REFERRAL", &settled).await["userErrors"], json!([]));
    for recorded in [false, true] {
        if recorded {
            assert_eq!(pamoja_persistence::job::expire(&world.worker, SENDER.id()).await.expect("the job"), 2);
        }
        let found = tasks(&sender).await;
        assert_eq!((found.len(), &found[0]["nodeId"]), (1, &json!(left)));
        assert_eq!(found[0]["dueAt"], found[0]["referral"]["expiresAt"]);
        assert!(found[0]["instruction"].as_str().is_some_and(|said| said.contains("expired")));
    }
    receiver.move_referral("reopenReferral", &left).await;
    assert_eq!(kinds(&sender).await, NONE);
    // What is left after all, as if nobody had taken it up again, has no record that asks: the job sees to it.
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let left_after_all = "DELETE FROM referral_follow_up WHERE settled_at IS NULL;
        UPDATE referral_progress SET status = 'EXPIRED', status_at = moment() - interval '1 day', expires_at = moment() - interval '1 day' WHERE status = 'ACCEPTED'";
    let offset = "SET backtrace_functions = 'pamoja,,,,,2678400';";
    superuser.batch_execute(&format!("{offset}{left_after_all}")).await.expect("it stands as before");
    assert_eq!(kinds(&sender).await, NONE);
    for _ in 0..2 {
        pamoja_persistence::job::expire(&world.worker, SENDER.id()).await.expect("the job");
        assert_eq!(kinds(&sender).await, FOLLOW_UP);
    }
}

#[tokio::test]
async fn a_withdrawal_an_error_and_an_erasure_leave_nothing_to_follow_up() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    for (end, is_left) in [("withdrawReferralConsent", 0), ("markReferralEnteredInError", 1), ("eraseClient", 1)] {
        let (id, client) = declined(&sender, &receiver).await;
        assert_eq!(kinds(&sender).await, FOLLOW_UP);
        if end == "eraseClient" {
            let query = "mutation ($input: EraseClientInput!) { eraseClient(input: $input) { erasedReferrals } }";
            let data = sender.data(query, json!({ "input": { "client": client } })).await;
            assert_eq!(data["eraseClient"]["erasedReferrals"], 1);
        } else {
            let payload = sender.move_referral(end, &id).await;
            assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
        }
        assert_eq!(kinds(&sender).await, NONE, "{end}");
        let rows = superuser.query_one("SELECT count(*) FROM referral_follow_up", &[]).await.expect("a count");
        assert_eq!(rows.get::<_, i64>(0), is_left, "{end}: what was withdrawn or erased is deleted");
    }
}

#[tokio::test]
async fn whoever_says_that_nothing_is_left_to_do_stands_in_the_audit_and_a_new_ending_asks_anew() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let colleague = world.client_of(SENDER, "second-caseworker").await;
    let (id, _) = declined(&sender, &receiver).await;
    let before = visible_to(&world, RECEIVER).await;
    let payload = dismiss(&colleague, "FOLLOW_UP_REFERRAL", &id).await;
    assert_eq!(payload, json!({ "subject": { "__typename": "Referral", "id": id }, "userErrors": [] }));
    assert_eq!((kinds(&sender).await, kinds(&colleague).await), (vec![], vec![]), "it was everybody's");
    let after = visible_to(&world, RECEIVER).await;
    let changed: Vec<_> = after.iter().filter(|(table, rows)| before[*table] != **rows).map(|(table, _)| table).collect();
    assert_eq!(changed, Vec::<&String>::new(), "the receiver notices nothing");
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let uuid: ReferralId = global_id::decode(&id.as_str().into()).expect("an id");
    let audit = superuser
        .query_one("SELECT user_id::text, node_id::text FROM audit_entry WHERE action = 'dismissTask'", &[])
        .await
        .expect("one entry");
    assert_eq!(
        (audit.get::<_, String>(0), audit.get::<_, String>(1)),
        (SENDER.user("second-caseworker").to_string(), uuid.to_string())
    );
    let kept = superuser.query_one("SELECT dismissed_by::text FROM referral_follow_up", &[]).await.expect("one ending");
    assert_eq!(kept.get::<_, String>(0), SENDER.user("second-caseworker").to_string());
    // A report can't take it back, and a new ending asks anew.
    report(&sender, json!({ "referralId": id, "outcome": "TURNED_AWAY" })).await;
    assert_eq!(kinds(&sender).await, NONE);
    receiver.move_referral("reopenReferral", &id).await;
    let on = day_of(world.app.database.now()).to_string();
    receiver.referral_mutation("scheduleReferral", "ScheduleReferralInput", json!({ "referralId": id, "on": on })).await;
    world.travel(TimeDelta::days(1)).await;
    let (sender, receiver) = desks(&world).await;
    receiver.move_referral("markReferralNoShow", &id).await;
    assert_eq!(kinds(&sender).await, FOLLOW_UP);
    assert!(tasks(&sender).await[0]["instruction"].as_str().is_some_and(|said| said.contains("didn't come")));
    assert_eq!(dismiss(&sender, "FOLLOW_UP_REFERRAL", &id).await["userErrors"], json!([]));
    assert_eq!(kinds(&sender).await, NONE);
}

#[tokio::test]
async fn nobody_dismisses_what_is_not_theirs_cannot_be_dismissed_or_is_not_there() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let other = world.client_of(SENDER, "second-peer").await;
    let peer = world.client(SENDER, Role::PeerEducator).await;
    let client = somebody();
    let id = send(&peer, with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": client }))).await;
    let not_there = ("ILLEGAL_TRANSITION".to_owned(), String::new());
    assert_eq!(told(&dismiss(&sender, "FOLLOW_UP_REFERRAL", &id).await), not_there, "it hasn't ended");
    decline(&receiver, &id, "NO_CAPACITY").await;
    let never_issued = global_id::encode(ReferralId(Uuid::new_v4())).to_string();
    let service = global_id::encode(SENDER.service(ServiceType::PeerEducation)).to_string();
    for stranger in [&other, &world.client(OUTSIDER, Role::Caseworker).await, &world.client(RECEIVER, Role::PeerEducator).await] {
        let answers =
            [dismiss(stranger, "FOLLOW_UP_REFERRAL", &id).await, dismiss(stranger, "FOLLOW_UP_REFERRAL", &never_issued).await];
        assert_eq!(answers[0], answers[1]);
        assert_eq!(told(&answers[0]), ("NOT_FOUND".to_owned(), "nodeId".to_owned()));
    }
    for wrong in [never_issued.as_str(), service.as_str(), "", "no id"] {
        assert_eq!(told(&dismiss(&sender, "FOLLOW_UP_REFERRAL", wrong).await), ("NOT_FOUND".to_owned(), "nodeId".to_owned()));
    }
    // The receiver sees the referral, and has no such task.
    let of_another = told(&dismiss(&receiver, "FOLLOW_UP_REFERRAL", &id).await);
    assert_eq!(of_another, ("NOT_FOUND".to_owned(), "nodeId".to_owned()));
    for kind in TaskKind::ALL.iter().filter(|kind| !kind.is_dismissable()) {
        for node in [&id, &never_issued, &service] {
            let refused = told(&dismiss(&sender, kind.code(), node).await);
            assert_eq!(refused, ("INVALID".to_owned(), "kind".to_owned()), "{kind}");
        }
    }
    for role in [Role::Trainer, Role::Analyst, Role::OrganisationAdmin, Role::CoalitionAdmin] {
        let client = world.client(SENDER, role).await;
        assert_eq!(told(&dismiss(&client, "FOLLOW_UP_REFERRAL", &id).await).0, "FORBIDDEN", "{role}");
    }
    assert_eq!(kinds(&peer).await, FOLLOW_UP, "all of that changed nothing");
    assert_eq!(dismiss(&peer, "FOLLOW_UP_REFERRAL", &id).await["userErrors"], json!([]));
    for client in [&peer, &sender] {
        assert_eq!(told(&dismiss(client, "FOLLOW_UP_REFERRAL", &id).await), not_there, "it is gone");
    }
    assert_eq!(told(&dismiss(&receiver, "FOLLOW_UP_REFERRAL", &id).await), of_another, "whatever the sender does");
}

#[tokio::test]
async fn past_the_program_the_receiver_reads_and_settles_nothing_and_asks_for_nothing_anew() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = declined(&sender, &receiver).await;
    let id: ReferralId = global_id::decode(&id.as_str().into()).expect("an id");
    let app = world.connect(DatabaseRole::App).await;
    let (from, to) = (SENDER.id(), RECEIVER.id());
    app.batch_execute(&format!("SELECT test_gate.enter('{to}', 'member')")).await.expect("a tenant");
    let count = async |statement: &str| app.execute(statement, &[]).await.expect("a statement");
    assert_eq!(app.query("SELECT ended_at FROM referral_follow_up", &[]).await.expect("rows").len(), 0);
    assert_eq!(count("UPDATE referral_follow_up SET settled_at = moment()").await, 0);
    assert_eq!(count("DELETE FROM referral_follow_up").await, 0);
    let add = |columns: &str, values: &str| {
        format!("INSERT INTO referral_follow_up (from_organisation_id, referral_id{columns}) VALUES ('{from}', '{id}'{values})")
    };
    for (columns, values) in [
        // It has ended, but not in this transaction.
        ("", String::new()),
        (", settled_at", ", moment()".to_owned()),
        (", ended_at", ", moment() - interval '1 minute'".to_owned()),
        // Of an ending that is there, the answer is the same as of one that isn't.
        (", ended_at", format!(", (SELECT status_at FROM referral_progress WHERE referral_id = '{id}')")),
    ] {
        let refused = app.batch_execute(&add(columns, &values)).await.expect_err("refused");
        assert!(refused.as_db_error().is_some_and(|error| error.message().contains("row-level security")), "{refused:?}");
    }
    assert_eq!(kinds(&sender).await, FOLLOW_UP);
}

#[tokio::test]
async fn an_upgrade_asks_about_what_ended_within_two_weeks_and_of_nothing_older() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (old, _) = declined(&sender, &receiver).await;
    let silent = send(&sender, with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": somebody() }))).await;
    world.travel(TimeDelta::days(40)).await;
    let (sender, receiver) = desks(&world).await;
    let fresh = send(&sender, with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": somebody() }))).await;
    let (recent, _) = declined(&sender, &receiver).await;
    for (reason, client) in [("DIED", somebody()), ("CLIENT_DECLINED", somebody())] {
        let id = send(&sender, with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": client }))).await;
        receiver.move_referral("acceptReferral", &id).await;
        not_completed(&sender, &id, reason).await;
    }
    world.travel(TimeDelta::days(48)).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    // What the migration writes into an empty table.
    let migration = include_str!("../../migrations/2026-11-29-000060_follow_up/up.sql");
    let written: Vec<&str> = migration
        .split_inclusive(';')
        .filter(|statement| statement.trim_start().starts_with("INSERT INTO referral_follow_up"))
        .collect();
    assert_eq!(written.len(), 2, "as the migration has them");
    let now = "SET backtrace_functions = 'pamoja,,,,,4147200'; DELETE FROM referral_follow_up;";
    superuser.batch_execute(&format!("{now}{}", written.concat())).await.expect("as the migration does");
    let (sender, _) = desks(&world).await;
    let found = tasks(&sender).await;
    let asked: Vec<&Value> =
        found.iter().filter(|task| task["kind"] == "FOLLOW_UP_REFERRAL").map(|task| &task["nodeId"]).collect();
    assert_eq!(asked, [&json!(recent)], "not {old}, {silent} or {fresh}");
    pamoja_persistence::job::expire(&world.worker, SENDER.id()).await.expect("the job");
    assert_eq!(tasks(&sender).await.iter().filter(|task| task["kind"] == "FOLLOW_UP_REFERRAL").count(), 1);
}
