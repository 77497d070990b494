//! Own figures of closed months, kept as counts, so that a question about five years doesn't look at every record of five years.
//!
//! They are counted by the same text as everything else, and the hash of that text is kept with them: another text counts anew. The
//! database strikes what is kept of a month when a record that it counts is changed (`docs/decisions/0034`).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::NaiveDate;
use diesel::sql_types::{Array, BigInt, Date, Text, Uuid as SqlUuid};
use diesel::{ExpressionMethods, Insertable, QueryDsl, QueryableByName};
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{OwnSide, PeriodKind, Question, StatisticTableName, Table, last_closed};
use pamoja_domain::vocabulary::Vocabulary;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{CellRow, Counted, bound, text};
use crate::batch::Batch;
use crate::error::StoreError;
use crate::lock::lock;
use crate::publication::MARGIN;
use crate::schema::{own_figure, own_figure_change};
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// What divides the codes of a cell's keys. No code contains it.
const DIVIDER: &str = " ";

/// What is kept of a table's month: for each of its measures a total, and a count for each cell that isn't zero.
#[derive(QueryableByName)]
pub(super) struct KeptMonth {
    #[diesel(sql_type = Date)]
    month: NaiveDate,
    #[diesel(sql_type = Array<Text>)]
    keys: Vec<String>,
    #[diesel(sql_type = Array<BigInt>)]
    counts: Vec<i64>,
    #[diesel(sql_type = Array<BigInt>)]
    pub(super) totals: Vec<i64>,
}

impl KeptMonth {
    /// The codes of each cell, with its counts.
    pub(super) fn cells(&self) -> impl Iterator<Item = (Vec<&str>, &[i64])> {
        self.keys.iter().map(|keys| keys.split(DIVIDER).collect()).zip(self.counts.chunks(self.totals.len()))
    }
}

/// What is kept of the question's months.
pub(super) async fn read(tx: &TenantTx, question: &Question, side: OwnSide) -> Result<BTreeMap<Month, KeptMonth>, StoreError> {
    let kept: Vec<KeptMonth> = Statement::new(include_str!("kept/read.sql"))
        .bind::<Text, _>(side.code())
        .bind::<Text, _>(question.table.name.code())
        .bind::<Text, _>(rule(&question.table, side))
        .bind::<Date, _>(question.from.first_day())
        .bind::<Date, _>(question.until.first_day())
        .rows(tx)
        .await?;
    Ok(kept.into_iter().map(|kept| (Month::of(kept.month), kept)).collect())
}

/// By what a table's kept figures were counted: a hash of the statement.
fn rule(table: &Table, side: OwnSide) -> String {
    let hash = Sha256::digest(text(table, side, Counted::whole(table)));
    let mut rule = String::new();
    for byte in &hash[..16] {
        write!(rule, "{byte:02x}").expect("a string takes it");
    }
    rule
}

#[derive(QueryableByName)]
struct DueMonth {
    #[diesel(sql_type = Text)]
    side: String,
    #[diesel(sql_type = Date)]
    month: NaiveDate,
    #[diesel(sql_type = Array<SqlUuid>)]
    changes: Vec<Uuid>,
}

/// Counts, of the tenant's closed months, the latest that isn't kept or was struck, on one side and in all tables, and keeps that. There
/// may be more.
pub(crate) async fn keep(tx: &TenantTx) -> Result<Batch, StoreError> {
    // What is struck is read after that, and what is counted after what is struck. So a change whose row is deleted below was counted,
    // and of one that wasn't the row stays.
    lock(tx, "own_figure").await?;
    let last = last_closed(tx.at() - MARGIN);
    let tables: Vec<Table> = StatisticTableName::ALL.iter().map(|name| name.table()).collect();
    let rules: Vec<String> = OwnSide::ALL.iter().flat_map(|side| tables.iter().map(|table| rule(table, *side))).collect();
    let due: Vec<DueMonth> = Statement::new(include_str!("kept/due.sql"))
        .bind::<Date, _>(last.first_day())
        .bind::<Array<Text>, _>(rules)
        .bind::<BigInt, _>(tables.len() as i64)
        .rows(tx)
        .await?;
    let Some(due) = due.into_iter().next() else { return Ok(Batch::NOTHING) };
    let side = OwnSide::from_code(&due.side).ok_or_else(|| StoreError::unknown_code("side"))?;
    let own = tx.organisation()?.0;
    let before = own_figure::table
        .filter(own_figure::organisation_id.eq(own))
        .filter(own_figure::side.eq(side.code()))
        .filter(own_figure::month.eq(due.month));
    tx.execute(diesel::delete(before)).await?;
    let month = Month::of(due.month);
    let is_closed = month <= last;
    if is_closed {
        for table in &tables {
            keep_table(tx, table, side, month).await?;
        }
    }
    let counted = own_figure_change::table
        .filter(own_figure_change::organisation_id.eq(own))
        .filter(own_figure_change::side.eq(side.code()))
        .filter(own_figure_change::month.eq(due.month))
        .filter(own_figure_change::id.eq_any(due.changes));
    tx.execute(diesel::delete(counted)).await?;
    Ok(Batch { rows: usize::from(is_closed), more: true })
}

#[derive(Insertable)]
#[diesel(table_name = own_figure)]
struct NewFigureRow {
    organisation_id: Uuid,
    side: &'static str,
    month: NaiveDate,
    table_name: &'static str,
    rule: String,
    keys: Vec<String>,
    counts: Vec<i64>,
    totals: Vec<i64>,
}

/// Counts a table's month, and keeps that.
async fn keep_table(tx: &TenantTx, table: &Table, side: OwnSide, month: Month) -> Result<(), StoreError> {
    let counted = Counted::whole(table);
    let all = vec![None; table.dimensions.len()];
    let rows: Vec<CellRow> = bound(text(table, side, counted), [month, month.plus(1)], PeriodKind::Month, &all).rows(tx).await?;
    let (mut keys, mut counts, mut totals) = (Vec::new(), Vec::new(), vec![0; counted.measures(table).len()]);
    for row in rows {
        match row.keys {
            None => totals = row.counts,
            Some(codes) => {
                keys.push(codes.join(DIVIDER));
                counts.extend(row.counts);
            }
        }
    }
    let new = NewFigureRow {
        organisation_id: tx.organisation()?.0,
        side: side.code(),
        month: month.first_day(),
        table_name: table.name.code(),
        rule: rule(table, side),
        keys,
        counts,
        totals,
    };
    tx.execute(diesel::insert_into(own_figure::table).values(new)).await?;
    Ok(())
}
