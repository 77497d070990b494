//! Figures. The tenant's own are counted by one statement for each table, over the rows that row-level security shows the tenant.
//! Those over all members are read as they were published. The catalogue and its rules are in `pamoja_domain::statistic`.

pub(crate) mod part;
mod published;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Date, Nullable, Text, Timestamptz};
use pamoja_domain::day::start_of_day;
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{Dimension, MAXIMUM_CELLS, Measure, OwnSide, PeriodKind, Question, StatisticTableName, Subject};
use pamoja_domain::vocabulary::Vocabulary;

use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;
use part::{DimensionClause, PARTICIPANTS, REFERRALS, reached, whose};
pub use published::{published, published_months};

/// A figure: the value of one cell, or of a total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The first month of its period.
    pub period: Month,
    /// A category for each dimension of the table. Empty for a total.
    pub categories: Vec<&'static str>,
    /// The count. None where it is suppressed; one of the tenant's own figures never is.
    pub value: Option<i64>,
}

/// The figures of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The cells, by period and then in the order of the categories. Own figures that are zero are left out. When there are too
    /// many, the list is cut off, but is still longer than [`MAXIMUM_CELLS`].
    pub cells: Vec<Cell>,
    /// One total for each period, over all categories, even where only some were picked. Each record counts once in it.
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

/// The figures of the tenant's referrals and trainings on that side.
pub async fn own(tx: &TenantTx, question: &Question, side: OwnSide) -> Result<Figures, StoreError> {
    let rows: Vec<CellRow> = statement(question, side).rows(tx).await?;
    let dimensions = question.table.dimensions;
    let mut found = HashMap::new();
    let mut cells = Vec::new();
    for row in rows {
        let period = Month::of(row.period);
        match row.keys {
            None => drop(found.insert(period, row.value)),
            Some(codes) => {
                let indices = indices(dimensions, &codes)?;
                cells.push((Cell { period, categories: categories(dimensions, &indices), value: Some(row.value) }, indices));
            }
        }
    }
    cells.sort_by(|(one, left), (other, right)| (one.period, left).cmp(&(other.period, right)));
    let total = |period| Cell { period, categories: Vec::new(), value: Some(found.get(&period).copied().unwrap_or(0)) };
    Ok(Figures { cells: cells.into_iter().map(|(cell, _)| cell).collect(), totals: question.periods().map(total).collect() })
}

/// The index of each category of a cell, in its dimension.
fn indices(dimensions: &[Dimension], keys: &[String]) -> Result<Vec<usize>, StoreError> {
    let index = |(dimension, key): (&Dimension, &String)| {
        dimension.index_of(key).ok_or_else(|| StoreError::unknown_code(dimension.name()))
    };
    dimensions.iter().zip(keys).map(index).collect()
}

/// The categories at those indices.
fn categories(dimensions: &[Dimension], indices: &[usize]) -> Vec<&'static str> {
    dimensions.iter().zip(indices).map(|(dimension, index)| dimension.categories()[*index]).collect()
}

/// The statement that counts. It selects records by when they were created or recorded, to use the index of that side. Picked
/// categories narrow the cells, never the totals.
fn statement(question: &Question, side: OwnSide) -> Statement {
    let subject = question.table.subject;
    let parts: Vec<DimensionClause> =
        question.table.dimensions.iter().map(|dimension| DimensionClause::of(*dimension, subject, side)).collect();
    let mut keys: Vec<String> = Vec::new();
    let mut joins: Vec<String> = Vec::new();
    // A record that is in several cells must count once in the total.
    let mut once = vec!["true".to_owned()];
    for (position, part) in parts.iter().enumerate() {
        joins.extend(part.joins.iter().cloned());
        if part.several {
            joins.push(format!("CROSS JOIN LATERAL unnest({}) WITH ORDINALITY AS several_{position} (code, place)", part.key));
            keys.push(format!("several_{position}.code"));
            once.push(format!("several_{position}.place = 1"));
        } else {
            keys.push(part.key.clone());
        }
    }
    let (records, moment, units) = match subject {
        Subject::Referrals => (REFERRALS, "referral.created_at", "1"),
        Subject::Participants => (PARTICIPANTS, "session.delivered_at", "came.count"),
    };
    let conditions = parts.into_iter().filter_map(|part| part.condition).chain(reached(question.measure));
    let mut statement = Statement::built(String::new());
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
    statement.push_sql(&format!(
        "SELECT period, keys, coalesce(CASE WHEN GROUPING(keys) = 1 THEN sum(units) FILTER (WHERE once) ELSE sum(units) END, 0)::bigint AS value
         FROM (
             SELECT date_trunc('{}', {moment} AT TIME ZONE interval '3 hours')::date AS period, ARRAY[{}]::text[] AS keys, {units} AS units, {} AS once
             FROM {records}
             {}
             WHERE {} AND {moment} >= {from} AND {moment} < {until}{}
         ) AS counted
         GROUP BY GROUPING SETS ((period, keys), (period))
         HAVING GROUPING(keys) = 1 OR (true{picked})
         ORDER BY GROUPING(keys) DESC LIMIT {rows}",
        unit(question.period),
        keys.join(", "),
        once.join(" AND "),
        joins.join(" "),
        whose(subject, side),
        conditions.map(|condition| format!(" AND {condition}")).collect::<String>(),
    ));
    statement
}

/// Every table by each of its measures, in each length of period, on each side: with all keys, with some of each dimension, and
/// with some of all. A test has PostgreSQL prepare them.
pub(crate) fn statements() -> Vec<Statement> {
    let month = Month::at(DateTime::UNIX_EPOCH);
    let mut statements = Vec::new();
    for table in StatisticTableName::ALL.iter().map(|name| name.table()) {
        for (measure, period, side) in every_counting(table.measures) {
            let subsets = 0..1_usize << table.dimensions.len();
            statements.extend(subsets.map(|subset| {
                let picked = (0..table.dimensions.len()).map(|place| (subset >> place & 1 == 1).then(Vec::new)).collect();
                let question = Question { table, measure, period, from: month, until: month.plus(period.months()), picked };
                statement(&question, side)
            }));
        }
    }
    statements
}

fn every_counting(measures: &[Measure]) -> impl Iterator<Item = (Measure, PeriodKind, OwnSide)> {
    measures.iter().flat_map(|measure| {
        PeriodKind::ALL.iter().flat_map(move |period| OwnSide::ALL.iter().map(move |side| (*measure, *period, *side)))
    })
}

fn unit(period: PeriodKind) -> &'static str {
    match period {
        PeriodKind::Month => "month",
        PeriodKind::Quarter => "quarter",
        PeriodKind::Year => "year",
    }
}
