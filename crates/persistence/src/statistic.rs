//! Figures. The tenant's own are counted by one statement for each table, over the rows that row-level security shows the tenant, or
//! were counted by it when their month was closed. Those over all members are read as they were published. The catalogue and its rules
//! are in `pamoja_domain::statistic`.

pub(crate) mod kept;
mod own;
pub(crate) mod part;
mod published;
mod run;

use std::slice;

use chrono::NaiveDate;
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Date, Nullable, Text, Timestamptz};
use pamoja_domain::day::start_of_day;
use pamoja_domain::month::Month;
use pamoja_domain::statistic::{
    Dimension, Figure, MAXIMUM_CELLS, MAXIMUM_MONTHS, Measure, OwnSide, PeriodKind, Question, StatisticTableName, Subject, Table,
};
use pamoja_domain::vocabulary::Vocabulary;

use crate::error::StoreError;
use crate::statement::Statement;
pub use own::own;
use part::{DimensionClause, PARTICIPANTS, REFERRALS, each_reached, reached, whose};
pub use published::{publication, published, published_months};

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
fn indices(dimensions: &[Dimension], keys: &[impl AsRef<str>]) -> Result<Vec<usize>, StoreError> {
    let index = |(dimension, key): (&Dimension, &_)| {
        dimension.index_of(AsRef::as_ref(key)).ok_or_else(|| StoreError::unknown_code(dimension.name()))
    };
    dimensions.iter().zip(keys).map(index).collect()
}

/// The categories at those indices.
fn categories(dimensions: &[Dimension], indices: &[usize]) -> Vec<&'static str> {
    dimensions.iter().zip(indices).map(|(dimension, index)| dimension.categories()[*index]).collect()
}

/// What a statement counts: one measure of its table, or all of them side by side. A question about several measures has all
/// counted and takes those that it asks for: otherwise each choice of measures would have a text of its own.
#[derive(Clone, Copy)]
enum Counted {
    One(Measure),
    All,
}

impl Counted {
    fn by(question: &Question) -> Self {
        match question.measures[..] {
            [measure] => Self::One(measure),
            _ => Self::All,
        }
    }

    /// All that the table counts.
    fn whole(table: &Table) -> Self {
        match table.measures {
            [measure] => Self::One(*measure),
            _ => Self::All,
        }
    }

    /// Every way in which the table is counted.
    fn choices(table: &Table) -> impl Iterator<Item = Self> {
        let all = (table.measures.len() > 1).then_some(Self::All);
        table.measures.iter().map(|measure| Self::One(*measure)).chain(all)
    }

    /// The measures that the statement counts, in its order.
    fn measures(&self, table: &Table) -> &[Measure] {
        match self {
            Self::One(measure) => slice::from_ref(measure),
            Self::All => table.measures,
        }
    }
}

/// The statement that counts what the question asks for, in those of its months.
fn statement(question: &Question, side: OwnSide, counted: Counted, months: [Month; 2]) -> Statement {
    bound(text(&question.table, side, counted), months, question.period, &question.picked)
}

/// A text with its parameters.
fn bound(text: String, months: [Month; 2], period: PeriodKind, picked: &[Option<Vec<&'static str>>]) -> Statement {
    let [from, until] = months.map(|month| start_of_day(month.first_day()));
    let mut statement =
        Statement::built(text).bind::<Timestamptz, _>(from).bind::<Timestamptz, _>(until).bind::<Text, _>(unit(period));
    for keys in picked {
        statement = statement.bind::<Nullable<Array<Text>>, _>(keys.clone());
    }
    statement
}

/// The text of a statement that counts. Its parameters are the beginning and the end of what is counted, the unit of the periods,
/// and for each dimension of the table the picked keys, or null for all.
///
/// It selects records by when they were created or recorded, to use the index of that side. Picked categories narrow the cells,
/// never the totals.
fn text(table: &Table, side: OwnSide, counted: Counted) -> String {
    let subject = table.subject;
    let parts: Vec<DimensionClause> =
        table.dimensions.iter().map(|dimension| DimensionClause::of(*dimension, subject, side)).collect();
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
    let mut conditions: Vec<String> = parts.into_iter().filter_map(|part| part.condition).collect();
    // One measure selects its records. All are counted side by side, among the records of the table.
    let (sides, filters) = match counted {
        Counted::One(measure) => {
            conditions.extend(reached(measure));
            ("ARRAY[true]", vec!["true".to_owned()])
        }
        Counted::All => {
            joins.push(each_reached(table.measures));
            ("reached.measures", (1..=table.measures.len()).map(|place| format!("sides[{place}]")).collect())
        }
    };
    let count = |filter: &String| {
        format!(
            "coalesce(CASE WHEN GROUPING(keys) = 1 THEN sum(units) FILTER (WHERE once AND {filter}) ELSE sum(units) FILTER (WHERE {filter}) END, 0)::bigint"
        )
    };
    let counts: Vec<String> = filters.iter().map(count).collect();
    let picked = |place: usize| {
        let given = place + 3;
        format!("(${given}::text[] IS NULL OR keys[{place}] = ANY (${given}))")
    };
    let picked: Vec<String> = (1..=table.dimensions.len()).map(picked).collect();
    format!(
        "SELECT period, keys, ARRAY[{}] AS counts
         FROM (
             SELECT date_trunc($3::text, {moment} AT TIME ZONE interval '3 hours')::date AS period, ARRAY[{}]::text[] AS keys, {units} AS units,
                 {} AS once, {sides} AS sides
             FROM {records}
             {}
             WHERE {} AND {moment} >= $1 AND {moment} < $2{}
         ) AS counted
         GROUP BY GROUPING SETS ((period, keys), (period))
         HAVING GROUPING(keys) = 1 OR ({})
         ORDER BY GROUPING(keys) DESC LIMIT {}",
        counts.join(", "),
        keys.join(", "),
        once.join(" AND "),
        joins.join(" "),
        whose(subject, side),
        conditions.iter().map(|condition| format!(" AND {condition}")).collect::<String>(),
        picked.join(" AND "),
        // Beside the cells there is a total for each period, at most one a month.
        MAXIMUM_CELLS + 1 + MAXIMUM_MONTHS,
    )
}

/// Every text: each table on each side, by each of its measures and by all of them. A test has PostgreSQL prepare them.
pub(crate) fn statements() -> Vec<Statement> {
    let month = Month::at(chrono::DateTime::UNIX_EPOCH);
    let mut statements = Vec::new();
    for table in StatisticTableName::ALL.iter().map(|name| name.table()) {
        let picked = vec![None; table.dimensions.len()];
        for side in OwnSide::ALL {
            let of = |counted| bound(text(&table, *side, counted), [month; 2], PeriodKind::Month, &picked);
            statements.extend(Counted::choices(&table).map(of));
        }
    }
    statements
}

fn unit(period: PeriodKind) -> &'static str {
    match period {
        PeriodKind::Month => "month",
        PeriodKind::Quarter => "quarter",
        PeriodKind::Year => "year",
    }
}
