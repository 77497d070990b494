//! The edge: everything between a socket and the schema. It knows no feature and no SQL.

pub(crate) mod bearer;
pub(crate) mod body;
pub(crate) mod code;
pub(crate) mod edge;
pub(crate) mod explorer;
pub(crate) mod framing;
pub(crate) mod graphql;
pub(crate) mod health;
pub(crate) mod layers;
pub mod limit;
pub(crate) mod negotiation;
pub mod origin;
pub(crate) mod reply;
pub(crate) mod server;
pub(crate) mod session;
pub mod settings;
pub(crate) mod strict;
pub(crate) mod tables;
pub mod telemetry;
pub(crate) mod write_timeout;

#[cfg(test)]
mod tests;
