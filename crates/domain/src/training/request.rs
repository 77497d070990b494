//! Asking for a training.

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

/// Within how many days a request is to be answered, or taken.
pub const ANSWER_DAYS: i64 = 7;
/// The most months that can be preferred.
const MAXIMUM_MONTHS: usize = 12;
/// How many months ahead a training can be asked for.
const FURTHEST_MONTHS: u32 = 24;

/// Whom a request is addressed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestAddressee {
    /// Whoever offers this.
    Offer(TrainingOfferId, OrganisationId),
    /// One organisation, whatever it offers.
    Organisation(OrganisationId),
    /// All who offer the topic in the county: the first to accept takes it.
    Everyone,
}

impl RequestAddressee {
    /// Whose it is to answer; nobody's in particular while it is open to everyone.
    pub fn organisation(self) -> Option<OrganisationId> {
        match self {
            Self::Offer(_, organisation) | Self::Organisation(organisation) => Some(organisation),
            Self::Everyone => None,
        }
    }

    /// The offer that it is for.
    pub fn offer(self) -> Option<TrainingOfferId> {
        match self {
            Self::Offer(offer, _) => Some(offer),
            _ => None,
        }
    }
}

/// A request as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTrainingRequest {
    /// Whom it is addressed to.
    pub addressee: RequestAddressee,
    /// What the training is to be about.
    pub topic: TrainingTopic,
    /// Who is to be trained; at least one cadre.
    pub audience: Vec<Cadre>,
    /// How many people are expected.
    pub expected_participants: i32,
    /// When it would suit; empty means whenever.
    pub preferred_months: Vec<Month>,
    /// Where the people are.
    pub county: CountyCode,
    /// In which languages they can be trained; empty means whichever.
    pub languages: Vec<LanguageCode>,
}

/// The fields of a [`NewTrainingRequest`] as they came in, the addressee looked up.
#[derive(Clone, Copy, Debug)]
pub struct TrainingRequestDraft<'a> {
    /// Who asks.
    pub sender: OrganisationId,
    /// Looked up.
    pub addressee: RequestAddressee,
    /// The topic of the offer, or as it was given.
    pub topic: TrainingTopic,
    /// May hold repeats.
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
    /// Checks a draft, as seen at that moment.
    ///
    /// # Errors
    /// Every field that is wrong, at once: INVALID.
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

/// Whether that organisation can be asked for a training, in that field.
///
/// # Errors
/// INVALID, saying to choose another, unless it is an active member.
pub fn check_addressee(field: &str, status: MembershipStatus) -> Result<(), Refusal> {
    match status {
        MembershipStatus::Active => Ok(()),
        MembershipStatus::Frozen => Err(Refusal::invalid(field, "training-trainer-frozen")),
        MembershipStatus::Left => Err(Refusal::invalid(field, "referral-receiver-left")),
        MembershipStatus::Invited => Err(Refusal::invalid(field, "referral-receiver-invited")),
    }
}
