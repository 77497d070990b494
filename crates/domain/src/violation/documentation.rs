//! The rules that a violation must meet before it is documented, and what a referral knows of it already.

use chrono::{DateTime, Utc};

use super::clock::HoursAgo;
use super::kind::{Perpetrator, ViolationCause, ViolationType};
use super::moves::{MAXIMUM_STEPS, check_step};
use super::progress::{ViolationReason, ViolationStep, ViolationStepKind, in_order};
use crate::client_report::ClientReportedOutcome;
use crate::county::CountyCode;
use crate::message::Message;
use crate::month::Month;
use crate::organisation::Population;
use crate::pseudonym::Pseudonym;
use crate::referral::{MinorStatus, NonCompletionReason, parse_populations};
use crate::refusal::{Refusal, Refusals};
use crate::sealed_text::SealedText;
use crate::service::{ServiceType, parse_county, without_repeats};
use crate::vocabulary;

/// The most people that one record is about.
pub const MAXIMUM_AFFECTED: i32 = 500;

vocabulary! {
    /// Who agreed that it is documented.
    pub enum ViolationConsentGiver {
        /// The survivor.
        Survivor = "SURVIVOR",
        /// A parent of a survivor under 18.
        Parent = "PARENT",
        /// The legal guardian of a survivor under 18.
        Guardian = "GUARDIAN",
        /// The next of kin of somebody who can't agree any more.
        NextOfKin = "NEXT_OF_KIN",
        /// It was done to the organisation itself, and there is no survivor.
        Organisation = "ORGANISATION",
    }
}

/// What a referral knows of a violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFromReferral {
    /// What was done, as far as the referral's ending or the client's report tells. Empty for a received referral.
    pub types: Vec<ViolationType>,
    /// By whom.
    pub perpetrators: Vec<Perpetrator>,
    /// To whom.
    pub populations: Vec<Population>,
    /// Whether they are under 18.
    pub under_18: MinorStatus,
    /// Where.
    pub county: CountyCode,
    /// In which month.
    pub occurred_in: Month,
    /// The own pseudonym. None where the referral was received: it carries no pseudonym to the receiver.
    pub client: Option<Pseudonym>,
}

/// What an own referral tells of what was done, by its ending and by the client's report: type and perpetrator. None where it tells of
/// nothing.
pub fn told_by_referral(
    service_type: ServiceType,
    reason: Option<NonCompletionReason>,
    reported: Option<ClientReportedOutcome>,
) -> Option<(ViolationType, Perpetrator)> {
    if reason == Some(NonCompletionReason::Detained) {
        return Some((ViolationType::ArbitraryArrest, Perpetrator::Police));
    }
    let turned_away = reported == Some(ClientReportedOutcome::TurnedAway);
    let mistreated = reported == Some(ClientReportedOutcome::Mistreated);
    if !turned_away && !mistreated && reason != Some(NonCompletionReason::TurnedAwayOrMistreated) {
        return None;
    }
    let of_health = service_type.is_of_health();
    let perpetrator = if of_health { Perpetrator::HealthProvider } else { Perpetrator::Other };
    Some(match (mistreated, of_health) {
        // How somebody was mistreated nobody has said yet.
        (true, _) => (ViolationType::Other, perpetrator),
        (false, true) => (ViolationType::DenialOfHealthService, perpetrator),
        (false, false) => (ViolationType::DenialOfOtherService, perpetrator),
    })
}

/// Whether a received referral of this type can be what brought a violation: it is about the law or about care for what was done.
pub fn can_bring(service_type: ServiceType) -> bool {
    ViolationStepKind::of_arrival(service_type).is_some()
}

/// A violation as it is documented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewViolation {
    /// Without repeats and never empty.
    pub types: Vec<ViolationType>,
    /// Without repeats and never empty: only NOT_STATED if nobody was named.
    pub perpetrators: Vec<Perpetrator>,
    /// Without repeats.
    pub causes: Vec<ViolationCause>,
    /// Without repeats and never empty, unless it was done to the organisation.
    pub populations: Vec<Population>,
    /// Whether the survivor is under 18.
    pub under_18: MinorStatus,
    /// Where.
    pub county: CountyCode,
    /// In which month.
    pub occurred_in: Month,
    /// To how many people.
    pub people_affected: i32,
    /// The own pseudonym of the survivor, if there is one.
    pub client: Option<Pseudonym>,
    /// Who agreed.
    pub consent_given_by: ViolationConsentGiver,
    /// Whether it may be counted in the coalition's figures.
    pub counted: bool,
    /// The first limit of the types, to the full hour: by when something must happen.
    pub first_limit: Option<DateTime<Utc>>,
    /// Why it was not reported, without repeats.
    pub not_reported_reasons: Vec<ViolationReason>,
    /// What was done about it already, in order; without the documentation itself.
    pub steps: Vec<ViolationStep>,
    /// A note that only the own devices can open.
    pub sealed_note: Option<SealedText>,
}

/// The unchecked fields of a [`NewViolation`]. What is left out is taken from the referral.
#[derive(Clone, Copy, Debug)]
pub struct ViolationDraft<'a> {
    /// May have repeats.
    pub types: Option<&'a [ViolationType]>,
    /// May have repeats.
    pub perpetrators: Option<&'a [Perpetrator]>,
    /// May have repeats.
    pub causes: &'a [ViolationCause],
    /// May have repeats.
    pub populations: Option<&'a [Population]>,
    /// Whether the survivor is under 18.
    pub under_18: MinorStatus,
    /// Not yet checked.
    pub county_code: Option<&'a str>,
    /// Not yet compared with the present.
    pub occurred_in: Option<Month>,
    /// Not yet checked.
    pub people_affected: i32,
    /// Not yet checked.
    pub client: Option<&'a str>,
    /// Whether somebody agreed.
    pub consent_given: bool,
    /// Who agreed.
    pub consent_given_by: ViolationConsentGiver,
    /// Whether it may be counted.
    pub counted: bool,
    /// Not yet checked.
    pub hours_ago: Option<i32>,
    /// May have repeats.
    pub not_reported_reasons: &'a [ViolationReason],
    /// Not yet checked.
    pub steps: &'a [ViolationStep],
    /// Not yet checked.
    pub sealed_note: Option<&'a str>,
}

impl NewViolation {
    /// Checks a draft, at the present moment.
    ///
    /// # Errors
    /// Every field that is wrong or missing, all at once: INVALID, or IDENTIFYING_DATA if the pseudonym looks like data that identifies a
    /// person.
    pub fn parse(draft: ViolationDraft<'_>, known: Option<&KnownFromReferral>, at: DateTime<Utc>) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Refusals::default();
        let types = draft.types.map(without_repeats).or_else(|| known.map(|known| known.types.clone())).unwrap_or_default();
        if types.is_empty() {
            refusals.push(Refusal::invalid("types", "violation-types-missing"));
        }
        let of_organisation = draft.consent_given_by == ViolationConsentGiver::Organisation;
        let perpetrators = draft.perpetrators.map(<[_]>::to_vec).or_else(|| known.map(|known| known.perpetrators.clone()));
        let perpetrators = refusals.keep(parse_perpetrators(&perpetrators.unwrap_or_default()));
        // Who was harmed when an organisation was raided isn't whoever the referral is about.
        let of_survivor = known.filter(|_| !of_organisation);
        let under_18 = match (draft.under_18, of_survivor) {
            (MinorStatus::NotStated, Some(known)) => known.under_18,
            (stated, _) => stated,
        };
        let populations = draft.populations.map(<[_]>::to_vec).or_else(|| of_survivor.map(|known| known.populations.clone()));
        let populations = refusals.keep(parse_affected(&populations.unwrap_or_default(), under_18, of_organisation));
        let county = match (draft.county_code, known) {
            (Some(code), _) => refusals.keep(parse_county("countyCode", code)),
            (None, Some(known)) => Some(known.county),
            (None, None) => refusals.keep(Err(Refusal::invalid("countyCode", "violation-county-missing"))),
        };
        let hours = refusals.keep(draft.hours_ago.map(|hours| HoursAgo::parse(&types, hours)).transpose());
        let told = hours.flatten().map(|hours| hours.month(at)).or_else(|| known.map(|known| known.occurred_in));
        let occurred_in = draft.occurred_in.or(told).unwrap_or_else(|| Month::at(at));
        if occurred_in > Month::at(at) {
            refusals.push(Refusal::invalid("occurredIn", "violation-month-to-come"));
        } else if let Some(hours) = hours.flatten().filter(|hours| !hours.can_be_of(occurred_in, at)) {
            refusals.push(Refusal::invalid("occurredIn", Message::of("violation-month-of-hours").with("month", hours.month(at))));
        }
        if !(1..=MAXIMUM_AFFECTED).contains(&draft.people_affected) {
            let message = Message::of("violation-people-affected").with("maximum", MAXIMUM_AFFECTED);
            refusals.push(Refusal::invalid("peopleAffected", message));
        }
        let client = match draft.client {
            Some(client) => refusals.keep(Pseudonym::parse("client", client).map(Some)),
            None => Some(of_survivor.and_then(|known| known.client.clone())),
        };
        let first_limit = hours.map(|hours| hours.and_then(|hours| hours.first_limit(&types, at)));
        check_consent(&mut refusals, &draft, &types, under_18);
        let steps = check_steps(&mut refusals, draft.steps, occurred_in, at);
        let sealed_note = refusals.keep(draft.sealed_note.map(|note| SealedText::parse("sealedNote", note)).transpose());
        let checked = perpetrators.zip(populations).zip(county).zip(client).zip(first_limit).zip(sealed_note);
        let value = checked.map(|(((((perpetrators, populations), county), client), first_limit), sealed_note)| Self {
            types,
            perpetrators,
            causes: without_repeats(draft.causes),
            populations,
            under_18,
            county,
            occurred_in,
            people_affected: draft.people_affected,
            client,
            consent_given_by: draft.consent_given_by,
            counted: draft.counted,
            first_limit,
            not_reported_reasons: without_repeats(draft.not_reported_reasons),
            steps,
            sealed_note,
        });
        refusals.finish(value)
    }
}

/// The steps that were taken already, each refused in its place.
fn check_steps(refusals: &mut Refusals, steps: &[ViolationStep], occurred_in: Month, at: DateTime<Utc>) -> Vec<ViolationStep> {
    if steps.len() >= MAXIMUM_STEPS {
        refusals.push(Refusal::invalid("steps", Message::of("violation-steps-many").with("maximum", MAXIMUM_STEPS)));
        return Vec::new();
    }
    for (number, step) in steps.iter().enumerate() {
        // A month to come is refused once, where it is said.
        let occurred_in = occurred_in.min(Month::at(at));
        refusals.keep(check_step(*step, occurred_in, at).map_err(|refusal| refusal.within(&number.to_string()).within("steps")));
    }
    in_order(steps.to_vec())
}

/// Only NOT_STATED where nobody was named, and never beside somebody who was.
pub(super) fn parse_perpetrators(perpetrators: &[Perpetrator]) -> Result<Vec<Perpetrator>, Refusal> {
    let perpetrators = without_repeats(perpetrators);
    if perpetrators.is_empty() {
        return Ok(vec![Perpetrator::NotStated]);
    }
    if perpetrators.contains(&Perpetrator::NotStated) && perpetrators.len() > 1 {
        return Err(Refusal::invalid("perpetrators", "violation-perpetrators-not-stated"));
    }
    Ok(perpetrators)
}

/// The populations of those to whom it was done: as for referrals, and none where it was done to an organisation.
pub(super) fn parse_affected(
    populations: &[Population],
    under_18: MinorStatus,
    of_organisation: bool,
) -> Result<Vec<Population>, Refusal> {
    if of_organisation && populations.is_empty() { Ok(Vec::new()) } else { parse_populations(populations, under_18) }
}

/// Who agreed must fit who it was done to.
fn check_consent(refusals: &mut Refusals, draft: &ViolationDraft<'_>, types: &[ViolationType], under_18: MinorStatus) {
    if !draft.consent_given {
        refusals.push(Refusal::invalid("consentGiven", "violation-consent-missing"));
    }
    match draft.consent_given_by {
        ViolationConsentGiver::Parent | ViolationConsentGiver::Guardian if under_18 == MinorStatus::No => {
            refusals.push(Refusal::invalid("consentGivenBy", "violation-adult-agrees"));
        }
        ViolationConsentGiver::Organisation if !types.iter().any(|kind| kind.is_of_an_organisation()) => {
            refusals.push(Refusal::invalid("consentGivenBy", "violation-organisation-agrees"));
        }
        ViolationConsentGiver::Organisation if draft.client.is_some() => {
            refusals.push(Refusal::invalid("client", "violation-organisation-client"));
        }
        _ => {}
    }
}
