//! What waits for somebody because of a violation, and when what is personal of it is forgotten.

use chrono::{DateTime, TimeDelta, Utc};

use super::clock::limit_of;
use super::kind::ViolationType;
use super::progress::{ViolationStatus, ViolationStep, ViolationStepKind};
use crate::day::start_of_day;
use crate::message::Message;
use crate::month::Month;
use crate::refusal::Refusal;

/// An open violation about which nothing was recorded for this many days is asked after: is it going on?
pub const FOLLOW_UP_DAYS: i64 = 90;
/// The sender is reminded for this many days after the last change of a referral to document what its client reported.
pub const TURNED_AWAY_DAYS: i64 = 60;
/// What is personal of a violation is forgotten this many days after its ending, unless the organisation chooses another number.
pub const FORGET_DAYS: i64 = 180;
/// The numbers of days that an organisation can choose.
pub const FORGET_DAYS_RANGE: std::ops::RangeInclusive<i64> = 30..=730;

impl ViolationType {
    /// The step that says that the limit after it was met: the court after an arrest, care after sexual violence.
    pub fn met_by(self) -> Option<ViolationStepKind> {
        match self {
            Self::ArbitraryArrest | Self::DetentionWithoutCharge => Some(ViolationStepKind::InCourt),
            Self::SexualViolence => Some(ViolationStepKind::MedicalCare),
            _ => None,
        }
    }
}

/// The facts about a violation that decide what waits.
#[derive(Clone, Copy, Debug)]
pub struct ViolationStanding<'a> {
    /// Where it stands.
    pub status: ViolationStatus,
    /// What was done.
    pub types: &'a [ViolationType],
    /// What was done about it.
    pub steps: &'a [ViolationStep],
    /// The first limit of its types, as long as that is kept.
    pub first_limit: Option<DateTime<Utc>>,
    /// When anything was recorded about it last.
    pub updated_at: DateTime<Utc>,
}

/// By when somebody has to act: of the limits of which no step says that they were met, the first that hasn't passed, or else the last that
/// has. Nothing runs once it isn't open any more.
pub fn act_due(standing: ViolationStanding<'_>, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let first_limit = standing.first_limit.filter(|_| standing.status == ViolationStatus::Open)?;
    let is_met = |kind: ViolationStepKind| standing.steps.iter().any(|step| step.kind == kind);
    let limits = || {
        let unmet = standing.types.iter().filter(|kind| kind.met_by().is_some_and(|step| !is_met(step)));
        unmet.filter_map(|kind| limit_of(*kind, standing.types, first_limit))
    };
    limits().filter(|limit| *limit > at).min().or_else(|| limits().max())
}

/// Whether something must happen, and the time for it has passed.
pub fn is_overdue(standing: ViolationStanding<'_>, at: DateTime<Utc>) -> bool {
    act_due(standing, at).is_some_and(|act_before| act_before < at)
}

/// From when on somebody is asked whether it is going on; `None` unless it is open.
pub fn follow_up_due(standing: ViolationStanding<'_>) -> Option<DateTime<Utc>> {
    (standing.status == ViolationStatus::Open).then(|| standing.updated_at + TimeDelta::days(FOLLOW_UP_DAYS))
}

/// When author, pseudonym and note of a violation that ended in that month are forgotten, where they are kept for that many days. An
/// ending has no day, so they count from the end of its month. What is open is never forgotten.
pub fn forgotten_at(ended_in: Month, days: i64) -> DateTime<Utc> {
    start_of_day(ended_in.plus(1).first_day()) + TimeDelta::days(days)
}

/// Checks for how many days after the ending an organisation keeps what is personal.
///
/// # Errors
/// INVALID unless the days are 30 to 730.
pub fn check_forget_days(field: &str, days: i64) -> Result<i64, Refusal> {
    if FORGET_DAYS_RANGE.contains(&days) {
        return Ok(days);
    }
    let (minimum, maximum) = (*FORGET_DAYS_RANGE.start(), *FORGET_DAYS_RANGE.end());
    Err(Refusal::invalid(field, Message::of("violation-forget-days").with("minimum", minimum).with("maximum", maximum)))
}
