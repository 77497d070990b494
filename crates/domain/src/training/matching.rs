//! Which offers fit a need, and which needs an offerer could serve: who is shown, in which order, and why.

use chrono::{DateTime, Utc};

use super::code::{TrainingMode, TrainingTopic};
use crate::county::CountyCode;
use crate::day::day_of;
use crate::id::{TrainingOfferId, TrainingRequestId};
use crate::language::LanguageCode;
use crate::message::Message;
use crate::month::Month;
use crate::ranking::{Finding, Ranked, rank};
use crate::vocabulary;

use TrainingTopic as Topic;

vocabulary! {
    /// Why an offer, or a request that is open to all, is suggested, and what speaks against it.
    pub enum MatchReasonCode {
        /// It is on the topic.
        SameTopic = "SAME_TOPIC",
        /// It is on a topic that is close to the one asked for.
        RelatedTopic = "RELATED_TOPIC",
        /// It is held in the county.
        SameCounty = "SAME_COUNTY",
        /// It can be held over a line, wherever people are.
        Remote = "REMOTE",
        /// It is held in a county that borders the one asked for.
        NeighbouringCounty = "NEIGHBOURING_COUNTY",
        /// It is held further away.
        OtherCounty = "OTHER_COUNTY",
        /// It is held in a language that people can be trained in.
        Language = "LANGUAGE",
        /// It is held in none of the languages asked for.
        OtherLanguage = "OTHER_LANGUAGE",
        /// All who are expected fit in.
        Room = "ROOM",
        /// More people are expected than fit in.
        TooManyPeople = "TOO_MANY_PEOPLE",
        /// How satisfied people were with this organisation's trainings on the topic.
        Satisfaction = "SATISFACTION",
        /// When they would like it.
        PreferredMonth = "PREFERRED_MONTH",
        /// Since when they have been waiting.
        Waiting = "WAITING",
    }
}

/// Topics that are close to each other: where nobody offers the one, the other may help.
const RELATED: &[(TrainingTopic, TrainingTopic)] = &[
    (Topic::HarmReductionBasics, Topic::OverdoseResponse),
    (Topic::HarmReductionBasics, Topic::SaferUse),
    (Topic::HarmReductionBasics, Topic::SubstanceUseConversations),
    (Topic::OverdoseResponse, Topic::SaferUse),
    (Topic::SaferUse, Topic::SubstanceUseConversations),
    (Topic::SaferSex, Topic::HivPrevention),
    (Topic::SaferSex, Topic::PeerEducation),
    (Topic::HivPrevention, Topic::PeerEducation),
    (Topic::Counselling, Topic::MentalHealthFirstAid),
    (Topic::Counselling, Topic::GenderBasedViolence),
    (Topic::Counselling, Topic::SubstanceUseConversations),
    (Topic::HumanRightsAndLaw, Topic::ReportingViolations),
    (Topic::HumanRightsAndLaw, Topic::SafetyAndSecurity),
    (Topic::HumanRightsAndLaw, Topic::ProviderSensitisation),
    (Topic::ReportingViolations, Topic::GenderBasedViolence),
    (Topic::ReportingViolations, Topic::SafetyAndSecurity),
    (Topic::SafetyAndSecurity, Topic::DigitalSafety),
    (Topic::DigitalSafety, Topic::DataProtection),
    (Topic::DataProtection, Topic::MonitoringAndEvaluation),
];

impl TrainingTopic {
    /// The topics that are close to this one.
    pub fn related(self) -> Vec<Self> {
        let other = |&(one, two): &(Self, Self)| match self {
            topic if topic == one => Some(two),
            topic if topic == two => Some(one),
            _ => None,
        };
        RELATED.iter().filter_map(other).collect()
    }
}

/// What is needed, as far as it decides about offers.
#[derive(Clone, Debug)]
pub struct TrainingNeed {
    /// What the training is to be about.
    pub topic: TrainingTopic,
    /// Where the people are.
    pub county: CountyCode,
    /// In which languages they can be trained; empty means whichever.
    pub languages: Vec<LanguageCode>,
    /// How many people are expected, if that is known.
    pub people: Option<i32>,
}

/// An offer of an active member that can be asked for, on the topic or one close to it.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferCandidate {
    /// Which offer.
    pub offer: TrainingOfferId,
    /// What it is about.
    pub topic: TrainingTopic,
    /// How it can be held.
    pub modes: Vec<TrainingMode>,
    /// Where; empty means everywhere.
    pub counties: Vec<CountyCode>,
    /// In which languages.
    pub languages: Vec<LanguageCode>,
    /// For how many people at the most.
    pub maximum_participants: i32,
    /// How satisfied people were with this organisation's trainings on the topic, where it is published.
    pub satisfaction: Option<f64>,
}

/// A request that is open to all, and that the viewer's organisation could serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedCandidate {
    /// Which request.
    pub request: TrainingRequestId,
    /// In which languages people can be trained; empty means whichever.
    pub languages: Vec<LanguageCode>,
    /// How many people are expected.
    pub people: i32,
    /// When they would like it; empty means whenever.
    pub preferred_months: Vec<Month>,
    /// Since when they have been waiting.
    pub since: DateTime<Utc>,
    /// The languages of the offers that could serve it.
    pub offered_languages: Vec<LanguageCode>,
    /// For how many people the largest of them is.
    pub offered_people: i32,
}

impl TrainingNeed {
    fn by_topic(&self, candidate: &OfferCandidate) -> Finding<MatchReasonCode> {
        if candidate.topic == self.topic {
            return Finding::new(0, MatchReasonCode::SameTopic, Message::of("matching-same-topic"));
        }
        let message = Message::of("matching-related-topic").with("topic", candidate.topic);
        Finding::new(1, MatchReasonCode::RelatedTopic, message)
    }

    fn by_county(&self, candidate: &OfferCandidate) -> Finding<MatchReasonCode> {
        let county = self.county.name();
        if candidate.counties.contains(&self.county) {
            return Finding::new(0, MatchReasonCode::SameCounty, Message::of("matching-same-county").with("county", county));
        }
        if candidate.counties.is_empty() || candidate.modes.iter().any(|mode| mode.is_remote()) {
            return Finding::new(1, MatchReasonCode::Remote, Message::of("matching-remote"));
        }
        if candidate.counties.iter().any(|offered| offered.borders(self.county)) {
            let message = Message::of("matching-neighbouring-county").with("county", county);
            return Finding::new(2, MatchReasonCode::NeighbouringCounty, message);
        }
        Finding::new(3, MatchReasonCode::OtherCounty, Message::of("matching-other-county").with("county", county))
    }

    fn by_room(&self, candidate: &OfferCandidate) -> Finding<MatchReasonCode> {
        let fits = self.people.is_none_or(|people| people <= candidate.maximum_participants);
        room(fits, Message::of("matching-room").with("maximum", candidate.maximum_participants), candidate.maximum_participants)
    }

    /// The offers that fit best first, each with its reasons: topic, county, language, room, and what people thought of such trainings.
    pub fn suggest(&self, candidates: Vec<OfferCandidate>) -> Vec<Ranked<OfferCandidate, MatchReasonCode>> {
        let topic = |candidate: &OfferCandidate| self.by_topic(candidate);
        let county = |candidate: &OfferCandidate| self.by_county(candidate);
        let language = |candidate: &OfferCandidate| by_language(&self.languages, &candidate.languages);
        let people = |candidate: &OfferCandidate| self.by_room(candidate);
        rank(candidates, &[&topic, &county, &language, &people, &by_satisfaction], |candidate| candidate.offer)
    }
}

/// Of whom it isn't published goes behind those of whom it is, without a word.
fn by_satisfaction(candidate: &OfferCandidate) -> Finding<MatchReasonCode> {
    match candidate.satisfaction {
        None => Finding::silent(u32::MAX),
        Some(mean) => {
            let rank = ((5.0 - mean) * 10.0).round().max(0.0) as u32;
            let message = Message::of("matching-satisfaction").with("satisfaction", format!("{mean:.1}"));
            Finding::new(rank, MatchReasonCode::Satisfaction, message)
        }
    }
}

/// Where nobody asks for a language, it tells no two apart.
fn by_language(wanted: &[LanguageCode], offered: &[LanguageCode]) -> Finding<MatchReasonCode> {
    if wanted.is_empty() {
        return Finding::silent(0);
    }
    let common: Vec<&str> = wanted.iter().filter(|code| offered.contains(code)).map(LanguageCode::as_str).collect();
    if common.is_empty() {
        return Finding::new(1, MatchReasonCode::OtherLanguage, Message::of("matching-other-language"));
    }
    Finding::new(0, MatchReasonCode::Language, Message::of("matching-language").with("languages", common.join(", ")))
}

fn room(fits: bool, words: Message, maximum: i32) -> Finding<MatchReasonCode> {
    if fits {
        Finding::new(0, MatchReasonCode::Room, words)
    } else {
        Finding::new(1, MatchReasonCode::TooManyPeople, Message::of("matching-too-many-people").with("maximum", maximum))
    }
}

/// The requests that the viewer could serve best first, each with its reasons: language, room, how soon they would like it, and how long
/// they have been waiting.
pub fn rank_needs(candidates: Vec<NeedCandidate>, at: DateTime<Utc>) -> Vec<Ranked<NeedCandidate, MatchReasonCode>> {
    let language = |candidate: &NeedCandidate| by_language(&candidate.languages, &candidate.offered_languages);
    let people = |candidate: &NeedCandidate| {
        let fits = candidate.people <= candidate.offered_people;
        room(fits, Message::of("matching-people").with("people", candidate.people), candidate.offered_people)
    };
    let month = |candidate: &NeedCandidate| by_month(candidate, Month::at(at));
    let waiting = |candidate: &NeedCandidate| {
        let days = u32::try_from((at - candidate.since).num_days()).unwrap_or(0);
        let message = Message::of("matching-waiting").with("day", day_of(candidate.since));
        Finding::new(u32::MAX - days, MatchReasonCode::Waiting, message)
    };
    rank(candidates, &[&language, &people, &month, &waiting], |candidate| candidate.request)
}

/// The soonest month that is still to come; whoever named none can wait, and whoever's months have all passed can't.
fn by_month(candidate: &NeedCandidate, present: Month) -> Finding<MatchReasonCode> {
    let soonest = candidate.preferred_months.iter().copied().filter(|month| *month >= present).min();
    match (soonest, candidate.preferred_months.iter().max()) {
        (Some(month), _) => {
            let rank = u32::try_from(present.through(month)).unwrap_or(u32::MAX);
            let message = Message::of("matching-preferred-month").with("month", month);
            Finding::new(rank, MatchReasonCode::PreferredMonth, message)
        }
        (None, Some(last)) => {
            let message = Message::of("matching-preferred-month-past").with("month", last);
            Finding::new(0, MatchReasonCode::PreferredMonth, message)
        }
        (None, None) => Finding::silent(u32::MAX),
    }
}
