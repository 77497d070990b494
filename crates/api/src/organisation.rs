//! Organisations in the schema.

pub(crate) mod contact;
mod loader;
mod mutation;
mod object;
mod offered;
mod query;

pub(crate) use mutation::OrganisationMutation;
pub(crate) use object::{County, OrganisationWith};
pub(crate) use offered::Offered;
pub(crate) use query::OrganisationQuery;
