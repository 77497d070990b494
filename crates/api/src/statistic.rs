//! Figures, in the schema.

mod object;
mod query;

pub(crate) use object::StatisticTable;
pub(crate) use query::{COUNTING, StatisticQuery};
