//! The viewer's tasks in the schema.

mod object;
mod query;

pub(crate) use object::{Task, TaskCount, TaskList};
pub(crate) use query::{counts, list};
