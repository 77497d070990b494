//! Requests for trainings.

use chrono::{DateTime, Utc};

use super::code::{Cadre, TrainingTopic};
use super::offer::{parse_people, parse_some_languages};
use crate::county::CountyCode;
use crate::id::{OrganisationId, TrainingOfferId};
use crate::language::LanguageCode;
use crate::message::Message;
use crate::month::Month;
use crate::organisation::MembershipStatus;
use crate::refusal::{Refusal, Refusals};
use crate::service::{parse_county, without_repeats};

/// The days within which a request is to be answered or taken.
pub const ANSWER_DAYS: i64 = 7;
/// The most preferred months of one request.
const MAXIMUM_MONTHS: usize = 12;
/// The most months ahead for which a training can be requested.
const FURTHEST_MONTHS: u32 = 24;

/// To whom a request is addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestAddressee {
    /// The organisation that makes this offer.
    Offer(TrainingOfferId, OrganisationId),
    /// One organisation, whether or not it has an offer on the topic.
    Organisation(OrganisationId),
    /// All who offer the topic in the county. The first to accept takes it.
    Everyone,
}

impl RequestAddressee {
    /// The organisation that is to answer; `None` while the request is open to everyone.
    pub fn organisation(self) -> Option<OrganisationId> {
        match self {
            Self::Offer(_, organisation) | Self::Organisation(organisation) => Some(organisation),
            Self::Everyone => None,
        }
    }

    /// The requested offer.
    pub fn offer(self) -> Option<TrainingOfferId> {
        match self {
            Self::Offer(offer, _) => Some(offer),
            _ => None,
        }
    }
}

/// A request that is ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTrainingRequest {
    /// To whom it is addressed.
    pub addressee: RequestAddressee,
    /// The topic.
    pub topic: TrainingTopic,
    /// The cadres to be trained; at least one.
    pub audience: Vec<Cadre>,
    /// How many people are expected.
    pub expected_participants: i32,
    /// The months that would suit; empty means any.
    pub preferred_months: Vec<Month>,
    /// The county in which the people are.
    pub county: CountyCode,
    /// The languages in which they can be trained; empty means any.
    pub languages: Vec<LanguageCode>,
}

/// The unchecked fields of a [`NewTrainingRequest`]. The addressee is already found in the database.
#[derive(Clone, Copy, Debug)]
pub struct TrainingRequestDraft<'a> {
    /// The organisation that asks.
    pub sender: OrganisationId,
    /// Already found in the database.
    pub addressee: RequestAddressee,
    /// The offer's topic, or the one that the sender gave.
    pub topic: TrainingTopic,
    /// May have repeats.
    pub audience: &'a [Cadre],
    /// Not yet checked.
    pub expected_participants: i32,
    /// Not yet checked.
    pub preferred_months: &'a [String],
    /// Not yet checked.
    pub county_code: &'a str,
    /// Not yet checked.
    pub languages: &'a [String],
}

impl NewTrainingRequest {
    /// Checks a draft at a moment.
    ///
    /// # Errors
    /// INVALID for every field that is wrong, all at once.
    pub fn parse(draft: TrainingRequestDraft<'_>, at: DateTime<Utc>) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Refusals::default();
        if draft.addressee.organisation() == Some(draft.sender) {
            let field = if draft.addressee.offer().is_some() { "offerId" } else { "toOrganisationId" };
            refusals.push(Refusal::invalid(field, "training-of-oneself"));
        }
        let audience = without_repeats(draft.audience);
        if audience.is_empty() {
            refusals.push(Refusal::invalid("audience", "training-audience-missing"));
        }
        let people = refusals.keep(parse_people("expectedParticipants", draft.expected_participants));
        let months = refusals.keep(parse_months(draft.preferred_months, at));
        let county = refusals.keep(parse_county("countyCode", draft.county_code));
        let languages = refusals.keep(parse_some_languages(draft.languages));
        let checked = people.zip(months).zip(county).zip(languages);
        let value = checked.map(|(((expected_participants, preferred_months), county), languages)| Self {
            addressee: draft.addressee,
            topic: draft.topic,
            audience,
            expected_participants,
            preferred_months,
            county,
            languages,
        });
        refusals.finish(value)
    }
}

fn parse_months(texts: &[String], at: DateTime<Utc>) -> Result<Vec<Month>, Refusal> {
    const FIELD: &str = "preferredMonths";
    if texts.len() > MAXIMUM_MONTHS {
        return Err(Refusal::invalid(FIELD, Message::of("training-too-many").with("maximum", MAXIMUM_MONTHS)));
    }
    let mut months = texts.iter().map(|text| Month::parse(FIELD, text)).collect::<Result<Vec<_>, _>>()?;
    let present = Month::at(at);
    if months.iter().any(|month| *month < present || *month > present.plus(FURTHEST_MONTHS)) {
        return Err(Refusal::invalid(FIELD, Message::of("training-months-range").with("months", FURTHEST_MONTHS)));
    }
    months.sort_unstable();
    months.dedup();
    Ok(months)
}

/// Checks that an organisation can be asked for a training.
///
/// # Errors
/// INVALID, with advice to choose another organisation, unless it is an active member.
pub fn check_addressee(field: &str, status: MembershipStatus) -> Result<(), Refusal> {
    match status {
        MembershipStatus::Active => Ok(()),
        MembershipStatus::Frozen => Err(Refusal::invalid(field, "training-trainer-frozen")),
        MembershipStatus::Left => Err(Refusal::invalid(field, "referral-receiver-left")),
        MembershipStatus::Invited => Err(Refusal::invalid(field, "referral-receiver-invited")),
    }
}
