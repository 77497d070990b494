//! Figures: a closed catalogue of tables in which referrals are counted, each declared once, and what can be asked of them. Nothing else
//! is ever counted for anybody.
//!
//! A table of referrals counts those that were created in a period, and how many of them got how far within 30 days: a figure of a month
//! stands still once those days are over for all of it. A table of trainings counts who came, by when the delivery was recorded.
//!
//! An organisation reads its own figures as they are. Those of all members are published once a month is closed, for good: a
//! [`Tally`] is what stands behind a figure, a [`SensitivityRule`] what must stand behind it, a [`Tabulation`] one measure of a table in a period, and a
//! [`DisclosureControl`] decides what is published of it and by how much [`Noise`] it is off.

mod catalogue;
mod count;
mod differencing;
mod dimension;
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
pub use noise::{Noise, NoiseKey, PerturbationTable, ReleaseKey};
pub use period::{PeriodKind, closes_at, last_closed};
pub use question::{MAXIMUM_CELLS, MAXIMUM_MONTHS, Question, QuestionDraft, too_many_cells};
pub use relation::LinkedTables;
pub use release::{DisclosureControl, MonthCount, PROTECTION_LEVEL, Released};
pub use tabulation::{Coordinate, PublishedCells, Tabulation};
pub use tally::{OrganisationNumber, Parties, SensitivityRule, Tally};
pub use utility::{OF_USE, Utility};

/// Within how many days of its creation what becomes of a referral counts.
pub const COHORT_DAYS: i64 = 30;

#[cfg(test)]
mod tests;
