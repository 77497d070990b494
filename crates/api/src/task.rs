//! The viewer's tasks in the schema.

mod mutation;
mod object;
mod query;

pub(crate) use mutation::TaskMutation;
pub(crate) use object::{Task, TaskCount, TaskList};
pub(crate) use query::{counts, list};
