//! What every feature of the schema is built with. It knows no feature.

pub mod batch;
pub mod change_feed;
pub mod connection;
pub mod enumeration;
pub mod error;
pub mod filters;
pub mod global_id;
pub mod live;
pub mod loader;
pub mod mutation;
pub mod reading;
pub mod scalar;
pub mod scope;
pub mod session_activity;
pub mod state;
