//! Plain text that describes an organisation or a service, never a person.

use crate::identifying::refuse_identifying;
use crate::message::Message;
use crate::refusal::Refusal;
use crate::visible;

/// A line of text: trimmed, with single spaces, without what can't be seen, 1 to `MAXIMUM` characters as a person counts them,
/// nothing that identifies a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<const MAXIMUM: usize>(String);

impl<const MAXIMUM: usize> Line<MAXIMUM> {
    /// Reads a field's text. What can't be seen is taken out ([`visible::line`]).
    ///
    /// # Errors
    /// INVALID when nothing can be seen in it, when it is too long, or when marks are stacked on a character. IDENTIFYING_DATA
    /// when it could identify a person.
    pub fn parse(field: &str, text: &str) -> Result<Self, Refusal> {
        let seen = visible::line(text);
        if seen.is_empty() {
            return Err(Refusal::invalid(field, "text-empty"));
        }
        if visible::is_stacked(&seen) {
            return Err(Refusal::invalid(field, "text-unreadable"));
        }
        if !visible::fits(&seen, MAXIMUM) {
            return Err(Refusal::invalid(field, Message::of("text-too-long").with("maximum", MAXIMUM)));
        }
        refuse_identifying(field, &seen)?;
        Ok(Self(seen))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::UserErrorCode;

    type Short = Line<5>;

    #[test]
    fn a_line_is_what_a_person_sees_of_it() {
        for (text, line) in [
            ("  A \t B\n", "A B"),
            ("P\u{200b}E\u{feff}P\u{202e}", "PEP"),
            (
                "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}",
                "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}",
            ),
        ] {
            assert_eq!(Short::parse("name", text).expect("a line").as_str(), line);
        }
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}";
        assert!(Short::parse("name", &family.repeat(5)).is_ok());
        assert!(Short::parse("name", &"\u{1f1f0}\u{1f1ea}".repeat(5)).is_ok());
        for (text, key) in [
            ("", "text-empty"),
            (" \u{200b}\u{ad} \u{feff}", "text-empty"),
            ("ABCDEF", "text-too-long maximum=5"),
            (family.repeat(6).as_str(), "text-too-long maximum=5"),
            (format!("e{}", "\u{301}".repeat(50)).as_str(), "text-unreadable"),
        ] {
            let refusal = Short::parse("name", text).expect_err("refused");
            assert_eq!((refusal.code, refusal.message.to_string().as_str()), (UserErrorCode::Invalid, key), "{text}");
        }
        // What can't be seen hides nothing.
        let hidden = Line::<60>::parse("name", "0\u{200b}7\u{2060}12 3\u{ad}45 67\u{200d}8").expect_err("refused");
        assert_eq!(hidden.code, UserErrorCode::IdentifyingData);
    }
}
