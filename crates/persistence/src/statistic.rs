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
use pamoja_domain::statistic::{
    Dimension, Figure, MAXIMUM_CELLS, Measure, OwnSide, PeriodKind, Question, StatisticTableName, Subject,
};
use pamoja_domain::vocabulary::Vocabulary;

use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;
use part::{DimensionClause, PARTICIPANTS, REFERRALS, each_reached, reached, whose};
pub use published::{published, published_months};

/// How a release names one measure of a table. No code contains a space.
pub(crate) fn series(name: StatisticTableName, measure: Measure) -> String {
    format!("{name} {measure}")
}

/// One cell, or a total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The first month of its period.
    pub period: Month,
    /// A category for each dimension of the table. Empty for a total.
    pub categories: Vec<&'static str>,
    /// A figure for each measure of the question, in its order. The tenant's own are always shown.
    pub figures: Vec<Figure>,
}

/// The figures of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The cells that the question lists, for each period: by period and then in the order of the categories.
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
    #[diesel(sql_type = Array<BigInt>)]
    counts: Vec<i64>,
}

/// The figures of the tenant's referrals and trainings on that side.
pub async fn own(tx: &TenantTx, question: &Question, side: OwnSide) -> Result<Figures, StoreError> {
    let rows: Vec<CellRow> = statement(question, side).rows(tx).await?;
    let dimensions = question.table.dimensions;
    let mut counted: HashMap<(Month, Vec<&'static str>), Vec<i64>> = HashMap::new();
    for row in rows {
        let categories = match row.keys {
            None => Vec::new(),
            Some(codes) => categories(dimensions, &indices(dimensions, &codes)?),
        };
        counted.insert((Month::of(row.period), categories), row.counts);
    }
    Ok(laid_out(question, |period, categories| {
        let counts = counted.remove(&(period, categories.to_vec())).unwrap_or_else(|| vec![0; question.measures.len()]);
        counts.into_iter().map(Figure::shown).collect()
    }))
}

/// All periods and cells of a question, in their order, with what stands in each. Every answer is laid out by this.
fn laid_out(question: &Question, mut figures: impl FnMut(Month, &[&'static str]) -> Vec<Figure>) -> Figures {
    let listed = question.listed();
    let mut laid_out = Figures { cells: Vec::new(), totals: Vec::new() };
    for period in question.periods() {
        laid_out.totals.push(Cell { period, categories: Vec::new(), figures: figures(period, &[]) });
        for categories in &listed {
            laid_out.cells.push(Cell { period, categories: categories.clone(), figures: figures(period, categories) });
        }
    }
    laid_out
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
    let measures = &question.measures;
    let mut conditions: Vec<String> = parts.into_iter().filter_map(|part| part.condition).collect();
    // One measure selects its records. Several are counted side by side, among the records of the table.
    let (sides, filters) = match (&measures[..], subject) {
        ([measure], _) => {
            conditions.extend(reached(*measure));
            ("ARRAY[true]", vec!["true".to_owned()])
        }
        (_, Subject::Participants) => ("ARRAY[true]", vec!["true".to_owned(); measures.len()]),
        (_, Subject::Referrals) => {
            joins.push(each_reached(measures));
            ("reached.measures", (1..=measures.len()).map(|place| format!("sides[{place}]")).collect())
        }
    };
    let count = |filter: &String| {
        format!(
            "coalesce(CASE WHEN GROUPING(keys) = 1 THEN sum(units) FILTER (WHERE once AND {filter}) ELSE sum(units) FILTER (WHERE {filter}) END, 0)::bigint"
        )
    };
    let counts: Vec<String> = filters.iter().map(count).collect();
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
        "SELECT period, keys, ARRAY[{}] AS counts
         FROM (
             SELECT date_trunc('{}', {moment} AT TIME ZONE interval '3 hours')::date AS period, ARRAY[{}]::text[] AS keys, {units} AS units,
                 {} AS once, {sides} AS sides
             FROM {records}
             {}
             WHERE {} AND {moment} >= {from} AND {moment} < {until}{}
         ) AS counted
         GROUP BY GROUPING SETS ((period, keys), (period))
         HAVING GROUPING(keys) = 1 OR (true{picked})
         ORDER BY GROUPING(keys) DESC LIMIT {rows}",
        counts.join(", "),
        unit(question.period),
        keys.join(", "),
        once.join(" AND "),
        joins.join(" "),
        whose(subject, side),
        conditions.iter().map(|condition| format!(" AND {condition}")).collect::<String>(),
    ));
    statement
}

/// Every table by each of its measures and by all of them, in each length of period, on each side: with all keys, with some of each dimension, and
/// with some of all. A test has PostgreSQL prepare them.
pub(crate) fn statements() -> Vec<Statement> {
    let month = Month::at(DateTime::UNIX_EPOCH);
    let mut statements = Vec::new();
    for table in StatisticTableName::ALL.iter().map(|name| name.table()) {
        for (measures, period, side) in every_counting(table.measures) {
            let subsets = 0..1_usize << table.dimensions.len();
            statements.extend(subsets.map(|subset| {
                let picked = (0..table.dimensions.len()).map(|place| (subset >> place & 1 == 1).then(Vec::new)).collect();
                let measures = measures.clone();
                let question = Question { table, measures, period, from: month, until: month.plus(period.months()), picked };
                statement(&question, side)
            }));
        }
    }
    statements
}

fn every_counting(measures: &[Measure]) -> impl Iterator<Item = (Vec<Measure>, PeriodKind, OwnSide)> {
    let choices = measures.iter().map(|measure| vec![*measure]).chain((measures.len() > 1).then(|| measures.to_vec()));
    choices.flat_map(|measures| {
        let places = PeriodKind::ALL.iter().flat_map(|period| OwnSide::ALL.iter().map(move |side| (*period, *side)));
        places.map(move |(period, side)| (measures.clone(), period, side))
    })
}

fn unit(period: PeriodKind) -> &'static str {
    match period {
        PeriodKind::Month => "month",
        PeriodKind::Quarter => "quarter",
        PeriodKind::Year => "year",
    }
}
