//! Relay connections: from arguments to a bounded page, and from what was read to edges with cursors.

use async_graphql::OutputType;
use async_graphql::connection::{Connection, Edge};
use chrono::{DateTime, Datelike, Utc};
use data_encoding::BASE64URL_NOPAD;
use pamoja_domain::page::{MAXIMUM_PAGE, Page, PageError, PageOf};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::graphql::error::Fault;

/// The four arguments of a connection.
#[derive(Debug, Default)]
pub(crate) struct PageArguments {
    /// At most so many from the beginning.
    pub first: Option<i32>,
    /// Only what comes after.
    pub after: Option<String>,
    /// At most so many from the end.
    pub last: Option<i32>,
    /// Only what comes before.
    pub before: Option<String>,
}

/// The page that the arguments ask for. `list` names the list and its order, so that a cursor of another one is noticed.
///
/// # Errors
/// [`Fault::BadRequest`] when the arguments are out of bounds, contradict each other, or a cursor isn't of this list.
pub(crate) fn page<C: DeserializeOwned>(list: &str, arguments: PageArguments) -> Result<Page<C>, Fault> {
    let after = arguments.after.map(|cursor| decode(list, &cursor)).transpose()?;
    let before = arguments.before.map(|cursor| decode(list, &cursor)).transpose()?;
    Ok(Page::new(arguments.first, after, arguments.last, before)?)
}

/// The page of a list that is ordered by a moment and the id.
///
/// # Errors
/// As [`page`].
pub(crate) fn page_by_moment(list: &str, arguments: PageArguments) -> Result<Page<(DateTime<Utc>, Uuid)>, Fault> {
    let page: Page<(DateTime<Utc>, Uuid)> = page(list, arguments)?;
    // A moment that we never gave out could be one that PostgreSQL can't hold.
    if [&page.after, &page.before].into_iter().flatten().any(|(at, _)| !(2000..=9999).contains(&at.year())) {
        return Err(PageError::Cursor.into());
    }
    Ok(page)
}

fn decode<C: DeserializeOwned>(list: &str, cursor: &str) -> Result<C, PageError> {
    let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_| PageError::Cursor)?;
    // PostgreSQL's texts hold no NUL, and ours neither.
    if bytes.windows(6).any(|escape| escape.eq_ignore_ascii_case(b"\\u0000")) {
        return Err(PageError::Cursor);
    }
    let (of, key): (String, C) = serde_json::from_slice(&bytes).map_err(|_| PageError::Cursor)?;
    if of == list { Ok(key) } else { Err(PageError::Cursor) }
}

/// The connection that a page becomes; `key` gives what a cursor must hold to go on after the item.
///
/// # Errors
/// [`Fault::BadRequest`] when a key can't be written, which doesn't happen with the keys we have.
pub(crate) fn connection<T, N, C>(
    list: &str,
    page: PageOf<T>,
    key: impl Fn(&T) -> C,
    node: impl Fn(T) -> N,
) -> Result<Connection<String, N>, Fault>
where
    N: OutputType,
    C: Serialize,
{
    let mut connection = Connection::new(page.has_previous, page.has_next);
    for item in page.items {
        let cursor = serde_json::to_vec(&(list, key(&item))).map_err(|_| PageError::Cursor)?;
        connection.edges.push(Edge::new(BASE64URL_NOPAD.encode(&cursor), node(item)));
    }
    Ok(connection)
}

/// How many items a page may have, for the estimate of a document's cost; nonsense is refused elsewhere.
pub(crate) fn page_cost(first: Option<i32>, last: Option<i32>) -> usize {
    first
        .or(last)
        .and_then(|size| usize::try_from(size).ok())
        .map_or(pamoja_domain::page::DEFAULT_PAGE, |size| size.min(MAXIMUM_PAGE))
}
