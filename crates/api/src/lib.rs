//! The API: sign-in over HTTP, everything else over GraphQL. It knows no SQL.
//!
//! The rooms, from the outside in: `cli` and `jobs` run the program; `app` puts it together; `http` is the edge, `auth` signs people in;
//! `schema` and `node` are the tables of contents of what the features offer; `graphql` is what every feature uses. A test
//! (`tests/rooms`) holds who may import whom.

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
pub mod service;
mod statistic;
mod task;
mod training;
mod user;
mod viewer;
