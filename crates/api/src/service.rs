//! Services in the schema.

pub(crate) mod loader;
mod mutation;
mod object;
mod offered;
mod pause;
mod query;
mod search;
pub mod suggestion;

pub(crate) use mutation::ServiceMutation;
pub use object::Service;
pub(crate) use offered::Organisation;
pub(crate) use pause::PauseMutation;
pub(crate) use query::ServiceQuery;
pub(crate) use query::{suggestion_cost, suggestions};
