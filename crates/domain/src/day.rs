//! Days as people in Kenya count them: East Africa Time, three hours ahead of UTC all year.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

const EAST_AFRICA_TIME: TimeDelta = TimeDelta::hours(3);

/// The moment at which a day begins in Kenya.
pub fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() - EAST_AFRICA_TIME
}

/// The time of day in Kenya at a moment.
pub fn hour_of(at: DateTime<Utc>) -> NaiveTime {
    clock_of(at).time()
}

/// The date in Kenya at a moment.
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    clock_of(at).date()
}

/// What the clocks and calendars in Kenya show at a moment.
pub fn clock_of(at: DateTime<Utc>) -> NaiveDateTime {
    (at + EAST_AFRICA_TIME).naive_utc()
}
