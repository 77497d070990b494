//! The messages of graphql-transport-ws.

use serde_json::{Map, Value as Json};

use crate::http::graphql::document::Parameters;

/// The longest id of an operation.
const ID_LENGTH: usize = 256;

/// What a client says.
pub(super) enum Incoming {
    /// It begins, with the token if it brought one.
    Init(Option<String>),
    /// It asks whether we are there.
    Ping,
    /// It is there.
    Pong,
    /// It wants an operation executed.
    Subscribe(String, Parameters),
    /// It wants no more of an operation.
    Complete(String),
}

impl Incoming {
    /// Reads a message; nothing if it isn't one of the protocol's.
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

/// Nothing, nothing in so many words, or an object; no other payload is right.
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

/// A browser can't set headers on a WebSocket, so that the token comes in the first message.
fn token(payload: &Map<String, Json>) -> Option<String> {
    let text = |name| payload.get(name).and_then(Json::as_str);
    let bearer = text("authorization").or_else(|| text("Authorization")).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    bearer.or_else(|| text("accessToken")).map(str::to_owned)
}

/// What we say about an operation.
pub(super) enum Answer {
    /// One result, as JSON text: its fields stay in the order in which they were asked for.
    Next(String),
    /// It was not executed; nothing more comes. The errors, as JSON text.
    Error(String),
    /// Nothing more comes.
    Complete,
}

impl Answer {
    /// Whether nothing more comes.
    pub(super) fn is_last(&self) -> bool {
        !matches!(self, Self::Next(_))
    }

    /// As the protocol writes it.
    pub(super) fn text(self, id: &str) -> String {
        let id = Json::from(id);
        match self {
            Self::Next(payload) => format!(r#"{{"id":{id},"type":"next","payload":{payload}}}"#),
            Self::Error(errors) => format!(r#"{{"id":{id},"type":"error","payload":{errors}}}"#),
            Self::Complete => format!(r#"{{"id":{id},"type":"complete"}}"#),
        }
    }
}
