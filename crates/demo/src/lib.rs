//! What a production build leaves out: the made-up coalition that `pamoja demo` shows, and the private PostgreSQL for the demo,
//! the tests and the benchmarks. Neither `pamoja-domain` nor `pamoja-persistence` depends on this crate; `pamoja-api` does when
//! its feature `demo` is on.
//!
//! Besides `pamoja-persistence`, only this crate contains SQL, and only for what nothing else needs: making a database and its
//! roles, and filling the tables in bulk past row-level security. Both take a superuser, whom no deployment has. Everything else
//! goes through `pamoja-persistence`: [`pamoja_persistence::migrate`] makes the tables.

pub mod coalition;
pub mod private_postgresql;

mod connection;
