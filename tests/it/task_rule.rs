//! The database selects the tasks that the rules name: over referrals of every possible state, side and age.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, SubsecRound, TimeDelta, Utc};
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::Permit;
use pamoja_domain::day::day_of;
use pamoja_domain::id::{OrganisationId, ReferralId, ServiceId, UserId};
use pamoja_domain::moves::Party;
use pamoja_domain::page::MAXIMUM_PAGE;
use pamoja_domain::pseudonym::Pseudonym;
use pamoja_domain::referral::{NonCompletionReason, ReferralStatus, Urgency, answer_by};
use pamoja_domain::service::ServiceType;
use pamoja_domain::task::{Deadline, Hindrance, Precedence, Surroundings, TaskKind, due};
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::places::Effort;
use pamoja_persistence::referral;
use pamoja_persistence::task::{self, TaskSubject};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{OUTSIDER, RECEIVER, SENDER, World, member};

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
    /// The type of service that is asked for, and the receiver's service, where one is named.
    sought: ServiceType,
    service: Option<ServiceId>,
    /// What keeps that place from taking anybody.
    hindrance: Option<Hindrance>,
    /// Why it ended unserved.
    non_completion: Option<(NonCompletionReason, Party)>,
    /// The client, by a number; none once consent was withdrawn.
    client: Option<u128>,
    withdrawn: bool,
    /// Whether the sender has settled its present ending, and an earlier one.
    settled: bool,
    settled_before: bool,
    /// Since when the sender is asked about a check-in elsewhere.
    check_in_asked_at: Option<DateTime<Utc>>,
}

impl Made {
    /// Its status by that moment, and since when.
    fn standing_at(&self, now: DateTime<Utc>) -> (ReferralStatus, DateTime<Utc>) {
        if self.status.can_expire() && self.expires_at <= now {
            return (ReferralStatus::Expired, self.expires_at);
        }
        (self.status, self.status_at)
    }
}

/// A place to refer to: an organisation, a type of service, perhaps a service, and what keeps it from taking anybody.
type Place = (OrganisationId, ServiceType, Option<ServiceId>, Option<Hindrance>);

/// Every kind of place that a receiver can be. [`hinder`] makes them so.
fn places(to: OrganisationId) -> Vec<Place> {
    let [paused, closed, facility] = [ServiceType::Prep, ServiceType::Pep, ServiceType::Art];
    if to == RECEIVER.id() {
        return vec![
            (to, ServiceType::HivTesting, None, None),
            (to, ServiceType::HivTesting, Some(RECEIVER.service(ServiceType::HivTesting)), None),
            (to, paused, Some(RECEIVER.service(paused)), Some(Hindrance::ServicePaused)),
            (to, paused, None, Some(Hindrance::ServicePaused)),
            (to, closed, Some(RECEIVER.service(closed)), Some(Hindrance::ServiceClosed)),
            // Beside the closed one there is another that takes clients.
            (to, closed, None, None),
            (to, facility, Some(named(facility)), Some(Hindrance::FacilityClosed)),
            (to, facility, None, Some(Hindrance::FacilityClosed)),
        ];
    }
    if to == SENDER.id() {
        return vec![
            (to, ServiceType::PeerEducation, None, None),
            (to, facility, Some(named(ServiceType::HepatitisB)), Some(Hindrance::FacilityClosed)),
        ];
    }
    vec![(to, ServiceType::HivTesting, None, Some(Hindrance::MemberAway))]
}

/// The id of a service that [`hinder`] adds.
fn named(service_type: ServiceType) -> ServiceId {
    ServiceId(Uuid::from_u128(service_type as u128 + 1))
}

/// Makes the services as [`places`] says.
async fn hinder(world: &World) {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let facility = Uuid::from_u128(77);
    let add = |to: OrganisationId, service_type: ServiceType, facility: &str| {
        format!(
            "INSERT INTO service (organisation_id, id, service_type, name, county_code, populations, accepts_minors, facility_id, checked_at)
             VALUES ('{to}', '{}', '{service_type}', 'Another', '047', '{{}}', true, {facility}, moment());",
            named(service_type)
        )
    };
    superuser
        .batch_execute(&format!(
            "INSERT INTO facility (id, code, name, county_code, operational, key_population_friendly, service_types)
                 VALUES ('{facility}', '77777', 'A clinic', '047', false, false, '{{}}');
             UPDATE service SET paused = true WHERE id = '{}'; UPDATE service SET closed_at = moment() WHERE id = '{}';
             {}{}{}",
            RECEIVER.service(ServiceType::Prep),
            RECEIVER.service(ServiceType::Pep),
            add(RECEIVER.id(), ServiceType::Art, &format!("'{facility}'")),
            add(SENDER.id(), ServiceType::HepatitisB, &format!("'{facility}'")),
            add(RECEIVER.id(), ServiceType::Other, "NULL").replace("'OTHER'", "'PEP'"),
        ))
        .await
        .expect("the places are as they are said to be");
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
        (SENDER.id(), Some(member("frozen").id())),
        (SENDER.id(), Some(member("left").id())),
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
                            choice.of(&[TimeDelta::days(20), TimeDelta::days(3), TimeDelta::hours(-2), TimeDelta::days(20)]);
                        let scheduled = choice.of(&[-2_i64, -1, 0, 1]);
                        let today = day_of(now);
                        let day = if scheduled < 0 {
                            today - Days::new(scheduled.unsigned_abs())
                        } else {
                            today + Days::new(scheduled.unsigned_abs())
                        };
                        // What is open to all was offered to the outsider and to one more: either can take it, or neither can.
                        let lost = choice.of(&[None, Some(Hindrance::NobodyLeft)]);
                        let place = to.map_or((from, ServiceType::HivTesting, None, lost), |to| choice.of(&places(to)));
                        let reason = choice.of(NonCompletionReason::ALL);
                        // A receiver says nothing that is the sender's alone to say.
                        let by = if reason.is_of_the_sender_alone() {
                            Party::Sender
                        } else {
                            choice.of(&[Party::Sender, Party::Receiver])
                        };
                        let by = if to == Some(from) { Party::Sender } else { by };
                        let withdrawn = status.has_ended() && choice.of(&[true, false, false, false, false]);
                        all.push(Made {
                            sought: place.1,
                            service: place.2,
                            hindrance: place.3,
                            non_completion: (*status == ReferralStatus::NotCompleted).then_some((reason, by)),
                            // Few enough to meet again, and some who are met once.
                            client: (!withdrawn).then(|| {
                                choice.of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
                                    + 100 * choice.of(&[1, 2, 3, 4, 5, 6, 7, 8, 9])
                            }),
                            withdrawn,
                            settled: choice.of(&[true, false, false]),
                            settled_before: choice.of(&[true, false]),
                            check_in_asked_at: (to != Some(from)).then(|| choice.of(&[Some(created_at), None, None])).flatten(),
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

fn at(moment: DateTime<Utc>) -> String {
    format!("'{}'", moment.to_rfc3339())
}

/// What is recorded of how it ended.
fn endings(made: &Made, now: DateTime<Utc>) -> String {
    let Made { id, from, status, .. } = made;
    let mut statements = String::new();
    let mut ended = |moment: DateTime<Utc>, settled: bool| {
        let settled_at = if settled { at(now) } else { "NULL".to_owned() };
        statements.push_str(&format!(
            "INSERT INTO referral_follow_up (from_organisation_id, referral_id, ended_at, settled_at) VALUES ('{from}', '{id}', {}, {settled_at});",
            at(moment)
        ));
    };
    let asks = !made.non_completion.is_some_and(|(reason, by)| reason.ends_the_matter(by));
    if status.leaves_unserved() && !made.withdrawn && asks {
        // Of a silent expiry nothing is recorded but that it was settled: what is known of a client who didn't come is older.
        let is_silent = made.standing_at(now).0 != *status;
        ended(made.status_at, made.settled && !is_silent);
    }
    if status.can_expire() && made.expires_at <= now && made.settled {
        ended(made.expires_at, true);
    }
    if made.settled_before {
        ended(made.created_at - TimeDelta::seconds(1), false);
    }
    if let Some((reason, by)) = made.non_completion {
        let by = if by == Party::Sender { Some(*from) } else { made.to };
        statements.push_str(&format!(
            "INSERT INTO referral_non_completion (from_organisation_id, referral_id, to_organisation_id, by_organisation_id, reason, recorded_at)
                 VALUES ('{from}', '{id}', {}, {}, '{reason}', {});",
            quoted(made.to),
            quoted(by),
            at(made.status_at)
        ));
    }
    statements
}

/// What stands beside each of them.
fn surroundings(made: &Made, all: &[Made]) -> Surroundings {
    let same = |other: &&Made| {
        made.client.is_some()
            && (other.from, other.client, other.sought) == (made.from, made.client, made.sought)
            && other.id != made.id
            && other.status != ReferralStatus::EnteredInError
    };
    Surroundings {
        non_completion: made.non_completion,
        settled: made.settled,
        referred_anew_at: all.iter().filter(same).map(|other| other.created_at).max(),
        hindrance: made.hindrance,
        check_in_asked_at: made.check_in_asked_at,
    }
}

/// Writes them directly into the tables, as the program would have left them.
async fn write(world: &World, all: &[Made], now: DateTime<Utc>) {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let mut statements = Vec::new();
    for made in all {
        let Made { id, from, by, status, urgency, sought, withdrawn, .. } = made;
        let service = quoted(made.service);
        let (to, act_before) = (quoted(made.to), quoted(made.act_before.map(|moment| moment.to_rfc3339())));
        let created_at = at(made.created_at);
        statements.push(format!(
            "INSERT INTO referral (from_organisation_id, id, to_organisation_id, service_type, county_code, urgency, created_at, act_before)
                 VALUES ('{from}', '{id}', {to}, '{sought}', '047', '{urgency}', {created_at}, {act_before});
             INSERT INTO referral_progress (from_organisation_id, referral_id, to_organisation_id, service_id, consent_withdrawn, status, status_at, opened_at, scheduled_on, expires_at, act_before, answer_by)
                 VALUES ('{from}', '{id}', {to}, {service}, {withdrawn}, '{status}', {}, {}, {}, {}, {act_before}, {});
             INSERT INTO referral_sender (from_organisation_id, referral_id, user_id) VALUES ('{from}', '{id}', '{by}');",
            at(made.status_at),
            at(made.opened_at),
            quoted(made.scheduled_on),
            at(made.expires_at),
            at(answer_by(made.created_at, made.act_before, *urgency)),
        ));
        if let Some(asked_at) = made.check_in_asked_at.map(at) {
            // Of several check-ins elsewhere there is one task, and a no leaves none.
            let places =
                ["haki", "left"].map(|slug| format!("('{from}', '{id}', '{}', {asked_at}, {asked_at}, NULL)", member(slug).id()));
            let denied = format!("('{from}', '{id}', '{}', {asked_at}, {asked_at}, now())", member("frozen").id());
            statements.push(format!(
                "INSERT INTO check_in_question (from_organisation_id, referral_id, organisation_id, checked_in_at, asked_at, denied_at)
                     VALUES {}, {denied};",
                places.join(", ")
            ));
        }
        if made.to.is_none() {
            let closed_at = if *status == ReferralStatus::Requested { "NULL" } else { "now()" };
            // Neither of the last two can take it.
            let offered = if made.hindrance.is_some() { ["frozen", "left"] } else { ["haki", "left"] };
            let offered = offered.map(|slug| format!("('{}', '{from}', '{id}')", member(slug).id())).join(", ");
            statements.push(format!(
                "INSERT INTO open_referral (from_organisation_id, id, service_type, county_code, urgency, created_at, expires_at, closed_at)
                     VALUES ('{from}', '{id}', '{sought}', '047', '{urgency}', {created_at}, {}, {closed_at});
                 INSERT INTO open_referral_offer (organisation_id, from_organisation_id, referral_id) VALUES {offered};",
                at(made.expires_at),
            ));
        }
        if let Some(client) = made.client {
            let client = Pseudonym::from_bits(client.to_be_bytes());
            statements.push(format!(
                "INSERT INTO referral_client (from_organisation_id, referral_id, client, populations, age_band)
                     VALUES ('{from}', '{id}', '{}', '{{}}', 'NOT_STATED');",
                client.as_str()
            ));
        }
        statements.push(endings(made, now));
    }
    superuser.batch_execute(&statements.join("\n")).await.expect("they are written");
}

type Expected = (TaskKind, Uuid, Party, DateTime<Utc>);

/// Parts that are small enough for each user's tasks to fit on a page. All referrals of a client are in the same.
fn parts(all: Vec<Made>) -> Vec<Vec<Made>> {
    const PARTS: usize = 54;
    let mut parts: Vec<Vec<Made>> = std::iter::repeat_with(Vec::new).take(PARTS).collect();
    let mut clients = BTreeMap::new();
    for (number, made) in all.into_iter().enumerate() {
        let next = clients.len();
        let number = made.client.map_or(number, |client| *clients.entry(client).or_insert(next));
        parts[number % PARTS].push(made);
    }
    parts
}

#[tokio::test]
async fn what_the_database_selects_is_what_the_rules_say_of_each_referral() {
    let world = World::new().await;
    hinder(&world).await;
    let now = Utc::now().trunc_subsecs(0);
    let all = made(now);
    assert!(all.len() > 1_500, "{}", all.len());
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let mut met = BTreeSet::new();
    for part in parts(all) {
        superuser.batch_execute("DELETE FROM referral").await.expect("those of the part before are gone");
        write(&world, &part, now).await;
        compare(&world, &part, &mut met).await;
    }
    let of_others = [TaskKind::StateCapacity, TaskKind::CheckFacility, TaskKind::ReleaseSensitisation];
    for kind in
        TaskKind::ALL.iter().filter(|kind| !of_others.contains(kind) && !kind.is_about_training() && !kind.is_about_violation())
    {
        assert!(met.iter().any(|(known, _)| known == kind), "{kind} was never met");
    }
    for kind in [TaskKind::OverdueClient, TaskKind::ScheduledToday, TaskKind::MarkYesterday, TaskKind::RecordOutcome] {
        assert!(met.contains(&(kind, Party::Sender)) && met.contains(&(kind, Party::Receiver)), "{kind}");
    }
}

/// Compares what the database selects of these referrals with what the rules say, for users of every kind, and notes which tasks it
/// has met.
async fn compare(world: &World, all: &[Made], met: &mut BTreeSet<(TaskKind, Party)>) {
    let ids: Vec<ReferralId> = all.iter().map(|made| ReferralId(made.id)).collect();
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
        let tx = world.app.database.read(Permit::reader(caller), Effort::Ordinary).await.expect("a transaction");
        let (actor, at) = (tx.actor().expect("an actor").clone(), tx.at());
        let mut expected: BTreeSet<Expected> = BTreeSet::new();
        for referral in referral::by_ids(&tx, &ids).await.expect("the referrals") {
            let made = all.iter().find(|made| made.id == referral.id.0).expect("one that was made");
            // Of what is open to all, a would-be taker knows neither the parties nor what became of it.
            let beside = if referral.sender == made.from { surroundings(made, all) } else { Surroundings::default() };
            for kind in TaskKind::ALL {
                if let Some(due) = due(*kind, &referral.standing(beside), referral.allowed(&actor), at) {
                    expected.insert((*kind, referral.id.0, due.side, due.at));
                }
            }
        }
        let listed = task::list(&tx, TaskKind::ALL, MAXIMUM_PAGE + 1).await.expect("the tasks");
        assert!(listed.len() <= MAXIMUM_PAGE, "{} tasks may not be all", listed.len());
        let mut selected: Vec<Expected> = Vec::new();
        for found in &listed {
            if let TaskSubject::Referral(id, side) = found.subject {
                assert!(found.kind.is_for(&actor), "{found:?}");
                selected.push((found.kind, id.0, side, found.due_at));
            }
        }
        let order = |task: &Expected| {
            let act_before = all.iter().find(|made| made.id == task.1).and_then(|made| made.act_before);
            let precedence = task.0.precedence(Deadline::at(act_before, at));
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
        let counts = task::counts(&tx).await.expect("counts");
        for (kind, count) in &counts {
            assert_eq!(*count, listed.iter().filter(|task| task.kind == *kind).count(), "{kind} for {handle} of {}", member.slug);
        }
        let reached: Vec<TaskKind> = TaskKind::ALL.iter().copied().filter(|kind| kind.is_for(&actor)).collect();
        assert_eq!(counts.iter().map(|count| count.0).collect::<Vec<_>>(), reached);
        tx.end().await;
    }
}

#[tokio::test]
async fn badges_count_what_the_lists_hold_up_to_a_hundred() {
    let world = World::new().await;
    hinder(&world).await;
    let now = Utc::now().trunc_subsecs(0);
    write(&world, &made(now), now).await;
    // As many at once are nothing that PostgreSQL would have looked at by itself yet.
    world.connect(DatabaseRole::Superuser).await.batch_execute("ANALYZE").await.expect("they are looked at");
    let desk = world.client(SENDER, Role::Caseworker).await;
    let counts = desk.data("{ viewer { taskCounts { kind count more } } }", json!({})).await;
    let counts = counts["viewer"]["taskCounts"].as_array().expect("counts").clone();
    let elsewhere = [TaskKind::CheckFacility, TaskKind::FollowUpViolation, TaskKind::ReleaseSensitisation];
    let others = |kind: &&TaskKind| kind.is_about_training() || elsewhere.contains(kind);
    assert_eq!(counts.len(), TaskKind::ALL.iter().filter(|kind| !others(kind)).count());
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
