//! Published figures, as they are written and as the next months read them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{Measure, PeriodKind, Place, Shown, StatisticTableName, Table};
use pamoja_domain::vocabulary::Vocabulary;
use tokio_postgres::Transaction;

use crate::error::StoreError;

/// The keys of a figure.
pub(super) fn keys(table: &Table, place: Place) -> Vec<&'static str> {
    let places = place.places();
    table.dimensions.iter().zip(places).map(|(dimension, place)| dimension.keys()[usize::from(place)]).collect()
}

/// Where a figure of those keys stands.
pub(super) fn place(table: &Table, keys: &[String]) -> Result<Place, StoreError> {
    let places: Option<Vec<u16>> = table
        .dimensions
        .iter()
        .zip(keys)
        .map(|(dimension, key)| {
            dimension.keys().iter().position(|known| known == key).and_then(|place| u16::try_from(place).ok())
        })
        .collect();
    places.and_then(|places| Place::of(&places)).ok_or_else(|| StoreError::unknown_code("statistic"))
}

/// Writes the figures of a period.
pub(super) async fn write(
    transaction: &Transaction<'_>,
    name: StatisticTableName,
    measure: Measure,
    kind: PeriodKind,
    period: Month,
    figures: Vec<(Place, i64)>,
) -> Result<(), StoreError> {
    let table = name.table();
    // An array of arrays would have to be rectangular: keys stand joined by what is in no code.
    let (keys, values): (Vec<String>, Vec<i64>) =
        figures.into_iter().map(|(place, value)| (keys(&table, place).join(" "), value)).unzip();
    let statement = "INSERT INTO statistic_cell (table_name, measure, period_kind, period, keys, value)
        SELECT $1, $2, $3, $4, string_to_array(figure.keys, ' '), figure.value FROM unnest($5::text[], $6::bigint[]) AS figure (keys, value)";
    transaction.execute(statement, &[&name.code(), &measure.code(), &kind.code(), &period.first_day(), &keys, &values]).await?;
    Ok(())
}

/// What is shown of each period of that length, from that month on.
pub(super) async fn shown(
    transaction: &Transaction<'_>,
    name: StatisticTableName,
    measure: Measure,
    kind: PeriodKind,
    from: Month,
) -> Result<BTreeMap<Month, Shown>, StoreError> {
    let statement =
        "SELECT period, keys FROM statistic_cell WHERE table_name = $1 AND measure = $2 AND period_kind = $3 AND period >= $4";
    let rows = transaction.query(statement, &[&name.code(), &measure.code(), &kind.code(), &from.first_day()]).await?;
    let table = name.table();
    let mut shown: BTreeMap<Month, Shown> = BTreeMap::new();
    for row in rows {
        let (period, keys): (NaiveDate, Vec<String>) = (row.get(0), row.get(1));
        shown.entry(Month::of(period)).or_default().insert(place(&table, &keys)?);
    }
    Ok(shown)
}
