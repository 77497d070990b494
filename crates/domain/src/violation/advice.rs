//! What to say and do now for somebody to whom something was done, the most pressing first.

use chrono::{DateTime, TimeDelta, Utc};

use super::clock::{court_by, limit_of};
use super::kind::{Perpetrator, ViolationType};
use super::progress::{ViolationStep, ViolationStepKind};
use crate::day::{day_of, hour_of};
use crate::message::{Filling, Message};
use crate::month::Month;
use crate::referral::{EXPOSURE_HOURS, hours_left};
use crate::vocabulary;

vocabulary! {
    /// Something to say to a survivor, or to do at once.
    pub enum ViolationAdviceCode {
        /// Whoever was arrested must be before a court within 24 hours, or by the end of the next court day.
        CourtWithin24Hours = "COURT_WITHIN_24_HOURS",
        /// Medicine against HIV must begin within 72 hours of the exposure: go now.
        PepWithin72Hours = "PEP_WITHIN_72_HOURS",
        /// A lawyer or paralegal can help: refer to one.
        ReferToLegalAid = "REFER_TO_LEGAL_AID",
        /// Care helps, and also later: refer to it.
        ReferToCare = "REFER_TO_CARE",
        /// There is a body that oversees who did it.
        ReportToOversight = "REPORT_TO_OVERSIGHT",
        /// Where it can be reported, if the survivor wishes to.
        WhereToReport = "WHERE_TO_REPORT",
        /// None of your organisation's devices can open the sealed note.
        SealedForNobody = "SEALED_FOR_NOBODY",
    }
}

/// Something to say or do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViolationAdvice {
    /// The code, for the frontend.
    pub code: ViolationAdviceCode,
    /// The message for whoever documented it.
    pub message: Message,
}

/// The facts that the advice depends on.
#[derive(Clone, Copy, Debug)]
pub struct Circumstance<'a> {
    /// What was done.
    pub types: &'a [ViolationType],
    /// By whom.
    pub perpetrators: &'a [Perpetrator],
    /// What was done about it.
    pub steps: &'a [ViolationStep],
    /// In which month it was done.
    pub occurred_in: Month,
    /// The first limit of the types, if that is known.
    pub first_limit: Option<DateTime<Utc>>,
    /// The present.
    pub at: DateTime<Utc>,
}

impl Circumstance<'_> {
    fn is_any(&self, types: &[ViolationType]) -> bool {
        self.types.iter().any(|kind| types.contains(kind))
    }

    /// By when something must happen after these, of which any may have been done, if that is known.
    fn limit(&self, of: &[ViolationType]) -> Option<DateTime<Utc>> {
        let done = self.types.iter().filter(|kind| of.contains(kind));
        done.filter_map(|kind| limit_of(*kind, self.types, self.first_limit?)).min()
    }

    /// Whether it can have been done within so many hours, as far as its month tells.
    fn can_be_within(&self, hours: i64) -> bool {
        self.occurred_in >= Month::at(self.at - TimeDelta::hours(hours))
    }

    fn has_step(&self, kinds: &[ViolationStepKind]) -> bool {
        self.steps.iter().any(|step| kinds.contains(&step.kind))
    }
}

/// After this long the 24 hours and the next court day are over, whatever holidays there were. Legal aid is advised still.
const HELD_HOURS: i64 = 7 * 24;
/// Exposed to HIV: medicine against it must begin in time.
const EXPOSED: &[ViolationType] = &[ViolationType::SexualViolence];
/// Held by the police: somebody has to get them out, and the court is the way.
const HELD: &[ViolationType] = &[ViolationType::ArbitraryArrest, ViolationType::DetentionWithoutCharge];
/// What a lawyer or paralegal can do something against.
const OF_LAW: &[ViolationType] = &[
    ViolationType::ArbitraryArrest,
    ViolationType::DetentionWithoutCharge,
    ViolationType::ExtortionBlackmail,
    ViolationType::Entrapment,
    ViolationType::Eviction,
    ViolationType::DiscriminationAtWork,
    ViolationType::ForcedTestOrExamination,
    ViolationType::ConfidentialityBreach,
    ViolationType::RaidOnOrganisation,
    ViolationType::ThreatToStaff,
    ViolationType::Killing,
    ViolationType::PhysicalAssault,
    ViolationType::SexualViolence,
    ViolationType::NonPayment,
];
/// What body or mind need care after.
const OF_CARE: &[ViolationType] = &[
    ViolationType::PhysicalAssault,
    ViolationType::SexualViolence,
    ViolationType::PsychologicalAbuse,
    ViolationType::ConversionPractice,
    ViolationType::ForcedTestOrExamination,
    ViolationType::DenialOfHealthService,
    ViolationType::Outing,
    ViolationType::ExpulsionByFamily,
];

/// The advice, the most pressing first.
pub fn advise(circumstance: Circumstance<'_>) -> Vec<ViolationAdvice> {
    use ViolationAdviceCode as Code;
    let mut advice = Vec::new();
    let mut say = |code, message: Message| advice.push(ViolationAdvice { code, message });
    let care = circumstance.has_step(&[ViolationStepKind::MedicalCare]);
    let court = circumstance.has_step(&[ViolationStepKind::InCourt]);
    if circumstance.is_any(EXPOSED) && !care && circumstance.can_be_within(EXPOSURE_HOURS) {
        match circumstance.limit(EXPOSED) {
            Some(limit) if is_surely_over(limit, circumstance.at) => {}
            Some(limit) if limit > circumstance.at => {
                let hours = hours_left(limit, circumstance.at);
                say(Code::PepWithin72Hours, Message::of("violation-advice-pep-hours").with("hours", hours));
            }
            _ => say(Code::PepWithin72Hours, Message::of("violation-advice-pep")),
        }
    }
    if circumstance.is_any(HELD) && !court && circumstance.can_be_within(HELD_HOURS) {
        say(Code::CourtWithin24Hours, court_message(&circumstance));
    }
    let followed = circumstance.has_step(&[ViolationStepKind::LegalFollowUp]);
    if circumstance.is_any(OF_LAW) && !followed && !court {
        say(Code::ReferToLegalAid, Message::of("violation-advice-legal-aid"));
    }
    if circumstance.is_any(OF_CARE) && !care && !circumstance.has_step(&[ViolationStepKind::Counselling]) {
        say(Code::ReferToCare, Message::of("violation-advice-care"));
    }
    if circumstance.has_step(&[ViolationStepKind::ReportedToPolice, ViolationStepKind::ReportedToOversight]) {
        return advice;
    }
    let overseen = [
        (Perpetrator::Police, "police"),
        (Perpetrator::HealthProvider, "health"),
        (Perpetrator::LocalAuthority, "authority"),
        (Perpetrator::Employer, "employer"),
    ];
    for (_, by) in overseen.into_iter().filter(|(perpetrator, _)| circumstance.perpetrators.contains(perpetrator)) {
        let message = Message::of("violation-advice-oversight").with("by", Filling::Variant(by));
        say(Code::ReportToOversight, message);
    }
    if !circumstance.perpetrators.contains(&Perpetrator::Police) {
        say(Code::WhereToReport, Message::of("violation-advice-where"));
    }
    advice
}

/// Whether a limit has passed for sure: what is known of it was rounded down by up to an hour.
fn is_surely_over(limit: DateTime<Utc>, at: DateTime<Utc>) -> bool {
    at >= limit + TimeDelta::hours(1)
}

/// The law's two limits: the 24 hours, and the end of the court day where they end outside court hours. And what to do once both are over.
fn court_message(circumstance: &Circumstance<'_>) -> Message {
    let Some(limit) = circumstance.limit(HELD) else { return Message::of("violation-advice-court") };
    let by = court_by(limit);
    if is_surely_over(by, circumstance.at) {
        return Message::of("violation-advice-court-over").with("day", day_of(by)).with("time", hour_of(by));
    }
    if by == limit {
        return Message::of("violation-advice-court-by").with("day", day_of(by)).with("time", hour_of(by));
    }
    Message::of("violation-advice-court-day")
        .with("day", day_of(limit))
        .with("time", hour_of(limit))
        .with("court", day_of(by))
        .with("closes", hour_of(by))
}
