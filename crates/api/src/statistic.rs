//! Figures, in the schema.

pub mod download;
mod object;
mod query;

pub use object::{DisclosureMethod, StatisticCell, StatisticTable};
pub use query::{Coalition, DimensionFilter, StatisticQuery, StatisticTableInfo, StatisticTableInput};
