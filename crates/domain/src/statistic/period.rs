//! The periods that figures are counted by.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, Utc};

use super::COHORT_DAYS;
use crate::day::start_of_day;
use crate::month::Month;
use crate::vocabulary;

use crate::vocabulary::Vocabulary;

vocabulary! {
    /// How long a period of figures is. Periods are whole calendar months, quarters and years in East Africa Time.
    pub enum PeriodKind {
        /// A month.
        Month = "MONTH",
        /// Three months, beginning in January, April, July or October.
        Quarter = "QUARTER",
        /// Twelve months, beginning in January.
        Year = "YEAR",
    }
}

impl PeriodKind {
    /// The number of months.
    pub fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }

    /// The first month of the period that contains this month.
    pub fn first_month(self, month: Month) -> Month {
        let day = month.first_day();
        day.with_month0(day.month0() / self.months() * self.months()).map_or(month, Month::of)
    }
}

impl PeriodKind {
    /// The longest period that ends with this month.
    pub fn ending_with(month: Month) -> Self {
        let next = month.plus(1);
        Self::ALL.iter().rev().copied().find(|period| period.first_month(next) == next).unwrap_or(Self::Month)
    }

    /// The longest period that ends with this month and has none of those months before it. A table that wasn't counted in them
    /// has no figures for a period that has one of them: it would count a part for the whole.
    pub fn ending_with_and_without(month: Month, uncounted: &BTreeSet<Month>) -> Self {
        let longest = Self::ending_with(month);
        let is_whole = |period: &Self| uncounted.range(period.first_month(month)..month).next().is_none();
        Self::ALL.iter().rev().copied().filter(|period| *period <= longest).find(is_whole).unwrap_or(Self::Month)
    }
}

/// The moment from which nothing that a month counts can change: everything that was created in it has had its 30 days.
pub fn closes_at(month: Month) -> DateTime<Utc> {
    start_of_day(month.plus(1).first_day() + Days::new(COHORT_DAYS.unsigned_abs()))
}

/// The last closed month at a moment.
pub fn last_closed(at: DateTime<Utc>) -> Month {
    Month::at(at - chrono::TimeDelta::days(COHORT_DAYS)).before()
}
