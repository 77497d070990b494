//! The two kinds of errors. A [`Fault`] becomes a top-level error: a malformed request, a missing role or a failure. What the
//! viewer can put right in a mutation is a [`UserError`] instead.

use std::sync::Arc;

use async_graphql::{Context, Error, ErrorExtensions, Object};
use pamoja_domain::message::Message;
use pamoja_domain::page::PageError;
use pamoja_domain::refusal::{Refusal, UserErrorCode};
use pamoja_persistence::error::StoreError;

use crate::error_code::ErrorCode;
use crate::graphql::enumeration::Enumeration;
use crate::i18n::{Language, Text};

/// Something that the viewer can put right.
pub(crate) struct UserError(Refusal);

/// Something that the viewer can put right.
#[Object]
impl UserError {
    /// The code that a frontend can act on.
    async fn code(&self) -> Enumeration<UserErrorCode> {
        Enumeration(self.0.code)
    }

    /// What to put right: the sentence to show, in the language that the request asked for by Accept-Language: en or sw. It never
    /// repeats a value that was sent.
    async fn message(&self, context: &Context<'_>) -> String {
        Language::of_request(context).say(&self.0.message)
    }

    /// The path of the input field to put right: show the message there. Null when the error is about no single field.
    async fn field(&self) -> Option<&Vec<String>> {
        self.0.field.as_ref()
    }
}

impl From<Refusal> for UserError {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

/// The refusals as objects of the schema.
pub(crate) fn user_errors(refusals: Vec<Refusal>) -> Vec<UserError> {
    refusals.into_iter().map(UserError::from).collect()
}

/// Why a mutation's change failed. Nothing of the change is kept, except where a variant says otherwise.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The viewer can put it right.
    Refused(Vec<Refusal>),
    /// The viewer can put it right, and the attempt itself is kept: it counts against a limit.
    Counted(Vec<Refusal>),
    /// The viewer can't put it right.
    Store(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

impl From<Vec<Refusal>> for Failure {
    fn from(refusals: Vec<Refusal>) -> Self {
        Self::Refused(refusals)
    }
}

/// A top-level error with its code.
#[derive(Debug)]
pub enum Fault {
    /// An argument of a query is malformed, and only a frontend's developer can put it right. The text says in English how to
    /// write it.
    BadRequest(String),
    /// An argument of a query is malformed, and a person can put it right. The message says how, in the person's language.
    Invalid(Message),
    /// The viewer's roles lack the permission that the field needs.
    Forbidden,
    /// There were too many attempts. The message says when to come back.
    RateLimited(Message),
    /// The database failed, or the session has ended.
    Store(StoreError),
}

impl Fault {
    /// The fault that ends the stream of a subscriber who can't keep up.
    pub fn too_slow() -> Self {
        Self::Store(StoreError::Unavailable("a subscriber was too slow".to_owned()))
    }

    /// Whether it is a fault of the program, which says nothing of what another request would meet.
    pub(crate) fn is_internal(&self) -> bool {
        let others =
            |error: &StoreError| matches!(error, StoreError::SessionEnded | StoreError::Unavailable(_) | StoreError::Timeout);
        matches!(self, Self::Store(error) if !others(error))
    }

    /// Says in the log what is a fault of the program.
    pub(crate) fn log(&self) {
        if let Self::Store(error) = self {
            tracing::error!(%error, "a request failed through a fault of ours");
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Forbidden => Self::Forbidden,
            error => Self::Store(error),
        }
    }
}

/// A query has no list of refusals in its answer, so a refusal becomes the query's error.
impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid(refusal.message)
    }
}

impl From<PageError> for Fault {
    fn from(error: PageError) -> Self {
        Self::BadRequest(error.to_string())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let (code, text) = match fault {
            Fault::BadRequest(message) => (ErrorCode::BadRequest, Text::Developer(message.into())),
            Fault::Invalid(message) => (ErrorCode::BadRequest, message.into()),
            Fault::Forbidden => (ErrorCode::Forbidden, Message::of("forbidden").into()),
            Fault::RateLimited(message) => (ErrorCode::RateLimited, message.into()),
            Fault::Store(StoreError::SessionEnded) => (ErrorCode::Unauthenticated, Message::of("session-ended").into()),
            Fault::Store(error @ (StoreError::Unavailable(_) | StoreError::Timeout)) => {
                // One line for each request would bury that the database is in trouble, which is said once.
                tracing::debug!(%error, "the database did not answer");
                (ErrorCode::Unavailable, Message::of("unavailable").into())
            }
            fault @ Fault::Store(_) => {
                fault.log();
                (ErrorCode::Internal, Message::of("internal").into())
            }
        };
        // The request's language isn't known here. `http::graphql::response` takes the text from `source` and says it in that
        // language.
        let error = Self { message: text.in_english(), source: Some(Arc::new(text)), extensions: None };
        error.extend_with(|_, extensions| extensions.set("code", code.as_str()))
    }
}
