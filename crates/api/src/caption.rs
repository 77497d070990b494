//! The captions of codes in the schema.

mod list;
mod query;
mod version;
mod vocabulary;

pub(crate) use list::ListQuery;
pub(crate) use query::CaptionQuery;
#[cfg(test)]
pub(crate) use query::{CODES, VOCABULARIES};
