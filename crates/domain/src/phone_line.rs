//! The line on which an organisation can be called. It is never a person's.

use std::fmt;

use phonenumber::metadata::DATABASE;
use phonenumber::{Mode, Type, country};

use crate::refusal::{Refusal, UserErrorCode};

/// A line of an organisation, as people in Kenya dial it: `+254` and nine digits, a toll-free number of `0800` and six digits, or
/// a short code of three to six digits.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneLine(String);

/// What a caller may see of a line in a log: nothing.
impl fmt::Debug for PhoneLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PhoneLine(…)")
    }
}

/// The digits of a national number in Kenya.
const NATIONAL_DIGITS: usize = 9;

impl PhoneLine {
    /// Reads a field's line. Spaces, dashes, dots and brackets make no difference.
    ///
    /// # Errors
    /// INVALID when it is no line of Kenya that anybody can call. IDENTIFYING_DATA when it is a mobile number and nobody has
    /// confirmed that the organisation owns it: most mobile numbers are a person's.
    pub fn parse(field: &str, text: &str, organisation_owned: bool) -> Result<Self, Refusal> {
        let malformed = || Refusal::invalid(field, "line-malformed");
        let text = text.trim();
        // The crate would read letters as keys and take extensions.
        let plain = text.char_indices().all(|(at, character)| {
            character.is_ascii_digit() || matches!(character, ' ' | '-' | '.' | '(' | ')') || (at == 0 && character == '+')
        });
        if !plain {
            return Err(malformed());
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if (3..=6).contains(&digits.len()) && !digits.starts_with('0') && !text.starts_with('+') {
            return Ok(Self(digits));
        }
        let number = phonenumber::parse(Some(country::KE), text).map_err(|_| malformed())?;
        let national = number.format().mode(Mode::E164).to_string();
        let of_kenya = number.country().id() == Some(country::KE) && number.is_valid() && number.extension().is_none();
        if !of_kenya || national.len() != "+254".len() + NATIONAL_DIGITS {
            return Err(malformed());
        }
        match number.number_type(&DATABASE) {
            // Nobody abroad can dial it, and nobody in Kenya knows it with the country's code.
            Type::TollFree => Ok(Self(national.replacen("+254", "0", 1))),
            Type::FixedLine | Type::SharedCost | Type::Voip | Type::Uan => Ok(Self(national)),
            Type::Mobile | Type::FixedLineOrMobile if organisation_owned => Ok(Self(national)),
            Type::Mobile | Type::FixedLineOrMobile => {
                Err(Refusal::of_field(UserErrorCode::IdentifyingData, field, "line-mobile"))
            }
            _ => Err(malformed()),
        }
    }

    /// The line that was stored; `None` when no line is written so.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::parse("", text, true).ok().filter(|line| line.0 == text)
    }

    /// The line as it is dialled and stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str, organisation_owned: bool) -> Result<String, UserErrorCode> {
        PhoneLine::parse("number", text, organisation_owned).map(|line| line.0).map_err(|refusal| refusal.code)
    }

    #[test]
    fn lines_are_read_however_they_are_written() {
        for (text, line) in [
            ("020 2000000", "+254202000000"),
            ("+254 20 200 0000", "+254202000000"),
            ("254-20-2000000", "+254202000000"),
            ("(020) 200.0000", "+254202000000"),
            (" 0800 720 000 ", "0800720000"),
            ("+254800720000", "0800720000"),
            ("1190", "1190"),
            ("116", "116"),
            ("40 40 40", "404040"),
        ] {
            assert_eq!(read(text, false).as_deref(), Ok(line), "{text}");
        }
    }

    #[test]
    fn what_is_no_line_of_kenya_is_refused() {
        let refused = [
            "",
            "12",
            "020",
            "1234567",
            "+1190",
            "+256 414 000000",
            "+44 121 234 5678",
            "0900 123456",
            "020 2000000 ext 5",
            "020 2000000;ext=5",
            "0700 CALLME",
            "0800 22 12 121",
            "٠٧١٢٣٤٥٦٧٨",
            "tel:+254202000000",
            "020 2000000 or 020 3000000",
            "jo@example.org",
            "++254202000000",
        ];
        for text in refused {
            for organisation_owned in [false, true] {
                assert_eq!(read(text, organisation_owned), Err(UserErrorCode::Invalid), "{text}");
            }
        }
    }

    #[test]
    fn its_number_is_in_no_log() {
        let line = PhoneLine::parse("number", "0800 720 000", false).expect("a line");
        assert_eq!(format!("{line:?}"), "PhoneLine(…)");
    }

    proptest! {
        #[test]
        fn a_mobile_number_is_taken_only_as_the_organisations(prefix in prop_oneof![Just("7"), Just("11")], rest in "[0-9]{8}") {
            let national = format!("{prefix}{rest}");
            let text = format!("0{}", &national[..9]);
            if let Ok(line) = read(&text, true) {
                prop_assert_eq!(line, format!("+254{}", &national[..9]));
                prop_assert_eq!(read(&text, false), Err(UserErrorCode::IdentifyingData));
            } else {
                prop_assert_eq!(read(&text, false), Err(UserErrorCode::Invalid));
            }
        }

        #[test]
        fn what_is_stored_is_read_again(text in "[+0-9 ()-]{0,16}") {
            if let Ok(line) = PhoneLine::parse("number", &text, true) {
                let shape = line.0.strip_prefix("+254").map_or(line.0.len() <= 6 || line.0.starts_with("0800"), |rest| rest.len() == 9);
                prop_assert!(shape, "{}", line.0);
                prop_assert_eq!(PhoneLine::from_stored(&line.0), Some(line));
            }
        }

        #[test]
        fn no_text_makes_it_fail(text in "\\PC{0,40}") {
            let _ = PhoneLine::parse("number", &text, true);
        }
    }
}
