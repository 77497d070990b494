//! Rights violations: what was done to somebody, what was done about it, and what became of it. In codes and months: never a day, a name
//! or a place finer than a county.
//!
//! They are the own organisation's alone. Nothing here knows another party: the accused must not notice that anything was written down.

mod advice;
mod clock;
mod correction;
mod documentation;
mod due;
mod funnel;
mod funnel_question;
mod kind;
mod moves;
mod progress;
#[cfg(test)]
mod tests;

pub use advice::{Circumstance, ViolationAdvice, ViolationAdviceCode, advise};
pub use clock::{
    ACT_BEFORE_DAYS, COURT_HOURS, HoursAgo, act_before_kept_until, corrected_limit, court_by, is_court_day, limit_of,
};
pub use correction::{CorrectionDraft, Standing, ViolationCorrection};
pub use documentation::{
    KnownFromReferral, MAXIMUM_AFFECTED, NewViolation, ViolationConsentGiver, ViolationDraft, can_bring, told_by_referral,
};
pub use due::{
    FOLLOW_UP_DAYS, FORGET_DAYS, FORGET_DAYS_RANGE, TURNED_AWAY_DAYS, ViolationStanding, act_due, check_forget_days,
    follow_up_due, forgotten_at, is_overdue,
};
pub use funnel::{Funnel, FunnelEnding, FunnelPart, FunnelStage, FunnelStageName, ReasonCount, TimeBand};
pub use funnel_question::{FUNNEL_MONTHS, FunnelDraft, FunnelQuestion};
pub use kind::{Perpetrator, PerpetratorGroup, ViolationCause, ViolationGroup, ViolationType};
pub use moves::{Ending, MAXIMUM_STEPS, ViolationMoves, ViolationState, allowed_actions, check_further_step, check_step, decide};
pub use progress::{
    ViolationAction, ViolationOrder, ViolationOutcome, ViolationReason, ViolationStatus, ViolationStep, ViolationStepKind,
    in_order,
};
