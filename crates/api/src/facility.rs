//! Facilities of the national register in the schema.

mod loader;
mod object;
mod query;

pub use object::Facility;
pub use query::FacilityQuery;
