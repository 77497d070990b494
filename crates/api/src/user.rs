//! The viewer and their colleagues in the schema.

mod object;
mod query;

pub use object::{User, Viewer};
pub use query::ViewerQuery;
