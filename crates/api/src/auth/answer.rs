//! What is answered: tokens, or an error of the one JSON shape.

use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use pamoja_domain::message::Message;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::sign_in::FAILURE_MINUTES;
use serde::Serialize;
use serde_json::json;

use super::password::{NEW_LENGTH, PasswordError};
use super::token::LIFETIME;
use crate::words::{Language, Text};

/// After how many seconds somebody may try again when we were busy.
const BUSY_SECONDS: i64 = 5;

/// A session's tokens, for whoever signed in.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tokens {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

impl Tokens {
    pub(super) fn new(access_token: String, refresh_token: Option<String>) -> Self {
        Self { access_token, token_type: "Bearer", expires_in: LIFETIME.num_seconds(), refresh_token }
    }
}

impl IntoResponse for Tokens {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// Why somebody gets no tokens. Nothing in it says what they sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthError {
    /// The request can't be understood; the text says what it must be.
    BadRequest(Text),
    /// The body isn't JSON.
    UnsupportedMediaType,
    /// The body is too large.
    TooLarge,
    /// The method means nothing here.
    MethodNotAllowed,
    /// Organisation, handle or password is wrong, or the account or the membership is not in force: which is not told.
    WrongPassword,
    /// The token is not or no longer good, or its session has ended: which is not told.
    SignInAgain,
    /// Too many wrong passwords for this username.
    RateLimited,
    /// The database or the password check has no room; trying again later helps.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl AuthError {
    fn parts(&self) -> (StatusCode, &'static str, Text) {
        match self {
            Self::BadRequest(text) => (StatusCode::BAD_REQUEST, "BAD_REQUEST", text.clone()),
            Self::UnsupportedMediaType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", "Send the body as application/json.".into())
            }
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", "The body is larger than 8 KiB.".into()),
            Self::MethodNotAllowed => {
                (StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "This method means nothing at this address.".into())
            }
            Self::WrongPassword => (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", Message::of("password-wrong").into()),
            Self::SignInAgain => (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", Message::of("session-ended").into()),
            Self::RateLimited => (
                StatusCode::TOO_MANY_REQUESTS,
                "RATE_LIMITED",
                Message::of("password-attempts-exceeded").with("minutes", FAILURE_MINUTES).into(),
            ),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", Message::of("unavailable").into()),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", Message::of("internal").into()),
        }
    }
}

/// The language isn't known here: the router's layer writes the body.
impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        (self.parts().0, Extension(self)).into_response()
    }
}

/// Puts what was refused into the words of the language that the client reads.
pub(super) async fn in_words(request: Request, next: Next) -> Response {
    let language = Language::of(request.headers());
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<AuthError>() {
        Some(error) => error.in_words(language),
        None => response,
    }
}

impl AuthError {
    fn in_words(&self, language: Language) -> Response {
        let (status, code, text) = self.parts();
        let message = text.in_words(language);
        let mut response = (status, Json(json!({ "error": { "code": code, "message": message } }))).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self {
            Self::WrongPassword | Self::SignInAgain => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::RateLimited => {
                headers.insert(RETRY_AFTER, HeaderValue::from(FAILURE_MINUTES * 60));
            }
            Self::Unavailable => {
                headers.insert(RETRY_AFTER, HeaderValue::from(BUSY_SECONDS));
            }
            _ => {}
        }
        response
    }
}

impl From<StoreError> for AuthError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::SessionEnded => Self::SignInAgain,
            StoreError::Unavailable(_) | StoreError::Timeout => {
                tracing::warn!(%error, "sign-in is not available");
                Self::Unavailable
            }
            _ => {
                tracing::error!(%error, "sign-in failed by a fault");
                Self::Internal
            }
        }
    }
}

impl From<PasswordError> for AuthError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::Unavailable,
            PasswordError::Length => {
                let message = Message::of("new-password-length");
                Self::BadRequest(message.with("minimum", NEW_LENGTH.start()).with("maximum", NEW_LENGTH.end()).into())
            }
            PasswordError::Fault => {
                tracing::error!(%error, "sign-in failed by a fault");
                Self::Internal
            }
        }
    }
}
