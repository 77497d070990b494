//! The parts that every feature of the schema is built with. Nothing in here knows a feature.

pub(crate) mod batch;
pub mod change_feed;
pub(crate) mod connection;
pub mod directory;
pub(crate) mod enumeration;
pub(crate) mod error;
pub(crate) mod filters;
pub mod global_id;
pub(crate) mod in_place;
pub(crate) mod live;
pub(crate) mod loader;
pub(crate) mod loading;
pub(crate) mod mutation;
pub mod news;
pub(crate) mod node;
pub(crate) mod open_to_all;
pub(crate) mod plain;
pub(crate) mod queue;
pub(crate) mod reading;
pub(crate) mod scalar;
pub(crate) mod scope;
pub(crate) mod search;
pub(crate) mod selected;
pub mod session_activity;
pub mod state;
pub mod written;
