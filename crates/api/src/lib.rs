//! The API: sign-in over HTTP, everything else over GraphQL. It knows no SQL.

pub mod app;
pub mod arguments;
pub mod auth;
pub mod coded;
pub mod error;
pub mod facility;
pub mod hub;
pub mod idempotency;
pub mod keys;
pub mod loader;
pub mod node;
pub mod node_id;
pub mod organisation;
pub mod paging;
pub mod referral;
pub mod scalar;
pub mod schema;
pub mod scope;
pub mod service;
pub mod user;
