//! The shape of every answer of the GraphQL endpoint: coded errors, a request id, no internal detail.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Pos, Response, ServerError, Value};
use pamoja_domain::message::Message;
use serde::Serialize;
use uuid::Uuid;

use crate::words::{Language, Text};

/// What is said to a developer whose document the validator refuses.
const NOT_VALID: &str = "The document is not valid: check it against the schema.";

/// The id of one request or of one operation over a WebSocket. Made here; an incoming one is not trusted.
#[derive(Clone, Copy, Debug)]
pub struct RequestId(pub Uuid);

impl RequestId {
    /// A fresh one.
    pub fn fresh() -> Self {
        Self(Uuid::new_v4())
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The codes of top-level errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// No token, or one that doesn't hold.
    Unauthenticated,
    /// The roles of the caller don't allow it.
    Forbidden,
    /// The request itself is malformed.
    BadRequest,
    /// The request asks for too much at once.
    TooCostly,
    /// Too many requests of this kind.
    RateLimited,
    /// Try again later.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl Code {
    const ALL: [Self; 7] = [
        Self::Unauthenticated,
        Self::Forbidden,
        Self::BadRequest,
        Self::TooCostly,
        Self::RateLimited,
        Self::Unavailable,
        Self::Internal,
    ];

    /// As clients read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::BadRequest => "BAD_REQUEST",
            Self::TooCostly => "TOO_COSTLY",
            Self::RateLimited => "RATE_LIMITED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }

    fn of(error: &ServerError) -> Option<Self> {
        let Value::String(text) = error.extensions.as_ref()?.get("code")? else { return None };
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }
}

/// Why a request was refused before it reached a resolver. Its words are ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The code.
    pub code: Code,
    /// What to put right.
    pub message: Text,
    /// Where in the document.
    pub locations: Vec<Pos>,
}

impl Refusal {
    /// A refusal with that code and those words.
    pub fn new(code: Code, message: impl Into<Text>) -> Self {
        Self { code, message: message.into(), locations: Vec::new() }
    }
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        let mut error = ServerError::new(refusal.message.in_english(), None);
        error.source = Some(Arc::new(refusal.message));
        error.locations = refusal.locations;
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", refusal.code.as_str());
        error.extensions = Some(extensions);
        Self::from_errors(vec![error])
    }
}

/// A response that may leave the house.
pub struct Shaped {
    /// The response itself.
    pub response: Response,
    /// The code of its first error, if it has one.
    pub code: Option<Code>,
    /// Whether execution began: only then the answer has a `data` entry.
    pub executed: bool,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

impl Shaped {
    /// Whether the response has nothing but errors: no root field was answered.
    pub fn is_empty(&self) -> bool {
        match &self.response.data {
            Value::Null => true,
            Value::Object(fields) => !self.response.errors.is_empty() && fields.values().all(|value| *value == Value::Null),
            _ => false,
        }
    }

    /// The errors alone, as a WebSocket's `error` message carries them.
    pub fn errors(&self) -> &[ServerError] {
        &self.response.errors
    }

    /// The body as JSON text.
    ///
    /// # Errors
    /// When a value can't be written as JSON, which no value of GraphQL is.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&self.body())
    }

    /// The body as JSON text, in bytes.
    ///
    /// # Errors
    /// As [`Shaped::text`].
    pub fn bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&self.body())
    }

    fn body(&self) -> Body<'_> {
        Body {
            errors: &self.response.errors,
            data: self.executed.then_some(&self.response.data),
            extensions: &self.response.extensions,
        }
    }
}

/// Gives every error its code and the request id, puts what is said to a person into that language, and takes away what a client
/// must not see. With `explain` the parser's and validator's own words stay.
pub fn shape(mut response: Response, request_id: RequestId, language: Language, explain: bool) -> Shaped {
    let executed =
        response.errors.is_empty() || response.data != Value::Null || response.errors.iter().any(|error| !error.path.is_empty());
    let mut first = None;
    for error in &mut response.errors {
        let code = shape_error(error, request_id, language, explain);
        first.get_or_insert(code);
    }
    Shaped { response, code: first, executed }
}

fn shape_error(error: &mut ServerError, request_id: RequestId, language: Language, explain: bool) -> Code {
    let code = match Code::of(error) {
        Some(code) => code,
        None => {
            let code = code_of_foreign(error);
            if code == Code::BadRequest && !explain {
                error.message = NOT_VALID.to_owned();
            }
            // Whatever else the library or a resolver put there was not written for clients.
            error.extensions = None;
            code
        }
    };
    if code == Code::Internal {
        tracing::error!(request_id = %request_id, message = error.message, "a resolver failed");
        error.message = language.say(&Message::of("internal"));
    } else if let Some(Text::Person(message)) = error.source::<Text>() {
        error.message = language.say(message);
    }
    if error.message == COMPLEX {
        error.message = format!(
            "The answer could have more than {} fields: ask for a smaller page, or for fewer fields of each item.",
            crate::schema::MAXIMUM_COMPLEXITY
        );
    }
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", code.as_str());
    extensions.set("requestId", request_id.to_string());
    code
}

/// What the library says of a document whose answer could be too large.
const COMPLEX: &str = "Query is too complex.";

/// Errors that the library makes carry no code, so that they are told apart by where they come from. A value that the
/// validator let through and that a resolver's argument then refuses has a path like a resolver's own failure; its words are
/// the library's.
fn code_of_foreign(error: &ServerError) -> Code {
    const COSTLY: [&str; 3] = [COMPLEX, "Query is nested too deep.", "The recursion depth of the query cannot be greater than"];
    const COERCION: [&str; 2] = ["Failed to parse \"", "Expected input type \""];
    let starts_with_one_of = |starts: &[&str]| starts.iter().any(|start| error.message.starts_with(start));
    if error.path.is_empty() {
        if starts_with_one_of(&COSTLY) { Code::TooCostly } else { Code::BadRequest }
    } else if error.source.is_none() && starts_with_one_of(&COERCION) {
        Code::BadRequest
    } else {
        Code::Internal
    }
}
