//! The shape of every answer of the GraphQL endpoint: errors with codes, a request id, no internal detail.

use async_graphql::{Response, ServerError, Value};
use pamoja_domain::message::Message;

use crate::error_code::ErrorCode;
use crate::http::code::RequestId;
use crate::http::graphql::validation::NOT_VALID;
use crate::http::limit;
use crate::i18n::{Language, Text};

/// A response that may be sent to a client.
pub(crate) struct Shaped {
    /// The response itself.
    pub response: Response,
    /// The code of its first error, if there is one.
    pub code: Option<ErrorCode>,
    /// Whether execution began. Only then does the answer have a `data` entry.
    pub executed: bool,
}

impl Shaped {
    /// Whether the response has only errors: no root field was answered.
    pub(crate) fn is_empty(&self) -> bool {
        match &self.response.data {
            Value::Null => true,
            Value::Object(fields) => !self.response.errors.is_empty() && fields.values().all(|value| *value == Value::Null),
            _ => false,
        }
    }

    /// Only the errors, as a WebSocket's `error` message carries them.
    pub(crate) fn errors(&self) -> &[ServerError] {
        &self.response.errors
    }

    /// The body as JSON text.
    ///
    /// # Errors
    /// When a value can't be written as JSON; no GraphQL value is of that kind.
    pub(crate) fn text(&self) -> Result<String, serde_json::Error> {
        String::from_utf8(self.bytes()?).map_err(serde::de::Error::custom)
    }

    /// The body as JSON text, in bytes.
    ///
    /// # Errors
    /// As [`Shaped::text`].
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let Response { data, extensions, errors, .. } = &self.response;
        let mut body = Vec::with_capacity(ORDINARY);
        let begin = |body: &mut Vec<u8>, name: &str| {
            body.push(if body.is_empty() { b'{' } else { b',' });
            body.extend_from_slice(format!("\"{name}\":").as_bytes());
        };
        if !errors.is_empty() {
            begin(&mut body, "errors");
            serde_json::to_writer(&mut body, errors)?;
        }
        if self.executed {
            begin(&mut body, "data");
            write(data, &mut body)?;
        }
        if !extensions.is_empty() {
            begin(&mut body, "extensions");
            serde_json::to_writer(&mut body, extensions)?;
        }
        body.extend_from_slice(if body.is_empty() { b"{}" } else { b"}" });
        Ok(body)
    }
}

/// As long as most bodies are, in bytes.
const ORDINARY: usize = 1_024;

/// Writes a value. What is binary is JSON already.
fn write(value: &Value, body: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    match value {
        Value::Object(fields) => {
            body.push(b'{');
            for (index, (name, value)) in fields.iter().enumerate() {
                if index > 0 {
                    body.push(b',');
                }
                write_text(name, body)?;
                body.push(b':');
                write(value, body)?;
            }
            body.push(b'}');
            Ok(())
        }
        Value::List(elements) => {
            body.push(b'[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    body.push(b',');
                }
                write(element, body)?;
            }
            body.push(b']');
            Ok(())
        }
        Value::Binary(written) => {
            body.extend_from_slice(written);
            Ok(())
        }
        Value::Enum(code) => write_text(code, body),
        Value::String(text) => write_text(text, body),
        Value::Null | Value::Number(_) | Value::Boolean(_) => serde_json::to_writer(body, value),
    }
}

/// Writes a text. Nearly all have nothing that JSON escapes: these are written as they are.
fn write_text(text: &str, body: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    // Looked at to the end, which the compiler does for many bytes at once.
    let escaped = text.bytes().fold(false, |any, byte| any | (byte < b' ') | (byte == b'"') | (byte == b'\\'));
    if escaped {
        return serde_json::to_writer(body, text);
    }
    body.push(b'"');
    body.extend_from_slice(text.as_bytes());
    body.push(b'"');
    Ok(())
}

/// Gives every error its code and the request id, translates messages for people, and removes what a client must not see. With
/// `explain` the parser's and the validator's own words stay.
pub(crate) fn shape(mut response: Response, request_id: RequestId, language: Language, explain: bool) -> Shaped {
    let executed =
        response.errors.is_empty() || response.data != Value::Null || response.errors.iter().any(|error| !error.path.is_empty());
    if !executed {
        response.errors.truncate(limit::ERRORS.allowed);
    }
    let mut first = None;
    for error in &mut response.errors {
        let code = shape_error(error, request_id, language, explain);
        first.get_or_insert(code);
    }
    Shaped { response, code: first, executed }
}

/// The code that the error already carries. Errors that this program makes have one.
fn code_of(error: &ServerError) -> Option<ErrorCode> {
    let Value::String(text) = error.extensions.as_ref()?.get("code")? else { return None };
    ErrorCode::from_text(text)
}

fn shape_error(error: &mut ServerError, request_id: RequestId, language: Language, explain: bool) -> ErrorCode {
    let code = match code_of(error) {
        Some(code) => code,
        None => {
            let code = code_of_foreign(error);
            if code == ErrorCode::BadRequest {
                error.message = if explain { without_value(&error.message) } else { NOT_VALID.to_owned() };
            }
            // Other extensions, from the library or a resolver, were not written for clients.
            error.extensions = None;
            code
        }
    };
    if code == ErrorCode::Internal {
        tracing::error!(request_id = %request_id, message = error.message, "a resolver failed");
        error.message = language.say(&Message::of("internal"));
    } else if let Some(Text::Person(message)) = error.source::<Text>() {
        error.message = language.say(message);
    }
    shorten(error);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", code.as_str());
    extensions.set("requestId", request_id.to_string());
    code
}

/// The library's words without the value that it found, which can be anything that was typed into the wrong place.
fn without_value(message: &str) -> String {
    match message.split_once(", found ") {
        Some((expected, _)) => format!("{expected}."),
        None => message.to_owned(),
    }
}

/// Bounds the error's size: what a client writes as a name can be as long as a body.
fn shorten(error: &mut ServerError) {
    let longest = limit::ERROR_LENGTH.allowed;
    if let Some((end, _)) = error.message.char_indices().nth(longest) {
        error.message.truncate(end);
        error.message.push('…');
    }
    error.locations.truncate(limit::ERRORS.allowed);
}

/// The code for an error that the library made. Such errors carry no code, so this function tells them apart by where they come
/// from. When the validator lets a value through and a resolver's argument then refuses it, the error has a path like a
/// resolver's failure, but the library's words.
fn code_of_foreign(error: &ServerError) -> ErrorCode {
    const COSTLY: [&str; 2] = ["Query is nested too deep.", "The recursion depth of the query cannot be greater than"];
    const COERCION: [&str; 2] = ["Failed to parse \"", "Expected input type \""];
    let starts_with_one_of = |starts: &[&str]| starts.iter().any(|start| error.message.starts_with(start));
    if error.path.is_empty() {
        if starts_with_one_of(&COSTLY) { ErrorCode::TooCostly } else { ErrorCode::BadRequest }
    } else if error.source.is_none() && starts_with_one_of(&COERCION) {
        ErrorCode::BadRequest
    } else {
        ErrorCode::Internal
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::Name;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever stands in a text, whoever reads the JSON reads that text.
        #[test]
        fn a_text_is_read_as_it_was_written(text in r#"[\x00-\x7f]{0,40}|.{0,40}"#, code in "[A-Z_]{1,20}") {
            let value = Value::List(vec![Value::String(text.clone()), Value::Enum(Name::new(&code))]);
            let mut body = Vec::new();
            write(&value, &mut body).expect("it can be written");
            let read: Vec<String> = serde_json::from_slice(&body).expect("JSON");
            prop_assert_eq!(read, [text, code]);
        }
    }
}
