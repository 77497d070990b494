//! The only crate that knows SQL, except `pamoja-demo`, which no production build contains. It offers plain functions that take a
//! [`transaction::TenantTx`]. Only [`database::Database`] opens one, and only for a permit.
//!
//! A function is named after what it does to the things of its module: `insert`, `find` (one row or none), `by_ids` (for
//! loaders), `page`. Row types stay private: callers get the types of `pamoja-domain`, or types made from them.
//!
//! Every function that reaches the database returns a [`error::StoreError`] when it fails; `# Errors` sections name only what
//! else can go wrong.

mod acting;
pub mod address;
mod alone;
pub mod audit;
pub mod batch;
pub mod builders;
pub mod client_mutation;
pub mod client_report;
pub mod client_right;
pub mod clock;
mod codes;
mod connection;
pub mod contact;
pub mod database;
pub mod error;
pub mod facility;
pub mod follower;
mod function;
pub mod gate;
pub mod inspection;
pub mod job;
pub mod limits;
pub mod listed;
mod lock;
pub mod migrate;
pub mod open_to_all;
pub mod organisation;
pub mod outbox;
mod paging;
pub mod places;
pub mod pooler;
pub mod publication;
pub mod referral;
pub mod retention;
pub mod rewrite;
mod row;
mod schema;
pub mod sensitisation;
pub mod service;
mod sql_state;
mod statement;
pub mod statistic;
pub mod task;
pub mod training;
pub mod transaction;
mod trouble;
pub mod user;
pub mod violation;
