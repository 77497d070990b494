//! What a production build leaves out: the made-up coalition that `pamoja demo` shows, and the private PostgreSQL on which the demo, the
//! tests and the benchmarks run. Neither `pamoja-domain` nor `pamoja-persistence` depends on this crate; `pamoja-api` does where its
//! feature `demo` is on.
//!
//! Beside `pamoja-persistence` this is the only crate that knows SQL, and it knows what nobody else needs: how a database and its roles
//! are made, and how the tables are filled in bulk past row-level security. Both take a superuser, whom no deployment has. For all
//! else it goes through what `pamoja-persistence` offers to everybody: [`pamoja_persistence::migrate`] makes the tables,
//! [`pamoja_persistence::job`] publishes what clients and hosts said and says for how long slips are kept.

pub mod coalition;
pub mod private_postgresql;

mod connection;
