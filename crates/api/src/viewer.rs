//! Who is signed in, and what waits for them.

mod object;
mod query;

pub use object::Viewer;
pub use query::ViewerQuery;
