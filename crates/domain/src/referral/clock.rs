//! The time limits of referrals, above all the 72 hours after an exposure.

use chrono::{DateTime, Months, TimeDelta, Utc};

use super::status::{ReferralStatus, Urgency};
use crate::message::Message;
use crate::refusal::Refusal;
use crate::service::ServiceType;

/// PEP, emergency contraception and care after violence must begin within this many hours of an exposure (WHO).
pub const EXPOSURE_HOURS: i64 = 72;
/// After this many minutes without an answer, the sender of a referral that can't wait gets a task.
pub const ANSWER_MINUTES: i64 = 60;

impl Urgency {
    /// The hours in which a referral of this urgency is to be answered, if it has no `act_before`. An emergency is answered while
    /// the sender is still with the client. An urgent referral is answered before the day or two in which the client must be seen
    /// are over. All others are answered within three days: after that people give up waiting.
    pub fn answer_hours(self) -> i64 {
        match self {
            Self::Emergency => 4,
            Self::Urgent => 24,
            Self::Routine => 72,
        }
    }
}

impl ServiceType {
    /// Whether the service must begin within 72 hours of an exposure.
    pub fn has_exposure_clock(self) -> bool {
        matches!(self, Self::Pep | Self::EmergencyContraception | Self::PostViolenceCare)
    }
}

/// The hours since the exposure, 0 to 72.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoursSinceExposure(i64);

impl HoursSinceExposure {
    /// No hour.
    pub(super) const JUST_NOW: Self = Self(0);

    /// Reads the hours for a service of this type.
    ///
    /// # Errors
    /// INVALID when the type has no time limit, or the hours aren't 0 to 72.
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

    /// The moment by which the client must be seen.
    pub fn act_before(self, at: DateTime<Utc>) -> DateTime<Utc> {
        at + TimeDelta::hours(EXPOSURE_HOURS - self.0)
    }
}

/// The moment by which a referral is to be answered.
pub fn answer_by(created_at: DateTime<Utc>, act_before: Option<DateTime<Utc>>, urgency: Urgency) -> DateTime<Utc> {
    match act_before {
        Some(_) => created_at + TimeDelta::minutes(ANSWER_MINUTES),
        None => created_at + TimeDelta::hours(urgency.answer_hours()),
    }
}

/// The most days between writing a referral down and sending it: as long as a blank slip is valid.
pub const WRITTEN_DAYS: i64 = 60;
/// The most minutes that a phone's clock may be ahead of the server's.
const CLOCK_TOLERANCE_MINUTES: i64 = 10;

/// The moment at which a referral that is sent now was written down. A moment slightly in the future becomes now.
///
/// # Errors
/// INVALID when it is more than 10 minutes after now, or more than 60 days before.
pub fn written_at(written_at: Option<DateTime<Utc>>, at: DateTime<Utc>) -> Result<DateTime<Utc>, Refusal> {
    let written_at = written_at.unwrap_or(at);
    let possible = at - TimeDelta::days(WRITTEN_DAYS)..=at + TimeDelta::minutes(CLOCK_TOLERANCE_MINUTES);
    if !possible.contains(&written_at) {
        return Err(Refusal::invalid("writtenAt", Message::of("sending-written-at").with("days", WRITTEN_DAYS)));
    }
    Ok(written_at.min(at))
}

/// The referral's sort key in the list of referrals that are open to all, the latest first: by urgency, then by creation.
pub fn open_listed_at(created_at: DateTime<Utc>, urgency: Urgency) -> DateTime<Utc> {
    created_at + Months::new(12 * open_years(urgency))
}

/// The years by which a referral of this urgency is put before others.
pub fn open_years(urgency: Urgency) -> u32 {
    match urgency {
        Urgency::Routine => 0,
        Urgency::Urgent => 400,
        Urgency::Emergency => 800,
    }
}

/// The whole hours that are left until then: 0 in the last hour, negative once it has passed.
pub fn hours_left(act_before: DateTime<Utc>, at: DateTime<Utc>) -> i64 {
    (act_before - at).num_milliseconds().div_euclid(3_600_000)
}

/// Whether the moment by which the client must be seen has passed before their arrival.
pub fn is_overdue(act_before: Option<DateTime<Utc>>, status: ReferralStatus, at: DateTime<Utc>) -> bool {
    act_before.is_some_and(|act_before| act_before < at && status.can_expire())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_hour_is_left_in_the_last_one_and_less_once_it_has_passed() {
        let act_before = DateTime::UNIX_EPOCH;
        for (before, left) in [(7_200_000, 2), (7_199_999, 1), (3_600_000, 1), (3_599_999, 0), (0, 0), (-1, -1), (-3_600_001, -2)]
        {
            assert_eq!(hours_left(act_before, act_before - TimeDelta::milliseconds(before)), left, "{before} ms before");
        }
    }
}
