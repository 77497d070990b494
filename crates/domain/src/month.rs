//! Calendar months, as people in Kenya count them.

use std::fmt;

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};

use crate::day::day_of;
use crate::message::{Filling, Message};
use crate::refusal::Refusal;

/// A month, such as 2026-10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month(NaiveDate);

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// The month in Kenya at a moment.
    pub fn at(at: DateTime<Utc>) -> Self {
        Self::of(day_of(at))
    }

    /// Reads a field's month, such as 2026-10.
    ///
    /// # Errors
    /// INVALID when the text isn't a month of the years 2000 to 9999.
    pub fn parse(field: &str, text: &str) -> Result<Self, Refusal> {
        let day = (text.len() == 7).then(|| NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok()).flatten();
        day.filter(|day| (2000..=9999).contains(&day.year()))
            .map(Self)
            .ok_or_else(|| Refusal::invalid(field, Message::of("month-malformed")))
    }

    /// Reads the fields `from` and `through`: at most that many months, the last not before the first.
    ///
    /// # Errors
    /// INVALID for the first of the two that is wrong.
    pub fn parse_range(from: &str, through: &str, maximum: usize) -> Result<[Self; 2], Refusal> {
        let [from, through] = [Self::parse("from", from)?, Self::parse("through", through)?];
        if from > through {
            return Err(Refusal::invalid("through", "statistic-order"));
        }
        if from.through(through) > maximum {
            return Err(Refusal::invalid("through", Message::of("statistic-range").with("maximum", maximum)));
        }
        Ok([from, through])
    }

    /// The first day of the month.
    pub fn first_day(self) -> NaiveDate {
        self.0
    }

    /// The month that many months later; this month if the calendar does not reach that far.
    #[must_use]
    pub fn plus(self, months: u32) -> Self {
        Self(self.0.checked_add_months(Months::new(months)).unwrap_or(self.0))
    }

    /// The month before; this month if the calendar does not reach that far.
    #[must_use]
    pub fn before(self) -> Self {
        Self(self.0.checked_sub_months(Months::new(1)).unwrap_or(self.0))
    }

    /// The number of months from this one to the other, both counted; zero if the other comes first.
    pub fn through(self, other: Self) -> usize {
        let months = (other.0.year() - self.0.year()) * 12 + other.0.month() as i32 - self.0.month() as i32 + 1;
        usize::try_from(months).unwrap_or(0)
    }
}

impl From<Month> for Filling {
    fn from(month: Month) -> Self {
        Self::Month(month.0)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0.format("%Y-%m"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_a_month_is_read_as_one() {
        for text in ["", "2026", "2026-1", "2026-13", "2026-00", "2026-10-01", "26-10", "1999-12", "2026/10", "２０２６-10"] {
            assert!(Month::parse("from", text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_month_reads_as_it_is_written(months in 0_u32..1_000) {
            let first = Month::parse("from", "2000-01").expect("a month");
            let month = first.plus(months);
            prop_assert_eq!(Month::parse("from", &month.to_string()), Ok(month));
            prop_assert_eq!(first.through(month), months as usize + 1);
            prop_assert_eq!(month.plus(1).through(first), 0);
        }
    }
}
