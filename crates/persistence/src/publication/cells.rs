//! Published figures: writing them, and reading them for the months that follow.

use std::collections::HashMap;

use chrono::NaiveDate;
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{Coordinate, Measure, PeriodKind, PublishedCells, StatisticTableName, Table};
use pamoja_domain::vocabulary::Vocabulary;
use tokio_postgres::Transaction;

use crate::error::StoreError;

/// At most this many figures go into one statement.
const CHUNK: usize = 2_000;

/// The categories at a coordinate of a table.
pub(super) fn categories(table: &Table, coordinate: Coordinate) -> Vec<&'static str> {
    let indices = coordinate.indices();
    table.dimensions.iter().zip(indices).map(|(dimension, index)| dimension.categories()[usize::from(index)]).collect()
}

/// The coordinate of these categories in a table.
pub(super) fn coordinate(table: &Table, keys: &[String]) -> Result<Coordinate, StoreError> {
    let indices: Option<Vec<u16>> = table
        .dimensions
        .iter()
        .zip(keys)
        .map(|(dimension, key)| dimension.index_of(key).and_then(|index| u16::try_from(index).ok()))
        .collect();
    indices.and_then(|indices| Coordinate::of(&indices)).ok_or_else(|| StoreError::unknown_code("statistic"))
}

/// A published figure.
pub(super) struct PublishedCell {
    /// The table.
    pub(super) name: StatisticTableName,
    /// The measure.
    pub(super) measure: Measure,
    /// The length of its period.
    pub(super) kind: PeriodKind,
    /// The first month of its period.
    pub(super) period: Month,
    /// Its position in the table.
    pub(super) coordinate: Coordinate,
    /// The published number.
    pub(super) value: i64,
}

/// Writes these figures.
pub(super) async fn write(transaction: &Transaction<'_>, figures: &[PublishedCell]) -> Result<(), StoreError> {
    for figures in figures.chunks(CHUNK) {
        let names: Vec<&str> = figures.iter().map(|figure| figure.name.code()).collect();
        let measures: Vec<&str> = figures.iter().map(|figure| figure.measure.code()).collect();
        let kinds: Vec<&str> = figures.iter().map(|figure| figure.kind.code()).collect();
        let periods: Vec<NaiveDate> = figures.iter().map(|figure| figure.period.first_day()).collect();
        // PostgreSQL's arrays of arrays must be rectangular, so each figure's codes are joined by a space, which no code
        // contains.
        let keys: Vec<String> =
            figures.iter().map(|figure| categories(&figure.name.table(), figure.coordinate).join(" ")).collect();
        let values: Vec<i64> = figures.iter().map(|figure| figure.value).collect();
        transaction.execute(include_str!("insert_cells.sql"), &[&names, &measures, &kinds, &periods, &keys, &values]).await?;
    }
    Ok(())
}

/// The coordinates that are published, for each measure of each table in each period.
pub(super) type AllPublishedCells = HashMap<(StatisticTableName, Measure, Month), PublishedCells>;

/// The coordinates that are published in periods of that length, from that month on.
pub(super) async fn published(
    transaction: &Transaction<'_>,
    kind: PeriodKind,
    from: Month,
) -> Result<AllPublishedCells, StoreError> {
    let statement = include_str!("cells_from.sql");
    let mut published = AllPublishedCells::new();
    for row in transaction.query(statement, &[&kind.code(), &from.first_day()]).await? {
        let (name, measure) = (table_name(row.get(0))?, measure(row.get(1))?);
        let (period, keys): (NaiveDate, Vec<String>) = (row.get(2), row.get(3));
        published.entry((name, measure, Month::of(period))).or_default().insert(coordinate(&name.table(), &keys)?);
    }
    Ok(published)
}

/// Reads the code of a table's name.
pub(super) fn table_name(code: &str) -> Result<StatisticTableName, StoreError> {
    StatisticTableName::from_code(code).ok_or_else(|| StoreError::unknown_code(StatisticTableName::NAME))
}

/// Reads the code of a measure.
pub(super) fn measure(code: &str) -> Result<Measure, StoreError> {
    Measure::from_code(code).ok_or_else(|| StoreError::unknown_code(Measure::NAME))
}
