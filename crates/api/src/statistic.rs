//! Figures, in the schema.

mod object;
mod query;

use pamoja_domain::statistic::{Measure, OtherKey, OwnSide, PeriodKind, ResponseTime, StatisticTableName};

use crate::i18n::Captioned;

pub(crate) use object::StatisticTable;
pub(crate) use query::StatisticQuery;

/// The vocabularies of this feature whose codes have captions.
pub(crate) const VOCABULARIES: &[Captioned] = &[
    Captioned::of::<Measure>(),
    Captioned::of::<OtherKey>(),
    Captioned::of::<OwnSide>(),
    Captioned::of::<PeriodKind>(),
    Captioned::of::<ResponseTime>(),
    Captioned::of::<StatisticTableName>(),
];
