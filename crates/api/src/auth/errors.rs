//! The tokens of a session, and why the program refuses to give them.

use pamoja_domain::message::Message;
use pamoja_persistence::error::StoreError;
use serde::Serialize;

use super::password::{NEW_LENGTH, PasswordError};
use super::token::LIFETIME;

/// A session's tokens, for the user who signed in.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tokens {
    access_token: String,
    token_type: &'static str,
    /// In seconds.
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

impl Tokens {
    pub(super) fn new(access_token: String, refresh_token: Option<String>) -> Self {
        Self { access_token, token_type: "Bearer", expires_in: LIFETIME.num_seconds(), refresh_token }
    }
}

/// Why the program gives no tokens. No variant repeats what the client sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthError {
    /// What the client sent can't be right; the message says what it must be.
    Invalid(Message),
    /// A renewal without any token.
    NoToken,
    /// Organisation, handle or password is wrong, or the account or the membership is not in force. The client doesn't learn
    /// which.
    WrongPassword,
    /// The token isn't valid, has expired, or its session has ended. The client doesn't learn which.
    SignInAgain,
    /// Five sign-ins with this username have failed within 15 minutes, or are under way.
    RateLimited,
    /// The database or the password check has no room; trying again later helps.
    Unavailable,
    /// The program is at fault.
    Internal,
}

impl From<StoreError> for AuthError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::SessionEnded => Self::SignInAgain,
            StoreError::Unavailable(_) | StoreError::Timeout => {
                tracing::debug!(%error, "sign-in is not available");
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
                Self::Invalid(message.with("minimum", *NEW_LENGTH.start()).with("maximum", *NEW_LENGTH.end()))
            }
            PasswordError::Fault => {
                tracing::error!(%error, "sign-in failed by a fault");
                Self::Internal
            }
        }
    }
}
