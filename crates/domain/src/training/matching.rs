//! Which offers fit a training need, and which training requests an organisation could serve: what to suggest, in which order,
//! and why.

use chrono::{DateTime, Utc};

use super::code::{TrainingMode, TrainingTopic};
use crate::county::CountyCode;
use crate::day::day_of;
use crate::id::{TrainingOfferId, TrainingRequestId};
use crate::language::LanguageCode;
use crate::message::{Filling, Message};
use crate::month::Month;
use crate::ranking::{Finding, Ranked, rank};
use crate::vocabulary;

use TrainingTopic as Topic;

vocabulary! {
    /// Why an offer or an open request is suggested, or what speaks against it.
    pub enum MatchReasonCode {
        /// It is on the topic that you asked for.
        SameTopic = "SAME_TOPIC",
        /// It is on a topic that is close to the one that you asked for.
        RelatedTopic = "RELATED_TOPIC",
        /// It is held in the county that you asked for.
        SameCounty = "SAME_COUNTY",
        /// It can be held over a network connection, for people anywhere.
        Remote = "REMOTE",
        /// It is held in a county that borders the one that you asked for.
        NeighbouringCounty = "NEIGHBOURING_COUNTY",
        /// It is held further away.
        OtherCounty = "OTHER_COUNTY",
        /// It is held in one of the languages that people can be trained in.
        Language = "LANGUAGE",
        /// It is held in none of the languages that people can be trained in.
        OtherLanguage = "OTHER_LANGUAGE",
        /// It has room for all the people who are expected.
        Room = "ROOM",
        /// More people are expected than it has room for.
        TooManyPeople = "TOO_MANY_PEOPLE",
        /// How satisfied people were with the organisation's trainings on the topic.
        Satisfaction = "SATISFACTION",
        /// When the people who asked would like the training.
        PreferredMonth = "PREFERRED_MONTH",
        /// Since when they have been waiting.
        Waiting = "WAITING",
    }
}

/// Pairs of topics that are close to each other. If nobody offers one, the other may help.
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

/// A training need, as far as it matters for offers.
#[derive(Clone, Debug)]
pub struct TrainingNeed {
    /// The topic.
    pub topic: TrainingTopic,
    /// The county in which the people are.
    pub county: CountyCode,
    /// The languages in which they can be trained; empty means any.
    pub languages: Vec<LanguageCode>,
    /// How many people are expected, if that is known.
    pub people: Option<i32>,
}

/// An offer of an active member that can be requested, on the topic or a close one.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferCandidate {
    /// The offer.
    pub offer: TrainingOfferId,
    /// Its topic.
    pub topic: TrainingTopic,
    /// The ways in which it can be held.
    pub modes: Vec<TrainingMode>,
    /// The counties in which it is held; empty means everywhere.
    pub counties: Vec<CountyCode>,
    /// The languages in which it is held.
    pub languages: Vec<LanguageCode>,
    /// The most people that it has room for.
    pub maximum_participants: i32,
    /// How satisfied people were with the organisation's trainings on the topic, if the figure is published.
    pub satisfaction: Option<f64>,
}

/// A request that is open to all and that the viewer's organisation could serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedCandidate {
    /// The request.
    pub request: TrainingRequestId,
    /// The languages in which people can be trained; empty means any.
    pub languages: Vec<LanguageCode>,
    /// How many people are expected.
    pub people: i32,
    /// The months in which they would like it; empty means any.
    pub preferred_months: Vec<Month>,
    /// Since when they have been waiting.
    pub since: DateTime<Utc>,
    /// The languages of the offers that could serve it.
    pub offered_languages: Vec<LanguageCode>,
    /// The most people that the largest of those offers has room for.
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
        let county = self.county;
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

    /// The offers that fit best, the best first, each with its reasons. The criteria are topic, county, language, room and
    /// satisfaction.
    pub fn suggest(&self, candidates: Vec<OfferCandidate>) -> Vec<Ranked<OfferCandidate, MatchReasonCode>> {
        let topic = |candidate: &OfferCandidate| self.by_topic(candidate);
        let county = |candidate: &OfferCandidate| self.by_county(candidate);
        let language = |candidate: &OfferCandidate| by_language(&self.languages, &candidate.languages);
        let people = |candidate: &OfferCandidate| self.by_room(candidate);
        rank(candidates, &[&topic, &county, &language, &people, &by_satisfaction], |candidate| candidate.offer)
    }
}

/// An offer without a published satisfaction goes behind those with one. No reason is given.
fn by_satisfaction(candidate: &OfferCandidate) -> Finding<MatchReasonCode> {
    match candidate.satisfaction {
        None => Finding::silent(u32::MAX),
        Some(mean) => {
            let rank = ((5.0 - mean) * 10.0).round().max(0.0) as u32;
            let message = Message::of("matching-satisfaction").with("satisfaction", Filling::decimal(mean));
            Finding::new(rank, MatchReasonCode::Satisfaction, message)
        }
    }
}

/// If nobody asks for a language, it does not distinguish offers.
fn by_language(wanted: &[LanguageCode], offered: &[LanguageCode]) -> Finding<MatchReasonCode> {
    if wanted.is_empty() {
        return Finding::silent(0);
    }
    let common: Vec<LanguageCode> = wanted.iter().filter(|code| offered.contains(code)).cloned().collect();
    if common.is_empty() {
        return Finding::new(1, MatchReasonCode::OtherLanguage, Message::of("matching-other-language"));
    }
    Finding::new(0, MatchReasonCode::Language, Message::of("matching-language").with("languages", common))
}

fn room(fits: bool, words: Message, maximum: i32) -> Finding<MatchReasonCode> {
    if fits {
        Finding::new(0, MatchReasonCode::Room, words)
    } else {
        Finding::new(1, MatchReasonCode::TooManyPeople, Message::of("matching-too-many-people").with("maximum", maximum))
    }
}

/// The requests that the viewer could serve best, the best first, each with its reasons. The criteria are language, room, how
/// soon they would like it, and how long they have been waiting.
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

/// By the soonest preferred month that is not over. A sender who named no month can wait. A sender whose months have all passed
/// cannot.
fn by_month(candidate: &NeedCandidate, present: Month) -> Finding<MatchReasonCode> {
    let soonest = candidate.preferred_months.iter().copied().filter(|month| *month >= present).min();
    match (soonest, candidate.preferred_months.iter().max()) {
        (Some(month), _) => {
            let rank = u32::try_from(present.through(month)).unwrap_or(u32::MAX);
            let message = Message::of("matching-preferred-month").with("month", month);
            Finding::new(rank, MatchReasonCode::PreferredMonth, message)
        }
        (None, Some(last)) => {
            let message = Message::of("matching-preferred-month-past").with("month", *last);
            Finding::new(0, MatchReasonCode::PreferredMonth, message)
        }
        (None, None) => Finding::silent(u32::MAX),
    }
}
