//! Finds text that could identify a person. The program refuses it before it is stored anywhere.
//!
//! It looks for shapes, not for names: a phone number, an e-mail address, or a national id or other run of six or more digits
//! (however grouped). It also looks for a unique identifier code built from letters of names and digits of a birth date.

use crate::refusal::{Refusal, UserErrorCode};

/// The most digits in a row that are harmless, not counting spaces and dashes between them. One digit more counts as a person's
/// number.
pub const LONGEST_HARMLESS_DIGITS: usize = 5;

/// Whether the text contains something that has the shape of identifying data.
pub fn looks_identifying(text: &str) -> bool {
    has_long_number(text) || has_email(text) || text.split_whitespace().any(is_identifier_code)
}

/// Refuses text that could identify a person. The refusal names the field and never repeats the value.
///
/// # Errors
/// IDENTIFYING_DATA when the text could identify a person.
pub fn refuse_identifying(field: &str, text: &str) -> Result<(), Refusal> {
    if looks_identifying(text) {
        return Err(identifying(field));
    }
    Ok(())
}

/// The refusal for a field that holds identifying data.
pub fn identifying(field: &str) -> Refusal {
    Refusal::of_field(UserErrorCode::IdentifyingData, field, "identifying")
}

/// Digits of any script count. Anything but a letter may stand between them.
fn has_long_number(text: &str) -> bool {
    let mut digits = 0;
    for character in text.chars() {
        if character.is_numeric() {
            digits += 1;
            if digits > LONGEST_HARMLESS_DIGITS {
                return true;
            }
        } else if character.is_alphabetic() {
            digits = 0;
        }
    }
    false
}

/// Whether a character is drawn as nothing, or as part of the one before it: a reader can't check text that they can't see. The
/// list holds all that PostgreSQL and browsers pass on of what Unicode calls default-ignorable and format characters.
pub fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{20d0}'..='\u{20f0}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e000}'..='\u{f8ff}'
            | '\u{e0000}'..='\u{10ffff}'
    )
}

/// Whether the text has a sign for "at" between letters or digits. Spaces, quotation marks, brackets and dashes may stand on
/// either side of it.
fn has_email(text: &str) -> bool {
    let between = |character: &char| {
        !character.is_whitespace()
            && !is_invisible(*character)
            && !matches!(character, '"' | '\'' | '(' | ')' | '[' | ']' | '-' | '_' | '.')
    };
    text.char_indices().any(|(at, character)| {
        matches!(character, '@' | '\u{ff20}' | '\u{fe6b}')
            && text[..at].chars().rev().find(between).is_some_and(char::is_alphanumeric)
            && text[at + character.len_utf8()..].chars().find(between).is_some_and(char::is_alphanumeric)
    })
}

/// Whether a word has three or more letters and three or more digits, divided by any dashes. The national key-population code is
/// one example: it is made of letters of names and a birth month and year.
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
            "07*12*34*56*78",
            "07----12----34----56",
            "07\u{2212}12\u{2212}34",
            "jo @ example.org",
            "\"jo\"@example.org",
            "jo\u{200b}@\u{200b}example.org",
            "KAM-JO-03-90",
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
