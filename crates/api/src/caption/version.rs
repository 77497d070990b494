//! The version of all captions: a key under which a frontend keeps them.

use std::sync::OnceLock;

use async_graphql::registry::Registry;
use data_encoding::HEXLOWER;
use pamoja_domain::county::CountyCode;
use sha2::{Digest, Sha256};

use super::vocabulary::vocabularies;
use crate::i18n::{Language, caption};

/// The version of all captions in all languages.
pub(super) fn captions_version(registry: &Registry) -> &'static str {
    // The registry is the same for the whole life of the process.
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| version(&everything(registry)))
}

/// A list's name, a code of it, and what is shown for it in one language.
type Entry = (String, String, String);

/// Everything that the three queries can answer.
fn everything(registry: &Registry) -> Vec<Entry> {
    let mut entries = Vec::new();
    for vocabulary in vocabularies(registry) {
        for code in &vocabulary.codes {
            for language in Language::ALL {
                entries.push((vocabulary.name.clone(), code.clone(), caption(language, &vocabulary.name, code)));
            }
        }
    }
    let county = |county: &CountyCode| ("County".to_owned(), county.as_str().to_owned(), county.name().to_owned());
    entries.extend(CountyCode::ALL.iter().map(county));
    entries
}

/// A hash of the entries in their order. Each part goes in after its length, so that no two lists of entries read alike.
fn version(entries: &[Entry]) -> String {
    let mut hash = Sha256::new();
    for part in entries.iter().flat_map(|(list, code, caption)| [list, code, caption]) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    HEXLOWER.encode(&hash.finalize()[..8])
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn some_entries() -> impl Strategy<Value = Vec<Entry>> {
        vec(("[ab]{0,2}", "[ab]{0,2}", "[ab]{0,2}"), 0..4)
    }

    proptest! {
        #[test]
        fn the_version_changes_exactly_when_a_code_or_a_caption_does(one in some_entries(), other in some_entries()) {
            prop_assert_eq!(version(&one) == version(&other), one == other);
        }

        #[test]
        fn a_letter_that_moves_to_the_next_part_is_a_change(list in "[a-z]{1,3}", code in "[a-z]{1,3}", caption in "[a-z]{1,3}") {
            let moved = (format!("{list}{}", &code[..1]), code[1..].to_owned(), caption.clone());
            prop_assert_ne!(version(&[(list, code, caption)]), version(&[moved]));
        }
    }
}
