//! Figures: a closed catalogue of tables, each declared once, and the questions that can be asked of them. Nothing else is ever
//! counted.
//!
//! A table of referrals counts those that were created in a period, and how many of them reached which state within 30 days. A
//! month's figure is final once those 30 days are over for all of its referrals. A table of trainings counts the people who came,
//! by when the delivery was recorded.
//!
//! An organisation reads its own figures unchanged. The figures of all members are published once a month is closed, and what is
//! published never changes. A [`Tally`] holds the records behind a figure. A [`SensitivityRule`] says which records must be
//! behind a published figure. A [`Tabulation`] is one measure of a table in a period. A [`DisclosureControl`] decides which of
//! its figures are published, with how much [`Noise`].

mod catalogue;
mod count;
mod differencing;
mod dimension;
mod figure;
mod noise;
mod period;
mod question;
mod relation;
mod release;
mod tabulation;
mod tally;
mod utility;

pub use catalogue::{Measure, OwnSide, StatisticTableName, StructuralZeros, Subject, Table, markdown_table};
pub use count::{Count, Record};
pub use dimension::{Dimension, OtherKey, ResponseTime};
pub use figure::{Figure, FigureStatus, Publication, PublishedMonths};
pub use noise::{Noise, NoiseKey, PerturbationTable, ReleaseKey};
pub use period::{PeriodKind, closes_at, last_closed};
pub use question::{MAXIMUM_CELLS, MAXIMUM_MONTHS, Question, QuestionDraft};
pub use relation::LinkedTables;
pub use release::{DisclosureControl, PROTECTION_LEVEL};
pub use tabulation::{Coordinate, MonthCount, PublishedCells, Released, Tabulation};
pub use tally::{OrganisationNumber, Parties, SensitivityRule, Tally};
pub use utility::{OF_USE, Utility};

/// What happens to a referral counts if it happens within this many days of its creation.
pub const COHORT_DAYS: i64 = 30;

#[cfg(test)]
mod tests;
