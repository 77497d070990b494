//! What figures are counted by, and every category that a cell can have.

use std::sync::OnceLock;

use chrono::TimeDelta;

use super::COHORT_DAYS;
use crate::county::CountyCode;
use crate::organisation::{OrganisationKind, Population};
use crate::referral::{AgeBand, DeclineReason, NonCompletionReason};
use crate::service::{ServiceGroup, ServiceType};
use crate::training::{Cadre, TrainingTopic};
use crate::vocabulary::Vocabulary;
use crate::{enumerated, vocabulary};

enumerated! {
    /// What a table counts by.
    pub enum Dimension {
        /// The service that the client needs.
        ServiceType,
        /// The group of that service.
        ServiceGroup,
        /// The county of the client or of the training.
        County,
        /// A population that the client counts themself to. A client of several counts in each.
        Population,
        /// The client's age band.
        AgeBand,
        /// The kind of organisation that receives it.
        ReceiverKind,
        /// How soon the receiver answered.
        ResponseTime,
        /// Why the receiver declined it.
        DeclineReason,
        /// Why it ended without the client being served.
        NonCompletionReason,
        /// The topic of the training.
        Topic,
        /// The cadre of the people trained.
        Cadre,
    }
}

impl Dimension {
    /// Its name in the schema.
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

    /// Every category that its cells can have, in the order in which cells are listed.
    pub fn categories(self) -> &'static [&'static str] {
        static CATEGORIES: [OnceLock<Vec<&'static str>>; Dimension::ALL.len()] =
            [const { OnceLock::new() }; Dimension::ALL.len()];
        CATEGORIES[self as usize].get_or_init(|| self.collected_categories())
    }

    /// The index of a category.
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

    /// Its categories besides the codes of its vocabulary.
    fn other_categories(self) -> &'static [OtherKey] {
        match self {
            Self::ReceiverKind => &[OtherKey::Outside, OtherKey::NotTaken],
            Self::DeclineReason | Self::NonCompletionReason => &[OtherKey::NotStated],
            _ => &[],
        }
    }

    /// Whether a record can be in several of its categories. The cells of a table by it then don't add up to the total.
    pub fn overlaps(self) -> bool {
        match self {
            Self::Population => true,
            Self::ServiceType
            | Self::ServiceGroup
            | Self::County
            | Self::AgeBand
            | Self::ReceiverKind
            | Self::ResponseTime
            | Self::DeclineReason
            | Self::NonCompletionReason
            | Self::Topic
            | Self::Cadre => false,
        }
    }

    /// Whether one training can be in several of its categories, with other people in each.
    pub(super) fn divides_sessions(self) -> bool {
        match self {
            Self::Cadre => true,
            Self::ServiceType
            | Self::ServiceGroup
            | Self::County
            | Self::Population
            | Self::AgeBand
            | Self::ReceiverKind
            | Self::ResponseTime
            | Self::DeclineReason
            | Self::NonCompletionReason
            | Self::Topic => false,
        }
    }

    /// The category of a coarser dimension that one of its categories belongs to.
    pub(super) fn coarser(self, category: &str) -> Option<&'static str> {
        match self {
            Self::ServiceType => ServiceType::from_code(category).map(|known| known.group().code()),
            _ => None,
        }
    }

    /// The vocabulary that one of its categories is a code of; `None` for a county.
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

    /// For the docs: which referrals a table by this dimension is about; `None` if it is about all.
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
    /// A category of a figure that is not one of its dimension's codes.
    pub enum OtherKey {
        /// No member received it: the sender went along to a facility outside the coalition.
        Outside = "OUTSIDE",
        /// Nobody received it: it was open to all and no member took it.
        NotTaken = "NOT_TAKEN",
        /// The viewer may not know the reason, or it was erased with the client's data.
        NotStated = "NOT_STATED",
    }
}

vocabulary! {
    /// How soon the receiver answered, whether it accepted or not.
    pub enum ResponseTime {
        /// Within 4 hours.
        Within4Hours = "WITHIN_4_HOURS",
        /// After more than 4 hours, within a day.
        Within24Hours = "WITHIN_24_HOURS",
        /// After more than a day, within three days.
        Within72Hours = "WITHIN_72_HOURS",
        /// After more than three days, within seven days.
        Within7Days = "WITHIN_7_DAYS",
        /// After more than seven days, within 30 days.
        Later = "LATER",
        /// Not within 30 days.
        Never = "NEVER",
    }
}

impl ResponseTime {
    /// The longest time in this category.
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
