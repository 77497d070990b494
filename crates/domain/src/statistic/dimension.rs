//! By what figures are counted, and every key that a cell can have.

use chrono::TimeDelta;

use super::COHORT_DAYS;
use crate::county::CountyCode;
use crate::organisation::{OrganisationKind, Population};
use crate::referral::{AgeBand, DeclineReason, NonCompletionReason};
use crate::service::ServiceType;
use crate::vocabulary;
use crate::vocabulary::Vocabulary;

/// By what a table counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// What the client needs.
    ServiceType,
    /// Where the client is.
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
}

impl Dimension {
    /// As the schema names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ServiceType => "serviceType",
            Self::County => "county",
            Self::Population => "population",
            Self::AgeBand => "ageBand",
            Self::ReceiverKind => "receiverKind",
            Self::ResponseTime => "responseTime",
            Self::DeclineReason | Self::NonCompletionReason => "reason",
        }
    }

    /// Every key that a cell can have there, in the order in which cells are listed.
    pub fn keys(self) -> Vec<&'static str> {
        match self {
            Self::ServiceType => codes::<ServiceType>(&[]),
            Self::County => CountyCode::ALL.into_iter().map(CountyCode::as_str).collect(),
            Self::Population => codes::<Population>(&[]),
            Self::AgeBand => codes::<AgeBand>(&[]),
            Self::ReceiverKind => codes::<OrganisationKind>(&[OtherKey::Outside, OtherKey::NotTaken]),
            Self::ResponseTime => codes::<ResponseTime>(&[]),
            Self::DeclineReason => codes::<DeclineReason>(&[OtherKey::NotStated]),
            Self::NonCompletionReason => codes::<NonCompletionReason>(&[OtherKey::NotStated]),
        }
    }

    /// Which referrals alone a table by it is about, in the words of the docs; all where nothing is said.
    pub fn about(self) -> Option<&'static str> {
        match self {
            Self::Population => Some("without clients under 18"),
            Self::ResponseTime => Some("without accompanied ones"),
            Self::DeclineReason => Some("those that stand at DECLINED, within 30 days"),
            Self::NonCompletionReason => Some("those that stand at NOT_COMPLETED, within 30 days"),
            Self::ServiceType | Self::County | Self::AgeBand | Self::ReceiverKind => None,
        }
    }
}

fn codes<T: Vocabulary>(others: &[OtherKey]) -> Vec<&'static str> {
    T::ALL.iter().map(|member| member.code()).chain(others.iter().map(|other| other.code())).collect()
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
