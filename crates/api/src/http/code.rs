//! Why a request was rejected before it reached a resolver, and the id by which its log line is found.

use std::fmt;
use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Pos, Response, ServerError};
use uuid::Uuid;

use crate::error_code::ErrorCode;
use crate::i18n::Text;

/// The id of one request, or of one operation over a WebSocket. The program makes it and ignores an id that the client sends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestId(pub Uuid);

impl RequestId {
    /// A new id.
    pub(crate) fn fresh() -> Self {
        Self(Uuid::new_v4())
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Why a request was rejected before it reached a resolver. The words are ours: they repeat nothing that the client sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The code.
    pub code: ErrorCode,
    /// What the client must put right.
    pub message: Text,
    /// Where in the document the error is.
    pub locations: Vec<Pos>,
}

impl Rejection {
    /// A rejection with that code and those words.
    pub fn new(code: ErrorCode, message: impl Into<Text>) -> Self {
        Self { code, message: message.into(), locations: Vec::new() }
    }
}

impl From<Rejection> for Response {
    fn from(rejection: Rejection) -> Self {
        let mut error = ServerError::new(rejection.message.in_english(), None);
        error.source = Some(Arc::new(rejection.message));
        error.locations = rejection.locations;
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", rejection.code.as_str());
        error.extensions = Some(extensions);
        Self::from_errors(vec![error])
    }
}
