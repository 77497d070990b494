//! api

pub mod body;
pub mod document;
pub mod edge;
pub mod engine;
pub mod envelope;
pub mod execution;
pub mod explorer;
pub mod graphql_http;
pub mod health;
pub mod limits;
pub mod negotiation;
pub mod patient;
pub mod response;
pub mod server;
pub mod settings;
pub mod telemetry;
pub mod websocket;

#[cfg(test)]
mod edge_tests;
