//! Facilities of the national register in the schema.

mod loader;
mod object;
mod query;
mod search;

pub(crate) use object::Facility;
pub(crate) use query::FacilityQuery;
