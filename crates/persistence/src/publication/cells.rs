//! Published figures, as they are written and as the next months read them.

use std::collections::HashMap;

use chrono::NaiveDate;
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{Coordinate, Measure, PeriodKind, PublishedCells, StatisticTableName, Table};
use pamoja_domain::vocabulary::Vocabulary;
use tokio_postgres::Transaction;

use crate::error::StoreError;

/// How many figures go into one statement.
const CHUNK: usize = 2_000;

/// The categories of a figure.
pub(super) fn categories(table: &Table, coordinate: Coordinate) -> Vec<&'static str> {
    let indices = coordinate.indices();
    table.dimensions.iter().zip(indices).map(|(dimension, index)| dimension.categories()[usize::from(index)]).collect()
}

/// The coordinate of those categories.
pub(super) fn coordinate(table: &Table, keys: &[String]) -> Result<Coordinate, StoreError> {
    let indices: Option<Vec<u16>> = table
        .dimensions
        .iter()
        .zip(keys)
        .map(|(dimension, key)| dimension.index_of(key).and_then(|index| u16::try_from(index).ok()))
        .collect();
    indices.and_then(|indices| Coordinate::of(&indices)).ok_or_else(|| StoreError::unknown_code("statistic"))
}

/// A figure that is published.
pub(super) struct PublishedCell {
    /// Of which table.
    pub(super) name: StatisticTableName,
    /// Of what.
    pub(super) measure: Measure,
    /// How long its period is.
    pub(super) kind: PeriodKind,
    /// The first month of that.
    pub(super) period: Month,
    /// Where in the table.
    pub(super) coordinate: Coordinate,
    /// What is published.
    pub(super) value: i64,
}

/// Writes figures.
pub(super) async fn write(transaction: &Transaction<'_>, figures: &[PublishedCell]) -> Result<(), StoreError> {
    for figures in figures.chunks(CHUNK) {
        let names: Vec<&str> = figures.iter().map(|figure| figure.name.code()).collect();
        let measures: Vec<&str> = figures.iter().map(|figure| figure.measure.code()).collect();
        let kinds: Vec<&str> = figures.iter().map(|figure| figure.kind.code()).collect();
        let periods: Vec<NaiveDate> = figures.iter().map(|figure| figure.period.first_day()).collect();
        // An array of arrays would have to be rectangular: keys stand joined by what is in no code.
        let keys: Vec<String> =
            figures.iter().map(|figure| categories(&figure.name.table(), figure.coordinate).join(" ")).collect();
        let values: Vec<i64> = figures.iter().map(|figure| figure.value).collect();
        transaction
            .execute(
                "INSERT INTO statistic_cell (table_name, measure, period_kind, period, keys, value)
                 SELECT table_name, measure, period_kind, period, string_to_array(keys, ' '), value
                 FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::text[], $6::bigint[])
                     AS figure (table_name, measure, period_kind, period, keys, value)",
                &[&names, &measures, &kinds, &periods, &keys, &values],
            )
            .await?;
    }
    Ok(())
}

/// What is published of each measure of each table in each period.
pub(super) type AllPublishedCells = HashMap<(StatisticTableName, Measure, Month), PublishedCells>;

/// What is published of the periods of that length, from that month on.
pub(super) async fn published(
    transaction: &Transaction<'_>,
    kind: PeriodKind,
    from: Month,
) -> Result<AllPublishedCells, StoreError> {
    let statement = "SELECT table_name, measure, period, keys FROM statistic_cell WHERE period_kind = $1 AND period >= $2";
    let mut published = AllPublishedCells::new();
    for row in transaction.query(statement, &[&kind.code(), &from.first_day()]).await? {
        let (name, measure) = (table_name(row.get(0))?, measure(row.get(1))?);
        let (period, keys): (NaiveDate, Vec<String>) = (row.get(2), row.get(3));
        published.entry((name, measure, Month::of(period))).or_default().insert(coordinate(&name.table(), &keys)?);
    }
    Ok(published)
}

/// The table of that name.
pub(super) fn table_name(code: &str) -> Result<StatisticTableName, StoreError> {
    StatisticTableName::from_code(code).ok_or_else(|| StoreError::unknown_code(StatisticTableName::NAME))
}

/// The measure of that name.
pub(super) fn measure(code: &str) -> Result<Measure, StoreError> {
    Measure::from_code(code).ok_or_else(|| StoreError::unknown_code(Measure::NAME))
}
