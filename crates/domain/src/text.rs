//! Plain text that describes an organisation or a service, never a person.

use crate::identifying::{is_invisible, refuse_identifying};
use crate::message::Message;
use crate::refusal::Refusal;

/// A line of text: trimmed, with single spaces, 1 to `MAXIMUM` characters, no control or invisible characters, nothing that
/// identifies a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<const MAXIMUM: usize>(String);

impl<const MAXIMUM: usize> Line<MAXIMUM> {
    /// Reads a field's text.
    ///
    /// # Errors
    /// INVALID when it is empty, too long, or has control or invisible characters. IDENTIFYING_DATA when it could identify a
    /// person.
    pub fn parse(field: &str, text: &str) -> Result<Self, Refusal> {
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if folded.is_empty() {
            return Err(Refusal::invalid(field, "text-empty"));
        }
        if folded.chars().count() > MAXIMUM {
            return Err(Refusal::invalid(field, Message::of("text-too-long").with("maximum", MAXIMUM)));
        }
        if folded.chars().any(|character| character.is_control() || is_invisible(character)) {
            return Err(Refusal::invalid(field, "text-unreadable"));
        }
        refuse_identifying(field, &folded)?;
        Ok(Self(folded))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
