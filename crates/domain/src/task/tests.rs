//! Who gets which tasks, and who never does.

use chrono::{Days, NaiveDate, TimeZone};

use super::*;
use crate::day::day_of;
use crate::moves::{Allowed, Party};
use crate::referral::{ReferralState, ReferralStatus, Urgency, answer_by};
use crate::vocabulary::Vocabulary;

const SENDER: Allowed = Allowed { as_sender: true, as_receiver: false, as_taker: false };
const RECEIVER: Allowed = Allowed { as_sender: false, as_receiver: true, as_taker: false };
const TAKER: Allowed = Allowed { as_sender: false, as_receiver: false, as_taker: true };
const BOTH: Allowed = Allowed { as_sender: true, as_receiver: true, as_taker: false };

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 12, 0, 0).single().expect("a moment")
}

fn standing(status: ReferralStatus) -> Standing {
    Standing {
        state: ReferralState {
            status,
            created_at: start(),
            status_at: start(),
            expires_at: start() + TimeDelta::days(30),
            consent_withdrawn: false,
            decline: None,
            last_move: None,
            check_in_asked: false,
        },
        opened_at: start(),
        urgency: Urgency::Routine,
        act_before: None,
        scheduled_on: None,
        open: false,
        accompanied: false,
        surroundings: Surroundings::default(),
    }
}

fn critical(status: ReferralStatus) -> Standing {
    Standing { act_before: Some(start() + TimeDelta::hours(60)), ..standing(status) }
}

fn scheduled(day: NaiveDate) -> Standing {
    Standing { scheduled_on: Some(day), ..standing(ReferralStatus::Scheduled) }
}

fn kinds(standing: &Standing, allowed: Allowed, at: DateTime<Utc>) -> Vec<TaskKind> {
    TaskKind::ALL.iter().copied().filter(|kind| due(*kind, standing, allowed, at).is_some()).collect()
}

#[test]
fn a_client_who_cannot_wait_is_answered_within_the_hour_and_then_both_hear_of_it() {
    let requested = critical(ReferralStatus::Requested);
    let hour = start() + TimeDelta::hours(1);
    assert_eq!(kinds(&requested, RECEIVER, start()), [TaskKind::AnswerTimeCritical]);
    assert_eq!(kinds(&requested, SENDER, hour - TimeDelta::seconds(1)), []);
    assert_eq!(kinds(&requested, SENDER, hour), [TaskKind::NoAnswer]);
    assert_eq!(due(TaskKind::NoAnswer, &requested, SENDER, hour).map(|due| due.at), Some(hour));
    // It isn't late yet at that very moment.
    let last = start() + TimeDelta::hours(60);
    assert_eq!(kinds(&requested, SENDER, last), [TaskKind::NoAnswer]);
    let late = last + TimeDelta::seconds(1);
    for side in [SENDER, RECEIVER] {
        assert_eq!(kinds(&requested, side, late), [TaskKind::OverdueClient], "and nothing else");
    }
    // Also if it was open to all: a client whom nobody took is listed with the overdue ones.
    let open = Standing { open: true, ..requested };
    assert_eq!(
        (kinds(&open, SENDER, last), kinds(&open, SENDER, late)),
        (vec![TaskKind::NoAnswer], vec![TaskKind::OverdueClient])
    );
    assert_eq!(kinds(&critical(ReferralStatus::Accepted), RECEIVER, late), [TaskKind::OverdueClient]);
    assert_eq!(kinds(&critical(ReferralStatus::Arrived), BOTH, late), []);
}

#[test]
fn who_can_still_be_helped_goes_before_whose_time_has_passed_and_those_before_all_others() {
    let sorted = |deadline| {
        let mut kinds = TaskKind::ALL.to_vec();
        kinds.sort_by_key(|kind| kind.precedence(deadline));
        kinds.retain(|kind| kind.precedence(deadline) != Precedence::Other);
        kinds
    };
    let [critical, overdue, today] = [TaskKind::AnswerTimeCritical, TaskKind::OverdueClient, TaskKind::ScheduledToday];
    let (elsewhere, follow_up) = (TaskKind::ReferElsewhere, TaskKind::FollowUpReferral);
    let violation = TaskKind::ActOnViolation;
    assert_eq!(
        sorted(Deadline::ToCome),
        [critical, violation, TaskKind::AnswerCheckIn, TaskKind::NoAnswer, elsewhere, follow_up, overdue, today]
    );
    assert_eq!(
        sorted(Deadline::Passed),
        [critical, violation, overdue, elsewhere, today],
        "where it stands in for OVERDUE_CLIENT"
    );
    assert_eq!(sorted(Deadline::Absent), [critical, overdue, today]);
}

#[test]
fn the_sender_is_asked_about_a_check_in_elsewhere_while_the_client_has_not_arrived() {
    let asked = Surroundings { check_in_asked_at: Some(start()), ..Surroundings::default() };
    for status in ReferralStatus::ALL {
        let beside = Standing { surroundings: asked, ..standing(*status) };
        let due = |allowed, at| due(TaskKind::AnswerCheckIn, &beside, allowed, at);
        let expected = status.can_expire().then_some(Due { side: Party::Sender, at: start() });
        assert_eq!((due(SENDER, start()), due(RECEIVER, start()), due(TAKER, start())), (expected, None, None), "{status}");
        assert_eq!(due(SENDER, start() + TimeDelta::days(30)), None, "it has expired");
    }
}

#[test]
fn an_answer_is_due_by_urgency_and_sooner_the_more_urgent() {
    let hours: Vec<i64> = Urgency::ALL.iter().map(|urgency| urgency.answer_hours()).collect();
    assert_eq!(hours, [72, 24, 4], "routine, urgent, emergency");
    for urgency in Urgency::ALL {
        let requested = Standing { urgency: *urgency, ..standing(ReferralStatus::Requested) };
        let answer = due(TaskKind::AnswerReferral, &requested, RECEIVER, start()).expect("it waits");
        assert_eq!(answer.at, answer_by(start(), None, *urgency));
        let open = Standing { open: true, ..requested };
        assert_eq!(due(TaskKind::TakeOpenReferral, &open, TAKER, start()), Some(answer));
        assert_eq!(kinds(&open, SENDER, answer.at - TimeDelta::seconds(1)), []);
        assert_eq!(kinds(&open, SENDER, answer.at), [TaskKind::NoAnswer]);
        assert_eq!(kinds(&requested, SENDER, answer.at), [], "the receiver has been asked, and this one can wait");
    }
}

#[test]
fn the_agreed_day_is_a_day_in_kenya() {
    let today = day_of(start());
    let midnight = crate::day::start_of_day(today + Days::new(1));
    let agreed = scheduled(today);
    assert_eq!(kinds(&agreed, RECEIVER, midnight - TimeDelta::seconds(1)), [TaskKind::ScheduledToday]);
    assert_eq!(kinds(&agreed, RECEIVER, midnight), [TaskKind::MarkYesterday]);
    for kind in [TaskKind::ScheduledToday, TaskKind::MarkYesterday] {
        let at = if kind == TaskKind::ScheduledToday { start() } else { midnight };
        assert_eq!(due(kind, &agreed, RECEIVER, at), Some(Due { side: Party::Receiver, at: midnight }));
    }
    assert_eq!(kinds(&scheduled(today + Days::new(1)), RECEIVER, start()), []);
}

#[test]
fn whoever_goes_along_is_reminded_of_everything_but_an_answer() {
    for status in ReferralStatus::ALL {
        for critical in [None, Some(start() + TimeDelta::hours(1))] {
            let accompanied = Standing { accompanied: true, act_before: critical, ..standing(*status) };
            let later = start() + TimeDelta::days(OUTCOME_DAYS);
            let found = kinds(&accompanied, BOTH, later);
            let waiting = [TaskKind::AnswerTimeCritical, TaskKind::AnswerReferral, TaskKind::NoAnswer];
            assert!(!found.iter().any(|kind| waiting.contains(kind)), "{status}: {found:?}");
            let unended = !status.has_ended() && ![ReferralStatus::Scheduled, ReferralStatus::NoShow].contains(status);
            assert_eq!(found.contains(&TaskKind::RecordOutcome), unended, "{status}");
            assert!(!kinds(&accompanied, BOTH, later - TimeDelta::seconds(1)).contains(&TaskKind::RecordOutcome), "{status}");
        }
    }
}

#[test]
fn what_has_ended_or_expired_is_nobodys_task_but_the_senders_whose_client_is_unserved() {
    for status in ReferralStatus::ALL {
        for base in [standing(*status), critical(*status), scheduled(day_of(start()))] {
            let base = Standing { state: ReferralState { status: *status, ..base.state }, ..base };
            for (accompanied, open) in [(false, false), (true, false), (false, true)] {
                let standing = Standing { accompanied, open, ..base };
                for allowed in [SENDER, RECEIVER, TAKER, BOTH] {
                    for at in [start(), start() + TimeDelta::days(8), start() + TimeDelta::days(30)] {
                        let found = kinds(&standing, allowed, at);
                        let status = standing.state.at(at).status;
                        if status.has_ended() {
                            let asks = status.leaves_unserved() && allowed.as_sender;
                            let expected: &[TaskKind] = if asks { &[TaskKind::FollowUpReferral] } else { &[] };
                            assert_eq!(found, expected, "{standing:?}");
                        }
                        assert_eq!(kinds(&standing, Allowed::default(), at), [], "nobody may act");
                    }
                }
            }
        }
    }
}

#[test]
fn an_arrival_is_to_end_within_a_week_and_an_expiry_is_told_five_days_before() {
    let arrived = standing(ReferralStatus::Arrived);
    let week = start() + TimeDelta::days(ARRIVED_DAYS);
    assert_eq!(kinds(&arrived, RECEIVER, week - TimeDelta::seconds(1)), []);
    assert_eq!(kinds(&arrived, RECEIVER, week), [TaskKind::RecordOutcome]);
    let accepted = standing(ReferralStatus::Accepted);
    let soon = start() + TimeDelta::days(30 - EXPIRING_DAYS);
    assert_eq!(kinds(&accepted, SENDER, soon - TimeDelta::seconds(1)), []);
    assert_eq!(due(TaskKind::ExpiringSoon, &accepted, SENDER, soon).map(|due| due.at), Some(accepted.state.expires_at));
}

#[test]
fn a_capacity_is_asked_for_before_it_tells_nothing_any_more() {
    let stale = start() + TimeDelta::days(CAPACITY_FRESH_DAYS);
    let warned = stale - TimeDelta::days(CAPACITY_WARNING_DAYS);
    assert_eq!(capacity_due(Some(start()), start(), warned - TimeDelta::seconds(1)), None);
    assert_eq!(capacity_due(Some(start()), start(), warned), Some(stale));
    assert_eq!(capacity_due(None, start(), start()), Some(start()), "never stated: at once");
}

#[test]
fn a_facility_is_to_be_checked_while_a_service_is_offered_there() {
    assert_eq!(facility_check_due(false, Some(start())), Some(start()));
    assert_eq!((facility_check_due(true, Some(start())), facility_check_due(false, None)), (None, None));
}

#[test]
fn only_what_no_move_can_end_is_dismissed() {
    let dismissable = [TaskKind::FollowUpReferral, TaskKind::DocumentTurnedAway];
    for kind in TaskKind::ALL {
        let refused = check_dismissable(*kind).err().map(|refusal| (refusal.code, refusal.field));
        let invalid = (crate::refusal::UserErrorCode::Invalid, Some(vec!["kind".to_owned()]));
        assert_eq!(refused, (!dismissable.contains(kind)).then_some(invalid), "{kind}");
    }
}

mod sender;
