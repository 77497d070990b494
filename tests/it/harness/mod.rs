//! What the tests stand on: a PostgreSQL of their own, a database for each test, a served API, and clients of every role.

mod client;
mod coalition;
mod introspection;
mod postgres;
mod world;

pub use client::Client;
pub use coalition::{MEMBERS, Member, OUTSIDER, RECEIVER, SENDER, role_handle};
pub use introspection::{Operation, Schema, put};
pub use postgres::{Folder, Postgres, postgres};
pub use world::World;
