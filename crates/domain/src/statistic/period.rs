//! The periods that figures are counted by.

use chrono::Datelike;

use crate::month::Month;
use crate::vocabulary;

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
