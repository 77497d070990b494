//! The database selects the tasks that the rules name: over referrals of every possible state, side and age.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, SubsecRound, TimeDelta, Utc};
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::Permit;
use pamoja_domain::day::day_of;
use pamoja_domain::id::{OrganisationId, ReferralId, UserId};
use pamoja_domain::moves::Party;
use pamoja_domain::referral::{ReferralStatus, Urgency, answer_by};
use pamoja_domain::task::{Precedence, TaskKind, due};
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::referral;
use pamoja_persistence::task::{self, TaskSubject};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{OUTSIDER, RECEIVER, SENDER, World};

/// Deterministic choices from a number: always the same, and in time every combination.
struct Choice(u64);

impl Choice {
    fn of<T: Copy>(&mut self, from: &[T]) -> T {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        from[(self.0 >> 33) as usize % from.len()]
    }
}

struct Made {
    id: Uuid,
    from: OrganisationId,
    to: Option<OrganisationId>,
    by: UserId,
    status: ReferralStatus,
    urgency: Urgency,
    created_at: DateTime<Utc>,
    opened_at: DateTime<Utc>,
    status_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    act_before: Option<DateTime<Utc>>,
    scheduled_on: Option<NaiveDate>,
}

/// Referrals of every state and urgency between any two possible parties, with and without a deadline, of all ages.
fn made(now: DateTime<Utc>) -> Vec<Made> {
    let ages = [
        TimeDelta::minutes(30),
        TimeDelta::minutes(90),
        TimeDelta::hours(5),
        TimeDelta::hours(25),
        TimeDelta::hours(49),
        TimeDelta::days(4),
        TimeDelta::days(9),
        TimeDelta::days(27),
    ];
    let sides = [
        (SENDER.id(), Some(RECEIVER.id())),
        (RECEIVER.id(), Some(SENDER.id())),
        (SENDER.id(), Some(SENDER.id())),
        (SENDER.id(), None),
    ];
    let open = [ReferralStatus::Requested, ReferralStatus::Cancelled, ReferralStatus::Expired, ReferralStatus::EnteredInError];
    let mut choice = Choice(7);
    let mut all = Vec::new();
    for (from, to) in sides {
        for status in ReferralStatus::ALL.iter().filter(|status| to.is_some() || open.contains(status)) {
            for age in ages {
                for has_clock in [true, false] {
                    for again in 0..3 {
                        let created_at = now - age;
                        let reopened = *status != ReferralStatus::Requested && choice.of(&[false, false, true]);
                        let opened_at = if reopened { created_at + age / 2 } else { created_at };
                        let left =
                            choice.of(&[TimeDelta::days(20), TimeDelta::days(3), TimeDelta::hours(-1), TimeDelta::days(20)]);
                        let scheduled = choice.of(&[-2_i64, -1, 0, 1]);
                        let today = day_of(now);
                        let day = if scheduled < 0 {
                            today - Days::new(scheduled.unsigned_abs())
                        } else {
                            today + Days::new(scheduled.unsigned_abs())
                        };
                        all.push(Made {
                            id: Uuid::new_v4(),
                            from,
                            to,
                            by: if from == SENDER.id() {
                                SENDER.user(choice.of(&["caseworker", "peer"]))
                            } else {
                                RECEIVER.user("caseworker")
                            },
                            status: *status,
                            urgency: Urgency::ALL[again],
                            created_at,
                            opened_at,
                            status_at: now - choice.of(&[TimeDelta::hours(1), TimeDelta::days(6), TimeDelta::days(8)]),
                            expires_at: now + left,
                            act_before: has_clock.then(|| created_at + TimeDelta::hours(choice.of(&[1, 20, 72]))),
                            scheduled_on: (*status == ReferralStatus::Scheduled || choice.of(&[true, false])).then_some(day),
                        });
                    }
                }
            }
        }
    }
    all
}

fn quoted<T: ToString>(value: Option<T>) -> String {
    value.map_or("NULL".to_owned(), |value| format!("'{}'", value.to_string()))
}

/// Writes them directly into the tables, as the program would have left them.
async fn write(world: &World, all: &[Made]) {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let at = |moment: DateTime<Utc>| format!("'{}'", moment.to_rfc3339());
    let mut statements = Vec::new();
    for made in all {
        let Made { id, from, by, status, urgency, .. } = made;
        let (to, act_before) = (quoted(made.to), quoted(made.act_before.map(|moment| moment.to_rfc3339())));
        let created_at = at(made.created_at);
        statements.push(format!(
            "INSERT INTO referral (from_organisation_id, id, to_organisation_id, service_type, county_code, urgency, created_at, act_before)
                 VALUES ('{from}', '{id}', {to}, 'HIV_TESTING', '047', '{urgency}', {created_at}, {act_before});
             INSERT INTO referral_progress (from_organisation_id, referral_id, to_organisation_id, status, status_at, opened_at, scheduled_on, expires_at, act_before, answer_by)
                 VALUES ('{from}', '{id}', {to}, '{status}', {}, {}, {}, {}, {act_before}, {});
             INSERT INTO referral_sender (from_organisation_id, referral_id, user_id) VALUES ('{from}', '{id}', '{by}');",
            at(made.status_at),
            at(made.opened_at),
            quoted(made.scheduled_on),
            at(made.expires_at),
            at(answer_by(made.created_at, made.act_before, *urgency)),
        ));
        if made.to.is_none() {
            let closed_at = if *status == ReferralStatus::Requested { "NULL" } else { "now()" };
            statements.push(format!(
                "INSERT INTO open_referral (from_organisation_id, id, service_type, county_code, urgency, created_at, expires_at, closed_at)
                     VALUES ('{from}', '{id}', 'HIV_TESTING', '047', '{urgency}', {created_at}, {}, {closed_at});
                 INSERT INTO open_referral_offer SELECT DISTINCT organisation_id, '{from}'::uuid, '{id}'::uuid FROM service
                     WHERE service_type = 'HIV_TESTING' AND county_code = '047' AND organisation_id <> '{from}';",
                at(made.expires_at),
            ));
        }
    }
    superuser.batch_execute(&statements.join("\n")).await.expect("they are written");
}

type Expected = (TaskKind, Uuid, Party, DateTime<Utc>);

#[tokio::test]
async fn what_the_database_selects_is_what_the_rules_say_of_each_referral() {
    let world = World::new().await;
    let all = made(Utc::now().trunc_subsecs(0));
    assert!(all.len() > 1_500, "{}", all.len());
    write(&world, &all).await;
    let ids: Vec<ReferralId> = all.iter().map(|made| ReferralId(made.id)).collect();
    let mut met = BTreeSet::new();
    for (member, handle) in [
        (SENDER, "caseworker"),
        (SENDER, "peer"),
        (SENDER, "second-peer"),
        (RECEIVER, "caseworker"),
        (RECEIVER, "peer"),
        (RECEIVER, "analyst"),
        (OUTSIDER, "caseworker"),
    ] {
        let caller = world.caller(member, handle).await;
        let tx = world.app.database.read(Permit::reader(caller)).await.expect("a transaction");
        let (actor, at) = (tx.actor().expect("an actor").clone(), tx.at());
        let mut expected: BTreeSet<Expected> = BTreeSet::new();
        for referral in referral::by_ids(&tx, &ids).await.expect("the referrals") {
            for kind in TaskKind::ALL {
                if let Some(due) = due(*kind, &referral.standing(), referral.allowed(&actor), at) {
                    expected.insert((*kind, referral.id.0, due.side, due.at));
                }
            }
        }
        let listed = task::list(&tx, TaskKind::ALL, 100_000).await.expect("the tasks");
        let mut selected: Vec<Expected> = Vec::new();
        for found in &listed {
            if let TaskSubject::Referral(id, side) = found.subject {
                assert!(found.kind.is_for(&actor), "{found:?}");
                selected.push((found.kind, id.0, side, found.due_at));
            }
        }
        let order = |task: &Expected| {
            let act_before = all.iter().find(|made| made.id == task.1).and_then(|made| made.act_before);
            let precedence = task.0.precedence(act_before.is_some());
            let pressing = match (precedence, act_before) {
                (Precedence::InTime, Some(act_before)) => act_before.timestamp_micros(),
                (Precedence::Overdue, Some(act_before)) => -act_before.timestamp_micros(),
                _ => task.3.timestamp_micros(),
            };
            (precedence, pressing, task.0, task.1)
        };
        assert!(selected.is_sorted_by_key(order), "{handle} of {}: the most pressing stands first", member.slug);
        met.extend(selected.iter().map(|task| (task.0, task.2)));
        let once: BTreeSet<(TaskKind, Uuid)> = selected.iter().map(|task| (task.0, task.1)).collect();
        assert_eq!(once.len(), selected.len(), "a referral appears once for a kind");
        let selected: BTreeSet<Expected> = selected.into_iter().collect();
        let of = |id: &Uuid| all.iter().find(|made| made.id == *id).map(|made| (made.status, made.scheduled_on, made.expires_at));
        let difference: Vec<_> = expected.symmetric_difference(&selected).take(5).map(|task| (task, of(&task.1))).collect();
        assert!(difference.is_empty(), "{handle} of {}: {difference:#?}", member.slug);
        // A shorter list is the beginning of the full one.
        for few in [1, 7, 40] {
            assert_eq!(task::list(&tx, TaskKind::ALL, few).await.expect("the tasks")[..], listed[..few.min(listed.len())]);
        }
        let counts = task::counts(&tx, 100_000).await.expect("counts");
        for (kind, count) in &counts {
            assert_eq!(*count, listed.iter().filter(|task| task.kind == *kind).count(), "{kind} for {handle} of {}", member.slug);
        }
        let reached: Vec<TaskKind> = TaskKind::ALL.iter().copied().filter(|kind| kind.is_for(&actor)).collect();
        assert_eq!(counts.iter().map(|count| count.0).collect::<Vec<_>>(), reached);
        tx.end().await;
    }
    for kind in TaskKind::ALL.iter().filter(|kind| **kind != TaskKind::StateCapacity && !kind.is_about_training()) {
        assert!(met.iter().any(|(known, _)| known == kind), "{kind} was never met");
    }
    for kind in [TaskKind::OverdueClient, TaskKind::ScheduledToday, TaskKind::MarkYesterday, TaskKind::RecordOutcome] {
        assert!(met.contains(&(kind, Party::Sender)) && met.contains(&(kind, Party::Receiver)), "{kind}");
    }
}

#[tokio::test]
async fn badges_count_what_the_lists_hold_up_to_a_hundred() {
    let world = World::new().await;
    write(&world, &made(Utc::now().trunc_subsecs(0))).await;
    let desk = world.client(SENDER, Role::Caseworker).await;
    let counts = desk.data("{ viewer { taskCounts { kind count more } } }", json!({})).await;
    let counts = counts["viewer"]["taskCounts"].as_array().expect("counts").clone();
    assert_eq!(counts.len(), TaskKind::ALL.iter().filter(|kind| !kind.is_about_training()).count());
    let mut capped = 0;
    for count in &counts {
        let query = "query ($kinds: [TaskKind!]) { viewer { tasks(kinds: $kinds, first: 100) { hasMore nodes { kind } } } }";
        let list = desk.data(query, json!({ "kinds": [count["kind"]] })).await["viewer"]["tasks"].take();
        assert_eq!(count["count"], json!(list["nodes"].as_array().map(Vec::len)), "{count}");
        assert_eq!(count["more"], list["hasMore"], "{count}");
        assert!(list["nodes"].as_array().expect("tasks").iter().all(|task| task["kind"] == count["kind"]));
        capped += usize::from(count["more"] == Value::Bool(true));
    }
    assert!((1..counts.len()).contains(&capped), "some are too many to count: {counts:?}");
}
