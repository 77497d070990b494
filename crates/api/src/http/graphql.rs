//! GraphQL over HTTP and over WebSockets: from the bytes of a request to a document that may be executed, and back to bytes.

pub(crate) mod complexity;
pub(crate) mod document;
pub(crate) mod engine;
pub(crate) mod execution;
pub(crate) mod known_documents;
pub(crate) mod limits;
pub(crate) mod post;
pub(crate) mod prepared;
pub(crate) mod response;
mod subscription;
pub(crate) mod validation;
pub(crate) mod variables;
pub(crate) mod websocket;
