//! A wrong tap: whoever made the last move takes it back, and the referral stands as before.

use chrono::{Days, TimeDelta, Utc};
use pamoja_api::graphql::global_id;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::id::ReferralId;
use pamoja_domain::moves::{Moves, Party};
use pamoja_domain::referral::{ReferralAction, ReferralMoves, ReferralStatus};
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use pamoja_persistence::{job, retention};
use serde_json::{Value, json};

use crate::harness::{Client, OUTSIDER, RECEIVER, SENDER, World};
use crate::referral::{desks, draft, refusal, sent, with};
use crate::referral_open;

mod sight;
use sight::{Sight, rows, told};

pub async fn undo(client: &Client, id: &str) -> Value {
    client.move_referral("undoReferralMove", id).await
}

fn day(from_now: u64) -> String {
    (Utc::now() + Days::new(from_now)).format("%Y-%m-%d").to_string()
}

/// Makes a move as a client does.
pub async fn act(client: &Client, action: ReferralAction, id: &str, slip: Option<&str>, on: &str) -> Value {
    use ReferralAction as Action;
    let (name, input_type, input) = match (action, slip) {
        (Action::Accept, _) => ("acceptReferral", "ReferralInput", json!({ "referralId": id })),
        (Action::Waitlist, _) => ("waitlistReferral", "ReferralInput", json!({ "referralId": id })),
        (Action::Decline, _) => {
            let instead = global_id::encode(OUTSIDER.service(ServiceType::HivTesting));
            let input = json!({ "referralId": id, "reason": "NO_CAPACITY", "insteadServiceId": instead });
            ("declineReferral", "DeclineReferralInput", input)
        }
        (Action::Schedule, _) => ("scheduleReferral", "ScheduleReferralInput", json!({ "referralId": id, "on": on })),
        (Action::CheckIn, Some(slip)) => ("checkInReferral", "CheckInReferralInput", json!({ "slipCode": slip })),
        (Action::CheckIn, None) => ("checkInReferralWithoutSlip", "ReferralInput", json!({ "referralId": id })),
        (Action::Move, _) => {
            let service = global_id::encode(RECEIVER.service(ServiceType::Prep));
            ("moveReferral", "MoveReferralInput", json!({ "referralId": id, "serviceId": service }))
        }
        (Action::MarkNoShow, _) => ("markReferralNoShow", "ReferralInput", json!({ "referralId": id })),
        (Action::Complete, _) => ("completeReferral", "ReferralInput", json!({ "referralId": id })),
        (Action::MarkNotCompleted, _) => {
            ("markReferralNotCompleted", "NotCompletedInput", json!({ "referralId": id, "reason": "UNKNOWN" }))
        }
        (Action::Cancel, _) => {
            ("cancelReferral", "CancelReferralInput", json!({ "referralId": id, "reason": "NO_LONGER_NEEDED" }))
        }
        (Action::MarkEnteredInError, _) => ("markReferralEnteredInError", "ReferralInput", json!({ "referralId": id })),
        (Action::Reopen, _) => ("reopenReferral", "ReferralInput", json!({ "referralId": id })),
        (action, _) => panic!("{action} isn't taken back"),
    };
    let payload = client.referral_mutation(name, input_type, input).await;
    assert_eq!(payload["userErrors"], json!([]), "{action}: {payload:#}");
    payload
}

/// The moves that lead from REQUESTED to that state.
pub fn path(status: ReferralStatus) -> &'static [ReferralAction] {
    use ReferralAction as Action;
    match status {
        ReferralStatus::Requested | ReferralStatus::Expired => &[],
        ReferralStatus::Waitlisted => &[Action::Waitlist],
        ReferralStatus::Accepted => &[Action::Accept],
        ReferralStatus::Declined => &[Action::Decline],
        ReferralStatus::Scheduled => &[Action::Accept, Action::Schedule],
        ReferralStatus::NoShow => &[Action::Accept, Action::Schedule, Action::MarkNoShow],
        ReferralStatus::Arrived => &[Action::CheckIn],
        ReferralStatus::Completed => &[Action::CheckIn, Action::Complete],
        ReferralStatus::NotCompleted => &[Action::Accept, Action::MarkNotCompleted],
        ReferralStatus::Cancelled => &[Action::Cancel],
        ReferralStatus::EnteredInError => &[Action::MarkEnteredInError],
    }
}

/// Whose move it is on the way to a state.
pub fn mover<'a>(action: ReferralAction, sender: &'a Client, receiver: &'a Client) -> &'a Client {
    match action {
        ReferralAction::Cancel | ReferralAction::MarkEnteredInError => sender,
        _ => receiver,
    }
}

async fn sent_shared(sender: &Client) -> (String, String) {
    let fields =
        json!({ "sharedWithReceiver": ["AGE_BAND"], "serviceId": global_id::encode(RECEIVER.service(ServiceType::HivTesting)) });
    let payload = sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), fields)).await;
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned();
    (text(&payload["referral"]["id"]), text(&payload["slipCode"]))
}

/// Every move that can be taken back, in every state from which it can be made, by each party that can make it.
fn cases() -> Vec<(ReferralAction, ReferralStatus, Party)> {
    use ReferralAction as Action;
    let mut cases = Vec::new();
    for row in ReferralMoves::TABLE {
        match row.action {
            // These do something for good, or are no moves to a state.
            Action::ReissueSlip
            | Action::WithdrawConsent
            | Action::Undo
            | Action::Amend
            | Action::ReferInstead
            | Action::AnswerCheckIn => continue,
            _ => {}
        }
        for from in row.from {
            cases.extend(row.by.iter().map(|party| (row.action, *from, *party)));
        }
    }
    assert!(cases.len() > 45, "only {cases:?}");
    cases
}

#[tokio::test]
async fn every_move_that_is_taken_back_leaves_everything_as_it_was() {
    let world = World::new().await;
    let (mut sender, mut receiver) = desks(&world).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let sight = Sight::of(&sender).await;
    let (expired, others): (Vec<_>, Vec<_>) = cases().into_iter().partition(|(_, from, _)| *from == ReferralStatus::Expired);
    let mut prepared = Vec::new();
    for case in expired {
        prepared.push((case, sent_shared(&sender).await));
    }
    for (number, (action, from, party)) in others.into_iter().enumerate() {
        let (id, slip) = sent_shared(&sender).await;
        for step in path(from) {
            act(mover(*step, &sender, &receiver), *step, &id, None, &day(3)).await;
        }
        let client = if party == Party::Sender { &sender } else { &receiver };
        // Half of the check-ins are with the slip.
        let slip = Some(slip.as_str()).filter(|_| number % 2 == 0);
        made_and_taken_back(&superuser, &sight, [&sender, &receiver], client, (action, from), (&id, slip)).await;
    }
    // Just past their expiry: the month of one that is sent on the last day of a month is published soon after that.
    world.travel(TimeDelta::days(30) + TimeDelta::minutes(20)).await;
    (sender, receiver) = desks(&world).await;
    for ((action, from, party), (id, _)) in prepared {
        // What the clock did is recorded by the job, and stays.
        job::expire(&world.worker, SENDER.id()).await.expect("the job");
        let client = if party == Party::Sender { &sender } else { &receiver };
        made_and_taken_back(&superuser, &sight, [&sender, &receiver], client, (action, from), (&id, None)).await;
    }
}

async fn made_and_taken_back(
    superuser: &tokio_postgres::Client,
    sight: &Sight,
    parties: [&Client; 2],
    client: &Client,
    (action, from): (ReferralAction, ReferralStatus),
    (id, slip): (&str, Option<&str>),
) {
    let see = async || (sight.see(parties[0], id).await, sight.see(parties[1], id).await, rows(superuser, id).await);
    let before = see().await;
    assert_eq!(before.0["status"], json!(from), "the way to it");
    let events = timeline(parties[0], id).await;
    let made = act(client, action, id, slip, &day(9)).await;
    assert_ne!(see().await.2, before.2, "{action} from {from} changes nothing");
    let heard = told(superuser, id).await;
    let undone = undo(client, id).await;
    assert_eq!(undone["userErrors"], json!([]), "{action} from {from}: {undone:#}");
    let after = see().await;
    assert_eq!(after.0, before.0, "{action} from {from}, as the sender sees it");
    assert_eq!(after.1, before.1, "{action} from {from}, as the receiver sees it");
    assert_eq!(after.2, before.2, "{action} from {from}, in the tables");
    assert!(undone["referral"]["updatedAt"].as_str() > made["referral"]["updatedAt"].as_str(), "{action} from {from}");
    for (slug, times) in told(superuser, id).await {
        assert_eq!(times, heard[&slug] + 1, "{action} from {from}: {slug} hears of it");
    }
    for party in parties {
        let mut expected = events.clone();
        if action != ReferralAction::Move {
            let reached = made["referral"]["status"].as_str().expect("a status").to_owned();
            expected.push((reached, false, true));
            expected.push((from.to_string(), true, false));
        }
        assert_eq!(timeline(party, id).await, expected, "{action} from {from}");
    }
    let again = undo(client, id).await;
    assert_eq!(refusal(&again).0, if from == ReferralStatus::Expired { "EXPIRED" } else { "ILLEGAL_TRANSITION" }, "{again:#}");
}

/// The timeline: each status, whether it takes back, and whether it was taken back.
async fn timeline(client: &Client, id: &str) -> Vec<(String, bool, bool)> {
    let query = "query ($id: ID!) { node(id: $id) { ... on Referral { timeline { status takesBack takenBack } } } }";
    let data = client.data(query, json!({ "id": id })).await;
    let event = |event: &Value| {
        let status = event["status"].as_str().expect("a status").to_owned();
        (status, event["takesBack"] == true, event["takenBack"] == true)
    };
    data["node"]["timeline"].as_array().expect("events").iter().map(event).collect()
}

const UNTIL: &str = "query ($id: ID!) { node(id: $id) { ... on Referral { status undoableUntil allowedActions } } }";

/// Until when the viewer can take back the last move, and whether that is among the allowed actions.
async fn until(client: &Client, id: &str) -> (bool, bool) {
    let seen = client.data(UNTIL, json!({ "id": id })).await["node"].take();
    let allowed = seen["allowedActions"].as_array().expect("actions").contains(&json!("UNDO"));
    (seen["undoableUntil"].is_string(), allowed)
}

#[tokio::test]
async fn only_who_made_the_move_takes_it_back_and_only_for_fifteen_minutes() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let colleague = world.client_of(RECEIVER, "second-caseworker").await;
    let (id, _) = sent(&sender).await;
    assert_eq!(refusal(&undo(&sender, &id).await).0, "ILLEGAL_TRANSITION", "sending is no move");
    receiver.move_referral("acceptReferral", &id).await;
    assert_eq!(until(&receiver, &id).await, (true, true));
    for other in [&colleague, &sender] {
        assert_eq!(until(other, &id).await, (false, false));
    }
    assert_eq!(refusal(&undo(&colleague, &id).await).0, "FORBIDDEN");
    assert_eq!(refusal(&undo(&sender, &id).await).0, "ILLEGAL_TRANSITION", "it isn't the sender's move");
    world.travel(TimeDelta::minutes(15)).await;
    for again in ["before the job", "after the job"] {
        let receiver = world.client(RECEIVER, Role::Caseworker).await;
        assert_eq!(until(&receiver, &id).await, (false, false), "{again}");
        assert_eq!(refusal(&undo(&receiver, &id).await).0, "EXPIRED", "{again}");
        retention::retain(&world.worker, RECEIVER.id()).await.expect("the job");
    }
    let receiver = world.client(RECEIVER, Role::Caseworker).await;
    let seen = receiver.data(UNTIL, json!({ "id": id })).await;
    assert_eq!(seen["node"]["status"], "ACCEPTED");
}

#[tokio::test]
async fn what_somebody_acted_on_since_stands() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let amend = json!({ "urgency": "URGENT" });
    let cases: [(&str, &str, Value); 4] = [
        ("cancelReferral", "CancelReferralInput", json!({ "reason": "NO_LONGER_NEEDED" })),
        ("reissueReferralSlip", "ReferralInput", json!({})),
        ("amendReferral", "AmendReferralInput", amend),
        ("withdrawReferralConsent", "ReferralInput", json!({})),
    ];
    for (name, input_type, fields) in cases {
        let (id, _) = sent(&sender).await;
        receiver.move_referral("acceptReferral", &id).await;
        let answered = sender.referral_mutation(name, input_type, with(fields, json!({ "referralId": id }))).await;
        assert_eq!(answered["userErrors"], json!([]), "{answered:#}");
        let late = undo(&receiver, &id).await;
        assert_eq!(refusal(&late).0, "ILLEGAL_TRANSITION", "{name}: {late:#}");
        assert_eq!(until(&receiver, &id).await, (false, false), "{name}");
        let kept = "SELECT count(*) FROM referral_undo WHERE organisation_id <> from_organisation_id";
        assert_eq!(superuser.query_one(kept, &[]).await.expect("a count").get::<_, i64>(0), 0, "{name} leaves what was before");
    }
}

#[tokio::test]
async fn what_was_done_for_good_is_not_taken_back() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (slip, _) = sent(&sender).await;
    sender.move_referral("reissueReferralSlip", &slip).await;
    let (withdrawn, _) = sent(&sender).await;
    sender.move_referral("withdrawReferralConsent", &withdrawn).await;
    let (rated, _) = sent_shared(&sender).await;
    receiver.move_referral("checkInReferralWithoutSlip", &rated).await;
    let query =
        "mutation ($input: RecordClientReportInput!) { recordClientReport(input: $input) { userErrors { code message } } }";
    let report = json!({ "input": { "referralId": rated, "outcome": "SERVED_WELL", "friendliness": 5 } });
    let recorded = sender.run(query, report).await;
    assert_eq!(recorded["data"]["recordClientReport"]["userErrors"], json!([]), "{recorded:#}");
    sender.move_referral("markReferralEnteredInError", &rated).await;
    for id in [&slip, &withdrawn, &rated] {
        let refused = undo(&sender, id).await;
        assert_eq!(refusal(&refused).0, "ILLEGAL_TRANSITION", "{refused:#}");
        let words = refused["userErrors"][0]["message"].as_str().expect("words");
        assert!(words.contains("for good"), "{words}");
        assert_eq!(until(&sender, id).await, (false, false));
    }
}

#[tokio::test]
async fn an_erased_client_leaves_nothing_to_be_taken_back() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let (id, _) = sent(&sender).await;
    act(&receiver, ReferralAction::Decline, &id, None, "").await;
    let count = async || superuser.query_one("SELECT count(*) FROM referral_undo", &[]).await.expect("a count").get::<_, i64>(0);
    assert_eq!(count().await, 1);
    let query = "mutation ($input: EraseClientInput!) { eraseClient(input: $input) { erasedReferrals userErrors { code } } }";
    let erased = sender.data(query, json!({ "input": { "client": crate::referral::CLIENT } })).await;
    assert_eq!(erased["eraseClient"]["erasedReferrals"], 1);
    assert_eq!(count().await, 0);
    assert_eq!(refusal(&undo(&receiver, &id).await).0, "ILLEGAL_TRANSITION");
    let seen = receiver
        .data("query ($id: ID!) { node(id: $id) { ... on Referral { insteadService { id } } } }", json!({ "id": id }))
        .await;
    assert_eq!(seen["node"]["insteadService"], Value::Null);
}

#[tokio::test]
async fn what_was_taken_is_given_back_to_all_to_whom_it_was_offered() {
    let world = World::new().await;
    let (sender, taker) = desks(&world).await;
    let other = world.client(OUTSIDER, Role::Caseworker).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let sight = Sight::of(&sender).await;
    for action in [ReferralAction::Accept, ReferralAction::CheckIn] {
        let (id, slip) = referral_open::send(&sender, json!({ "sharedWithReceiver": ["AGE_BAND"] })).await;
        let everybody = [&sender, &taker, &other];
        let mut before = Vec::new();
        for client in everybody {
            before.push(sight.see(client, &id).await);
        }
        let tables = rows(&superuser, &id).await;
        act(&taker, action, &id, Some(&slip), "").await;
        assert_eq!(sight.see(&other, &id).await, Value::Null);
        assert_eq!(refusal(&undo(&other, &id).await).0, "CONFLICT");
        let heard = told(&superuser, &id).await;
        let undone = undo(&taker, &id).await;
        assert_eq!(undone["referral"]["status"], "REQUESTED", "{undone:#}");
        for (client, before) in everybody.into_iter().zip(&before) {
            assert_eq!(&sight.see(client, &id).await, before, "{action}");
        }
        assert_eq!(rows(&superuser, &id).await, tables, "{action}");
        for slug in ["jirani", "afya", "haki"] {
            assert_eq!(told(&superuser, &id).await[slug], heard.get(slug).copied().unwrap_or_default() + 1, "{slug}");
        }
        // Who could take it sees no more of it than before, and takes it no further by taking back.
        assert_eq!(timeline(&taker, &id).await, [("REQUESTED".to_owned(), false, false)]);
        assert_eq!(refusal(&undo(&taker, &id).await).0, "FORBIDDEN");
        let taken = other.referral_mutation("checkInReferral", "CheckInReferralInput", json!({ "slipCode": slip })).await;
        assert_eq!(taken["referral"]["status"], "ARRIVED", "the slip works again: {taken:#}");
        // The sender sees who had it before; the next one doesn't.
        assert_eq!(timeline(&other, &id).await.len(), 2);
        let whole: Vec<bool> = timeline(&sender, &id).await.into_iter().map(|(_, takes_back, _)| takes_back).collect();
        assert_eq!(whole, [false, false, true, false]);
        assert_eq!(sight.see(&taker, &id).await, Value::Null);
    }
}

#[tokio::test]
async fn what_was_called_off_by_mistake_is_open_again_to_all() {
    let world = World::new().await;
    let (sender, taker) = desks(&world).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    for action in [ReferralAction::Cancel, ReferralAction::MarkEnteredInError] {
        let (id, _) = referral_open::send(&sender, json!({})).await;
        let tables = rows(&superuser, &id).await;
        act(&sender, action, &id, None, "").await;
        assert!(!referral_open::list(&taker, "OPEN", json!({})).await.contains(&id));
        assert_eq!(undo(&sender, &id).await["referral"]["status"], "REQUESTED");
        assert_eq!(rows(&superuser, &id).await, tables, "{action}");
        assert!(referral_open::list(&taker, "OPEN", json!({})).await.contains(&id));
        let accepted = taker.move_referral("acceptReferral", &id).await;
        assert_eq!(accepted["referral"]["status"], "ACCEPTED", "{accepted:#}");
    }
}

#[tokio::test]
async fn past_the_program_nobody_gives_back_what_it_did_not_take() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let app = world.connect(DatabaseRole::App).await;
    let (addressed, _) = sent(&sender).await;
    let (open, _) = referral_open::send(&sender, json!({})).await;
    let (taken, _) = referral_open::send(&sender, json!({})).await;
    act(&receiver, ReferralAction::Accept, &taken, None, "").await;
    let uuid = |id: &str| global_id::decode::<ReferralId>(&id.into()).expect("an id").0;
    for member in [SENDER, RECEIVER, OUTSIDER] {
        for id in [&addressed, &open, &taken] {
            let before = rows(&superuser, id).await;
            app.batch_execute(&format!("SELECT test_gate.enter('{}', 'member')", member.id())).await.expect("a tenant");
            let query = format!("SELECT give_back_open_referral('{}')", uuid(id));
            let given_back: bool = app.query_one(&query, &[]).await.expect("an answer").get(0);
            // It has been accepted: who takes that back first has its state put back.
            assert!(!given_back, "{}", member.slug);
            assert_eq!(rows(&superuser, id).await, before, "{}", member.slug);
            let kept = superuser.query_one("SELECT count(*) FROM referral_undo", &[]).await.expect("a count").get::<_, i64>(0);
            if member == OUTSIDER {
                app.batch_execute(&format!("SELECT forget_undo(ARRAY['{}'::uuid])", uuid(id))).await.expect("nothing");
                let left = superuser.query_one("SELECT count(*) FROM referral_undo", &[]).await.expect("a count");
                assert_eq!(left.get::<_, i64>(0), kept, "a stranger forgets nothing of others");
            }
        }
    }
}

#[tokio::test]
async fn no_figure_counts_what_was_taken_back() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let analyst = world.client(SENDER, Role::Analyst).await;
    let month = pamoja_domain::month::Month::at(Utc::now()).to_string();
    let counted = async |table: &str, measure: &str| {
        let query = format!(
            "{{ organisationTable(input: {{ name: {table}, measure: \"{measure}\", period: MONTH, from: \"{month}\", through: \"{month}\" }}, side: SENT) {{
                cells {{ keys value }} }} }}"
        );
        analyst.data(&query, json!({})).await["organisationTable"]["cells"].take()
    };
    let (id, _) = sent(&sender).await;
    let tables = [
        ("REFERRALS_BY_SERVICE_TYPE", "ACCEPTED"),
        ("REFERRALS_BY_SERVICE_TYPE", "ARRIVED"),
        ("REFERRALS_BY_SERVICE_TYPE", "COMPLETED"),
    ];
    let mut before = Vec::new();
    for (table, measure) in tables {
        before.push(counted(table, measure).await);
    }
    let answered = counted("REFERRALS_BY_RESPONSE_TIME", "CREATED").await;
    act(&receiver, ReferralAction::Accept, &id, None, "").await;
    assert_ne!(counted(tables[0].0, "ACCEPTED").await, before[0], "it counts until it is taken back");
    assert_ne!(counted("REFERRALS_BY_RESPONSE_TIME", "CREATED").await, answered);
    undo(&receiver, &id).await;
    act(&receiver, ReferralAction::CheckIn, &id, None, "").await;
    undo(&receiver, &id).await;
    for ((table, measure), before) in tables.into_iter().zip(before) {
        assert_eq!(counted(table, measure).await, before, "{measure}");
    }
    assert_eq!(counted("REFERRALS_BY_RESPONSE_TIME", "CREATED").await, answered);
}

#[tokio::test]
async fn what_is_open_again_does_not_expire_at_once() {
    let world = World::new().await;
    let (sender, receiver) = desks(&world).await;
    let (id, _) = sent(&sender).await;
    let expiry = TimeDelta::days(30) - TimeDelta::minutes(5);
    drop((sender, receiver));
    world.travel(expiry).await;
    let (sender, receiver) = desks(&world).await;
    act(&receiver, ReferralAction::Decline, &id, None, "").await;
    world.travel(expiry + TimeDelta::minutes(10)).await;
    let (_, receiver) = (sender, world.client(RECEIVER, Role::Caseworker).await);
    let undone = undo(&receiver, &id).await;
    assert_eq!(undone["referral"]["status"], "REQUESTED", "{undone:#}");
    world.travel(expiry + TimeDelta::hours(23)).await;
    let receiver = world.client(RECEIVER, Role::Caseworker).await;
    assert_eq!(receiver.data(UNTIL, json!({ "id": id })).await["node"]["status"], "REQUESTED");
}
