//! The table is consistent, and every move goes through it.

use chrono::{TimeZone, Utc};
use proptest::prelude::*;

use super::*;

fn at(day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, day, 12, 0, 0).single().expect("a moment")
}

fn state(status: ReferralStatus) -> ReferralState {
    ReferralState {
        status,
        created_at: at(1),
        status_at: at(1),
        expires_at: at(31),
        consent_withdrawn: false,
        decline: None,
        last_move: None,
        check_in_asked: false,
    }
}

const BOTH: Allowed = Allowed { as_sender: true, as_receiver: true, as_taker: false };

#[test]
fn every_action_has_exactly_one_row_for_a_state() {
    for action in ReferralAction::ALL {
        let rows = || MOVES.iter().filter(|row| row.action == *action);
        assert!(rows().next().is_some(), "{action}");
        for status in ReferralStatus::ALL {
            assert!(rows().filter(|row| row.from.contains(status)).count() <= 1, "{action} from {status}");
        }
    }
}

#[test]
fn the_table_reads_as_the_vocabulary_has_it() {
    insta::assert_snapshot!(markdown_table());
}

#[test]
fn what_can_be_marked_as_an_error_is_everything_but_an_error() {
    let all: Vec<_> = ANY.iter().filter(|status| **status != EnteredInError).collect();
    assert_eq!(RECORDED.iter().collect::<Vec<_>>(), all);
}

#[test]
fn an_open_referral_expires_by_the_clock_alone_and_the_others_never() {
    for status in ReferralStatus::ALL {
        let late = state(*status).at(at(31));
        assert_eq!(late.status, if OPEN.contains(status) { Expired } else { *status });
    }
}

#[test]
fn a_reopening_is_possible_for_fourteen_days_and_not_after_consent_was_withdrawn() {
    for status in [Declined, NotCompleted, Expired] {
        assert_eq!(decide(state(status), Action::Reopen, BOTH, at(15)), Ok(Accepted));
        let late = decide(state(status), Action::Reopen, BOTH, at(15) + TimeDelta::seconds(1)).expect_err("too late");
        assert_eq!(late.code, UserErrorCode::Expired);
        let withdrawn = ReferralState { consent_withdrawn: true, ..state(status) };
        assert!(decide(withdrawn, Action::Reopen, BOTH, at(2)).is_err());
    }
}

#[test]
fn consent_is_withdrawn_once_in_any_state_and_keeps_the_ending() {
    for status in ReferralStatus::ALL {
        let after = decide(state(*status), Action::WithdrawConsent, BOTH, at(2)).expect("possible");
        assert_eq!(after, if status.has_ended() { *status } else { Cancelled });
        let again = ReferralState { consent_withdrawn: true, ..state(*status) };
        assert!(decide(again, Action::WithdrawConsent, BOTH, at(2)).is_err());
    }
}

#[test]
fn an_error_can_be_marked_until_the_month_is_published() {
    let published = Utc.with_ymd_and_hms(2026, 4, 30, 21, 0, 0).single().expect("a moment");
    assert!(decide(state(Completed), Action::MarkEnteredInError, BOTH, published - TimeDelta::seconds(1)).is_ok());
    assert!(decide(state(Completed), Action::MarkEnteredInError, BOTH, published).is_err());
}

#[test]
fn a_scheduled_day_prolongs_and_never_shortens() {
    let opened = at(1);
    assert_eq!(expiry(opened, None), at(31));
    assert_eq!(expiry(opened, NaiveDate::from_ymd_opt(2026, 3, 5)), at(31));
    let late = expiry(opened, NaiveDate::from_ymd_opt(2026, 3, 30));
    assert_eq!(crate::day::day_of(late), NaiveDate::from_ymd_opt(2026, 4, 7).expect("a day"));
}

proptest! {
    #[test]
    fn allowed_actions_are_exactly_those_that_are_not_refused(
        status in proptest::sample::select(ReferralStatus::ALL), as_sender: bool, as_receiver: bool, as_taker: bool, withdrawn: bool, minutes in 0_i64..120_000,
    ) {
        let state = ReferralState { consent_withdrawn: withdrawn, ..state(status) };
        let now = at(1) + TimeDelta::minutes(minutes);
        let allowed = Allowed { as_sender, as_receiver, as_taker };
        let actions = allowed_actions(state, allowed, now);
        for action in ReferralAction::ALL {
            let may = decide(state, *action, allowed, now);
            prop_assert_eq!(may.is_ok(), actions.contains(action));
            if let Ok(next) = may {
                let rows = MOVES.iter().filter(|row| row.action == *action);
                let row = rows.clone().find(|row| row.from.contains(&state.at(now).status));
                prop_assert!(row.is_some(), "{} from {}", action, state.at(now).status);
                let Some(row) = row else { continue };
                let reached = (as_sender && row.by.contains(&Party::Sender)) || (as_receiver && row.by.contains(&Party::Receiver))
                    || (as_taker && [Action::Accept, Action::CheckIn].contains(&row.action));
                prop_assert!(reached);
                prop_assert!(next != Requested || state.status == Requested);
            }
        }
        if !as_sender && !as_receiver && !as_taker {
            prop_assert!(actions.is_empty());
        }
    }

    #[test]
    fn a_refusal_names_the_state_that_it_met(status in proptest::sample::select(ReferralStatus::ALL), action in proptest::sample::select(ReferralAction::ALL)) {
        if let Err(refusal) = decide(state(status), action, BOTH, at(2)) {
            prop_assert!(refusal.message.arguments.contains(&("status", status.into())), "{}", refusal.message);
        }
    }
}
