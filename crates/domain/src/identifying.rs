//! Finds text that could identify a person. The program refuses it before it is stored anywhere.
//!
//! It looks for shapes, not for names: a phone number, an e-mail address, a national id or other run of six or more digits
//! (however grouped), and a unique identifier code built from letters of names and digits of a birth date. What an organisation
//! writes about its work has digits, too: hours, dates, ranges of years, amounts of money, age groups, numbers of forms. Those are
//! recognised first (`harmless`), and only the digits that are left count.

mod email;
mod harmless;
mod harmless_shapes;
mod harmless_words;
mod personal_code;
mod phone;
mod plain;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod tests;

use crate::refusal::{Refusal, UserErrorCode};

/// The most digits in a row that are harmless, not counting what stands between them unless it is a letter. One digit more counts
/// as a person's number.
pub const LONGEST_HARMLESS_DIGITS: usize = 5;

/// What a text was taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// A number by which somebody can be called.
    PhoneNumber,
    /// An address for e-mail, or an account at an organisation.
    EmailAddress,
    /// The number of an ID, or any other number of six or more digits.
    IdNumber,
    /// Letters of names with digits of a birth date.
    PersonalCode,
}

impl Identity {
    /// The key of the sentence that says what it was taken for, and how to write what it isn't.
    fn message(self) -> &'static str {
        match self {
            Self::PhoneNumber => "identifying-phone-number",
            Self::EmailAddress => "identifying-email-address",
            Self::IdNumber => "identifying-id-number",
            Self::PersonalCode => "identifying-personal-code",
        }
    }
}

/// What in the text could identify a person; `None` when nothing could.
pub fn identity_in(text: &str) -> Option<Identity> {
    let plain = plain::plain(text);
    if email::is_in(&plain) {
        return Some(Identity::EmailAddress);
    }
    let left = harmless::without_harmless(&plain);
    if left.phone || phone::is_in(&left.text) || phone::is_spelled_in(&left.text) {
        return Some(Identity::PhoneNumber);
    }
    if left.text.split(' ').any(personal_code::is_personal_code) {
        return Some(Identity::PersonalCode);
    }
    if has_long_number(&left.text) {
        let called = left.text.contains('+') && phone::has_international(&left.text);
        return Some(if called { Identity::PhoneNumber } else { Identity::IdNumber });
    }
    None
}

/// Whether the text contains something that has the shape of identifying data.
pub fn looks_identifying(text: &str) -> bool {
    identity_in(text).is_some()
}

/// Refuses text that could identify a person. The refusal names the field and what the text was taken for, and never repeats the
/// value.
///
/// # Errors
/// IDENTIFYING_DATA when the text could identify a person.
pub fn refuse_identifying(field: &str, text: &str) -> Result<(), Refusal> {
    match identity_in(text) {
        Some(identity) => Err(Refusal::of_field(UserErrorCode::IdentifyingData, field, identity.message())),
        None => Ok(()),
    }
}

/// Anything but a letter may stand between the digits.
fn has_long_number(plain: &str) -> bool {
    plain
        .split(|character: char| character.is_ascii_alphabetic())
        .any(|cluster| cluster.bytes().filter(u8::is_ascii_digit).count() > LONGEST_HARMLESS_DIGITS)
}
