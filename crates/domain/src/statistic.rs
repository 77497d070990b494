//! Figures: a closed catalogue of tables in which referrals are counted, each declared once, and what can be asked of them. Nothing else
//! is ever counted for anybody.
//!
//! Every table counts the referrals that were created in a period, and how many of them got how far within 30 days: a figure of a month
//! stands still once those days are over for all of it.

mod catalogue;
mod dimension;
mod period;
mod question;

pub use catalogue::{Measure, OwnSide, StatisticTableName, Table, markdown_table};
pub use dimension::{Dimension, OtherKey, ResponseTime};
pub use period::PeriodKind;
pub use question::{MAXIMUM_CELLS, MAXIMUM_MONTHS, Question, QuestionDraft, too_many_cells};

/// Within how many days of its creation what becomes of a referral counts.
pub const COHORT_DAYS: i64 = 30;

#[cfg(test)]
mod tests;
