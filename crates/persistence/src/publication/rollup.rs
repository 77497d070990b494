//! What a month was counted as, kept for the quarter and the year that are still to be published.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{Measure, Parties, Place, Sheet, StatisticTableName, Tally};
use pamoja_domain::vocabulary::Vocabulary;
use serde_json::json;
use tokio_postgres::{Row, Transaction};
use uuid::Uuid;

use super::cells;
use super::organisations::Organisations;
use crate::error::StoreError;

/// How many figures go into one statement.
const CHUNK: usize = 500;
const COLUMNS: &str = "month, keys, units, cell_key, sessions, contributors, counterparts, shares";

/// Writes what was counted.
pub(super) async fn write(
    transaction: &Transaction<'_>,
    name: StatisticTableName,
    measure: Measure,
    month: Month,
    sheet: &Sheet,
    organisations: &Organisations,
) -> Result<(), StoreError> {
    let table = name.table();
    let figures: Vec<_> = sheet.iter().collect();
    for chunk in figures.chunks(CHUNK) {
        let row = |(place, tally): &(&Place, &Tally)| {
            let parties: Vec<(&Parties, &u64)> = tally.shares.iter().collect();
            json!({
                "keys": cells::keys(&table, **place), "units": tally.units, "cell_key": tally.cell_key.cast_signed(), "sessions": tally.sessions,
                "contributors": parties.iter().map(|(parties, _)| organisations.id(parties.contributor)).collect::<Vec<_>>(),
                "counterparts": parties.iter().map(|(parties, _)| parties.counterpart.map(|party| organisations.id(party))).collect::<Vec<_>>(),
                "shares": parties.iter().map(|(_, share)| share).collect::<Vec<_>>(),
            })
        };
        let rows = serde_json::Value::Array(chunk.iter().map(row).collect()).to_string();
        transaction
            .execute(
                "INSERT INTO statistic_rollup (table_name, measure, month, keys, units, cell_key, sessions, contributors, counterparts, shares)
                 SELECT $1, $2, $3, keys, units, cell_key, sessions, contributors, counterparts, shares FROM jsonb_to_recordset($4::text::jsonb)
                     AS figure (keys text[], units bigint, cell_key bigint, sessions bigint, contributors uuid[], counterparts uuid[], shares bigint[])",
                &[&name.code(), &measure.code(), &month.first_day(), &rows],
            )
            .await?;
    }
    Ok(())
}

/// What the months that are still kept were counted as.
pub(super) async fn read(
    transaction: &Transaction<'_>,
    name: StatisticTableName,
    measure: Measure,
    organisations: &Organisations,
) -> Result<BTreeMap<Month, Sheet>, StoreError> {
    let statement = format!("SELECT {COLUMNS} FROM statistic_rollup WHERE table_name = $1 AND measure = $2");
    let rows = transaction.query(&statement, &[&name.code(), &measure.code()]).await?;
    sheets(name, &rows, organisations)
}

/// Of those months the totals alone.
pub(super) async fn read_totals(
    transaction: &Transaction<'_>,
    name: StatisticTableName,
    measure: Measure,
    organisations: &Organisations,
) -> Result<BTreeMap<Month, Sheet>, StoreError> {
    let statement = format!("SELECT {COLUMNS} FROM statistic_rollup WHERE table_name = $1 AND measure = $2 AND keys = '{{}}'");
    let rows = transaction.query(&statement, &[&name.code(), &measure.code()]).await?;
    sheets(name, &rows, organisations)
}

/// Deletes all of it, when the year that it was kept for is published.
pub(super) async fn delete(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    transaction.execute("DELETE FROM statistic_rollup", &[]).await?;
    Ok(())
}

fn sheets(name: StatisticTableName, rows: &[Row], organisations: &Organisations) -> Result<BTreeMap<Month, Sheet>, StoreError> {
    let table = name.table();
    let mut sheets: BTreeMap<Month, Sheet> = BTreeMap::new();
    for row in rows {
        let (month, keys): (NaiveDate, Vec<String>) = (row.get(0), row.get(1));
        let (units, cell_key, sessions): (i64, i64, i64) = (row.get(2), row.get(3), row.get(4));
        let (contributors, counterparts, shares): (Vec<Uuid>, Vec<Option<Uuid>>, Vec<i64>) = (row.get(5), row.get(6), row.get(7));
        let mut tally = Tally {
            units: units.unsigned_abs(),
            cell_key: cell_key.cast_unsigned(),
            sessions: sessions.unsigned_abs(),
            shares: BTreeMap::new(),
        };
        for ((contributor, counterpart), share) in contributors.into_iter().zip(counterparts).zip(shares) {
            let counterpart = counterpart.map(|id| organisations.party(id)).transpose()?;
            let parties = Parties { contributor: organisations.party(contributor)?, counterpart };
            tally.shares.insert(parties, share.unsigned_abs());
        }
        sheets.entry(Month::of(month)).or_default().insert(cells::place(&table, &keys)?, tally);
    }
    Ok(sheets)
}
