//! The rollup: a month's counts, kept for the quarter and the year that are still to be published.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{Coordinate, Measure, Parties, StatisticTableName, Tabulation, Tally};
use pamoja_domain::vocabulary::Vocabulary;
use serde_json::{Value, json};
use tokio_postgres::{Row, Transaction};
use uuid::Uuid;

use super::cells;
use super::organisations::Organisations;
use crate::error::StoreError;

/// At most this many figures go into one statement.
const CHUNK: usize = 1_000;

/// The counts of each measure of each table in each month.
pub(super) type Tabulations = HashMap<(StatisticTableName, Measure, Month), Tabulation>;

/// Writes the counts of a month.
pub(super) async fn write(
    transaction: &Transaction<'_>,
    month: Month,
    tabulations: &[(StatisticTableName, Measure, Tabulation)],
    organisations: &Organisations,
) -> Result<(), StoreError> {
    let figures: Vec<(StatisticTableName, Measure, &Coordinate, &Tally)> = tabulations
        .iter()
        .flat_map(|(name, measure, tabulation)| {
            tabulation.iter().map(move |(coordinate, tally)| (*name, *measure, coordinate, tally))
        })
        .collect();
    for chunk in figures.chunks(CHUNK) {
        let rows = chunk.iter().map(|(name, measure, coordinate, tally)| {
            let parties = || tally.shares.keys();
            json!({
                "table_name": name.code(),
                "measure": measure.code(),
                "keys": cells::categories(&name.table(), **coordinate),
                "units": tally.units,
                "cell_key": tally.cell_key.cast_signed(),
                "sessions": tally.sessions,
                "contributors": parties().map(|parties| organisations.id(parties.contributor)).collect::<Vec<_>>(),
                "counterparts": parties().map(|parties| parties.counterpart.map(|number| organisations.id(number))).collect::<Vec<_>>(),
                "shares": tally.shares.values().collect::<Vec<_>>(),
            })
        });
        let rows = Value::Array(rows.collect()).to_string();
        transaction.execute(include_str!("insert_rollup.sql"), &[&month.first_day(), &rows]).await?;
    }
    Ok(())
}

/// Reads the counts of that month and the months after it.
pub(super) async fn read(
    transaction: &Transaction<'_>,
    from: Month,
    organisations: &Organisations,
) -> Result<Tabulations, StoreError> {
    let statement = include_str!("rollup_from.sql");
    let mut tabulations = Tabulations::new();
    for row in transaction.query(statement, &[&from.first_day()]).await? {
        let (name, measure) = (cells::table_name(row.get(0))?, cells::measure(row.get(1))?);
        let (month, keys): (NaiveDate, Vec<String>) = (row.get(2), row.get(3));
        let coordinate = cells::coordinate(&name.table(), &keys)?;
        tabulations.entry((name, measure, Month::of(month))).or_default().insert(coordinate, tally(&row, organisations)?);
    }
    Ok(tabulations)
}

fn tally(row: &Row, organisations: &Organisations) -> Result<Tally, StoreError> {
    let (units, cell_key, sessions): (i64, i64, i64) = (row.get(4), row.get(5), row.get(6));
    let (contributors, counterparts, shares): (Vec<Uuid>, Vec<Option<Uuid>>, Vec<i64>) = (row.get(7), row.get(8), row.get(9));
    let mut tally = Tally {
        units: units.unsigned_abs(),
        cell_key: cell_key.cast_unsigned(),
        sessions: sessions.unsigned_abs(),
        shares: BTreeMap::new(),
    };
    for ((contributor, counterpart), share) in contributors.into_iter().zip(counterparts).zip(shares) {
        let counterpart = counterpart.map(|id| organisations.number(id)).transpose()?;
        tally.shares.insert(Parties { contributor: organisations.number(contributor)?, counterpart }, share.unsigned_abs());
    }
    Ok(tally)
}

/// Deletes the whole rollup, once the year that it was kept for is published.
pub(super) async fn delete(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    transaction.execute(include_str!("delete_rollup.sql"), &[]).await?;
    Ok(())
}
