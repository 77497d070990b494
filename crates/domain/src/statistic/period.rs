//! The periods that figures are counted by.

use chrono::{DateTime, Datelike, Days, Utc};

use super::COHORT_DAYS;
use crate::day::start_of_day;
use crate::month::Month;
use crate::vocabulary;

use crate::vocabulary::Vocabulary;

vocabulary! {
    /// How long a period of figures is; always whole ones of the calendar, in East Africa Time.
    pub enum PeriodKind {
        /// A month.
        Month = "MONTH",
        /// Three months, from January, April, July or October.
        Quarter = "QUARTER",
        /// Twelve months, from January.
        Year = "YEAR",
    }
}

impl PeriodKind {
    /// How many months it has.
    pub fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }

    /// The first month of the period that the month is in.
    pub fn first_month(self, month: Month) -> Month {
        let day = month.first_day();
        day.with_month0(day.month0() / self.months() * self.months()).map_or(month, Month::of)
    }
}

impl PeriodKind {
    /// The longest period that ends with the month.
    pub fn ending_with(month: Month) -> Self {
        let next = month.plus(1);
        Self::ALL.iter().rev().copied().find(|period| period.first_month(next) == next).unwrap_or(Self::Month)
    }
}

/// When nothing that is counted in a month can change any more: all that was created in it has had its 30 days.
pub fn closes_at(month: Month) -> DateTime<Utc> {
    start_of_day(month.plus(1).first_day() + Days::new(COHORT_DAYS.unsigned_abs()))
}

/// The last month that is closed at that moment.
pub fn last_closed(at: DateTime<Utc>) -> Month {
    Month::at(at - chrono::TimeDelta::days(COHORT_DAYS)).before()
}
