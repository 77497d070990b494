//! The moves of a violation. It is the own organisation's alone, so there is one party: who documented it, or follows it up.

use chrono::{DateTime, Utc};

use super::progress::{ViolationAction, ViolationOutcome, ViolationReason, ViolationStatus, ViolationStep, ViolationStepKind};
use crate::message::{Filling, Message};
use crate::month::Month;
use crate::moves::{Allowed, Effect, Move, Moves, Obstacle, Party};
use crate::refusal::{Refusal, UserErrorCode};
use crate::service::without_repeats;
use crate::statistic::closes_at;
use crate::vocabulary::Vocabulary;

use Party::Sender;
use ViolationAction as Action;
use ViolationStatus::{ConsentWithdrawn, Ended, EnteredInError, Open};

/// The most steps that one violation has: one a month for many years.
pub const MAXIMUM_STEPS: usize = 200;

/// The moves of a violation.
pub struct ViolationMoves;

const MOVES: &[Move<ViolationAction, ViolationStatus>] = &[
    Move { action: Action::RecordStep, from: &[Open], effect: Effect::Unchanged, by: &[Sender] },
    Move { action: Action::End, from: &[Open], effect: Effect::Becomes(Ended), by: &[Sender] },
    Move { action: Action::Reopen, from: &[Ended], effect: Effect::Becomes(Open), by: &[Sender] },
    Move { action: Action::Correct, from: &[Open, Ended], effect: Effect::Unchanged, by: &[Sender] },
    Move { action: Action::ReplaceNote, from: &[Open, Ended], effect: Effect::Unchanged, by: &[Sender] },
    Move { action: Action::WithdrawConsent, from: &[Open, Ended], effect: Effect::Becomes(ConsentWithdrawn), by: &[Sender] },
    // What is personal goes at once, and still no figure counts it.
    Move { action: Action::WithdrawConsent, from: &[EnteredInError], effect: Effect::Unchanged, by: &[Sender] },
    Move { action: Action::MarkEnteredInError, from: &[Open, Ended], effect: Effect::Becomes(EnteredInError), by: &[Sender] },
    Move { action: Action::PlanSensitisation, from: &[Open, Ended], effect: Effect::Unchanged, by: &[Sender] },
];

impl Moves for ViolationMoves {
    type Action = ViolationAction;
    type Status = ViolationStatus;
    const TABLE: &'static [Move<ViolationAction, ViolationStatus>] = MOVES;
    const TAKING: &'static [ViolationAction] = &[];

    fn has_ended(status: ViolationStatus) -> bool {
        status != Open
    }

    fn refusal(obstacle: &Obstacle, action: ViolationAction, status: ViolationStatus) -> Message {
        match obstacle {
            Obstacle::OfOthers(_) | Obstacle::NotTaken => Message::of("violation-move-of-others").with("action", action),
            Obstacle::NotFromHere(from) => {
                Message::of("violation-move-impossible").with("status", status).with("action", action).with("from", from.clone())
            }
        }
    }
}

/// What the moves of a violation depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViolationState {
    /// Where it stands.
    pub status: ViolationStatus,
    /// The month in which it was done.
    pub occurred_in: Month,
    /// The month in which it was documented.
    pub documented_in: Month,
    /// Whether what was personal of it is gone: after withdrawal, erasure, or by the clock.
    pub forgotten: bool,
}

/// The status after an action.
///
/// # Errors
/// ILLEGAL_TRANSITION when it can't be done in this state, EXPIRED when the figures of its month are published, FORBIDDEN when the
/// viewer's roles don't include it.
pub fn decide(
    state: ViolationState,
    action: ViolationAction,
    allowed: bool,
    at: DateTime<Utc>,
) -> Result<ViolationStatus, Refusal> {
    let allowed = Allowed { as_sender: allowed, ..Allowed::default() };
    let next = ViolationMoves::decide(state.status, action, allowed)?;
    match action {
        Action::Correct | Action::MarkEnteredInError if at >= closes_at(state.documented_in) => {
            let message = Message::of("violation-month-published").with("month", state.documented_in).with("action", action);
            Err(Refusal::new(UserErrorCode::Expired, message))
        }
        Action::ReplaceNote | Action::PlanSensitisation if state.forgotten => {
            let message = Message::of("violation-forgotten").with("status", state.status);
            Err(Refusal::new(UserErrorCode::IllegalTransition, message))
        }
        Action::WithdrawConsent if state.forgotten && state.status == EnteredInError => {
            let message = Message::of("violation-forgotten").with("status", state.status);
            Err(Refusal::new(UserErrorCode::IllegalTransition, message))
        }
        _ => Ok(next),
    }
}

/// What the viewer may do now, in the order of the codes.
pub fn allowed_actions(state: ViolationState, allowed: bool, at: DateTime<Utc>) -> Vec<ViolationAction> {
    ViolationAction::ALL.iter().copied().filter(|action| decide(state, *action, allowed, at).is_ok()).collect()
}

/// Checks a step: the program records that it was documented, and nothing was done about it before it was done, or is done in a month to
/// come.
///
/// # Errors
/// INVALID, for the field that is wrong.
pub fn check_step(step: ViolationStep, occurred_in: Month, at: DateTime<Utc>) -> Result<ViolationStep, Refusal> {
    if step.kind == ViolationStepKind::Documented {
        return Err(Refusal::invalid("kind", "violation-step-documented"));
    }
    check_month("month", step.month, occurred_in, at)?;
    Ok(step)
}

/// Checks a further step of a violation that has these. The same step of the same month changes nothing.
///
/// # Errors
/// As [`check_step`]; LIMIT_REACHED when it has as many as it can have.
pub fn check_further_step(
    step: ViolationStep,
    steps: &[ViolationStep],
    occurred_in: Month,
    at: DateTime<Utc>,
) -> Result<ViolationStep, Refusal> {
    check_step(step, occurred_in, at)?;
    if steps.len() >= MAXIMUM_STEPS && !steps.contains(&step) {
        let message = Message::of("violation-steps-many").with("maximum", MAXIMUM_STEPS);
        return Err(Refusal::new(UserErrorCode::LimitReached, message));
    }
    Ok(step)
}

/// How a violation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The outcome; never ONGOING.
    pub outcome: ViolationOutcome,
    /// The month.
    pub month: Month,
    /// Why, without repeats.
    pub reasons: Vec<ViolationReason>,
}

impl Ending {
    /// Checks an ending. It comes no earlier than the documentation and the last step.
    ///
    /// # Errors
    /// INVALID for each field that is wrong.
    pub fn parse(
        outcome: ViolationOutcome,
        month: Month,
        reasons: &[ViolationReason],
        state: ViolationState,
        steps: &[ViolationStep],
        at: DateTime<Utc>,
    ) -> Result<Self, Vec<Refusal>> {
        let mut refusals = crate::refusal::Refusals::default();
        if outcome == ViolationOutcome::Ongoing {
            refusals.push(Refusal::invalid("outcome", "violation-outcome-ongoing"));
        }
        let last = steps.iter().map(|step| step.month).chain([state.documented_in]).max();
        refusals.keep(check_month("month", month, last.unwrap_or(state.documented_in), at));
        refusals.finish(Some(Self { outcome, month, reasons: without_repeats(reasons) }))
    }
}

/// Checks that a month is neither before another nor still to come.
///
/// # Errors
/// INVALID, with the first month that is possible.
fn check_month(field: &str, month: Month, first: Month, at: DateTime<Utc>) -> Result<(), Refusal> {
    if month > Month::at(at) {
        return Err(Refusal::invalid(field, "violation-month-to-come"));
    }
    if month < first {
        return Err(Refusal::invalid(field, Message::of("violation-month-early").with("month", Filling::from(first))));
    }
    Ok(())
}
