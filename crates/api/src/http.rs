//! The edge: everything between a socket and the schema. It knows no feature and no SQL.

pub mod bearer;
pub mod body;
pub mod code;
pub mod edge;
pub mod explorer;
pub mod graphql;
pub mod health;
pub mod layers;
pub mod negotiation;
pub mod reply;
pub mod server;
pub mod session;
pub mod settings;
pub mod tables;
pub mod telemetry;
pub mod write_timeout;

#[cfg(test)]
mod tests;
