//! Figures of the own organisation: one statement a table, grouped in PostgreSQL, over the rows that row-level security shows it. The
//! catalogue and its rules are `pamoja_domain::statistic`'s.

mod part;

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Date, Nullable, Text, Timestamptz};
use pamoja_domain::day::start_of_day;
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{Dimension, MAXIMUM_CELLS, OwnSide, PeriodKind, Question};

use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;
use part::{Part, reached, sent_or_received};

/// A figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The first month of its period.
    pub period: Month,
    /// A key for each dimension of the table; none for a total.
    pub keys: Vec<&'static str>,
    /// How many.
    pub value: i64,
}

/// The figures of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Those of which there are any, by period and then in the order of the keys; one more than there can be when there are too many.
    pub cells: Vec<Cell>,
    /// One for each period, whatever was picked; each referral counts in it once.
    pub totals: Vec<Cell>,
}

#[derive(QueryableByName)]
struct CellRow {
    #[diesel(sql_type = Date)]
    period: NaiveDate,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    keys: Option<Vec<String>>,
    #[diesel(sql_type = BigInt)]
    value: i64,
}

/// What the own organisation's referrals on that side come to.
///
/// # Errors
/// When the database fails.
pub async fn own(tx: &TenantTx, question: &Question, side: OwnSide) -> Result<Figures, StoreError> {
    let rows: Vec<CellRow> = statement(question, side).rows(tx).await?;
    let mut found = HashMap::new();
    let mut cells = Vec::new();
    for row in rows {
        let period = Month::of(row.period);
        match row.keys {
            None => drop(found.insert(period, row.value)),
            Some(keys) => cells.push(placed(question.table.dimensions, period, &keys, row.value)?),
        }
    }
    cells.sort_by(|(left, one), (right, other)| (one.period, left).cmp(&(other.period, right)));
    let total = |period| Cell { period, keys: Vec::new(), value: found.get(&period).copied().unwrap_or(0) };
    Ok(Figures { cells: cells.into_iter().map(|(_, cell)| cell).collect(), totals: question.periods().map(total).collect() })
}

/// The cell, and the places of its keys in their order.
fn placed(dimensions: &[Dimension], period: Month, keys: &[String], value: i64) -> Result<(Vec<usize>, Cell), StoreError> {
    let mut places = Vec::with_capacity(keys.len());
    let mut known = Vec::with_capacity(keys.len());
    for (dimension, key) in dimensions.iter().zip(keys) {
        let all = dimension.keys();
        let place = all.iter().position(|one| one == key).ok_or_else(|| StoreError::unknown_code(dimension.name()))?;
        places.push(place);
        known.push(all[place]);
    }
    Ok((places, Cell { period, keys: known, value }))
}

/// Bounded by when referrals were created, as the index of that side has it. What is picked narrows the cells and never the totals.
fn statement(question: &Question, side: OwnSide) -> Statement {
    let parts: Vec<Part> = question.table.dimensions.iter().map(|dimension| Part::of(*dimension, side)).collect();
    let keys: Vec<&str> = parts.iter().map(|part| part.key.as_str()).collect();
    // A referral that is in several cells is in the total once.
    let once: Vec<&str> = parts.iter().filter_map(|part| part.once).collect();
    let joins: Vec<&str> = parts.iter().map(|part| part.joins.as_str()).collect();
    let conditions = parts.iter().filter_map(|part| part.condition.clone()).chain(reached(question.measure));
    let mut statement = Statement::new(String::new());
    let from = statement.add::<Timestamptz, _>(start_of_day(question.from.first_day()));
    let until = statement.add::<Timestamptz, _>(start_of_day(question.until.first_day()));
    let mut picked = String::new();
    for (position, keys) in question.picked.iter().enumerate() {
        if let Some(keys) = keys {
            let keys = statement.add::<Array<Text>, _>(keys.clone());
            picked.push_str(&format!(" AND keys[{}] = ANY ({keys})", position + 1));
        }
    }
    let rows = MAXIMUM_CELLS + 1 + question.periods().count();
    statement.push(&format!(
        "SELECT period, keys, CASE WHEN GROUPING(keys) = 1 THEN count(*) FILTER (WHERE once) ELSE count(*) END AS value
         FROM (
             SELECT date_trunc('{}', referral.created_at AT TIME ZONE interval '3 hours')::date AS period, ARRAY[{}] AS keys, {} AS once
             FROM referral
             JOIN referral_progress AS progress ON progress.from_organisation_id = referral.from_organisation_id AND progress.referral_id = referral.id
             {}
             WHERE {} AND referral.created_at >= {from} AND referral.created_at < {until} AND progress.status <> 'ENTERED_IN_ERROR'{}
         ) AS counted
         GROUP BY GROUPING SETS ((period, keys), (period))
         HAVING GROUPING(keys) = 1 OR (true{picked})
         ORDER BY GROUPING(keys) DESC LIMIT {rows}",
        unit(question.period),
        keys.join(", "),
        if once.is_empty() { "true".to_owned() } else { once.join(" AND ") },
        joins.join(" "),
        sent_or_received(side),
        conditions.map(|condition| format!(" AND {condition}")).collect::<String>(),
    ));
    statement
}

fn unit(period: PeriodKind) -> &'static str {
    match period {
        PeriodKind::Month => "month",
        PeriodKind::Quarter => "quarter",
        PeriodKind::Year => "year",
    }
}
