//! The captions of codes in the schema.

mod list;
mod query;

pub(crate) use list::ListQuery;
pub(crate) use query::CaptionQuery;
#[cfg(test)]
pub(crate) use query::{CODES, VOCABULARIES};
