//! Arguments of queries, where what is malformed is BAD_REQUEST.

use async_graphql::ID;
use pamoja_domain::county::CountyCode;

use crate::error::Fault;
use crate::node_id::{self, Identified};
use crate::scalar::DateTime;

/// The most words that a search text can have.
const MAXIMUM_WORDS: usize = 6;
/// The most characters that a search text can have.
const MAXIMUM_TEXT: usize = 100;

/// County codes of a filter; a list that was left out is empty.
///
/// # Errors
/// [`Fault::BadRequest`] when one isn't one of the 47.
pub fn counties(codes: Option<&Vec<String>>) -> Result<Vec<CountyCode>, Fault> {
    codes
        .into_iter()
        .flatten()
        .map(|code| {
            code.parse()
                .map_err(|_| Fault::BadRequest("A county code is three digits, from 001 (Mombasa) to 047 (Nairobi).".to_owned()))
        })
        .collect()
}

/// A moment of a filter.
///
/// # Errors
/// [`Fault::BadRequest`] when it isn't one.
pub fn moment(at: Option<&DateTime>) -> Result<Option<chrono::DateTime<chrono::Utc>>, Fault> {
    at.map(|at| at.parse().ok_or_else(|| Fault::BadRequest("A moment is written like 2026-10-07T09:30:00Z.".to_owned())))
        .transpose()
}

/// The words of a search text.
///
/// # Errors
/// [`Fault::BadRequest`] when it is too long.
pub fn words(text: Option<&String>) -> Result<Vec<String>, Fault> {
    let Some(text) = text else {
        return Ok(Vec::new());
    };
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    if text.chars().count() > MAXIMUM_TEXT || words.len() > MAXIMUM_WORDS {
        return Err(Fault::BadRequest(format!(
            "Search for at most {MAXIMUM_WORDS} words of together {MAXIMUM_TEXT} characters."
        )));
    }
    if words.iter().any(|word| word.contains('\0')) {
        return Err(Fault::BadRequest("A search text holds no control characters.".to_owned()));
    }
    Ok(words)
}

/// Ids of a filter; those that are of another kind or of nobody's making match nothing. An empty list is no condition, as with codes.
pub fn ids<T: Identified>(ids: Option<&Vec<ID>>) -> Option<Vec<T>> {
    ids.filter(|ids| !ids.is_empty()).map(|ids| ids.iter().filter_map(node_id::decode).collect())
}
