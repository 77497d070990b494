//! Relay connections: arguments become a bounded page, and the items read become edges with cursors.

use async_graphql::connection::{Connection, Edge, EmptyFields};
use async_graphql::{ObjectType, OutputType};
use chrono::{DateTime, Datelike, Utc};
use data_encoding::BASE64URL_NOPAD;
use pamoja_domain::page::{MAXIMUM_PAGE, Page, PageError, PageOf};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::graphql::error::Fault;

/// The four arguments of a connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct PageArguments {
    /// How many items at most, from the beginning.
    pub first: Option<i32>,
    /// Only items after this cursor.
    pub after: Option<String>,
    /// How many items at most, from the end.
    pub last: Option<i32>,
    /// Only items before this cursor.
    pub before: Option<String>,
}

impl PageArguments {
    /// Whether none of them was given.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self { first: None, after: None, last: None, before: None })
    }
}

/// The page that the arguments ask for. `list` names the list and its order, so that a cursor of another list is refused.
///
/// # Errors
/// [`Fault::BadRequest`] when the arguments are out of bounds or contradict each other, or when a cursor isn't one of this list.
pub(crate) fn page<C: DeserializeOwned>(list: &str, arguments: PageArguments) -> Result<Page<C>, Fault> {
    let after = arguments.after.map(|cursor| decode(list, &cursor)).transpose()?;
    let before = arguments.before.map(|cursor| decode(list, &cursor)).transpose()?;
    Ok(Page::new(arguments.first, after, arguments.last, before)?)
}

/// As [`page`], for a list that is sorted by a moment and the id.
///
/// # Errors
/// As [`page`].
pub(crate) fn page_by_moment(list: &str, arguments: PageArguments) -> Result<Page<(DateTime<Utc>, Uuid)>, Fault> {
    let page: Page<(DateTime<Utc>, Uuid)> = page(list, arguments)?;
    // A cursor that the server never gave out may hold a moment that PostgreSQL can't store.
    if [&page.after, &page.before].into_iter().flatten().any(|(at, _)| !is_storable(*at)) {
        return Err(PageError::Cursor.into());
    }
    Ok(page)
}

/// Whether PostgreSQL can store a cursor's moment, as it can each that the server gave out.
pub(crate) fn is_storable(at: DateTime<Utc>) -> bool {
    (2000..=9999).contains(&at.year())
}

fn decode<C: DeserializeOwned>(list: &str, cursor: &str) -> Result<C, PageError> {
    let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_| PageError::Cursor)?;
    // PostgreSQL's text can't hold a NUL, so no cursor that the server gave out has one.
    if bytes.windows(6).any(|escape| escape.eq_ignore_ascii_case(b"\\u0000")) {
        return Err(PageError::Cursor);
    }
    let (of, key): (String, C) = serde_json::from_slice(&bytes).map_err(|_| PageError::Cursor)?;
    if of == list { Ok(key) } else { Err(PageError::Cursor) }
}

/// Makes a connection from a page. `key` gives the sort key of an item, which its cursor holds so that the next page can go on
/// after it.
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
    connection_with(list, page, key, node, EmptyFields)
}

/// As [`connection`], with further fields.
///
/// # Errors
/// As [`connection`].
pub(crate) fn connection_with<T, N, C, F>(
    list: &str,
    page: PageOf<T>,
    key: impl Fn(&T) -> C,
    node: impl Fn(T) -> N,
    fields: F,
) -> Result<Connection<String, N, F>, Fault>
where
    N: OutputType,
    C: Serialize,
    F: ObjectType,
{
    let mut connection = Connection::with_additional_fields(page.has_previous, page.has_next, fields);
    for item in page.items {
        let cursor = serde_json::to_vec(&(list, key(&item))).map_err(|_| PageError::Cursor)?;
        connection.edges.push(Edge::new(BASE64URL_NOPAD.encode(&cursor), node(item)));
    }
    Ok(connection)
}

/// How many items a page may have, for the estimate of a document's cost. [`page`] refuses sizes that are out of bounds.
pub(crate) fn page_cost(first: Option<i32>, last: Option<i32>) -> usize {
    first
        .or(last)
        .and_then(|size| usize::try_from(size).ok())
        .map_or(pamoja_domain::page::DEFAULT_PAGE, |size| size.min(MAXIMUM_PAGE))
}
