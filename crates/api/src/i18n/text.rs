//! The words of an error, and who reads them.

use std::borrow::Cow;

use pamoja_domain::message::Message;

use super::Language;

/// The words of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// For the person in front of the frontend, in their language.
    Person(Message),
    /// For the frontend's developer, who alone can put the error right; always in English.
    Developer(Cow<'static, str>),
}

impl Text {
    /// The words in that language; words for a developer stay English.
    pub fn in_words(&self, language: Language) -> String {
        match self {
            Self::Person(message) => language.say(message),
            Self::Developer(words) => words.clone().into_owned(),
        }
    }

    /// The words in English.
    pub fn in_english(&self) -> String {
        self.in_words(Language::English)
    }
}

impl From<Message> for Text {
    fn from(message: Message) -> Self {
        Self::Person(message)
    }
}

impl From<&'static str> for Text {
    fn from(words: &'static str) -> Self {
        Self::Developer(Cow::Borrowed(words))
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Self::Developer(Cow::Owned(words))
    }
}
