//! Keyset paging: a page is read from one end, by the sort key of the last row seen, so that rows which arrive meanwhile make it
//! neither skip nor repeat.

use pamoja_domain::page::{Page, PageEnd};

use crate::statement::Statement;

/// One column of the sort key, in the order of the list.
pub(crate) struct SortColumn {
    /// The SQL expression.
    pub(crate) expression: &'static str,
    /// Whether greater values come first.
    pub(crate) descending: bool,
}

/// Adds conditions, order and limit to a statement that ends in its WHERE conditions. All columns run in one direction.
/// `bind` adds the parameters of a cursor and tells how the text refers to them, in the order of the columns.
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
            statement.push(&format!(" AND ({row}) {comparison} ({bound})"));
        }
    }
    let backwards = page.end == PageEnd::Last;
    let direction = if descending == backwards { "ASC" } else { "DESC" };
    let order = columns.iter().map(|column| format!("{} {direction}", column.expression)).collect::<Vec<_>>().join(", ");
    // A literal limit: there are a hundred sizes, and the planner knows how few rows are wanted.
    statement.push(&format!(" ORDER BY {order} LIMIT {}", page.size + 1));
}
