//! The messages of graphql-transport-ws.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::http::bearer::token_of;
use crate::http::graphql::document::Parameters;

/// The longest id of an operation, in bytes.
const ID_LENGTH: usize = 256;

/// A message from the client.
pub(super) enum Incoming {
    /// The client starts, with a token if it sent one.
    Init(Option<String>),
    /// The client asks whether the server is alive.
    Ping,
    /// The client answers that it is alive.
    Pong,
    /// The client wants an operation executed.
    Subscribe(String, Parameters),
    /// The client wants no more of an operation.
    Complete(String),
}

impl Incoming {
    /// Reads a message; nothing when it isn't one of the protocol's.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let Json::Object(mut fields) = serde_json::from_str(text).ok()? else { return None };
        let Some(Json::String(kind)) = fields.remove("type") else { return None };
        let payload = fields.remove("payload");
        match kind.as_str() {
            "connection_init" => Some(Self::Init(object(payload)?.and_then(|payload| token(&payload)))),
            "ping" => object(payload).map(|_| Self::Ping),
            "pong" => object(payload).map(|_| Self::Pong),
            "subscribe" => Some(Self::Subscribe(id(&mut fields)?, Parameters::from_json(payload?).ok()?)),
            "complete" => id(&mut fields).map(Self::Complete),
            _ => None,
        }
    }
}

/// Reads a payload that may be missing, null, or an object; nothing when it is anything else.
fn object(payload: Option<Json>) -> Option<Option<Map<String, Json>>> {
    match payload {
        None | Some(Json::Null) => Some(None),
        Some(Json::Object(payload)) => Some(Some(payload)),
        Some(_) => None,
    }
}

fn id(fields: &mut Map<String, Json>) -> Option<String> {
    match fields.remove("id")? {
        Json::String(id) if !id.is_empty() && id.len() <= ID_LENGTH => Some(id),
        _ => None,
    }
}

/// The token in the payload. A browser can't set headers on a WebSocket, so the token comes in the first message.
fn token(payload: &Map<String, Json>) -> Option<String> {
    let text = |name| payload.get(name).and_then(Json::as_str);
    let bearer = text("authorization").or_else(|| text("Authorization")).and_then(token_of);
    bearer.or_else(|| text("accessToken")).map(str::to_owned)
}

/// A message to the client about an operation.
pub(super) enum Answer {
    /// One result, as JSON text, so that its fields keep the order in which the client asked for them.
    Next(Arc<str>),
    /// The operation was not executed, and nothing more comes. Holds the errors, as JSON text.
    Error(String),
    /// Nothing more comes.
    Complete,
}

impl Answer {
    /// Whether nothing more comes.
    pub(super) fn is_last(&self) -> bool {
        !matches!(self, Self::Next(_))
    }

    /// The message in the protocol's format.
    pub(super) fn text(self, id: &str) -> String {
        let id = Json::from(id);
        match self {
            Self::Next(payload) => format!(r#"{{"id":{id},"type":"next","payload":{payload}}}"#),
            Self::Error(errors) => format!(r#"{{"id":{id},"type":"error","payload":{errors}}}"#),
            Self::Complete => format!(r#"{{"id":{id},"type":"complete"}}"#),
        }
    }
}
