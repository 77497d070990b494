//! What the tests stand on: a PostgreSQL of their own, a database for each test, a served API, and clients of every role.

mod client;
mod coalition;
mod introspection;
mod postgres;
mod world;

pub use client::Client;
pub use coalition::{MEMBERS, Member, OUTSIDER, PASSWORD, RECEIVER, SENDER, member};
pub use introspection::{Schema, put};
pub use postgres::{Folder, postgres};
pub use world::World;
