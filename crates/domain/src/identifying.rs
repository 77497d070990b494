//! Finds text that could identify a person, so that it is refused before it is stored anywhere.
//!
//! It looks for shapes, not for names: a phone number, an e-mail address, a national id or any other run of six or more
//! digits (however grouped), and the shape of a unique identifier code built from letters of names and digits of a birth date.

use crate::refusal::{Refusal, UserErrorCode};

/// The fewest digits in a row, spaces and dashes between them not counted, that are taken for a number of a person.
pub const LONGEST_HARMLESS_DIGITS: usize = 5;

/// Whether the text holds something of the shape of identifying data.
pub fn looks_identifying(text: &str) -> bool {
    has_long_number(text) || has_email(text) || text.split(|c: char| !c.is_alphanumeric()).any(is_identifier_code)
}

/// Refuses text that could identify a person, naming the field and never the value.
///
/// # Errors
/// IDENTIFYING_DATA.
pub fn refuse_identifying(field: &str, text: &str) -> Result<(), Refusal> {
    if looks_identifying(text) {
        return Err(identifying(field));
    }
    Ok(())
}

/// The refusal for a field that holds identifying data.
pub fn identifying(field: &str) -> Refusal {
    Refusal::of_field(
        UserErrorCode::IdentifyingData,
        field,
        "This looks like a phone number, an e-mail address, an id or a person's code. Nothing that identifies a person is kept here: leave it out.",
    )
}

/// Digits of any script count, and so do groups divided by what people put between digits.
fn has_long_number(text: &str) -> bool {
    let mut digits = 0;
    let mut separators = 0;
    for character in text.chars() {
        if character.is_numeric() {
            digits += 1;
            separators = 0;
            if digits > LONGEST_HARMLESS_DIGITS {
                return true;
            }
        } else if digits > 0 && separators < 3 && is_separator(character) {
            separators += 1;
        } else {
            digits = 0;
            separators = 0;
        }
    }
    false
}

fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '-' | '.' | '/' | '(' | ')' | '+' | '_' | ',' | ':' | '\u{2010}'..='\u{2015}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

fn has_email(text: &str) -> bool {
    text.char_indices().any(|(at, character)| {
        matches!(character, '@' | '\u{ff20}' | '\u{fe6b}')
            && text[..at].chars().next_back().is_some_and(char::is_alphanumeric)
            && text[at + character.len_utf8()..].chars().next().is_some_and(char::is_alphanumeric)
    })
}

/// Three or more letters and three or more digits in one word, such as the national key-population code makes from the
/// letters of names and a birth month and year.
fn is_identifier_code(word: &str) -> bool {
    let letters = word.chars().filter(|character| character.is_alphabetic()).count();
    let digits = word.chars().filter(|character| character.is_numeric()).count();
    letters >= 3 && digits >= 3 && letters + digits <= 16
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn phone_numbers_ids_and_codes_are_found() {
        for text in [
            "0712345678",
            "+254 712 345 678",
            "call 0712-345-678 today",
            "(0712) 345.678",
            "id 23456789",
            "mail jo@example.org",
            "KAMJO0390",
            "ask for WANJMUR1987",
            "٠٧١٢٣٤٥٦٧٨",
            "12 34 56",
            "0\u{200b}7\u{200b}1\u{200b}2\u{200b}3\u{200b}4",
        ] {
            assert!(looks_identifying(text), "not found: {text}");
        }
    }

    #[test]
    fn ordinary_descriptions_pass() {
        for text in [
            "Drop-in centre, open 9 to 17",
            "PrEP and PEP, 24 h",
            "Level 4, room 12",
            "Hepatitis B and C",
            "Clinic 2026",
            "Mon-Fri 08:00",
            "@ the market",
        ] {
            assert!(!looks_identifying(text), "wrongly found: {text}");
        }
    }

    proptest! {
        #[test]
        fn any_run_of_six_digits_is_found_in_any_surroundings(before in "[a-z ]{0,20}", digits in "[0-9]{6,15}", after in "[a-z ]{0,20}") {
            let text = format!("{before}{digits}{after}");
            prop_assert!(looks_identifying(&text));
        }

        #[test]
        fn words_without_digits_pass(text in "[A-Za-z ,]{0,200}") {
            prop_assert!(!looks_identifying(&text));
        }
    }
}
