//! Putting right what was documented of a violation, until its month is published.

use chrono::{DateTime, Utc};

use super::clock::HoursAgo;
use super::documentation::{MAXIMUM_AFFECTED, ViolationConsentGiver, parse_affected, parse_perpetrators};
use super::kind::{Perpetrator, ViolationCause, ViolationType};
use super::progress::{ViolationReason, ViolationStep};
use crate::county::CountyCode;
use crate::message::Message;
use crate::month::Month;
use crate::organisation::Population;
use crate::referral::MinorStatus;
use crate::refusal::{Refusal, Refusals, UserErrorCode};
use crate::service::{parse_county, without_repeats};

/// What is put right of a violation. What is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViolationCorrection {
    /// Without repeats, and never empty.
    pub types: Option<Vec<ViolationType>>,
    /// Without repeats, and never empty.
    pub perpetrators: Option<Vec<Perpetrator>>,
    /// Without repeats.
    pub causes: Option<Vec<ViolationCause>>,
    /// Without repeats.
    pub populations: Option<Vec<Population>>,
    /// Where.
    pub county: Option<CountyCode>,
    /// In which month.
    pub occurred_in: Option<Month>,
    /// The first limit of the types, counted anew from the hours.
    pub first_limit: Option<DateTime<Utc>>,
    /// To how many people.
    pub people_affected: Option<i32>,
    /// Without repeats.
    pub not_reported_reasons: Option<Vec<ViolationReason>>,
    /// Steps that are taken out; each is one of the violation's.
    pub without_steps: Vec<ViolationStep>,
}

/// What a violation has that a correction must fit.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// What was done.
    pub types: &'a [ViolationType],
    /// In which month.
    pub occurred_in: Month,
    /// Whether the survivor is under 18.
    pub under_18: MinorStatus,
    /// Who agreed.
    pub consent_given_by: ViolationConsentGiver,
    /// Its steps.
    pub steps: &'a [ViolationStep],
    /// The month in which it was documented.
    pub documented_in: Month,
    /// Whether what was personal of it is gone.
    pub forgotten: bool,
}

/// The unchecked fields of a [`ViolationCorrection`].
#[derive(Clone, Copy, Debug, Default)]
pub struct CorrectionDraft<'a> {
    /// May have repeats.
    pub types: Option<&'a [ViolationType]>,
    /// May have repeats.
    pub perpetrators: Option<&'a [Perpetrator]>,
    /// May have repeats.
    pub causes: Option<&'a [ViolationCause]>,
    /// May have repeats.
    pub populations: Option<&'a [Population]>,
    /// Not yet checked.
    pub county_code: Option<&'a str>,
    /// Not yet compared with the documentation.
    pub occurred_in: Option<Month>,
    /// Not yet checked.
    pub hours_ago: Option<i32>,
    /// Not yet checked.
    pub people_affected: Option<i32>,
    /// May have repeats.
    pub not_reported_reasons: Option<&'a [ViolationReason]>,
    /// Not yet looked for.
    pub without_steps: &'a [ViolationStep],
}

impl ViolationCorrection {
    /// Checks a correction, at the present moment, of a violation that stands so.
    ///
    /// # Errors
    /// Every field that is wrong, all at once; INVALID also when nothing is put right.
    pub fn parse(draft: CorrectionDraft<'_>, standing: Standing<'_>, at: DateTime<Utc>) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Refusals::default();
        let of_organisation = standing.consent_given_by == ViolationConsentGiver::Organisation;
        let types = draft.types.map(without_repeats);
        if types.as_ref().is_some_and(Vec::is_empty) {
            refusals.push(Refusal::invalid("types", "violation-types-missing"));
        }
        if of_organisation && types.as_ref().is_some_and(|types| !types.iter().any(|kind| kind.is_of_an_organisation())) {
            refusals.push(Refusal::invalid("types", "violation-organisation-agrees"));
        }
        let erased = [
            ("causes", draft.causes.is_some()),
            ("populations", draft.populations.is_some()),
            ("hoursAgo", draft.hours_ago.is_some()),
        ];
        for (field, _) in erased.into_iter().filter(|(_, is_given)| standing.forgotten && *is_given) {
            refusals.push(Refusal::invalid(field, "violation-correction-forgotten"));
        }
        let perpetrators = refusals.keep(draft.perpetrators.map(parse_perpetrators).transpose());
        let affected = |populations: &[Population]| parse_affected(populations, standing.under_18, of_organisation);
        let populations = refusals.keep(draft.populations.map(affected).transpose());
        let county = refusals.keep(draft.county_code.map(|code| parse_county("countyCode", code)).transpose());
        for (number, step) in draft.without_steps.iter().enumerate() {
            if !standing.steps.contains(step) {
                let refusal = Refusal::invalid(&number.to_string(), "violation-step-not-there");
                refusals.push(refusal.within("withoutSteps"));
            }
        }
        if let Some(month) = draft.occurred_in {
            let stays = |step: &&ViolationStep| !draft.without_steps.contains(step);
            let first = standing.steps.iter().filter(stays).map(|step| step.month).chain([standing.documented_in]).min();
            let last = first.unwrap_or(standing.documented_in);
            if month > last {
                refusals.push(Refusal::invalid("occurredIn", Message::of("violation-month-late").with("month", last)));
            }
        }
        let first_limit = refusals.keep(first_limit(&draft, types.as_deref(), standing, at));
        if draft.people_affected.is_some_and(|people| !(1..=MAXIMUM_AFFECTED).contains(&people)) {
            let message = Message::of("violation-people-affected").with("maximum", MAXIMUM_AFFECTED);
            refusals.push(Refusal::invalid("peopleAffected", message));
        }
        let value = perpetrators.zip(populations).zip(county).zip(first_limit).map(
            |(((perpetrators, populations), county), first_limit)| Self {
                types,
                perpetrators,
                causes: draft.causes.map(without_repeats),
                populations,
                county,
                occurred_in: draft.occurred_in,
                first_limit,
                people_affected: draft.people_affected,
                not_reported_reasons: draft.not_reported_reasons.map(without_repeats),
                without_steps: draft.without_steps.to_vec(),
            },
        );
        if value.as_ref() == Some(&Self::default()) {
            refusals.push(Refusal::new(UserErrorCode::Invalid, "violation-correction-empty"));
        }
        refusals.finish(value)
    }
}

/// The first limit, counted anew from the hours where these are put right.
fn first_limit(
    draft: &CorrectionDraft<'_>,
    types: Option<&[ViolationType]>,
    standing: Standing<'_>,
    at: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, Refusal> {
    let Some(hours) = draft.hours_ago else { return Ok(None) };
    let types = types.unwrap_or(standing.types);
    let hours = HoursAgo::parse(types, hours)?;
    if !hours.can_be_of(draft.occurred_in.unwrap_or(standing.occurred_in), at) {
        return Err(Refusal::invalid("hoursAgo", Message::of("violation-hours-of-month").with("month", hours.month(at))));
    }
    Ok(hours.first_limit(types, at))
}
