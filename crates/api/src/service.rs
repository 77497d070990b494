//! Services in the schema.

pub mod loader;
mod mutation;
mod object;
mod query;
pub mod suggestion;

pub use mutation::ServiceMutation;
pub use object::Service;
pub use query::ServiceQuery;
pub(crate) use query::{suggestion_cost, suggestions};
