//! Who takes back which move, and until when.

use chrono::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::moves::Allowed;
use crate::referral::{LastMove, ReferralAction, decide, undoable_until};
use crate::vocabulary::Vocabulary;

const BOTH: Allowed = Allowed { as_sender: true, as_receiver: true, as_taker: false };

fn made_at() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 0).single().expect("a moment")
}

fn moved() -> ReferralState {
    let last = LastMove {
        made_at: made_at(),
        own: true,
        for_good: false,
        led_to: ReferralStatus::Accepted,
        before: ReferralStatus::Requested,
    };
    ReferralState {
        status: ReferralStatus::Accepted,
        created_at: made_at() - TimeDelta::days(1),
        status_at: made_at(),
        expires_at: made_at() + TimeDelta::days(29),
        consent_withdrawn: false,
        decline: None,
        last_move: Some(last),
        check_in_asked: false,
    }
}

fn undo(state: ReferralState, at: DateTime<Utc>) -> Result<ReferralStatus, UserErrorCode> {
    decide(state, ReferralAction::Undo, BOTH, at).map_err(|refusal| refusal.code)
}

fn changed(change: impl Fn(&mut LastMove)) -> ReferralState {
    let mut state = moved();
    state.last_move.iter_mut().for_each(change);
    state
}

#[test]
fn the_last_move_is_taken_back_for_fifteen_minutes_by_whoever_made_it() {
    let last_second = made_at() + TimeDelta::seconds(899);
    assert_eq!(undo(moved(), last_second), Ok(ReferralStatus::Requested));
    assert_eq!(undo(moved(), made_at() + TimeDelta::minutes(15)), Err(UserErrorCode::Expired));
    assert_eq!(undo(changed(|last| last.own = false), last_second), Err(UserErrorCode::Forbidden));
    assert_eq!(undo(changed(|last| last.for_good = true), last_second), Err(UserErrorCode::IllegalTransition));
    assert_eq!(undo(changed(|last| last.led_to = ReferralStatus::Scheduled), last_second), Err(UserErrorCode::IllegalTransition));
    assert_eq!(undo(ReferralState { consent_withdrawn: true, ..moved() }, last_second), Err(UserErrorCode::IllegalTransition));
}

#[test]
fn without_a_move_of_ones_own_there_is_nothing_to_take_back() {
    let nothing = ReferralState { last_move: None, ..moved() };
    assert_eq!(undo(nothing, made_at() + TimeDelta::minutes(1)), Err(UserErrorCode::IllegalTransition));
    assert_eq!(undo(nothing, made_at() + TimeDelta::minutes(15)), Err(UserErrorCode::Expired));
    let taker = Allowed { as_taker: true, ..Allowed::default() };
    let refused = decide(moved(), ReferralAction::Undo, taker, made_at()).expect_err("not theirs");
    assert_eq!(refused.code, UserErrorCode::Forbidden);
}

#[test]
fn what_the_clock_ended_meanwhile_is_not_taken_back() {
    let ended = ReferralState { expires_at: made_at() + TimeDelta::minutes(5), ..moved() };
    assert_eq!(undo(ended, made_at() + TimeDelta::minutes(4)), Ok(ReferralStatus::Requested));
    assert_eq!(undo(ended, made_at() + TimeDelta::minutes(5)), Err(UserErrorCode::IllegalTransition));
}

proptest! {
    #[test]
    fn the_time_is_shown_to_exactly_those_who_can(seconds in 0_i64..2_000, own: bool, for_good: bool, as_sender: bool, as_receiver: bool) {
        let state = changed(|last| { last.own = own; last.for_good = for_good; });
        let (allowed, at) = (Allowed { as_sender, as_receiver, as_taker: false }, made_at() + TimeDelta::seconds(seconds));
        let can = decide(state, ReferralAction::Undo, allowed, at).is_ok();
        prop_assert_eq!(can, own && !for_good && seconds < 900 && (as_sender || as_receiver));
        prop_assert_eq!(undoable_until(state, allowed, at), can.then(|| made_at() + TimeDelta::minutes(15)));
    }

    #[test]
    fn nothing_that_is_open_again_has_expired_already(status in proptest::sample::select(ReferralStatus::ALL), minutes in -100_i64..100) {
        let before = made_at() + TimeDelta::minutes(minutes);
        let expires = restored_expiry(status, before, made_at());
        prop_assert!(!status.can_expire() || expires > made_at());
        prop_assert!(expires == before || (status.can_expire() && before <= made_at()));
    }
}
