//! The captions of codes in the schema.

mod query;

pub(crate) use query::CaptionQuery;
#[cfg(test)]
pub(crate) use query::{CODES, VOCABULARIES};
