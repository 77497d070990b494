//! Published figures, as they are written and as the next months read them.

use std::collections::HashMap;

use chrono::NaiveDate;
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{Measure, PeriodKind, Place, Shown, StatisticTableName, Table};
use pamoja_domain::vocabulary::Vocabulary;
use tokio_postgres::Transaction;

use crate::error::StoreError;

/// How many figures go into one statement.
const CHUNK: usize = 2_000;

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
        .map(|(dimension, key)| dimension.place(key).and_then(|place| u16::try_from(place).ok()))
        .collect();
    places.and_then(|places| Place::of(&places)).ok_or_else(|| StoreError::unknown_code("statistic"))
}

/// A figure that is published.
pub(super) struct Figure {
    /// Of which table.
    pub(super) name: StatisticTableName,
    /// Of what.
    pub(super) measure: Measure,
    /// How long its period is.
    pub(super) kind: PeriodKind,
    /// The first month of that.
    pub(super) period: Month,
    /// Where in the table.
    pub(super) place: Place,
    /// What is shown.
    pub(super) value: i64,
}

/// Writes figures.
pub(super) async fn write(transaction: &Transaction<'_>, figures: &[Figure]) -> Result<(), StoreError> {
    for figures in figures.chunks(CHUNK) {
        let names: Vec<&str> = figures.iter().map(|figure| figure.name.code()).collect();
        let measures: Vec<&str> = figures.iter().map(|figure| figure.measure.code()).collect();
        let kinds: Vec<&str> = figures.iter().map(|figure| figure.kind.code()).collect();
        let periods: Vec<NaiveDate> = figures.iter().map(|figure| figure.period.first_day()).collect();
        // An array of arrays would have to be rectangular: keys stand joined by what is in no code.
        let keys: Vec<String> = figures.iter().map(|figure| keys(&figure.name.table(), figure.place).join(" ")).collect();
        let values: Vec<i64> = figures.iter().map(|figure| figure.value).collect();
        transaction.execute(include_str!("insert_cells.sql"), &[&names, &measures, &kinds, &periods, &keys, &values]).await?;
    }
    Ok(())
}

/// What is shown of each measure of each table in each period.
pub(super) type AllShown = HashMap<(StatisticTableName, Measure, Month), Shown>;

/// What is shown of the periods of that length, from that month on.
pub(super) async fn shown(transaction: &Transaction<'_>, kind: PeriodKind, from: Month) -> Result<AllShown, StoreError> {
    let statement = include_str!("cells_from.sql");
    let mut shown = AllShown::new();
    for row in transaction.query(statement, &[&kind.code(), &from.first_day()]).await? {
        let (name, measure) = (name(row.get(0))?, by(row.get(1))?);
        let (period, keys): (NaiveDate, Vec<String>) = (row.get(2), row.get(3));
        shown.entry((name, measure, Month::of(period))).or_default().insert(place(&name.table(), &keys)?);
    }
    Ok(shown)
}

/// The table of that name.
pub(super) fn name(code: &str) -> Result<StatisticTableName, StoreError> {
    StatisticTableName::from_code(code).ok_or_else(|| StoreError::unknown_code(StatisticTableName::NAME))
}

/// The measure of that name.
pub(super) fn by(code: &str) -> Result<Measure, StoreError> {
    Measure::from_code(code).ok_or_else(|| StoreError::unknown_code(Measure::NAME))
}
