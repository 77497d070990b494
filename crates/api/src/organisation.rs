//! Organisations in the schema.

mod loader;
mod object;
mod query;

pub(crate) use object::{County, Organisation};
pub(crate) use query::OrganisationQuery;
