//! What happens to the client after a referral was sent reaches the sender, until somebody has said how it goes on.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::referral::NonCompletionReason;

const FOLLOW_UP: TaskKind = TaskKind::FollowUpReferral;
const ELSEWHERE: TaskKind = TaskKind::ReferElsewhere;

fn ended(status: ReferralStatus) -> Standing {
    let standing = standing(status);
    Standing { state: ReferralState { status_at: start() + TimeDelta::hours(5), ..standing.state }, ..standing }
}

fn beside(standing: Standing, surroundings: Surroundings) -> Standing {
    Standing { surroundings, ..standing }
}

#[test]
fn a_no_is_the_senders_to_follow_up_until_they_refer_anew_or_say_that_it_is_settled() {
    let later = start() + TimeDelta::days(1);
    for status in [ReferralStatus::Declined, ReferralStatus::NoShow, ReferralStatus::NotCompleted, ReferralStatus::Expired] {
        let ended = ended(status);
        assert_eq!(due(FOLLOW_UP, &ended, SENDER, later), Some(Due { side: Party::Sender, at: ended.state.status_at }));
        assert_eq!((kinds(&ended, RECEIVER, later), kinds(&ended, TAKER, later)), (vec![], vec![]), "{status}");
        assert_eq!(kinds(&ended, BOTH, later), [FOLLOW_UP], "they went along, and the client is unserved all the same");
        let settled = Surroundings { settled: true, ..Surroundings::default() };
        assert_eq!(kinds(&beside(ended, settled), SENDER, later), []);
        for (moment, asks) in [(-1, true), (0, false), (1, false)] {
            let anew = ended.state.status_at + TimeDelta::seconds(moment);
            let anew = Surroundings { referred_anew_at: Some(anew), ..Surroundings::default() };
            assert_eq!(due(FOLLOW_UP, &beside(ended, anew), SENDER, later).is_some(), asks, "{status} {moment}");
        }
        let withdrawn = ReferralState { consent_withdrawn: true, ..ended.state };
        assert_eq!(kinds(&Standing { state: withdrawn, ..ended }, SENDER, later), []);
    }
}

#[test]
fn what_expires_by_the_clock_alone_is_followed_up_from_that_moment() {
    let accepted = standing(ReferralStatus::Accepted);
    let expiry = accepted.state.expires_at;
    assert_eq!(kinds(&accepted, SENDER, expiry - TimeDelta::seconds(1)), [TaskKind::ExpiringSoon]);
    assert_eq!(due(FOLLOW_UP, &accepted, SENDER, expiry), Some(Due { side: Party::Sender, at: expiry }));
    assert_eq!(kinds(&accepted, SENDER, expiry), [FOLLOW_UP], "and nothing else");
    let before = Surroundings { referred_anew_at: Some(expiry - TimeDelta::days(1)), ..Surroundings::default() };
    assert_eq!(kinds(&beside(accepted, before), SENDER, expiry), [FOLLOW_UP], "it was before that ending");
}

#[test]
fn the_reason_decides_whether_anything_is_left_to_do() {
    for reason in NonCompletionReason::ALL {
        for by in [Party::Sender, Party::Receiver] {
            let said = Surroundings { non_completion: Some((*reason, by)), ..Surroundings::default() };
            let standing = beside(ended(ReferralStatus::NotCompleted), said);
            assert_eq!(due(FOLLOW_UP, &standing, SENDER, start()).is_none(), reason.ends_the_matter(by), "{reason} {by}");
        }
    }
}

#[test]
fn a_client_who_did_not_come_is_followed_up_at_once_and_called_overdue_once_it_is_too_late() {
    let missed = critical(ReferralStatus::NoShow);
    let last = start() + TimeDelta::hours(60);
    assert_eq!(kinds(&missed, SENDER, last), [FOLLOW_UP]);
    assert_eq!(FOLLOW_UP.precedence(Deadline::at(missed.act_before, last)), Precedence::InTime);
    assert_eq!(kinds(&missed, SENDER, last + TimeDelta::seconds(1)), [TaskKind::OverdueClient]);
    let soon = start() + TimeDelta::days(27);
    assert_eq!(kinds(&standing(ReferralStatus::NoShow), SENDER, soon), [FOLLOW_UP], "not told a second time that it expires");
}

#[test]
fn a_place_that_takes_nobody_is_the_senders_task_until_the_client_arrives_or_is_referred_anew() {
    for hindrance in Hindrance::ALL {
        let hindered = Surroundings { hindrance: Some(hindrance), ..Surroundings::default() };
        for status in ReferralStatus::ALL {
            let standing = beside(standing(*status), hindered);
            let waits = status.can_expire();
            let expected = waits.then(|| Due { side: Party::Sender, at: start() });
            assert_eq!(due(ELSEWHERE, &standing, SENDER, start()), expected, "{status} {hindrance}");
            assert_eq!(due(ELSEWHERE, &standing, RECEIVER, start()), None);
            assert_eq!(due(ELSEWHERE, &standing, SENDER, standing.state.expires_at), None, "it has ended");
            for (moment, asks) in [(0, true), (1, false)] {
                let anew = Some(start() + TimeDelta::seconds(moment));
                let anew = super::Standing { surroundings: Surroundings { referred_anew_at: anew, ..hindered }, ..standing };
                assert_eq!(due(ELSEWHERE, &anew, SENDER, start()).is_some(), waits && asks, "{status} {moment}");
            }
        }
    }
    assert_eq!(ELSEWHERE.precedence(Deadline::ToCome), Precedence::InTime);
}

/// Every kind that asks the sender to look after the client, rather than to write down what happened.
const ABOUT_THE_CLIENT: [TaskKind; 5] =
    [TaskKind::NoAnswer, TaskKind::OverdueClient, ELSEWHERE, FOLLOW_UP, TaskKind::ExpiringSoon];

proptest! {
    #[test]
    fn a_sender_is_asked_once_for_one_client_and_never_forgets_one(
        status in select(ReferralStatus::ALL),
        clock in proptest::option::of(1_i64..100),
        open in any::<bool>(),
        accompanied in any::<bool>(),
        hindrance in proptest::option::of(select(&Hindrance::ALL[..])),
        hours in 0_i64..(32 * 24),
    ) {
        let base = standing(status);
        let standing = Standing {
            act_before: clock.map(|hours| start() + TimeDelta::hours(hours)),
            open: open && status == ReferralStatus::Requested && !accompanied,
            accompanied,
            surroundings: Surroundings { hindrance, ..Surroundings::default() },
            ..base
        };
        let at = start() + TimeDelta::hours(hours);
        let allowed = if accompanied { BOTH } else { SENDER };
        let found: Vec<_> = kinds(&standing, allowed, at).into_iter().filter(|kind| ABOUT_THE_CLIENT.contains(kind)).collect();
        let late = TaskKind::ExpiringSoon;
        let besides = found.iter().filter(|kind| **kind != late).count();
        prop_assert!(besides <= 1, "{found:?}");
        prop_assert!(!found.contains(&late) || !found.contains(&ELSEWHERE) && !found.contains(&FOLLOW_UP), "{found:?}");
        let status = standing.state.at(at).status;
        if status.leaves_unserved() || (hindrance.is_some() && status.can_expire()) {
            prop_assert_eq!(besides, 1, "somebody is forgotten: {:?}", status);
        }
    }
}
