//! The captions of codes in the schema.

mod query;

pub use query::CaptionQuery;
