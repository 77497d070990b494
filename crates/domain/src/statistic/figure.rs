//! A figure as it is answered, and why one has no value.

use std::collections::BTreeSet;

use super::{Measure, PeriodKind};
use crate::month::Month;
use crate::vocabulary;

vocabulary! {
    /// Whether a figure has a value, and why it has none.
    pub enum FigureStatus {
        /// It has a value.
        Shown = "SHOWN",
        /// It is suppressed because it could tell of somebody. It may be zero.
        Suppressed = "SUPPRESSED",
        /// Its period isn't published yet: it isn't over, or its last month isn't closed.
        NotYetPublished = "NOT_YET_PUBLISHED",
        /// Its period is never published: it lies before the first published month, or one of its months was published before the
        /// table was counted.
        NeverPublished = "NEVER_PUBLISHED",
    }
}

/// A figure as it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The count. `None` unless the figure is shown.
    pub value: Option<i64>,
    /// Whether it is shown, and if not, why.
    pub status: FigureStatus,
}

impl Figure {
    /// A figure that is shown.
    pub fn shown(value: i64) -> Self {
        Self { value: Some(value), status: FigureStatus::Shown }
    }

    /// A figure without a value, for that reason.
    pub fn missing(status: FigureStatus) -> Self {
        Self { value: None, status }
    }
}

/// The first and the last published month. Those between them are published, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedMonths {
    /// The first.
    pub first: Month,
    /// The last.
    pub last: Month,
}

impl PublishedMonths {
    /// The last month of the last period of that length that is published. `None` while no such period is over. Nothing was
    /// counted before the first published month, so the period that it is in is published as a whole.
    pub fn through(self, kind: PeriodKind) -> Option<Month> {
        let last = kind.first_month(self.last.plus(1)).before();
        (last >= self.first).then_some(last)
    }
}

/// What is published of a table.
#[derive(Clone, Debug, Default)]
pub struct Publication {
    /// The published months. `None` before the first publication.
    pub months: Option<PublishedMonths>,
    /// The months that were published before one of the table's measures was counted, each with that measure.
    pub without: BTreeSet<(Measure, Month)>,
}

impl Publication {
    /// Why a measure has no figure at all in the period that begins with that month. `None` if the period is published.
    pub fn missing(&self, measure: Measure, kind: PeriodKind, period: Month) -> Option<FigureStatus> {
        let end = period.plus(kind.months());
        let Some(PublishedMonths { first, last }) = self.months else {
            return Some(FigureStatus::NotYetPublished);
        };
        if end > last.plus(1) {
            return Some(FigureStatus::NotYetPublished);
        }
        let lacks_a_month = self.without.range((measure, period)..(measure, end)).next().is_some();
        (end <= first || lacks_a_month).then_some(FigureStatus::NeverPublished)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Vocabulary;

    fn month(text: &str) -> Month {
        Month::parse("", text).expect("a month")
    }

    fn published(first: &str, last: &str) -> PublishedMonths {
        PublishedMonths { first: month(first), last: month(last) }
    }

    #[test]
    fn a_period_is_published_with_its_last_month() {
        let months = published("2025-02", "2026-02");
        let through = PeriodKind::ALL.iter().map(|kind| months.through(*kind).map(|month| month.to_string()));
        assert_eq!(through.collect::<Vec<_>>(), ["2026-02", "2025-12", "2025-12"].map(|month| Some(month.to_owned())));
        let early = published("2025-02", "2025-02");
        assert_eq!(PeriodKind::ALL.iter().map(|kind| early.through(*kind).is_some()).collect::<Vec<_>>(), [true, false, false]);
    }

    #[test]
    fn a_period_without_figures_says_why() {
        use FigureStatus::{NeverPublished, NotYetPublished};
        use PeriodKind::{Month as OfMonth, Quarter, Year};
        let without = BTreeSet::from([(Measure::Created, month("2025-04"))]);
        let publication = Publication { months: Some(published("2025-02", "2026-02")), without };
        for (measure, kind, period, status) in [
            (Measure::Created, OfMonth, "2025-01", Some(NeverPublished)),
            (Measure::Created, OfMonth, "2025-02", None),
            (Measure::Created, OfMonth, "2025-04", Some(NeverPublished)),
            (Measure::Arrived, OfMonth, "2025-04", None),
            (Measure::Created, OfMonth, "2026-02", None),
            (Measure::Created, OfMonth, "2026-03", Some(NotYetPublished)),
            (Measure::Created, Quarter, "2025-01", None),
            (Measure::Created, Quarter, "2025-04", Some(NeverPublished)),
            (Measure::Created, Quarter, "2025-07", None),
            (Measure::Created, Quarter, "2026-01", Some(NotYetPublished)),
            (Measure::Created, Year, "2025-01", Some(NeverPublished)),
            (Measure::Arrived, Year, "2025-01", None),
            (Measure::Arrived, Year, "2026-01", Some(NotYetPublished)),
        ] {
            assert_eq!(publication.missing(measure, kind, month(period)), status, "{measure} {kind} {period}");
            assert_eq!(Publication::default().missing(measure, kind, month(period)), Some(NotYetPublished));
        }
    }
}
