//! The message files, read into bundles.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use super::Language;

/// One message file, in every language.
pub(super) struct File {
    pub(super) name: &'static str,
    pub(super) english: &'static str,
    pub(super) swahili: &'static str,
}

impl File {
    pub(super) fn of(&self, language: Language) -> &'static str {
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
            english: include_str!(concat!("../../messages/en/", $name, ".ftl")),
            swahili: include_str!(concat!("../../messages/sw/", $name, ".ftl")),
        }),+]
    };
}

/// The files of sentences, one a line. Each key is defined in only one of them.
pub(super) static SENTENCES: &[File] = &files![
    "common", //
    "client_report",
    "client_right",
    "referral",
    "referral_mending",
    "referral_sending",
    "referral_slip",
    "sensitisation",
    "service",
    "service_suggestion",
    "session",
    "statistic",
    "task",
    "training",
    "training_matching",
    "violation",
];

/// The captions of codes, kept apart so that no caption passes for a sentence.
pub(super) static CODES: &[File] = &files!["codes"];

/// The words that days, months and languages are shown by where they are filled in.
pub(super) static FILLINGS: &[File] = &files!["filling"];

/// What people also call things when they search for them: lists of words.
pub(super) static SEARCH: &[File] = &files!["search"];

pub(super) type Bundle = FluentBundle<FluentResource>;

/// A bundle for each language, in the order of [`Language::ALL`].
pub(super) struct Bundles([Bundle; 2]);

impl Bundles {
    pub(super) fn read(files: &[File], provide: impl Fn(&mut Bundle, Language)) -> Self {
        Self(Language::ALL.map(|language| {
            let tag = language.tag().parse().expect("the tags of our languages are language tags");
            let mut bundle = Bundle::new_concurrent(vec![tag]);
            // Fluent's isolation marks are for right-to-left scripts; some screens show them as boxes.
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

    /// The words for that key in that language. Nothing when the key has none, or when they can't be formatted.
    pub(super) fn find(&self, language: Language, key: &str, arguments: Option<&FluentArgs>) -> Option<String> {
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
