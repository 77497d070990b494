//! The moves of a referral: one table. The refusals, `allowedActions` and the table in the docs are derived from it.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::amendment::check_ask_again;
use super::instead::check_refer_instead;
use super::state::{REOPEN_DAYS, ReferralState};
use super::status::{ReferralAction, ReferralStatus};
use super::undo::restored;
use crate::day::start_of_day;
use crate::message::{Filling, Message};
use crate::month::Month;
use crate::moves::{Allowed, Effect, Move, Moves, Obstacle, Party, codes};
use crate::refusal::{Refusal, UserErrorCode};
use crate::statistic::{COHORT_DAYS, closes_at};
use crate::vocabulary::Vocabulary;

use Party::{Receiver, Sender};
use ReferralAction as Action;
use ReferralStatus::{
    Accepted, Arrived, Cancelled, Completed, Declined, EnteredInError, Expired, NoShow, NotCompleted, Requested, Scheduled,
    Waitlisted,
};

/// A referral expires this many days after it was created or reopened, unless [`SCHEDULED_GRACE_DAYS`] gives a later day.
pub const EXPIRY_DAYS: u64 = 30;
/// A scheduled referral expires this many days after the scheduled day, unless [`EXPIRY_DAYS`] gives a later day.
pub const SCHEDULED_GRACE_DAYS: u64 = 7;
/// A month's figures are final this many days after its end. Until then a referral of that month can be marked as entered in
/// error.
pub const ENTERED_IN_ERROR_DAYS: i64 = COHORT_DAYS;

const OPEN: &[ReferralStatus] = &[Requested, Waitlisted, Accepted, Scheduled, NoShow];
const ANY: &[ReferralStatus] = ReferralStatus::ALL;
const RECORDED: &[ReferralStatus] =
    &[Requested, Waitlisted, Accepted, Declined, Scheduled, Arrived, NoShow, Completed, NotCompleted, Cancelled, Expired];

/// The moves of a referral.
pub struct ReferralMoves;

/// Every move. The one move that time makes, from the open states to EXPIRED, is [`ReferralState::at`].
const MOVES: &[Move<ReferralAction, ReferralStatus>] = &[
    Move { action: Action::Accept, from: &[Requested, Waitlisted], effect: Effect::Becomes(Accepted), by: &[Receiver] },
    Move { action: Action::Waitlist, from: &[Requested], effect: Effect::Becomes(Waitlisted), by: &[Receiver] },
    Move { action: Action::Decline, from: &[Requested, Waitlisted], effect: Effect::Becomes(Declined), by: &[Receiver] },
    Move { action: Action::Schedule, from: &[Accepted, Scheduled, NoShow], effect: Effect::Becomes(Scheduled), by: &[Receiver] },
    Move { action: Action::CheckIn, from: OPEN, effect: Effect::Becomes(Arrived), by: &[Receiver] },
    Move { action: Action::Move, from: OPEN, effect: Effect::Unchanged, by: &[Receiver] },
    Move { action: Action::MarkNoShow, from: &[Scheduled], effect: Effect::Becomes(NoShow), by: &[Receiver] },
    Move { action: Action::Complete, from: &[Arrived], effect: Effect::Becomes(Completed), by: &[Receiver] },
    Move {
        action: Action::MarkNotCompleted,
        from: &[Accepted, Scheduled, NoShow, Arrived],
        effect: Effect::Becomes(NotCompleted),
        by: &[Receiver, Sender],
    },
    Move { action: Action::ReissueSlip, from: OPEN, effect: Effect::Unchanged, by: &[Sender] },
    Move { action: Action::Cancel, from: OPEN, effect: Effect::Becomes(Cancelled), by: &[Sender] },
    Move { action: Action::WithdrawConsent, from: ANY, effect: Effect::BecomesUnlessEnded(Cancelled), by: &[Sender] },
    Move { action: Action::MarkEnteredInError, from: RECORDED, effect: Effect::Becomes(EnteredInError), by: &[Sender] },
    Move { action: Action::Reopen, from: &[Declined, NotCompleted, Expired], effect: Effect::Becomes(Accepted), by: &[Receiver] },
    Move { action: Action::Undo, from: ANY, effect: Effect::Restores, by: &[Receiver, Sender] },
    Move { action: Action::Amend, from: OPEN, effect: Effect::Unchanged, by: &[Sender] },
    Move { action: Action::Amend, from: &[Declined], effect: Effect::Becomes(Requested), by: &[Sender] },
    Move { action: Action::ReferInstead, from: &[Declined], effect: Effect::Unchanged, by: &[Sender] },
    Move { action: Action::AnswerCheckIn, from: OPEN, effect: Effect::Unchanged, by: &[Sender] },
];

/// The expiry of a referral that was opened at one moment and scheduled for a day.
pub fn expiry(opened_at: DateTime<Utc>, scheduled_on: Option<NaiveDate>) -> DateTime<Utc> {
    let by_age = opened_at + Days::new(EXPIRY_DAYS);
    let by_schedule = scheduled_on.map(|day| start_of_day(day + Days::new(SCHEDULED_GRACE_DAYS + 1)));
    by_schedule.map_or(by_age, |by_schedule| by_schedule.max(by_age))
}

/// The moment until which a referral can be marked as entered in error: when its month is closed for publication.
fn correctable_until(created_at: DateTime<Utc>) -> DateTime<Utc> {
    closes_at(Month::at(created_at))
}

impl Moves for ReferralMoves {
    type Action = ReferralAction;
    type Status = ReferralStatus;
    const TABLE: &'static [Move<ReferralAction, ReferralStatus>] = MOVES;
    const TAKING: &'static [ReferralAction] = &[Action::Accept, Action::CheckIn];

    fn has_ended(status: ReferralStatus) -> bool {
        status.has_ended()
    }

    fn refusal(obstacle: &Obstacle, action: ReferralAction, status: ReferralStatus) -> Message {
        match obstacle {
            Obstacle::OfOthers(by) => {
                Message::of("referral-by-other-party").with("by", Filling::Variant(by)).with("action", action)
            }
            Obstacle::NotTaken => Message::of("sending-take-first"),
            Obstacle::NotFromHere(from) => {
                Message::of("referral-move-impossible").with("status", status).with("action", action).with("from", from.clone())
            }
        }
    }
}

/// Until when the viewer can take back the last move; none when they can't.
pub fn undoable_until(state: ReferralState, allowed: Allowed, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    decide(state, ReferralAction::Undo, allowed, at).ok()?;
    state.last_move.map(|last| last.until())
}

/// What the viewer may do at a moment, in the order of the vocabulary.
pub fn allowed_actions(state: ReferralState, allowed: Allowed, at: DateTime<Utc>) -> Vec<ReferralAction> {
    ReferralAction::ALL.iter().copied().filter(|action| decide(state, *action, allowed, at).is_ok()).collect()
}

/// The status after a move at a moment.
///
/// # Errors
/// FORBIDDEN when the move is the other side's or the viewer's roles don't include it, or when a colleague made what is to be taken
/// back. EXPIRED when the time for it has passed. CONFLICT when the client was referred to the better place before. Otherwise
/// ILLEGAL_TRANSITION, with the present state.
pub fn decide(
    state: ReferralState,
    action: ReferralAction,
    allowed: Allowed,
    at: DateTime<Utc>,
) -> Result<ReferralStatus, Refusal> {
    let state = state.at(at);
    let next = ReferralMoves::decide(state.status, action, allowed).map_err(|refusal| match refusal.code {
        UserErrorCode::IllegalTransition if state.status == Expired => Refusal::new(
            UserErrorCode::Expired,
            Message::of("referral-expired").with("status", state.status).with("days", REOPEN_DAYS),
        ),
        _ => refusal,
    })?;
    check_circumstance(state, action, at)?;
    if action == Action::Undo { restored(state, at) } else { Ok(next) }
}

fn check_circumstance(state: ReferralState, action: ReferralAction, at: DateTime<Utc>) -> Result<(), Refusal> {
    match action {
        Action::Reopen if state.consent_withdrawn => Err(Refusal::new(
            UserErrorCode::IllegalTransition,
            Message::of("referral-reopen-withdrawn").with("status", state.status),
        )),
        Action::WithdrawConsent if state.consent_withdrawn => Err(Refusal::new(
            UserErrorCode::IllegalTransition,
            Message::of("referral-consent-withdrawn-before").with("status", state.status),
        )),
        Action::Reopen if at - state.status_at > TimeDelta::days(REOPEN_DAYS) => Err(Refusal::new(
            UserErrorCode::Expired,
            Message::of("referral-reopen-too-late").with("status", state.status).with("days", REOPEN_DAYS),
        )),
        Action::MarkEnteredInError if at >= correctable_until(state.created_at) => {
            Err(Refusal::new(UserErrorCode::Expired, "referral-error-too-late"))
        }
        Action::Amend if state.status == Declined => check_ask_again(state, at),
        Action::ReferInstead => check_refer_instead(state),
        Action::AnswerCheckIn if !state.check_in_asked => Err(check_in_not_asked(state.status)),
        _ => Ok(()),
    }
}

/// The refusal of an answer about a check-in of which nobody asks, or nobody asks any more.
pub fn check_in_not_asked(status: ReferralStatus) -> Refusal {
    Refusal::new(UserErrorCode::IllegalTransition, Message::of("referral-check-in-not-asked").with("status", status))
}

/// The moves as a Markdown table for the docs, with the move that time makes.
pub fn markdown_table() -> String {
    format!("{}| expire | {} | EXPIRED | the clock |\n", ReferralMoves::markdown_table(), codes(OPEN))
}

#[cfg(test)]
mod tests;
