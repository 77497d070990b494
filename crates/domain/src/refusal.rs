//! What the viewer can put right: the one shape in which every rule says no.

use crate::message::Message;
use crate::vocabulary;

vocabulary! {
    /// Why something was refused, for a frontend to act on.
    pub enum UserErrorCode {
        /// Nothing with that id exists for you.
        NotFound = "NOT_FOUND",
        /// Your roles do not allow this.
        Forbidden = "FORBIDDEN",
        /// A value is wrong; field says which.
        Invalid = "INVALID",
        /// It contradicts something that is already there, such as another use of the same clientMutationId.
        Conflict = "CONFLICT",
        /// The present state does not allow this move; the message names the state.
        IllegalTransition = "ILLEGAL_TRANSITION",
        /// The text could identify a person; field says where. The value is never repeated.
        IdentifyingData = "IDENTIFYING_DATA",
        /// It was possible until a moment that has passed.
        Expired = "EXPIRED",
        /// Too many attempts or items; the message says when or how many are possible.
        LimitReached = "LIMIT_REACHED",
    }
}

/// A refusal: a code for the frontend and a sentence that says what to put right. It never repeats a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// For the frontend.
    pub code: UserErrorCode,
    /// For the person, in the terms of their work.
    pub message: Message,
    /// The path of the input field that is meant, where there is one.
    pub field: Option<Vec<String>>,
}

impl Refusal {
    /// A refusal that is about no field in particular.
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

    /// The same refusal of a field that is inside another one.
    #[must_use]
    pub fn within(mut self, field: &str) -> Self {
        if let Some(path) = &mut self.field {
            path.insert(0, field.to_owned());
        }
        self
    }

    /// The id in that field names nothing that exists for the viewer. One wording for everything that does not exist,
    /// is somebody else's, or is an id of another kind.
    pub fn not_found(field: &str) -> Self {
        Self::of_field(UserErrorCode::NotFound, field, Message::of("not-found"))
    }
}

/// Gathers every refusal of an input, so that a form shows all of them at once.
#[derive(Debug, Default)]
pub struct Refusals(Vec<Refusal>);

impl Refusals {
    /// Keeps the value, or notes the refusal.
    pub fn keep<T>(&mut self, parsed: Result<T, Refusal>) -> Option<T> {
        parsed.map_err(|refusal| self.0.push(refusal)).ok()
    }

    /// Keeps the value, or notes all that was refused.
    pub fn keep_all<T>(&mut self, parsed: Result<T, Vec<Refusal>>) -> Option<T> {
        parsed.map_err(|refusals| self.0.extend(refusals)).ok()
    }

    /// Notes a refusal.
    pub fn push(&mut self, refusal: Refusal) {
        self.0.push(refusal);
    }

    /// The value when nothing was refused.
    ///
    /// # Errors
    /// All that was refused; also when the value is missing, which only happens together with a refusal.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Refusal>> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self.0),
        }
    }
}
