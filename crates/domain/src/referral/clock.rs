//! The clock that counts: what must happen within 72 hours of an exposure.

use chrono::{DateTime, Months, TimeDelta, Utc};

use super::status::{ReferralStatus, Urgency};
use crate::message::Message;
use crate::refusal::Refusal;
use crate::service::ServiceType;

/// Four hundred years: after every creation, also when an age of the world is taken away.
const FAR: TimeDelta = TimeDelta::days(146_000);
/// Within how many hours of an exposure PEP, emergency contraception and the care after violence must begin (WHO).
pub const EXPOSURE_HOURS: i64 = 72;
/// After how many minutes without an answer the sender of a referral that can't wait is told to do something.
pub const ANSWER_MINUTES: i64 = 60;

impl Urgency {
    /// Within how many hours a referral of that urgency is to be answered where no clock counts: an emergency while whoever refers is
    /// still with the client, an urgent one before the day or two are over in which the client must be seen, and the rest within three
    /// days, after which people give up on being told.
    pub fn answer_hours(self) -> i64 {
        match self {
            Self::Emergency => 4,
            Self::Urgent => 24,
            Self::Routine => 72,
        }
    }
}

impl ServiceType {
    /// Whether it must begin within 72 hours of an exposure.
    pub fn has_exposure_clock(self) -> bool {
        matches!(self, Self::Pep | Self::EmergencyContraception | Self::PostViolenceCare)
    }
}

/// How many hours have passed since the exposure, of 72.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoursSinceExposure(i64);

impl HoursSinceExposure {
    /// Reads the hours for a service of that type.
    ///
    /// # Errors
    /// INVALID when the type has no clock, or the hours aren't 0 to 72.
    pub fn parse(service_type: ServiceType, hours: i32) -> Result<Self, Refusal> {
        if !service_type.has_exposure_clock() {
            return Err(Refusal::invalid("hoursSinceExposure", "sending-no-clock"));
        }
        let hours = i64::from(hours);
        if hours < 0 {
            let message = Message::of("sending-hours").with("maximum", EXPOSURE_HOURS);
            return Err(Refusal::invalid("hoursSinceExposure", message));
        }
        if hours > EXPOSURE_HOURS {
            let message = Message::of("sending-hours-passed").with("maximum", EXPOSURE_HOURS);
            return Err(Refusal::invalid("hoursSinceExposure", message));
        }
        Ok(Self(hours))
    }

    /// By when the client must be seen.
    pub fn act_before(self, at: DateTime<Utc>) -> DateTime<Utc> {
        at + TimeDelta::hours(EXPOSURE_HOURS - self.0)
    }
}

/// By when a referral that was created then is to be answered.
pub fn answer_by(created_at: DateTime<Utc>, act_before: Option<DateTime<Utc>>, urgency: Urgency) -> DateTime<Utc> {
    match act_before {
        Some(_) => created_at + TimeDelta::minutes(ANSWER_MINUTES),
        None => created_at + TimeDelta::hours(urgency.answer_hours()),
    }
}

/// How long ago a referral can have been written down that is sent only now: as long as a blank slip is good.
pub const WRITTEN_DAYS: i64 = 60;
/// How far a phone's clock may be ahead of ours, in minutes.
const CLOCK_TOLERANCE_MINUTES: i64 = 10;

/// When a referral was written down that is sent now; what is a little ahead is now.
///
/// # Errors
/// INVALID when it is later than now, or longer ago than 60 days.
pub fn written_at(written_at: Option<DateTime<Utc>>, at: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
    let written_at = written_at.unwrap_or(at);
    let possible = at - TimeDelta::days(WRITTEN_DAYS)..=at + TimeDelta::minutes(CLOCK_TOLERANCE_MINUTES);
    if !possible.contains(&written_at) {
        return Err(Refusal::invalid("writtenAt", Message::of("sending-written-at").with("days", WRITTEN_DAYS)));
    }
    Ok(written_at.min(at))
}

/// Its place in the receiver's list, the latest first: what can't wait and is unanswered stands before all else, the most pressing
/// first, and the rest by its creation. Depends on the recorded state alone, so that a list holds still while it is paged through.
pub fn listed_at(created_at: DateTime<Utc>, act_before: Option<DateTime<Utc>>, recorded: ReferralStatus) -> DateTime<Utc> {
    match act_before {
        Some(act_before) if recorded == ReferralStatus::Requested => {
            // Far after every creation, and the earlier it must be acted on, the further.
            DateTime::UNIX_EPOCH + FAR - (act_before - DateTime::UNIX_EPOCH)
        }
        _ => created_at,
    }
}

/// Its place in the list of what is open to all, the latest first: by urgency, and then by its creation.
pub fn open_listed_at(created_at: DateTime<Utc>, urgency: Urgency) -> DateTime<Utc> {
    created_at + Months::new(12 * open_years(urgency))
}

/// By how many years what is so urgent is put before what was created now.
pub fn open_years(urgency: Urgency) -> u32 {
    match urgency {
        Urgency::Routine => 0,
        Urgency::Urgent => 400,
        Urgency::Emergency => 800,
    }
}

/// Whether the moment by which the client must be seen has passed without their arrival.
pub fn is_overdue(act_before: Option<DateTime<Utc>>, status: ReferralStatus, at: DateTime<Utc>) -> bool {
    act_before.is_some_and(|act_before| act_before < at && status.can_expire())
}
