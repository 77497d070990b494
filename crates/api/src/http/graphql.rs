//! GraphQL over HTTP and over WebSockets: from the bytes of a request to a document that may be executed, and back to bytes.

pub mod document;
pub mod engine;
pub mod execution;
pub mod limits;
pub mod post;
pub mod response;
pub mod websocket;
