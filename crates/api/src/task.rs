//! What waits for the viewer, in the schema.

mod object;
mod query;

pub use object::{Task, TaskCount, TaskList};
pub use query::{counts, list};
