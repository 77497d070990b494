//! What somebody typed.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use super::fold::fold;
use crate::message::Message;

/// The most words, as divided by spaces, that a search text can have.
pub const MAXIMUM_WORDS: usize = 6;
/// The most characters that a search text can have.
pub const MAXIMUM_CHARACTERS: usize = 100;

/// Words that people write between the others, and for the rank of a place. An entry is found without them.
const LITTLE_WORDS: [&str; 28] = [
    "a", "an", "and", "at", "by", "for", "from", "in", "near", "of", "on", "or", "the", "to", "with", // English
    "cha", "katika", "kwa", "la", "na", "pa", "vya", "wa", "ya", "za", // Swahili
    "county", "district", "kaunti", // A county hospital was a district hospital until 2013
];

/// A search text: its folded words, without repeats and in no order of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchText {
    /// The words that must be found.
    pub(super) words: Vec<String>,
    /// The words that may be missing.
    pub(super) little: Vec<String>,
}

impl SearchText {
    /// Reads what somebody typed. Nothing when it is blank: then nothing is searched for. A text of signs alone has no words, and
    /// no entry is found by it.
    ///
    /// # Errors
    /// The message for the person when the text has more than six words or 100 characters, or holds a NUL, which no keyboard
    /// types.
    pub fn parse(text: &str) -> Result<Option<Self>, Message> {
        let parts = || text.split_whitespace();
        if text.chars().count() > MAXIMUM_CHARACTERS || parts().count() > MAXIMUM_WORDS {
            let message = Message::of("search-text-too-long");
            return Err(message.with("words", MAXIMUM_WORDS).with("characters", MAXIMUM_CHARACTERS));
        }
        if text.contains('\0') {
            return Err(Message::of("search-text-unreadable"));
        }
        if parts().all(|part| part.chars().all(crate::visible::is_invisible)) {
            return Ok(None);
        }
        let folded: Vec<String> = parts().map(|part| whole_number(part).unwrap_or_else(|| fold(part))).collect();
        let mut words: Vec<String> = folded.iter().flat_map(|part| part.split(' ')).map(str::to_owned).collect();
        words.retain(|word| !word.is_empty());
        words.sort();
        words.dedup();
        let (little, needed): (Vec<_>, Vec<_>) = words.into_iter().partition(|word| LITTLE_WORDS.contains(&word.as_str()));
        // Who types little words alone means them.
        Ok(Some(if needed.is_empty() { Self { words: little, little: needed } } else { Self { words: needed, little } }))
    }

    /// A short text that is the same for texts that find the same, and another for any other. It doesn't tell the words.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for word in self.words.iter().chain(&self.little) {
            hash.update(word.as_bytes());
            hash.update(b" ");
        }
        BASE64URL_NOPAD.encode(&hash.finalize()[..9])
    }
}

/// A number as a spreadsheet writes it, "13023.0" or "13,023", without what is no part of a code.
fn whole_number(part: &str) -> Option<String> {
    let (whole, fraction) = part.split_once('.').unwrap_or((part, ""));
    let mut groups = whole.split(',');
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().filter(|first| digits(first))?;
    let grouped = whole.contains(',');
    let is_number = groups.all(|group| group.len() == 3 && digits(group)) && (!grouped || first.len() <= 3);
    (is_number && fraction.bytes().all(|byte| byte == b'0')).then(|| whole.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> (Vec<String>, Vec<String>) {
        let read = SearchText::parse(text).expect("a text").expect("not blank");
        (read.words, read.little)
    }

    #[test]
    fn a_text_becomes_words_without_repeats_in_one_order() {
        for (text, needed, little) in [
            ("Kisumu  Airport kisumu", vec!["airport", "kisumu"], vec![]),
            ("pep in Kisumu", vec!["kisumu", "pep"], vec!["in"]),
            ("huduma ya kaunti", vec!["huduma"], vec!["kaunti", "ya"]),
            ("drop-in", vec!["drop"], vec!["in"]),
            ("in the", vec!["in", "the"], vec![]),
            ("13023", vec!["13023"], vec![]),
            ("13023.0", vec!["13023"], vec![]),
            ("13,023", vec!["13023"], vec![]),
            ("1,013,023.00", vec!["1013023"], vec![]),
            ("13,02", vec!["02", "13"], vec![]),
            ("13023.5", vec!["13023", "5"], vec![]),
            ("M.P. Shah", vec!["mp", "shah"], vec![]),
            ("%_\\", vec![], vec![]),
        ] {
            assert_eq!(
                words(text),
                (needed.into_iter().map(str::to_owned).collect(), little.into_iter().map(str::to_owned).collect()),
                "{text}"
            );
        }
        for blank in ["", "   ", "\n\t", "\u{200b} \u{ad}"] {
            assert_eq!(SearchText::parse(blank), Ok(None), "{blank:?}");
        }
    }

    #[test]
    fn a_text_is_bounded() {
        for (text, key) in [
            ("a b c d e f g".to_owned(), "search-text-too-long"),
            ("x".repeat(101), "search-text-too-long"),
            ("x".repeat(500), "search-text-too-long"),
            (" ".repeat(101), "search-text-too-long"),
            ("a\0b".to_owned(), "search-text-unreadable"),
        ] {
            assert_eq!(SearchText::parse(&text).expect_err("refused").key, key, "{text:?}");
        }
        assert!(SearchText::parse(&"é".repeat(100)).is_ok_and(|read| read.is_some()));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_order_and_repeats_make_no_difference(text in "\\PC{0,60}") {
            if let Ok(Some(read)) = SearchText::parse(&text) {
                let mut parts: Vec<&str> = text.split_whitespace().collect();
                parts.reverse();
                let turned = parts.join("  ");
                if turned.chars().count() <= MAXIMUM_CHARACTERS {
                    let turned = SearchText::parse(&turned).expect("as long").expect("as full");
                    prop_assert_eq!(turned.fingerprint(), read.fingerprint());
                    prop_assert_eq!(turned, read);
                }
            }
        }
    }
}
