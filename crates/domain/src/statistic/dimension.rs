//! By what figures are counted, and every category that a cell can be of.

use std::sync::OnceLock;

use chrono::TimeDelta;

use super::COHORT_DAYS;
use crate::county::CountyCode;
use crate::organisation::{OrganisationKind, Population};
use crate::referral::{AgeBand, DeclineReason, NonCompletionReason};
use crate::service::{ServiceGroup, ServiceType};
use crate::training::{Cadre, TrainingTopic};
use crate::vocabulary;
use crate::vocabulary::Vocabulary;

/// By what a table counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// What the client needs.
    ServiceType,
    /// To which group that belongs.
    ServiceGroup,
    /// Where the client is, or the training was.
    County,
    /// A population that the client counts themself to: of several, each.
    Population,
    /// The client's age band.
    AgeBand,
    /// The kind of the receiver.
    ReceiverKind,
    /// How soon the receiver answered.
    ResponseTime,
    /// Why it is declined.
    DeclineReason,
    /// Why it ended unserved.
    NonCompletionReason,
    /// What a training is about.
    Topic,
    /// What those do who are trained.
    Cadre,
}

impl Dimension {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::ServiceType,
        Self::ServiceGroup,
        Self::County,
        Self::Population,
        Self::AgeBand,
        Self::ReceiverKind,
        Self::ResponseTime,
        Self::DeclineReason,
        Self::NonCompletionReason,
        Self::Topic,
        Self::Cadre,
    ];

    /// As the schema names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ServiceType => "serviceType",
            Self::ServiceGroup => "serviceGroup",
            Self::County => "county",
            Self::Population => "population",
            Self::AgeBand => "ageBand",
            Self::ReceiverKind => "receiverKind",
            Self::ResponseTime => "responseTime",
            Self::DeclineReason | Self::NonCompletionReason => "reason",
            Self::Topic => "topic",
            Self::Cadre => "cadre",
        }
    }

    /// Every category that a cell can be of there, in the order in which cells are listed.
    pub fn categories(self) -> &'static [&'static str] {
        static CATEGORIES: [OnceLock<Vec<&'static str>>; Dimension::ALL.len()] =
            [const { OnceLock::new() }; Dimension::ALL.len()];
        CATEGORIES[self as usize].get_or_init(|| self.collected_categories())
    }

    /// The index of that category among its categories.
    pub fn index_of(self, category: &str) -> Option<usize> {
        self.categories().iter().position(|known| *known == category)
    }

    fn collected_categories(self) -> Vec<&'static str> {
        let mut categories = match self {
            Self::ServiceType => codes::<ServiceType>(),
            Self::ServiceGroup => codes::<ServiceGroup>(),
            Self::County => CountyCode::ALL.into_iter().map(CountyCode::as_str).collect(),
            Self::Population => codes::<Population>(),
            Self::AgeBand => codes::<AgeBand>(),
            Self::ReceiverKind => codes::<OrganisationKind>(),
            Self::ResponseTime => codes::<ResponseTime>(),
            Self::DeclineReason => codes::<DeclineReason>(),
            Self::NonCompletionReason => codes::<NonCompletionReason>(),
            Self::Topic => codes::<TrainingTopic>(),
            Self::Cadre => codes::<Cadre>(),
        };
        categories.extend(self.other_categories().iter().map(|other| other.code()));
        categories
    }

    /// The categories beside the codes of its vocabulary.
    fn other_categories(self) -> &'static [OtherKey] {
        match self {
            Self::ReceiverKind => &[OtherKey::Outside, OtherKey::NotTaken],
            Self::DeclineReason | Self::NonCompletionReason => &[OtherKey::NotStated],
            _ => &[],
        }
    }

    /// The category that a category of it belongs to in another dimension of the catalogue, which is coarser.
    pub(super) fn coarser(self, category: &str) -> Option<&'static str> {
        match self {
            Self::ServiceType => ServiceType::from_code(category).map(|known| known.group().code()),
            _ => None,
        }
    }

    /// Of which vocabulary that category of it is a code; of none where it is a county's.
    pub fn vocabulary_of(self, category: &str) -> Option<&'static str> {
        if self.other_categories().iter().any(|other| other.code() == category) {
            return Some(OtherKey::NAME);
        }
        Some(match self {
            Self::ServiceType => ServiceType::NAME,
            Self::ServiceGroup => ServiceGroup::NAME,
            Self::County => return None,
            Self::Population => Population::NAME,
            Self::AgeBand => AgeBand::NAME,
            Self::ReceiverKind => OrganisationKind::NAME,
            Self::ResponseTime => ResponseTime::NAME,
            Self::DeclineReason => DeclineReason::NAME,
            Self::NonCompletionReason => NonCompletionReason::NAME,
            Self::Topic => TrainingTopic::NAME,
            Self::Cadre => Cadre::NAME,
        })
    }

    /// Which referrals alone a table by it is about, in the words of the docs; all where nothing is said.
    pub fn about(self) -> Option<&'static str> {
        match self {
            Self::Population => Some("without clients under 18"),
            Self::ResponseTime => Some("without accompanied ones"),
            Self::DeclineReason => Some("those that stand at DECLINED, within 30 days"),
            Self::NonCompletionReason => Some("those that stand at NOT_COMPLETED, within 30 days"),
            _ => None,
        }
    }
}

fn codes<T: Vocabulary>() -> Vec<&'static str> {
    T::ALL.iter().map(|member| member.code()).collect()
}

vocabulary! {
    /// A key of figures that the codes of its dimension lack.
    pub enum OtherKey {
        /// No member received it: the sender goes along to a facility outside the coalition.
        Outside = "OUTSIDE",
        /// Nobody received it: it was open to all, and no member took it.
        NotTaken = "NOT_TAKEN",
        /// The reason isn't known to whoever asks, or was erased with the client.
        NotStated = "NOT_STATED",
    }
}

vocabulary! {
    /// How soon the receiver answered, whatever the answer was.
    pub enum ResponseTime {
        /// Within 4 hours.
        Within4Hours = "WITHIN_4_HOURS",
        /// Within a day, and not sooner.
        Within24Hours = "WITHIN_24_HOURS",
        /// Within three days, and not sooner.
        Within72Hours = "WITHIN_72_HOURS",
        /// Within seven days, and not sooner.
        Within7Days = "WITHIN_7_DAYS",
        /// Within 30 days, and not sooner.
        Later = "LATER",
        /// Not within 30 days.
        Never = "NEVER",
    }
}

impl ResponseTime {
    /// The longest time that it stands for.
    pub fn longest(self) -> Option<TimeDelta> {
        match self {
            Self::Within4Hours => Some(TimeDelta::hours(4)),
            Self::Within24Hours => Some(TimeDelta::hours(24)),
            Self::Within72Hours => Some(TimeDelta::hours(72)),
            Self::Within7Days => Some(TimeDelta::days(7)),
            Self::Later => Some(TimeDelta::days(COHORT_DAYS)),
            Self::Never => None,
        }
    }
}
