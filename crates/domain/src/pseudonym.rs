//! How the server names a client: by 128 bits that the partner's device derives, and by nothing else.

use crate::identifying::refuse_identifying;
use crate::message::Message;
use crate::refusal::Refusal;

/// The length of a [`Pseudonym`] in characters.
pub const PSEUDONYM_LENGTH: usize = 26;

/// A client's pseudonym: lower-case RFC 4648 base32 without padding. The partner's device makes it: HMAC-SHA256 of its local
/// client number, under a key that never reaches the server. The server compares pseudonyms and never decodes them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pseudonym(String);

impl Pseudonym {
    /// Reads a field's pseudonym.
    ///
    /// # Errors
    /// IDENTIFYING_DATA when the text looks like a phone number, an e-mail address, an id or a person's code. INVALID for
    /// anything else that isn't a pseudonym.
    pub fn parse(field: &str, text: &str) -> Result<Self, Refusal> {
        if text.len() == PSEUDONYM_LENGTH && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7')) {
            return Ok(Self(text.to_owned()));
        }
        refuse_identifying(field, text)?;
        Err(Refusal::invalid(field, Message::of("pseudonym-malformed").with("length", PSEUDONYM_LENGTH)))
    }

    /// A pseudonym made of 128 bits, for a client without a local number. The caller draws the bits at random.
    pub fn from_bits(bits: [u8; 16]) -> Self {
        Self(data_encoding::BASE32_NOPAD.encode(&bits).to_lowercase())
    }

    /// The pseudonym as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::UserErrorCode;

    #[test]
    fn any_bits_are_a_pseudonym_and_other_bits_are_another_one() {
        for (bits, text) in
            [([0; 16], "a".repeat(PSEUDONYM_LENGTH)), ([255; 16], format!("{}4", "7".repeat(PSEUDONYM_LENGTH - 1)))]
        {
            let pseudonym = Pseudonym::from_bits(bits);
            assert_eq!(pseudonym.as_str(), text);
            assert_eq!(Pseudonym::parse("client", pseudonym.as_str()), Ok(pseudonym));
        }
    }

    #[test]
    fn only_the_form_is_accepted_and_a_phone_number_is_called_what_it_is() {
        assert!(Pseudonym::parse("client", "abcdefghijklmnopqrstuvwx27").is_ok());
        for (text, code) in [
            ("0712345678", UserErrorCode::IdentifyingData),
            ("jo@example.org", UserErrorCode::IdentifyingData),
            ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", UserErrorCode::Invalid),
            ("abcdefghijklmnopqrstuvwx1", UserErrorCode::Invalid),
            ("", UserErrorCode::Invalid),
        ] {
            let refusal = Pseudonym::parse("client", text).expect_err("refused");
            assert_eq!(refusal.code, code, "{text}");
            assert!(text.is_empty() || !refusal.message.to_string().contains(text));
        }
    }
}
