//! Why a request was rejected before it reached a resolver, and the id by which its log line is found.

use std::fmt;
use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Name, Pos, Response, ServerError, Value};
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
    /// The limit that was exceeded, if it is one.
    pub limit: Option<Exceeded>,
}

/// A limit that was exceeded, and by how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    /// The limit's name: see `docs/limits.md`.
    pub name: &'static str,
    /// How much came; where counting stopped early, at least so much.
    pub asked: usize,
    /// How much is allowed.
    pub allowed: usize,
}

impl From<Exceeded> for Value {
    fn from(Exceeded { name, asked, allowed }: Exceeded) -> Self {
        let fields = [("name", name.into()), ("asked", asked.into()), ("allowed", allowed.into())];
        Self::Object(fields.into_iter().map(|(name, value)| (Name::new(name), value)).collect())
    }
}

impl Rejection {
    /// A rejection with that code and those words.
    pub fn new(code: ErrorCode, message: impl Into<Text>) -> Self {
        Self { code, message: message.into(), locations: Vec::new(), limit: None }
    }
}

impl From<Rejection> for ServerError {
    fn from(rejection: Rejection) -> Self {
        let mut error = Self::new(rejection.message.in_english(), None);
        error.source = Some(Arc::new(rejection.message));
        error.locations = rejection.locations;
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", rejection.code.as_str());
        if let Some(limit) = rejection.limit {
            extensions.set("limit", limit);
        }
        error.extensions = Some(extensions);
        error
    }
}

impl From<Rejection> for Response {
    fn from(rejection: Rejection) -> Self {
        Self::from_errors(vec![rejection.into()])
    }
}

/// Why a document was rejected: at least one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejections(pub Vec<Rejection>);

impl From<Rejection> for Rejections {
    fn from(rejection: Rejection) -> Self {
        Self(vec![rejection])
    }
}

impl From<Rejections> for Response {
    fn from(Rejections(rejections): Rejections) -> Self {
        Self::from_errors(rejections.into_iter().map(ServerError::from).collect())
    }
}
