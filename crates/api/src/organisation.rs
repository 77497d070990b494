//! Organisations in the schema.

pub(crate) mod contact;
mod loader;
mod object;
mod query;

pub(crate) use contact::OrganisationMutation;
pub(crate) use object::{County, Organisation};
pub(crate) use query::OrganisationQuery;
