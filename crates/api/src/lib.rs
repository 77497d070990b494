//! The API: sign-in over HTTP, everything else over GraphQL. It knows no SQL.

pub mod app;
pub mod arguments;
pub mod auth;
pub mod body;
pub mod cli;
pub mod coded;
pub mod document;
pub mod edge;
pub mod engine;
pub mod envelope;
pub mod error;
pub mod execution;
pub mod explorer;
pub mod facility;
pub mod graphql_http;
pub mod health;
pub mod hub;
pub mod idempotency;
pub mod keys;
pub mod limits;
pub mod loader;
pub mod negotiation;
pub mod node;
pub mod node_id;
pub mod organisation;
pub mod paging;
pub mod patient;
pub mod referral;
pub mod response;
pub mod scalar;
pub mod schema;
pub mod scope;
pub mod seal;
pub mod server;
pub mod service;
pub mod settings;
pub mod telemetry;
pub mod user;
pub mod websocket;
pub mod work;

#[cfg(test)]
mod edge_tests;
