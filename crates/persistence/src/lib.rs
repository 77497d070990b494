//! The only place that knows SQL, but for `pamoja-demo`, which no production build has. It offers plain functions that take a
//! [`transaction::TenantTx`], and a transaction is had from [`database::Database`] for a permit alone.
//!
//! Functions are named by what they do to the module's word: `insert`, `find` (one, or nothing), `by_ids` (for loaders), `page`.
//! Row types stay private; what goes out is made of `pamoja-domain`'s words.

pub mod audit;
pub mod builders;
pub mod client_mutation;
pub mod client_report;
pub mod client_right;
pub mod clock;
mod codes;
mod connection;
pub mod database;
pub mod error;
pub mod facility;
mod function;
pub mod inspection;
pub mod job;
mod lock;
pub mod migrate;
pub mod open_to_all;
pub mod organisation;
pub mod outbox;
mod paging;
pub mod publication;
pub mod referral;
pub mod retention;
mod schema;
pub mod service;
pub mod session;
pub mod sign_in;
pub mod slip;
mod statement;
pub mod statistic;
pub mod suggestion;
pub mod task;
pub mod training;
pub mod transaction;
pub mod user;
