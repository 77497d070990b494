//! The API: sign-in over HTTP, everything else over GraphQL. This crate contains no SQL.
//!
//! The rooms, from the outside in: `cli` and `jobs` run the program; `app` puts it together; `http` is the edge; `auth` signs
//! people in; `schema` and `node` list what the features offer; `graphql` is what every feature uses. A test (`tests/rooms`)
//! checks which room may import which.
//!
//! Every function that reaches the database returns a [`StoreError`](pamoja_persistence::error::StoreError) when it fails;
//! `# Errors` sections name only what else can go wrong.

pub mod app;
pub mod audit_chain;
pub mod auth;
mod caption;
pub mod cli;
mod client_report;
mod client_right;
mod error_code;
mod facility;
pub mod graphql;
pub mod http;
pub mod i18n;
mod jobs;
pub mod keys;
mod node;
mod organisation;
mod referral;
pub mod schema;
mod sensitisation;
pub mod service;
mod statistic;
mod task;
mod training;
mod user;
mod viewer;
mod violation;
