//! What the program says to a person: a key into the message files and the values to fill in. The API has the words, in every
//! language.

use std::fmt;

/// A sentence before it is put into words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Message {
    /// Its key in the message files, such as `referral-consent-missing`.
    pub key: &'static str,
    /// The values to fill in, by name. Never anything that a client sent.
    pub arguments: Vec<(&'static str, String)>,
}

impl Message {
    /// The message with this key and nothing to fill in.
    pub fn of(key: &'static str) -> Self {
        Self { key, arguments: Vec::new() }
    }

    /// Fills in a code, a number or a day.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.arguments.push((name, value.to_string()));
        self
    }
}

impl From<&'static str> for Message {
    fn from(key: &'static str) -> Self {
        Self::of(key)
    }
}

/// The key and the values, for logs and tests.
impl fmt::Display for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.key)?;
        self.arguments.iter().try_for_each(|(name, value)| write!(formatter, " {name}={value}"))
    }
}
