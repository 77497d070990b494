//! Organisations in the schema.

mod loader;
mod object;
mod query;

pub use object::{County, Organisation};
pub use query::OrganisationQuery;
