//! What becomes a top-level error: malformed requests, missing roles and faults. What the viewer can put right in a mutation is a
//! `UserError` instead.

use async_graphql::{Error, ErrorExtensions, SimpleObject};
use pamoja_domain::page::PageError;
use pamoja_domain::refusal::{Refusal, UserErrorCode};
use pamoja_persistence::error::StoreError;

use crate::coded::Coded;

/// Something that the viewer can put right.
#[derive(SimpleObject)]
pub struct UserError {
    /// For the frontend to act on.
    code: Coded<UserErrorCode>,
    /// What to put right, for the person. It never repeats a value.
    message: String,
    /// The path of the input field that is meant, where there is one.
    field: Option<Vec<String>>,
}

impl From<Refusal> for UserError {
    fn from(refusal: Refusal) -> Self {
        Self { code: Coded(refusal.code), message: refusal.message, field: refusal.field }
    }
}

/// The refusals as the schema shows them.
pub fn user_errors(refusals: Vec<Refusal>) -> Vec<UserError> {
    refusals.into_iter().map(UserError::from).collect()
}

/// Why the body of a mutation's transaction gave up; nothing of it remains.
#[derive(Debug)]
pub enum Failure {
    /// The viewer can put it right.
    Refused(Vec<Refusal>),
    /// They can't.
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
    /// An argument of a query is malformed; the sentence says how to write it.
    BadRequest(String),
    /// The viewer's roles lack what the field needs.
    Forbidden,
    /// Too many attempts; the sentence says when to come back.
    RateLimited(String),
    /// The store failed.
    Store(StoreError),
}

impl Fault {
    /// What a subscriber is told who can't keep up.
    pub fn too_slow() -> Self {
        Self::Store(StoreError::Unavailable("a subscriber was too slow".to_owned()))
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

impl From<PageError> for Fault {
    fn from(error: PageError) -> Self {
        Self::BadRequest(error.to_string())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let (code, message) = match fault {
            Fault::BadRequest(message) => ("BAD_REQUEST", message),
            Fault::Forbidden => ("FORBIDDEN", "Your roles do not allow this. Ask your organisation's administrator.".to_owned()),
            Fault::RateLimited(message) => ("RATE_LIMITED", message),
            Fault::Store(StoreError::SessionEnded) => ("UNAUTHENTICATED", "Your session has ended. Sign in again.".to_owned()),
            Fault::Store(error @ (StoreError::Unavailable(_) | StoreError::Timeout)) => {
                tracing::warn!(%error, "the database did not answer");
                ("UNAVAILABLE", "The server is busy or restarting. Try again in a moment.".to_owned())
            }
            Fault::Store(error) => {
                tracing::error!(%error, "a request failed through a fault of ours");
                ("INTERNAL", "Something went wrong on our side. Try again; if it stays, tell us the request id.".to_owned())
            }
        };
        Self::new(message).extend_with(|_, extensions| extensions.set("code", code))
    }
}
