//! Reads the arguments of queries. A malformed argument is a BAD_REQUEST.

use async_graphql::ID;
use pamoja_domain::county::CountyCode;
use pamoja_domain::message::Message;

use crate::graphql::error::Fault;
use crate::graphql::global_id::{self, Identified};
use crate::graphql::scalar::DateTime;

/// The counties of a filter. A list that was left out becomes empty.
///
/// # Errors
/// [`Fault::Invalid`] when a code isn't one of the 47.
pub(crate) fn counties(codes: Option<&Vec<String>>) -> Result<Vec<CountyCode>, Fault> {
    codes.into_iter().flatten().map(|code| county(code)).collect()
}

/// The county with that code.
///
/// # Errors
/// [`Fault::Invalid`] when the code isn't one of the 47.
pub(crate) fn county(code: &str) -> Result<CountyCode, Fault> {
    code.parse().map_err(|_| Fault::Invalid(Message::of("county-code-malformed")))
}

/// The moment of a filter.
///
/// # Errors
/// [`Fault::BadRequest`] when the text isn't a moment in RFC 3339.
pub(crate) fn moment(at: Option<&DateTime>) -> Result<Option<chrono::DateTime<chrono::Utc>>, Fault> {
    at.map(|at| at.parse().ok_or_else(|| Fault::BadRequest("A moment is written like 2026-10-07T09:30:00Z.".to_owned())))
        .transpose()
}

/// The ids of a filter. An id that is malformed or of another kind matches nothing. An empty list is no condition, as with codes.
pub(crate) fn ids<T: Identified>(ids: Option<&Vec<ID>>) -> Option<Vec<T>> {
    ids.filter(|ids| !ids.is_empty()).map(|ids| ids.iter().filter_map(global_id::decode).collect())
}
