//! What the program says to people, in the languages it speaks: from keys of [`Message`] to words out of `messages/<language>/*.ftl`
//! (Project Fluent). What only a developer can put right is said in English where it arises.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use pamoja_domain::message::Message;

mod caption;
mod language;
#[cfg(test)]
mod tests;

pub(crate) use caption::Captioned;
pub use caption::caption;
pub use language::Language;

/// A message file in every language.
struct File {
    name: &'static str,
    english: &'static str,
    swahili: &'static str,
}

impl File {
    fn of(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Swahili => self.swahili,
        }
    }
}

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        [$(File {
            name: $name,
            english: include_str!(concat!("../messages/en/", $name, ".ftl")),
            swahili: include_str!(concat!("../messages/sw/", $name, ".ftl")),
        }),+]
    };
}

/// The sentences, a line a file. A key is defined in one of them alone.
static SENTENCES: &[File] = &files![
    "common", //
    "client_report",
    "client_right",
    "matching",
    "referral",
    "sending",
    "service",
    "session",
    "slip",
    "statistic",
    "suggestion",
    "task",
    "training",
];

/// The captions of codes; apart, so that they can't be taken for sentences.
static CODES: &[File] = &files!["codes"];

type Bundle = FluentBundle<FluentResource>;

/// A bundle for each language, in the order of [`Language::ALL`].
struct Bundles([Bundle; 2]);

static SENTENCE_BUNDLES: LazyLock<Bundles> = LazyLock::new(|| Bundles::read(SENTENCES, caption::provide));
static CODE_BUNDLES: LazyLock<Bundles> = LazyLock::new(|| Bundles::read(CODES, |_, _| {}));

/// Reads all message files. What is wrong in one shows as the program starts, and not to the first person who is told something.
pub(crate) fn load() {
    LazyLock::force(&CODE_BUNDLES);
    LazyLock::force(&SENTENCE_BUNDLES);
}

impl Bundles {
    fn read(files: &[File], provide: impl Fn(&mut Bundle, Language)) -> Self {
        Self(Language::ALL.map(|language| {
            let tag = language.tag().parse().expect("the tags of our languages are language tags");
            let mut bundle = Bundle::new_concurrent(vec![tag]);
            // The marks are for right-to-left scripts; elsewhere some screens show them as boxes.
            bundle.set_use_isolating(false);
            provide(&mut bundle, language);
            for file in files {
                let (tag, name) = (language.tag(), file.name);
                let resource = FluentResource::try_new(file.of(language).to_owned())
                    .unwrap_or_else(|(_, errors)| panic!("messages/{tag}/{name}.ftl can't be read: {errors:?}"));
                bundle
                    .add_resource(resource)
                    .unwrap_or_else(|errors| panic!("messages/{tag}/{name}.ftl has a key of another file: {errors:?}"));
            }
            bundle
        }))
    }

    fn of(&self, language: Language) -> &Bundle {
        &self.0[language as usize]
    }

    /// The words of that key in that language, if it has any and they hold together.
    fn find(&self, language: Language, key: &str, arguments: Option<&FluentArgs>) -> Option<String> {
        let bundle = self.of(language);
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, arguments, &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(key, language = language.tag(), "a message can't be put into words");
            return None;
        }
        Some(text)
    }
}

impl Language {
    /// The message in this language; in English where it isn't translated.
    pub fn say(self, message: &Message) -> String {
        let arguments: FluentArgs = message.arguments.iter().map(|(name, text)| (*name, value(text))).collect();
        [self, Self::English]
            .into_iter()
            .find_map(|language| SENTENCE_BUNDLES.find(language, message.key, Some(&arguments)))
            .unwrap_or_else(|| message.key.to_owned())
    }
}

/// A number as a number, so that a language can tell one from many; everything else as it is.
fn value(text: &str) -> FluentValue<'_> {
    match text.parse::<i64>() {
        Ok(number) if number.to_string() == text => FluentValue::from(number),
        _ => FluentValue::from(text),
    }
}

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
