//! What must be true of a referral before it can be sent.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::status::{AgeBand, MinorStatus, SharedField, Urgency};
use crate::county::CountyCode;
use crate::day::day_of;
use crate::id::{OrganisationId, ServiceId};
use crate::organisation::{MembershipStatus, Population};
use crate::pseudonym::Pseudonym;
use crate::refusal::{Refusal, Refusals};
use crate::sealed_text::SealedText;
use crate::service::{ServiceType, parse_county, without_repeats};

/// How far ahead a referral can be scheduled.
const FURTHEST_SCHEDULE_DAYS: u64 = 180;

/// A referral as a caseworker or peer educator sends it.
#[derive(Clone, Debug)]
pub struct NewReferral {
    /// Whom it is addressed to.
    pub receiver: OrganisationId,
    /// What the client needs.
    pub service_type: ServiceType,
    /// The service it is meant for, where the sender chose one.
    pub service: Option<ServiceId>,
    /// The sender's pseudonym of the client.
    pub client: Pseudonym,
    /// Each once, never empty: NOT_STATED alone where nothing was said.
    pub populations: Vec<Population>,
    /// The client's age band.
    pub age_band: AgeBand,
    /// Whether the client is under 18.
    pub under_18: MinorStatus,
    /// Where the client is.
    pub county: CountyCode,
    /// What the client agreed to show the receiver.
    pub shared: Vec<SharedField>,
    /// How soon the client must be seen.
    pub urgency: Urgency,
    /// For the receiver's eyes alone.
    pub sealed_note: Option<SealedText>,
}

/// The fields of a [`NewReferral`] as they came in; ids already decoded.
#[derive(Clone, Copy, Debug)]
pub struct ReferralDraft<'a> {
    /// Who sends.
    pub sender: OrganisationId,
    /// Whom it is addressed to; nothing when left out.
    pub receiver: Option<OrganisationId>,
    /// What the client needs.
    pub service_type: ServiceType,
    /// The chosen service, if any.
    pub service: Option<ServiceId>,
    /// Not yet checked.
    pub client: &'a str,
    /// May hold repeats.
    pub populations: &'a [Population],
    /// The client's age band.
    pub age_band: AgeBand,
    /// Whether the client is under 18.
    pub under_18: MinorStatus,
    /// Not yet checked.
    pub county_code: &'a str,
    /// May hold repeats.
    pub shared: &'a [SharedField],
    /// How soon the client must be seen.
    pub urgency: Urgency,
    /// Whether the client has agreed.
    pub consent_given: bool,
    /// Not yet checked.
    pub sealed_note: Option<&'a str>,
}

impl NewReferral {
    /// Checks a draft.
    ///
    /// # Errors
    /// Every field that is wrong, at once: INVALID, or IDENTIFYING_DATA where something that names a person was sent as pseudonym.
    pub fn parse(draft: ReferralDraft<'_>) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Refusals::default();
        let receiver = refusals.keep(parse_receiver(draft.sender, draft.receiver));
        let client = refusals.keep(Pseudonym::parse("client", draft.client));
        let populations = refusals.keep(parse_populations(draft.populations, draft.under_18));
        let county = refusals.keep(parse_county("countyCode", draft.county_code));
        let sealed_note = refusals.keep(draft.sealed_note.map(|note| SealedText::parse("sealedNote", note)).transpose());
        refusals.keep(check_age(draft.age_band, draft.under_18));
        if !draft.consent_given {
            refusals.push(Refusal::invalid(
                "consentGiven",
                "Without the client's agreement there is no referral. Ask them; there is no override.",
            ));
        }
        let value = receiver.zip(client).zip(populations).zip(county).zip(sealed_note).map(
            |((((receiver, client), populations), county), sealed_note)| Self {
                receiver,
                service_type: draft.service_type,
                service: draft.service,
                client,
                populations,
                age_band: draft.age_band,
                under_18: draft.under_18,
                county,
                shared: without_repeats(draft.shared),
                urgency: draft.urgency,
                sealed_note,
            },
        );
        refusals.finish(value)
    }
}

fn parse_receiver(sender: OrganisationId, receiver: Option<OrganisationId>) -> Result<OrganisationId, Refusal> {
    match receiver {
        None => Err(Refusal::invalid("toOrganisationId", "Choose the organisation that the client is referred to.")),
        Some(receiver) if receiver == sender => {
            Err(Refusal::invalid("toOrganisationId", "This is your own organisation: choose another one to refer to."))
        }
        Some(receiver) => Ok(receiver),
    }
}

fn parse_populations(populations: &[Population], under_18: MinorStatus) -> Result<Vec<Population>, Refusal> {
    let populations = without_repeats(populations);
    if populations.is_empty() {
        return Ok(vec![Population::NotStated]);
    }
    if populations.contains(&Population::NotStated) && populations.len() > 1 {
        return Err(Refusal::invalid("populations", "NOT_STATED goes alone: leave it out, or name nothing else."));
    }
    if under_18 == MinorStatus::Yes && populations.iter().any(|population| population.is_sex_worker()) {
        return Err(Refusal::invalid(
            "populations",
            "Under 18, exchanging sex is exploitation and not sex work (WHO): leave the sex-worker populations out.",
        ));
    }
    Ok(populations)
}

fn check_age(age_band: AgeBand, under_18: MinorStatus) -> Result<(), Refusal> {
    let contradicts = match under_18 {
        MinorStatus::Yes => matches!(age_band, AgeBand::From20To24 | AgeBand::From25To29 | AgeBand::From30),
        MinorStatus::No => age_band == AgeBand::Under15,
        MinorStatus::NotStated => false,
    };
    if contradicts {
        return Err(Refusal::invalid("under18", "This contradicts ageBand: put one of the two right, or answer NOT_STATED."));
    }
    Ok(())
}

/// Whether that organisation can be referred to.
///
/// # Errors
/// INVALID, saying to choose another, unless it is an active member.
pub fn check_receiver(status: MembershipStatus) -> Result<(), Refusal> {
    match status {
        MembershipStatus::Active => Ok(()),
        MembershipStatus::Frozen => Err(Refusal::invalid(
            "toOrganisationId",
            "This organisation is FROZEN and takes nobody at present: choose another one.",
        )),
        MembershipStatus::Left => {
            Err(Refusal::invalid("toOrganisationId", "This organisation has LEFT the coalition: choose another one."))
        }
        MembershipStatus::Invited => {
            Err(Refusal::invalid("toOrganisationId", "This organisation is INVITED and not a member yet: choose another one."))
        }
    }
}

/// Reads a day such as 2026-10-07.
///
/// # Errors
/// INVALID when it isn't one.
pub fn parse_day(field: &str, text: &str) -> Result<NaiveDate, Refusal> {
    let strict = text.len() == 10;
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|_| strict)
        .ok_or_else(|| Refusal::invalid(field, "A day is written like 2026-10-07."))
}

/// Reads the day for which a referral is scheduled, as seen at that moment.
///
/// # Errors
/// INVALID unless it is today or one of the next 180 days in Kenya.
pub fn parse_schedule(field: &str, text: &str, at: DateTime<Utc>) -> Result<NaiveDate, Refusal> {
    let day = parse_day(field, text)?;
    let today = day_of(at);
    if day < today || day > today + Days::new(FURTHEST_SCHEDULE_DAYS) {
        return Err(Refusal::invalid(field, format!("Choose today or one of the next {FURTHEST_SCHEDULE_DAYS} days.")));
    }
    Ok(day)
}
