//! Organisations in the schema.

pub(crate) mod contact;
mod loader;
mod object;
mod offered;
mod query;

pub(crate) use contact::OrganisationMutation;
pub(crate) use object::{County, OrganisationWith};
pub(crate) use offered::Offered;
pub(crate) use query::OrganisationQuery;
