//! The captions of codes: what a frontend shows in place of a code, and what sentences call it.

use std::sync::LazyLock;

use fluent_bundle::FluentValue;

use super::Language;
use super::bundle::{Bundle, Bundles, CODES};

static CODE_BUNDLES: LazyLock<Bundles> = LazyLock::new(|| Bundles::read(CODES, |_, _| {}));

/// Reads the caption files.
pub(super) fn load() {
    LazyLock::force(&CODE_BUNDLES);
}

/// The key of a code's caption: `service-type-hiv-testing` for HIV_TESTING in ServiceType.
pub(super) fn key(vocabulary: &str, code: &str) -> String {
    let mut key = String::with_capacity(vocabulary.len() + code.len() + 4);
    for (at, character) in vocabulary.char_indices() {
        if at > 0 && character.is_ascii_uppercase() {
            key.push('-');
        }
        key.push(character.to_ascii_lowercase());
    }
    key.push('-');
    key.extend(code.chars().map(|character| if character == '_' { '-' } else { character.to_ascii_lowercase() }));
    key
}

/// What to show in place of that code of that vocabulary; the code itself when it is unknown.
pub fn caption(language: Language, vocabulary: &str, code: &str) -> String {
    known_caption(language, vocabulary, code).unwrap_or_else(|| code.to_owned())
}

/// What to show in place of that code of that vocabulary, if there are words for it.
pub(super) fn known_caption(language: Language, vocabulary: &str, code: &str) -> Option<String> {
    let key = key(vocabulary, code);
    [language, Language::English].into_iter().find_map(|language| CODE_BUNDLES.find(language, &key, None))
}

/// Lets sentences name a code by its caption: `{ CAPTION("NOT_STATED", of: "Population") }`. What is filled in is a caption already.
pub(super) fn provide(bundle: &mut Bundle, language: Language) {
    let provided = bundle.add_function("CAPTION", move |positional, named| match (positional, named.get("of")) {
        ([FluentValue::String(code)], Some(FluentValue::String(vocabulary))) => caption(language, vocabulary, code).into(),
        _ => FluentValue::Error,
    });
    provided.expect("it is provided once");
}
