//! What the tests run on: their own PostgreSQL, a database for each test, a served API, and clients of every role.

mod client;
mod coalition;
mod database;
mod entry;
mod introspection;
mod pgbouncer;
mod postgres;
mod program;
mod record;
mod socket;
mod wait;
mod ways;
mod world;

pub use client::Client;
pub use coalition::{MEMBERS, Member, OUTSIDER, PASSWORD, RECEIVER, SENDER, member};
pub use entry::{answer_with_rest, write_with_entry};
pub use introspection::{Schema, put};
pub use pgbouncer::{CACHING, Installed, OLDEST, Pgbouncer, pgbouncer};
pub use postgres::{Folder, let_app_in, postgres};
pub use program::{Program, command, demo, demo_at, gone, postmaster, runs, signal};
pub use record::recorded;
pub use socket::Socket;
pub use wait::{PATIENT, UNTIL_HEARD, until, until_within};
pub use ways::{Audited, FEATURES, Foreign, Ways, outcome};
pub use world::World;
