//! Who is signed in, and what waits for them.

mod object;
mod query;

pub(crate) use object::Viewer;
pub(crate) use query::ViewerQuery;
