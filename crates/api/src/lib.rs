//! The API: sign-in over HTTP, everything else over GraphQL. It knows no SQL.
//!
//! The rooms, from the outside in: `cli` and `jobs` run the program; `app` puts it together; `http` is the edge, `auth` signs people in;
//! `schema` and `node` are the tables of contents of what the features offer; `graphql` is what every feature uses. A test
//! (`tests/rooms`) holds who may import whom.

pub mod app;
pub mod audit_chain;
pub mod auth;
pub mod caption;
pub mod cli;
pub mod client_report;
pub mod client_right;
pub mod error_code;
pub mod facility;
pub mod graphql;
pub mod http;
pub mod i18n;
pub mod jobs;
pub mod keys;
pub mod node;
pub mod organisation;
pub mod referral;
pub mod schema;
pub mod service;
pub mod statistic;
pub mod task;
pub mod training;
pub mod user;
pub mod viewer;
