//! The rules that a referral must meet before it can be sent.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::clock::HoursSinceExposure;
use super::consent::{Consent, ConsentDraft, ConsentGiver};
use super::status::{AgeBand, MinorStatus, SharedField, Urgency};
use crate::county::CountyCode;
use crate::day::day_of;
use crate::id::{OrganisationId, ReferralId, ServiceId};
use crate::message::Message;
use crate::organisation::{MembershipStatus, Population};
use crate::pseudonym::Pseudonym;
use crate::refusal::{Refusal, Refusals};
use crate::sealed_text::SealedText;
use crate::service::{ServiceType, parse_county, without_repeats};

/// The most days ahead for which a referral can be scheduled.
const FURTHEST_SCHEDULE_DAYS: u64 = 180;

/// A referral as a caseworker or peer educator sends it.
#[derive(Clone, Debug)]
pub struct NewReferral {
    /// The receiver. `None` while the referral is open to every member that offers the service in the county. The sender itself
    /// if it accompanies the client to a facility outside the coalition.
    pub receiver: Option<OrganisationId>,
    /// The service that the client needs.
    pub service_type: ServiceType,
    /// The service that the sender chose, if any.
    pub service: Option<ServiceId>,
    /// The sender's pseudonym of the client.
    pub client: Pseudonym,
    /// Without repeats and never empty: only NOT_STATED if the sender named none.
    pub populations: Vec<Population>,
    /// The client's age band.
    pub age_band: AgeBand,
    /// Whether the client is under 18.
    pub under_18: MinorStatus,
    /// The county in which the client is.
    pub county: CountyCode,
    /// The details that the client agreed to show the receiver.
    pub shared: Vec<SharedField>,
    /// How soon the client must be seen.
    pub urgency: Urgency,
    /// The hours since the exposure, if the service has a time limit.
    pub exposure: Option<HoursSinceExposure>,
    /// When it was written down, if that was before it was sent. Not yet compared with the present: see [`super::written_at`].
    pub written_at: Option<DateTime<Utc>>,
    /// What the client agreed to.
    pub consent: Consent,
    /// A note that only the receiver can read.
    pub sealed_note: Option<SealedText>,
    /// The declined referral in whose stead it is made, if any: see [`NewReferral::instead_of`].
    pub instead_of: Option<ReferralId>,
}

/// The unchecked fields of a [`NewReferral`]. The ids are already decoded.
#[derive(Clone, Copy, Debug)]
pub struct ReferralDraft<'a> {
    /// The sender.
    pub sender: OrganisationId,
    /// The receiver; `None` for every member that offers the service in the county.
    pub receiver: Option<OrganisationId>,
    /// The service that the client needs.
    pub service_type: ServiceType,
    /// The chosen service, if any.
    pub service: Option<ServiceId>,
    /// Not yet checked.
    pub client: &'a str,
    /// May have repeats.
    pub populations: &'a [Population],
    /// The client's age band.
    pub age_band: AgeBand,
    /// Whether the client is under 18.
    pub under_18: MinorStatus,
    /// Not yet checked.
    pub county_code: &'a str,
    /// May have repeats.
    pub shared: &'a [SharedField],
    /// How soon the client must be seen.
    pub urgency: Urgency,
    /// Not yet checked.
    pub hours_since_exposure: Option<i32>,
    /// When it was written down, if that was before it was sent.
    pub written_at: Option<DateTime<Utc>>,
    /// Whether the client has agreed.
    pub consent_given: bool,
    /// Not yet checked.
    pub consent: ConsentDraft<'a>,
    /// Not yet checked.
    pub sealed_note: Option<&'a str>,
}

impl NewReferral {
    /// Whether the sender itself accompanies the client.
    pub fn is_accompanied_by(&self, sender: OrganisationId) -> bool {
        self.receiver == Some(sender)
    }

    /// Checks a draft.
    ///
    /// # Errors
    /// Every field that is wrong, all at once: INVALID, or IDENTIFYING_DATA if the pseudonym looks like data that identifies a
    /// person.
    pub fn parse(draft: ReferralDraft<'_>) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Refusals::default();
        // A client under 15 is under 18, even if the sender did not say so.
        let under_18 = if draft.age_band == AgeBand::Under15 && draft.under_18 == MinorStatus::NotStated {
            MinorStatus::Yes
        } else {
            draft.under_18
        };
        refusals.keep(check_service(draft.sender, draft.receiver, draft.service));
        let client = refusals.keep(Pseudonym::parse("client", draft.client));
        let populations = refusals.keep(parse_populations(draft.populations, under_18));
        let county = refusals.keep(parse_county("countyCode", draft.county_code));
        let sealed_note = refusals.keep(draft.sealed_note.map(|note| SealedText::parse("sealedNote", note)).transpose());
        let hours = draft.hours_since_exposure;
        let exposure = refusals.keep(hours.map(|hours| HoursSinceExposure::parse(draft.service_type, hours)).transpose());
        let consent = refusals.keep_all(draft.consent.parse());
        // The possible takers of an open referral don't see the exposure, but its urgency must show them that it can't wait.
        let clock_for_all = draft.receiver.is_none() && hours.is_some();
        let urgency = if clock_for_all { Urgency::Emergency } else { draft.urgency };
        refusals.keep(check_age(draft.age_band, under_18));
        refusals.keep(check_giver(draft.consent.given_by, under_18));
        if !draft.consent_given {
            refusals.push(Refusal::invalid("consentGiven", "referral-consent-missing"));
        }
        let checked = client.zip(populations).zip(county).zip(sealed_note).zip(exposure).zip(consent);
        let value = checked.map(|(((((client, populations), county), sealed_note), exposure), consent)| Self {
            receiver: draft.receiver,
            service_type: draft.service_type,
            service: draft.service,
            client,
            populations,
            age_band: draft.age_band,
            under_18,
            county,
            shared: without_repeats(draft.shared),
            urgency,
            exposure,
            written_at: draft.written_at,
            consent,
            sealed_note,
            instead_of: None,
        });
        refusals.finish(value)
    }
}

/// An open referral names no service. A sender who goes along names its own service at the facility.
fn check_service(sender: OrganisationId, receiver: Option<OrganisationId>, service: Option<ServiceId>) -> Result<(), Refusal> {
    match (receiver, service) {
        (None, Some(_)) => Err(Refusal::invalid("serviceId", "sending-open-with-service")),
        (Some(receiver), None) if receiver == sender => Err(Refusal::invalid("serviceId", "sending-own-without-service")),
        _ => Ok(()),
    }
}

/// Somebody else can agree only for a client who is under 18 or whose age is not stated.
pub(super) fn check_giver(given_by: ConsentGiver, under_18: MinorStatus) -> Result<(), Refusal> {
    if given_by != ConsentGiver::Client && under_18 == MinorStatus::No {
        return Err(Refusal::invalid("givenBy", "sending-adult-agrees").within("consent"));
    }
    Ok(())
}

/// The populations of a client: only NOT_STATED if none was named, and none of sex workers where the client is under 18 (WHO 2022: that is
/// exploitation).
///
/// # Errors
/// INVALID when NOT_STATED stands beside another, or a sex worker would be under 18.
pub(crate) fn parse_populations(populations: &[Population], under_18: MinorStatus) -> Result<Vec<Population>, Refusal> {
    let populations = without_repeats(populations);
    if populations.is_empty() {
        return Ok(vec![Population::NotStated]);
    }
    if populations.contains(&Population::NotStated) && populations.len() > 1 {
        return Err(Refusal::invalid("populations", "referral-populations-not-stated"));
    }
    if under_18 == MinorStatus::Yes && populations.iter().any(|population| population.is_sex_worker()) {
        return Err(Refusal::invalid("populations", "referral-populations-minor"));
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
        return Err(Refusal::invalid("under18", "referral-age-contradicts"));
    }
    Ok(())
}

/// Checks that an organisation can receive referrals.
///
/// # Errors
/// INVALID, with advice to choose another organisation, unless it is an active member.
pub fn check_receiver(status: MembershipStatus) -> Result<(), Refusal> {
    match status {
        MembershipStatus::Active => Ok(()),
        MembershipStatus::Frozen => Err(Refusal::invalid("toOrganisationId", "referral-receiver-frozen")),
        MembershipStatus::Left => Err(Refusal::invalid("toOrganisationId", "referral-receiver-left")),
        MembershipStatus::Invited => Err(Refusal::invalid("toOrganisationId", "referral-receiver-invited")),
    }
}

/// Reads a day such as 2026-10-07.
///
/// # Errors
/// INVALID when the text isn't a day in this form.
pub fn parse_day(field: &str, text: &str) -> Result<NaiveDate, Refusal> {
    let strict = text.len() == 10;
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| strict).ok_or_else(|| Refusal::invalid(field, "day-malformed"))
}

/// Reads the day for which a referral is scheduled.
///
/// # Errors
/// INVALID unless it is today or one of the next 180 days in Kenya.
pub fn parse_schedule(field: &str, text: &str, at: DateTime<Utc>) -> Result<NaiveDate, Refusal> {
    let day = parse_day(field, text)?;
    let today = day_of(at);
    if day < today || day > today + Days::new(FURTHEST_SCHEDULE_DAYS) {
        return Err(Refusal::invalid(field, Message::of("referral-schedule-range").with("days", FURTHEST_SCHEDULE_DAYS)));
    }
    Ok(day)
}
