//! The shape of an e-mail address.

use std::sync::LazyLock;

use regex::Regex;

/// What stands after the sign when it says a price: "10 pieces @ KES 50".
static PRICE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\A {0,2}(?:kes|kshs?|sh|usd|\$)?[. ]{0,2}\d[\d,]*(?:\.\d\d)?(?:/[=-])?(?:[ ,;)]|\.?\z|\. )")
        .expect("a pattern")
});

/// An address with the sign in words.
static IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix) [a-z0-9] \s* [\(\[\{<] \s* at \s* [\)\]\}>] \s* [a-z0-9]
        | [a-z0-9] \s+ at \s+ (?: gmail | yahoo | hotmail | outlook | icloud | proton (?: mail )? ) \b
        | [a-z0-9] \s+ at \s+ [a-z0-9-]+ \s+ dot \s+ [a-z]{2,} ",
    )
    .expect("a pattern")
});

/// Whether the text has a sign for "at" between letters or digits. Spaces, quotation marks, brackets and dashes may stand on either
/// side of it.
pub(super) fn is_in(plain: &str) -> bool {
    let between =
        |character: &u8| !matches!(character, b' ' | b'"' | b'\'' | b'(' | b')' | b'[' | b']' | b'<' | b'>' | b'-' | b'_' | b'.');
    let bytes = plain.as_bytes();
    let signs = (0..bytes.len()).filter(|at| bytes[*at] == b'@');
    let mut addresses = signs.filter(|&at| {
        let before = bytes[..at].iter().rev().find(|byte| between(byte)).is_some_and(u8::is_ascii_alphanumeric);
        let after = bytes[at + 1..].iter().find(|byte| between(byte)).is_some_and(u8::is_ascii_alphanumeric);
        let price = matches!(bytes[..at].last(), Some(b' ' | b'0'..=b'9')) && PRICE.is_match(&plain[at + 1..]);
        before && after && !price
    });
    addresses.next().is_some() || IN_WORDS.is_match(plain)
}
