//! Keyset paging: a page is read from one end and continues after the sort key of the last row seen. New rows that arrive
//! meanwhile make it neither skip nor repeat a row.

use pamoja_domain::page::{Page, PageEnd};

use crate::statement::Statement;

/// One column of a list's sort key.
pub(crate) struct SortColumn {
    /// The SQL expression.
    pub(crate) expression: &'static str,
    /// Whether the list begins with the greatest values.
    pub(crate) descending: bool,
}

/// Adds a page's conditions, order and limit to a statement that ends in its WHERE conditions. All columns must run in the same
/// direction. `bind` adds the parameters of a cursor and returns the text that refers to each, in the order of the columns.
pub(crate) fn push_page<C>(
    statement: &mut Statement,
    columns: &[SortColumn],
    page: &Page<C>,
    bind: impl Fn(&mut Statement, &C) -> Vec<String>,
) {
    let row = columns.iter().map(|column| column.expression).collect::<Vec<_>>().join(", ");
    let descending = columns.iter().any(|column| column.descending);
    debug_assert!(columns.iter().all(|column| column.descending == descending), "a row comparison runs in one direction");
    let (later, earlier) = if descending { ("<", ">") } else { (">", "<") };
    for (cursor, comparison) in [(&page.after, later), (&page.before, earlier)] {
        if let Some(cursor) = cursor {
            let bound = bind(statement, cursor).join(", ");
            statement.push_sql(&format!(" AND ({row}) {comparison} ({bound})"));
        }
    }
    let backwards = page.end == PageEnd::Last;
    let direction = if descending == backwards { "ASC" } else { "DESC" };
    let order = columns.iter().map(|column| format!("{} {direction}", column.expression)).collect::<Vec<_>>().join(", ");
    // The limit is literal: only a hundred sizes exist, and the planner then knows how few rows are needed.
    statement.push_sql(&format!(" ORDER BY {order} LIMIT {}", page.size + 1));
}

/// A page from either end, with both cursors and with none, for the functions that list every variant of a statement.
pub(crate) fn every_page<C: Clone>(cursor: &C) -> Vec<Page<C>> {
    let page = |end, cursor: Option<&C>| Page { size: 1, end, after: cursor.cloned(), before: cursor.cloned() };
    vec![
        page(PageEnd::First, None),
        page(PageEnd::First, Some(cursor)),
        page(PageEnd::Last, None),
        page(PageEnd::Last, Some(cursor)),
    ]
}
