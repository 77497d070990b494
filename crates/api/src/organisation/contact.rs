//! How members reach an organisation or a service, as the schema shows it and takes it: hours, languages and a line.

use async_graphql::{InputObject, MaybeUndefined, SimpleObject};
use pamoja_domain::contact::{ContactChange, ContactDraft, LineDraft};
use pamoja_domain::opening_hours::{self, OpeningSpan, SpanDraft, Weekday};
use pamoja_domain::refusal::Refusal;

use crate::graphql::enumeration::{Enumeration, decoded, enumerated};
use crate::graphql::scalar::{PhoneLine, TimeOfDay};

/// A span of time on some days of the week, by the clocks of Kenya.
#[derive(SimpleObject)]
pub(crate) struct OpeningHours {
    /// The days on which it begins, in the order of the week.
    days: Vec<Enumeration<Weekday>>,
    /// When it begins.
    opens: TimeOfDay,
    /// When it ends: on the next day when this is before `opens`. 24:00 is the end of the day.
    closes: TimeOfDay,
}

impl From<&OpeningSpan> for OpeningHours {
    fn from(span: &OpeningSpan) -> Self {
        Self { days: enumerated(&span.days), opens: span.opens.into(), closes: span.closes.into() }
    }
}

/// The spans in the schema's form.
pub(crate) fn shown(hours: &opening_hours::OpeningHours) -> Vec<OpeningHours> {
    hours.spans().iter().map(OpeningHours::from).collect()
}

impl From<opening_hours::TimeOfDay> for TimeOfDay {
    fn from(time: opening_hours::TimeOfDay) -> Self {
        Self(time.to_string())
    }
}

/// A span of time on some days of the week, by the clocks of Kenya. Two spans on one day, as around a lunch break, are two items;
/// spans that overlap are refused. Day and night is 00:00 to 24:00 on all days.
#[derive(InputObject)]
pub(crate) struct OpeningHoursInput {
    /// The days on which it begins; at least one.
    days: Vec<Enumeration<Weekday>>,
    /// When it begins: 00:00 to 23:59.
    opens: TimeOfDay,
    /// When it ends: 00:00 to 24:00. Before `opens`, it ends on the next day; the same as `opens` is refused.
    closes: TimeOfDay,
}

/// A line that belongs to the organisation, never to a person.
#[derive(InputObject)]
pub(crate) struct LineInput {
    /// The line. Left out or null: there is none any more.
    number: Option<PhoneLine>,
    /// Whether you confirm that the organisation owns this number. A mobile number is refused without it (IDENTIFYING_DATA): most
    /// are a person's. Other lines need no confirmation.
    #[graphql(default)]
    organisation_owned: bool,
}

/// How members reach it. What is left out stays as it is.
#[derive(InputObject)]
pub(crate) struct ContactInput {
    /// When somebody is there: at most 14 spans. Empty: not said. Left out: as it is.
    hours: Option<Vec<OpeningHoursInput>>,
    /// The languages that are spoken there, as ISO 639 codes such as sw, en or luo: at most 10. Empty: not said. Left out: as it
    /// is.
    languages: Option<Vec<String>>,
    /// The line on which members can call. Null: there is none any more. Left out: as it is.
    line: MaybeUndefined<LineInput>,
}

impl ContactInput {
    /// Checks it.
    ///
    /// # Errors
    /// The refusal of every field that is wrong.
    pub(crate) fn parse(&self) -> Result<ContactChange, Vec<Refusal>> {
        let days: Vec<Vec<Weekday>> = self.hours.iter().flatten().map(|span| decoded(Some(&span.days))).collect();
        let spans = self.hours.iter().flatten().zip(&days);
        let spans: Vec<SpanDraft<'_>> =
            spans.map(|(span, days)| SpanDraft { days, opens: &span.opens.0, closes: &span.closes.0 }).collect();
        let line = match &self.line {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some((None, false)),
            MaybeUndefined::Value(line) => Some((line.number.as_ref().map(|number| number.0.clone()), line.organisation_owned)),
        };
        ContactChange::parse(ContactDraft {
            hours: self.hours.as_ref().map(|_| spans.as_slice()),
            languages: self.languages.as_deref(),
            line: line.as_ref().map(|(number, organisation_owned)| LineDraft {
                number: number.as_deref(),
                organisation_owned: *organisation_owned,
            }),
        })
    }
}
