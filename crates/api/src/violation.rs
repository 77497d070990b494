//! Rights violations in the schema: what was done to somebody, what was done about it, and what became of it.

mod documenting;
mod draft;
mod filter;
mod funnel;
mod input;
mod linked;
mod loader;
mod looking;
mod moving;
mod mutation;
mod object;
mod payload;
mod query;
mod step;
mod subscription;

pub(crate) use mutation::ViolationMutation;
pub(crate) use object::Violation;
pub(crate) use query::{COUNTING, ViolationQuery, list};
pub(crate) use subscription::ViolationSubscription;
