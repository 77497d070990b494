//! What is served over HTTP.

pub mod auth;
pub mod keys;
