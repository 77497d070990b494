//! Organisations in the schema.

mod object;
mod query;

pub use object::{County, Organisation};
pub use query::OrganisationQuery;
