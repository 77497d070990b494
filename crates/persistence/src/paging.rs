//! Keyset paging: a page is read from one end and continues after the sort key of the last row seen. New rows that arrive
//! meanwhile make it neither skip nor repeat a row.
//!
//! A page of a list has one text for each end from which it is read, whatever cursors and size are asked for: the database knows
//! every text that the program may send.

use diesel::sql_types::BigInt;
use pamoja_domain::page::{MAXIMUM_PAGE, Page, PageEnd};

use crate::statement::Statement;

/// One column of a list's sort key.
pub(crate) struct SortColumn {
    /// The SQL expression.
    pub(crate) expression: &'static str,
    /// Whether the list begins with the greatest values.
    pub(crate) descending: bool,
    /// Its values.
    pub(crate) kind: SortKind,
}

/// The values of a column by which a list is sorted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SortKind {
    /// Moments, `timestamptz`.
    Moment,
    /// Days, `date`.
    Day,
    /// Ids, `uuid`.
    Id,
    /// Text.
    Text,
    /// `boolean`.
    Flag,
}

impl SortKind {
    fn sql_type(self) -> &'static str {
        match self {
            Self::Moment => "timestamptz",
            Self::Day => "date",
            Self::Id => "uuid",
            Self::Text => "text",
            Self::Flag => "boolean",
        }
    }

    /// What no value is below.
    fn least(self) -> &'static str {
        match self {
            Self::Moment | Self::Day => "'-infinity'",
            Self::Id => "'00000000-0000-0000-0000-000000000000'",
            Self::Text => "''",
            Self::Flag => "false",
        }
    }

    /// What no value is above. None for what has no such value.
    fn greatest(self) -> Option<&'static str> {
        match self {
            Self::Moment | Self::Day => Some("'infinity'"),
            Self::Id => Some("'ffffffff-ffff-ffff-ffff-ffffffffffff'"),
            Self::Text => None,
            Self::Flag => Some("true"),
        }
    }
}

/// Ends a statement that ends in its WHERE conditions: with a page's conditions, order and limit. All columns must run in the same
/// direction. `bind` adds the parameters of a cursor, nulls where there is none, and returns the text that refers to each, in the
/// order of the columns. What stands before must be one SELECT.
pub(crate) fn push_page<C>(
    statement: &mut Statement,
    columns: &[SortColumn],
    page: &Page<C>,
    bind: impl Fn(&mut Statement, Option<&C>) -> Vec<String>,
) {
    let row = columns.iter().map(|column| column.expression).collect::<Vec<_>>().join(", ");
    let descending = columns.iter().any(|column| column.descending);
    debug_assert!(columns.iter().all(|column| column.descending == descending), "a row comparison runs in one direction");
    let (later, earlier) = if descending { ("<", ">") } else { (">", "<") };
    for (cursor, comparison) in [(&page.after, later), (&page.before, earlier)] {
        let bound = bind(statement, cursor.as_ref());
        statement.push_sql(&format!(" AND {}", compared(columns, &row, comparison, &bound)));
    }
    let backwards = page.end == PageEnd::Last;
    let direction = if descending == backwards { "ASC" } else { "DESC" };
    let order = columns.iter().map(|column| format!("{} {direction}", column.expression)).collect::<Vec<_>>().join(", ");
    // The planner hears that few rows are needed. A parameter alone would not tell it.
    statement.push_sql(&format!(" ORDER BY {order} LIMIT {}", MAXIMUM_PAGE + 1));
    statement.limit_to(page.size + 1);
}

/// Compares the sort key with a cursor, and lets everything through where there is none.
fn compared(columns: &[SortColumn], row: &str, comparison: &str, bound: &[String]) -> String {
    let typed = |column: &SortColumn, bound: &String| format!("{bound}::{}", column.kind.sql_type());
    // An index serves a comparison, and doesn't serve an OR.
    let bounded = |(column, bound): (&SortColumn, &String)| {
        let any = if comparison == "<" { column.kind.greatest()? } else { column.kind.least() };
        Some(or_any(&typed(column, bound), any))
    };
    if let Some(bounded) = columns.iter().zip(bound).map(bounded).collect::<Option<Vec<_>>>() {
        return format!("({row}) {comparison} ({})", bounded.join(", "));
    }
    let typed: Vec<String> = columns.iter().zip(bound).map(|(column, bound)| typed(column, bound)).collect();
    format!("({} IS NULL OR ({row}) {comparison} ({}))", typed[0], typed.join(", "))
}

/// A parameter, or where it is null a value that lets everything through. The planner takes coalesce() for something that could tell a
/// row's values, and would keep the comparison away from the index until the policies let the row through; a CASE it trusts.
pub(crate) fn or_any(parameter: &str, any: &str) -> String {
    format!("CASE WHEN {parameter} IS NULL THEN {any} ELSE {parameter} END")
}

impl Statement {
    /// Takes only so many of the rows of a SELECT that says its own order and the most that it can need.
    pub(crate) fn limit_to(&mut self, rows: usize) {
        let rows = self.add::<BigInt, _>(i64::try_from(rows).unwrap_or(i64::MAX));
        self.enclose("SELECT * FROM (", &format!(") AS page LIMIT {rows}"));
    }
}

/// A page from either end, for the functions that list every variant of a statement.
pub(crate) fn every_page<C>() -> [Page<C>; 2] {
    [PageEnd::First, PageEnd::Last].map(|end| Page { size: 1, end, after: None, before: None })
}
