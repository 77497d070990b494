//! Accounts in the schema.

mod loader;
mod object;

pub(crate) use object::User;
