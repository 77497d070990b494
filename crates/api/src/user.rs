//! Accounts in the schema.

mod loader;
mod object;

pub use object::User;
