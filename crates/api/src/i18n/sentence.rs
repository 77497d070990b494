//! The sentences: messages put into words.

use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentValue};
use pamoja_domain::message::Message;

use super::bundle::{Bundles, SENTENCES};
use super::{Language, caption, search_words};

static SENTENCE_BUNDLES: LazyLock<Bundles> = LazyLock::new(|| Bundles::read(SENTENCES, caption::provide));

/// Reads all message files, so that a broken file shows when the program starts and not when somebody first needs its message.
pub fn load() {
    caption::load();
    search_words::load();
    LazyLock::force(&SENTENCE_BUNDLES);
}

impl Language {
    /// The message in this language; in English where there is no translation.
    pub fn say(self, message: &Message) -> String {
        let arguments: FluentArgs = message.arguments.iter().map(|(name, text)| (*name, value(text))).collect();
        [self, Self::English]
            .into_iter()
            .find_map(|language| SENTENCE_BUNDLES.find(language, message.key, Some(&arguments)))
            .unwrap_or_else(|| message.key.to_owned())
    }
}

/// Passes a number as a number, so that a language can tell singular from plural. Everything else stays text.
pub(super) fn value(text: &str) -> FluentValue<'_> {
    match text.parse::<i64>() {
        Ok(number) if number.to_string() == text => FluentValue::from(number),
        _ => FluentValue::from(text),
    }
}
