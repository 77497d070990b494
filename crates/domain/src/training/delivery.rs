//! When a training is held, and how many people came.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::code::{Cadre, TrainingMode};
use super::offer::parse_hours;
use crate::county::CountyCode;
use crate::day::day_of;
use crate::id::OrganisationId;
use crate::message::Message;
use crate::referral::parse_day;
use crate::refusal::{Refusal, Refusals};

/// The most days ahead for which a training can be scheduled.
pub const FURTHEST_SESSION_DAYS: u64 = 366;
/// The most people of one cadre that one host can bring to a session.
pub const MAXIMUM_PER_CADRE: i32 = 1_000;

/// When, how and where a session is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionPlan {
    /// The day.
    pub on: NaiveDate,
    /// How it is held.
    pub mode: TrainingMode,
    /// The county in which it is held.
    pub county: CountyCode,
}

/// Reads the day of a session.
///
/// # Errors
/// INVALID unless it is today or one of the next 366 days in Kenya.
pub fn parse_session_day(field: &str, text: &str, at: DateTime<Utc>) -> Result<NaiveDate, Refusal> {
    let day = parse_day(field, text)?;
    let today = day_of(at);
    if day < today || day > today + Days::new(FURTHEST_SESSION_DAYS) {
        return Err(Refusal::invalid(field, Message::of("training-session-range").with("days", FURTHEST_SESSION_DAYS)));
    }
    Ok(day)
}

/// Checks that a session has taken place by a moment.
///
/// # Errors
/// INVALID, with the day, when it has not taken place yet.
pub fn check_has_taken_place(on: NaiveDate, at: DateTime<Utc>) -> Result<(), Refusal> {
    if on > day_of(at) {
        return Err(Refusal::invalid("trainingRequestId", Message::of("training-still-to-come").with("day", on)));
    }
    Ok(())
}

/// How many people of one cadre one host brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CadreCount {
    /// The organisation that they belong to.
    pub host: OrganisationId,
    /// Their cadre.
    pub cadre: Cadre,
    /// How many.
    pub count: i32,
}

/// The record of a session that was held.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The people who came, by host and cadre. No count is zero, and every host brought somebody.
    pub participants: Vec<CadreCount>,
    /// How long it lasted, in hours.
    pub hours: f64,
}

/// The unchecked fields of a [`Delivery`].
#[derive(Clone, Copy, Debug)]
pub struct DeliveryDraft<'a> {
    /// The hosts of the session.
    pub hosts: &'a [OrganisationId],
    /// Not yet checked.
    pub participants: &'a [CadreCount],
    /// Not yet checked.
    pub hours: f64,
}

impl Delivery {
    /// Checks a draft.
    ///
    /// # Errors
    /// INVALID for every field that is wrong, all at once.
    pub fn parse(draft: DeliveryDraft<'_>) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Refusals::default();
        let participants = refusals.keep(parse_participants(draft.hosts, draft.participants));
        let hours = refusals.keep(parse_hours("hours", draft.hours));
        let value = participants.zip(hours).map(|(participants, hours)| Self { participants, hours });
        refusals.finish(value)
    }

    /// How many people came.
    pub fn people(&self) -> i32 {
        self.participants.iter().map(|count| count.count).sum()
    }
}

fn parse_participants(hosts: &[OrganisationId], counts: &[CadreCount]) -> Result<Vec<CadreCount>, Refusal> {
    let refused = |message: Message| Err(Refusal::invalid("participants", message));
    if counts.iter().any(|count| !(0..=MAXIMUM_PER_CADRE).contains(&count.count)) {
        return refused(Message::of("training-participants-range").with("maximum", MAXIMUM_PER_CADRE));
    }
    if counts.iter().any(|count| !hosts.contains(&count.host)) {
        return refused(Message::of("training-participants-host"));
    }
    let mut sorted = counts.to_vec();
    sorted.sort_unstable();
    if sorted.windows(2).any(|two| (two[0].host, two[0].cadre) == (two[1].host, two[1].cadre)) {
        return refused(Message::of("training-participants-twice"));
    }
    sorted.retain(|count| count.count > 0);
    // A host from whom nobody came isn't part of the session. Its request is cancelled instead, and no figure counts it.
    if !hosts.iter().all(|host| sorted.iter().any(|count| count.host == *host)) {
        return refused(Message::of("training-participants-missing"));
    }
    Ok(sorted)
}
