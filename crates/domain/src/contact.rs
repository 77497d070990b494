//! How members reach an organisation or a service: when somebody is there, in which languages, and on which line. It is for
//! members alone.

use crate::language::LanguageCode;
use crate::message::Message;
use crate::opening_hours::{OpeningHours, SpanDraft};
use crate::phone_line::PhoneLine;
use crate::refusal::{Refusal, Refusals};

/// The most languages that can be named.
pub const MAXIMUM_LANGUAGES: usize = 10;

/// What has been said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// When somebody is there.
    pub hours: OpeningHours,
    /// The languages that are spoken there; empty when nobody has said them.
    pub languages: Vec<LanguageCode>,
    /// Its line, if it has one.
    pub line: Option<PhoneLine>,
}

/// What an organisation admin says of it anew. What is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactChange {
    /// The hours; empty takes them back.
    pub hours: Option<OpeningHours>,
    /// The languages; empty takes them back.
    pub languages: Option<Vec<LanguageCode>>,
    /// The line; `Some(None)` takes it back.
    pub line: Option<Option<PhoneLine>>,
}

/// The unchecked fields of a [`ContactChange`]; `None` for each that is left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct ContactDraft<'a> {
    /// Not yet checked.
    pub hours: Option<&'a [SpanDraft<'a>]>,
    /// Not yet checked.
    pub languages: Option<&'a [String]>,
    /// Not yet checked.
    pub line: Option<LineDraft<'a>>,
}

/// An unchecked line.
#[derive(Clone, Copy, Debug)]
pub struct LineDraft<'a> {
    /// The number; `None` to take it back.
    pub number: Option<&'a str>,
    /// Whether the admin says that the organisation owns it, and no person.
    pub organisation_owned: bool,
}

impl ContactChange {
    /// Checks a draft.
    ///
    /// # Errors
    /// Every field that is wrong: INVALID, or IDENTIFYING_DATA for a line that may be a person's.
    pub fn parse(draft: ContactDraft<'_>) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Refusals::default();
        let hours = draft.hours.map(|hours| OpeningHours::parse("hours", hours)).transpose();
        let languages = draft.languages.map(parse_languages).transpose();
        let line = |draft: LineDraft<'_>| {
            draft.number.map(|number| PhoneLine::parse("number", number, draft.organisation_owned)).transpose()
        };
        let line = draft.line.map(line).transpose().map_err(|refusal| refusal.within("line"));
        let value = (refusals.keep(hours), refusals.keep(languages), refusals.keep(line));
        let value = match value {
            (Some(hours), Some(languages), Some(line)) => Some(Self { hours, languages, line }),
            _ => None,
        };
        refusals.finish(value)
    }

    /// Whether everything stays as it is.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn parse_languages(codes: &[String]) -> Result<Vec<LanguageCode>, Refusal> {
    let languages = LanguageCode::parse_all("languages", codes)?;
    if languages.len() > MAXIMUM_LANGUAGES {
        return Err(Refusal::invalid("languages", Message::of("contact-too-many-languages").with("maximum", MAXIMUM_LANGUAGES)));
    }
    Ok(languages)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opening_hours::Weekday;

    #[test]
    fn every_wrong_field_is_named_and_what_is_left_out_is_no_change() {
        assert!(ContactChange::parse(ContactDraft::default()).is_ok_and(|change| change.is_empty()));
        let wrong = [SpanDraft { days: &[Weekday::Monday], opens: "9", closes: "17:00" }];
        let languages: Vec<String> = ["en", "?"].map(str::to_owned).to_vec();
        let line = LineDraft { number: Some("0712 345 678"), organisation_owned: false };
        let draft = ContactDraft { hours: Some(&wrong), languages: Some(&languages), line: Some(line) };
        let refused = ContactChange::parse(draft).expect_err("three wrong fields");
        let fields: Vec<String> = refused.into_iter().map(|refusal| refusal.field.expect("a field").join(".")).collect();
        assert_eq!(fields, ["hours.0.opens", "languages", "line.number"]);

        let taken_back = ContactDraft {
            hours: Some(&[]),
            languages: Some(&[]),
            line: Some(LineDraft { number: None, organisation_owned: false }),
        };
        let nothing = ContactChange { hours: Some(OpeningHours::default()), languages: Some(Vec::new()), line: Some(None) };
        assert_eq!(ContactChange::parse(taken_back), Ok(nothing));
    }

    #[test]
    fn languages_are_bounded() {
        let all = "en sw luo kam guz mer kln mas tuv saq bxk";
        let codes: Vec<String> = all.split(' ').map(str::to_owned).collect();
        let draft = |languages| ContactDraft { languages: Some(languages), ..ContactDraft::default() };
        assert!(ContactChange::parse(draft(&codes[..10])).is_ok());
        assert!(ContactChange::parse(draft(&codes)).is_err());
    }
}
