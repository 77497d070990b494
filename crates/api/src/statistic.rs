//! Figures, in the schema.

mod object;
mod query;

pub use object::{DisclosureMethod, StatisticCell, StatisticTable};
pub use query::{Coalition, DimensionFilter, StatisticQuery, StatisticTableInfo, StatisticTableInput};
