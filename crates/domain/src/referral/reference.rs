//! The short reference of a referral, which two desks say to each other on the phone.

use crate::refusal::Refusal;

/// The lengths of a reference that are tried one after the other, until no other referral between the two organisations has the
/// reference that was drawn. There are a million references of four letters and digits. While two organisations have a
/// hundred thousand referrals, nine of ten first attempts succeed, and all that are left without one after four attempts get a
/// longer reference.
pub const REFERENCE_LENGTHS: [i32; 12] = [4, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6];

/// A reference: four to six letters and digits of Crockford's base 32, of which none looks like another. It is drawn at random and
/// means something only between the two organisations of the referral.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference(String);

impl Reference {
    /// Reads a reference as somebody writes it down who heard it: in any case, with spaces or dashes, with O for 0, and with I or L
    /// for 1.
    ///
    /// # Errors
    /// INVALID when it isn't four to six of the letters and digits that references have.
    pub fn parse(field: &str, text: &str) -> Result<Self, Refusal> {
        let mut read = String::new();
        for character in text.chars().filter(|character| !matches!(character, ' ' | '-')) {
            match character.to_ascii_uppercase() {
                'O' => read.push('0'),
                'I' | 'L' => read.push('1'),
                'U' => return Err(Refusal::invalid(field, "referral-reference-malformed")),
                letter if letter.is_ascii_alphanumeric() => read.push(letter),
                _ => return Err(Refusal::invalid(field, "referral-reference-malformed")),
            }
        }
        if !(4..=6).contains(&read.len()) {
            return Err(Refusal::invalid(field, "referral-reference-malformed"));
        }
        Ok(Self(read))
    }

    /// The reference as it is stored and shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_heard_on_the_phone_is_read_as_what_was_said(said in "[0-9A-HJKMNP-TV-Z]{4,6}", shape in any::<u32>()) {
            let mut heard = String::new();
            for (at, letter) in said.chars().enumerate() {
                let bit = |number: usize| shape >> (at * 4 + number) & 1 == 1;
                let letter = match letter {
                    '0' if bit(0) => 'O',
                    '1' if bit(0) => 'I',
                    '1' if bit(1) => 'L',
                    letter => letter,
                };
                heard.push(if bit(2) { letter.to_ascii_lowercase() } else { letter });
                heard.push_str(if bit(3) { " " } else { "" });
            }
            let read = Reference::parse("reference", &heard);
            prop_assert_eq!(read.as_ref().map(Reference::as_str).ok(), Some(said.as_str()));
        }

        #[test]
        fn what_is_no_reference_is_refused_and_never_repeated(text in ".{0,12}") {
            match Reference::parse("reference", &text) {
                Ok(read) => prop_assert!((4..=6).contains(&read.as_str().len()) && !read.as_str().contains(['O', 'I', 'L', 'U'])),
                Err(refusal) => prop_assert!(refusal.message.arguments.is_empty()),
            }
        }
    }

    #[test]
    fn too_short_too_long_and_other_characters_are_refused() {
        for text in ["", "K7M", "K7MQ2ZX", "K7MU", "K7M!", "K7M\u{c9}"] {
            assert!(Reference::parse("reference", text).is_err(), "{text}");
        }
    }
}
