//! Figures, in the schema.

mod object;
mod query;

use pamoja_domain::statistic::{Measure, OtherKey, OwnSide, PeriodKind, ResponseTime, StatisticTableName};

use crate::i18n::Captioned;

pub use object::{DisclosureMethod, StatisticCell, StatisticTable};
pub use query::{Coalition, DimensionFilter, StatisticQuery, StatisticTableInfo, StatisticTableInput};

/// The vocabularies of this feature whose codes have captions.
pub const VOCABULARIES: &[Captioned] = &[
    Captioned::of::<Measure>(),
    Captioned::of::<OtherKey>(),
    Captioned::of::<OwnSide>(),
    Captioned::of::<PeriodKind>(),
    Captioned::of::<ResponseTime>(),
    Captioned::of::<StatisticTableName>(),
];
