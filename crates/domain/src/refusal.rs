//! Refusals: every rule uses this one shape to say no, and says what the viewer can correct.

use crate::message::Message;
use crate::vocabulary;

vocabulary! {
    /// Why something was refused, for a frontend to act on.
    pub enum UserErrorCode {
        /// Nothing with this id exists for you.
        NotFound = "NOT_FOUND",
        /// Your roles do not allow this.
        Forbidden = "FORBIDDEN",
        /// A value is wrong; field says which.
        Invalid = "INVALID",
        /// It contradicts something that already exists, such as another input that this account sent to the same mutation with the same clientMutationId.
        Conflict = "CONFLICT",
        /// The present state does not allow this move; the message names the state.
        IllegalTransition = "ILLEGAL_TRANSITION",
        /// The text could identify a person. See field for where; the message never repeats the value.
        IdentifyingData = "IDENTIFYING_DATA",
        /// It was possible, but the time for it has passed.
        Expired = "EXPIRED",
        /// Too many attempts or items. The message says when to try again or how many are possible.
        LimitReached = "LIMIT_REACHED",
        /// It failed through a fault of ours, and nothing of it was done. Send it again as it is, with the same clientMutationId; if it stays, tell the operator the request id.
        Internal = "INTERNAL",
    }
}

/// A refusal: a code for the frontend and a sentence that says what to correct. It never repeats a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The code, for the frontend.
    pub code: UserErrorCode,
    /// The message for the person, in the terms of their work.
    pub message: Message,
    /// The path of the input field that is wrong; `None` if the refusal is about no single field.
    pub field: Option<Vec<String>>,
}

impl Refusal {
    /// A refusal that is about no single field.
    pub fn new(code: UserErrorCode, message: impl Into<Message>) -> Self {
        Self { code, message: message.into(), field: None }
    }

    /// A refusal of one input field.
    pub fn of_field(code: UserErrorCode, field: &str, message: impl Into<Message>) -> Self {
        Self { code, message: message.into(), field: Some(vec![field.to_owned()]) }
    }

    /// A wrong value of one input field.
    pub fn invalid(field: &str, message: impl Into<Message>) -> Self {
        Self::of_field(UserErrorCode::Invalid, field, message)
    }

    /// The same refusal for a field inside another one.
    #[must_use]
    pub fn within(mut self, field: &str) -> Self {
        if let Some(path) = &mut self.field {
            path.insert(0, field.to_owned());
        }
        self
    }

    /// The refusal for an id that names nothing that exists for the viewer. It has the same words for everything that does not
    /// exist, belongs to somebody else or is an id of another kind.
    pub fn not_found(field: &str) -> Self {
        Self::of_field(UserErrorCode::NotFound, field, Message::of("not-found"))
    }
}

/// Collects every refusal of an input. A form can then show them all at once.
#[derive(Debug, Default)]
pub struct Refusals(Vec<Refusal>);

impl Refusals {
    /// Returns the value or collects the refusal.
    pub fn keep<T>(&mut self, parsed: Result<T, Refusal>) -> Option<T> {
        parsed.map_err(|refusal| self.0.push(refusal)).ok()
    }

    /// Returns the value or collects all its refusals.
    pub fn keep_all<T>(&mut self, parsed: Result<T, Vec<Refusal>>) -> Option<T> {
        parsed.map_err(|refusals| self.0.extend(refusals)).ok()
    }

    /// Collects a refusal.
    pub fn push(&mut self, refusal: Refusal) {
        self.0.push(refusal);
    }

    /// Returns the value if nothing was refused.
    ///
    /// # Errors
    /// Everything that was refused; also when the value is missing, which happens only together with a refusal.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Refusal>> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self.0),
        }
    }
}
