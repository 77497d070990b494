//! What an error says, and to whom.

use std::borrow::Cow;

use pamoja_domain::message::Message;

use super::Language;

/// What an error says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// To whoever sits in front of the frontend, in their language.
    Person(Message),
    /// To the frontend's developer, who alone can put it right, in English.
    Developer(Cow<'static, str>),
}

impl Text {
    /// In that language, as far as it is for a person.
    pub fn in_words(&self, language: Language) -> String {
        match self {
            Self::Person(message) => language.say(message),
            Self::Developer(words) => words.clone().into_owned(),
        }
    }

    /// In English.
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
