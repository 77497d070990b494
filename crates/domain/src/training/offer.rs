//! Offers of trainings.

use chrono::{DateTime, NaiveDate, Utc};

use super::code::{TrainingMode, TrainingTopic};
use crate::county::CountyCode;
use crate::day::day_of;
use crate::language::LanguageCode;
use crate::message::{Filling, Message};
use crate::referral::parse_day;
use crate::refusal::{Refusal, Refusals};
use crate::service::{parse_county, without_repeats};
use crate::text::Line;

/// The title of an offer: up to 120 characters, nothing that identifies a person.
pub(crate) type OfferTitle = Line<120>;
/// The description of an offer: up to 1,000 characters, nothing that identifies a person.
pub type OfferText = Line<1000>;

/// The number of counties.
const COUNTIES: usize = 47;
/// The most languages that an offer or a request can name.
pub(super) const MAXIMUM_LANGUAGES: usize = 10;
/// The most people that a training can be for.
pub(super) const MAXIMUM_PEOPLE: i32 = 1_000;
/// The longest training, in hours.
pub(super) const MAXIMUM_HOURS: f64 = 200.0;
/// The shortest training, in hours.
pub(super) const MINIMUM_HOURS: f64 = 0.5;

/// An offer as a trainer describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewTrainingOffer {
    /// The topic.
    pub topic: TrainingTopic,
    /// The title.
    pub title: OfferTitle,
    /// What the training is about.
    pub description: OfferText,
    /// The ways in which it can be held; at least one.
    pub modes: Vec<TrainingMode>,
    /// The counties in which it is held. Empty means everywhere; that needs a training over a network connection.
    pub counties: Vec<CountyCode>,
    /// The languages in which it is held; at least one.
    pub languages: Vec<LanguageCode>,
    /// How long it lasts, in hours.
    pub duration_hours: f64,
    /// The most people that it has room for.
    pub maximum_participants: i32,
    /// The last day on which it can be requested. `None`: until it is closed.
    pub open_until: Option<NaiveDate>,
}

/// The unchecked fields of a [`NewTrainingOffer`].
#[derive(Clone, Copy, Debug)]
pub struct TrainingOfferDraft<'a> {
    /// The topic.
    pub topic: TrainingTopic,
    /// Not yet checked.
    pub title: &'a str,
    /// Not yet checked.
    pub description: &'a str,
    /// May have repeats.
    pub modes: &'a [TrainingMode],
    /// Not yet checked.
    pub county_codes: &'a [String],
    /// Not yet checked.
    pub languages: &'a [String],
    /// Not yet checked.
    pub duration_hours: f64,
    /// Not yet checked.
    pub maximum_participants: i32,
    /// Not yet checked.
    pub open_until: Option<&'a str>,
}

impl NewTrainingOffer {
    /// Checks a draft at a moment.
    ///
    /// # Errors
    /// Every field that is wrong, all at once: INVALID, or IDENTIFYING_DATA for the title or the description.
    pub fn parse(draft: TrainingOfferDraft<'_>, at: DateTime<Utc>) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Refusals::default();
        let title = refusals.keep(OfferTitle::parse("title", draft.title));
        let description = refusals.keep(OfferText::parse("description", draft.description));
        let modes = without_repeats(draft.modes);
        if modes.is_empty() {
            refusals.push(Refusal::invalid("modes", "training-modes-missing"));
        }
        let counties = refusals.keep(parse_counties(draft.county_codes, &modes));
        let languages = refusals.keep(parse_languages(draft.languages));
        let hours = refusals.keep(parse_hours("durationHours", draft.duration_hours));
        let people = refusals.keep(parse_people("maximumParticipants", draft.maximum_participants));
        let open_until = refusals.keep(draft.open_until.map(|day| parse_open_until(day, at)).transpose());
        let checked = title.zip(description).zip(counties).zip(languages).zip(hours).zip(people).zip(open_until);
        let value = checked.map(
            |((((((title, description), counties), languages), duration_hours), maximum_participants), open_until)| Self {
                topic: draft.topic,
                title,
                description,
                modes,
                counties,
                languages,
                duration_hours,
                maximum_participants,
                open_until,
            },
        );
        refusals.finish(value)
    }
}

fn parse_counties(codes: &[String], modes: &[TrainingMode]) -> Result<Vec<CountyCode>, Refusal> {
    if codes.is_empty() && !modes.iter().any(|mode| mode.is_remote()) {
        return Err(Refusal::invalid("countyCodes", "training-counties-missing"));
    }
    if codes.len() > COUNTIES {
        return Err(Refusal::invalid("countyCodes", Message::of("training-too-many").with("maximum", COUNTIES)));
    }
    let mut counties = codes.iter().map(|code| parse_county("countyCodes", code)).collect::<Result<Vec<_>, _>>()?;
    counties.sort_unstable();
    counties.dedup();
    Ok(counties)
}

fn parse_languages(codes: &[String]) -> Result<Vec<LanguageCode>, Refusal> {
    if codes.is_empty() {
        return Err(Refusal::invalid("languages", "training-languages-missing"));
    }
    parse_some_languages(codes)
}

/// Reads any number of languages up to the maximum.
pub(super) fn parse_some_languages(codes: &[String]) -> Result<Vec<LanguageCode>, Refusal> {
    if codes.len() > MAXIMUM_LANGUAGES {
        return Err(Refusal::invalid("languages", Message::of("training-too-many").with("maximum", MAXIMUM_LANGUAGES)));
    }
    LanguageCode::parse_all("languages", codes)
}

/// Reads a field's number of hours.
pub(super) fn parse_hours(field: &str, hours: f64) -> Result<f64, Refusal> {
    // NaN is in no range.
    if (MINIMUM_HOURS..=MAXIMUM_HOURS).contains(&hours) {
        return Ok(hours);
    }
    let range = Message::of("training-hours-range")
        .with("minimum", Filling::decimal(MINIMUM_HOURS))
        .with("maximum", MAXIMUM_HOURS as i64);
    Err(Refusal::invalid(field, range))
}

/// Reads a field's number of people.
pub(super) fn parse_people(field: &str, people: i32) -> Result<i32, Refusal> {
    if (1..=MAXIMUM_PEOPLE).contains(&people) {
        return Ok(people);
    }
    Err(Refusal::invalid(field, Message::of("training-people-range").with("maximum", MAXIMUM_PEOPLE)))
}

fn parse_open_until(text: &str, at: DateTime<Utc>) -> Result<NaiveDate, Refusal> {
    let day = parse_day("openUntil", text)?;
    if day < day_of(at) {
        return Err(Refusal::invalid("openUntil", "training-open-until-past"));
    }
    Ok(day)
}
