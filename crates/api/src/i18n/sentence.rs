//! The sentences: messages put into words.

use std::sync::LazyLock;

use chrono::NaiveDate;
use fluent_bundle::FluentArgs;
use pamoja_domain::day::day_of;
use pamoja_domain::message::Message;
use pamoja_persistence::clock;

use super::bundle::{Bundles, SENTENCES};
use super::{Language, caption, filling, search_words};

static SENTENCE_BUNDLES: LazyLock<Bundles> = LazyLock::new(|| Bundles::read(SENTENCES, caption::provide));

/// Reads all message files, so that a broken file shows when the program starts and not when somebody first needs its message.
pub fn load() {
    caption::load();
    filling::load();
    search_words::load();
    LazyLock::force(&SENTENCE_BUNDLES);
}

impl Language {
    /// The message in this language; in English where there is no translation.
    pub fn say(self, message: &Message) -> String {
        self.say_on(day_of(clock::now()), message)
    }

    /// The message as it is said on that day: a day of another year is said with its year.
    pub(super) fn say_on(self, today: NaiveDate, message: &Message) -> String {
        [self, Self::English]
            .into_iter()
            .find_map(|language| {
                let values = message.arguments.iter().map(|(name, filling)| (*name, filling::value(filling, language, today)));
                let values: FluentArgs<'_> = values.collect();
                SENTENCE_BUNDLES.find(language, message.key, Some(&values))
            })
            .unwrap_or_else(|| message.key.to_owned())
    }
}
