//! The time limits after a violation: before a court within 24 hours of an arrest, and PEP within 72 hours of an exposure.

use chrono::{DateTime, Datelike, Days, DurationRound, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

use super::kind::ViolationType;
use crate::day::{clock_of, day_of, start_of_day};
use crate::message::Message;
use crate::month::Month;
use crate::referral::EXPOSURE_HOURS;
use crate::refusal::Refusal;

/// Whoever is arrested must be brought before a court within this many hours (Constitution of Kenya, article 49(1)(f)(i)).
pub const COURT_HOURS: i64 = 24;
/// `actBefore` is erased this many days after it has passed: it tells when something was done, to the hour.
pub const ACT_BEFORE_DAYS: i64 = 7;
/// The hour at which courts open in Kenya, and the one at which they close.
const COURT_OPENS: NaiveTime = NaiveTime::from_hms_opt(8, 0, 0).expect("a time of the day");
const COURT_CLOSES: NaiveTime = NaiveTime::from_hms_opt(17, 0, 0).expect("a time of the day");
/// Kenya's public holidays that have a day of the year: month and day (Public Holidays Act, cap. 110). Those that follow the moon
/// are proclaimed shortly before, so that nobody can know them here.
const HOLIDAYS: [(u32, u32); 8] = [(1, 1), (5, 1), (6, 1), (10, 10), (10, 20), (12, 12), (12, 25), (12, 26)];

impl ViolationType {
    /// The hours within which something must happen after it was done, if there is such a limit.
    pub fn hours_to_act(self) -> Option<i64> {
        match self {
            Self::ArbitraryArrest | Self::DetentionWithoutCharge => Some(COURT_HOURS),
            Self::SexualViolence => Some(EXPOSURE_HOURS),
            _ => None,
        }
    }
}

/// How many hours ago it was done, 0 to 72. It is never stored: what follows from it is [`HoursAgo::first_limit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoursAgo(i64);

impl HoursAgo {
    /// Reads the hours for a violation of these types.
    ///
    /// # Errors
    /// INVALID when none of the types has a limit, or the hours aren't 0 to 72.
    pub fn parse(types: &[ViolationType], hours: i32) -> Result<Self, Refusal> {
        if !types.iter().any(|kind| kind.hours_to_act().is_some()) {
            return Err(Refusal::invalid("hoursAgo", "violation-no-clock"));
        }
        let hours = i64::from(hours);
        if !(0..=EXPOSURE_HOURS).contains(&hours) {
            return Err(Refusal::invalid("hoursAgo", Message::of("violation-hours").with("maximum", EXPOSURE_HOURS)));
        }
        Ok(Self(hours))
    }

    /// The first limit of the types, down to the full hour, whether or not it has passed: the others follow from it.
    pub fn first_limit(self, types: &[ViolationType], at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let limit = at + TimeDelta::hours(first_hours(types)? - self.0);
        limit.duration_trunc(TimeDelta::hours(1)).ok()
    }

    /// In which month it was done.
    pub fn month(self, at: DateTime<Utc>) -> Month {
        Month::at(at - TimeDelta::hours(self.0))
    }

    /// Whether it can have been done in that month: not in one before these hours. Hours are counted roughly, and last night may be said to be
    /// of the month that has begun since.
    pub fn can_be_of(self, month: Month, at: DateTime<Utc>) -> bool {
        (Self(self.0 + 1).month(at)..=Month::at(at)).contains(&month)
    }
}

/// The fewest hours within which something must happen after one of these was done.
fn first_hours(types: &[ViolationType]) -> Option<i64> {
    types.iter().filter_map(|kind| kind.hours_to_act()).min()
}

/// By when something must happen after that type was done, where the first limit of all types together is known.
pub fn limit_of(kind: ViolationType, types: &[ViolationType], first_limit: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Some(first_limit + TimeDelta::hours(kind.hours_to_act()? - first_hours(types)?))
}

/// The first limit after the types were put right. None where nothing runs after what was done, or nothing was known.
pub fn corrected_limit(
    first_limit: Option<DateTime<Utc>>,
    before: &[ViolationType],
    after: &[ViolationType],
) -> Option<DateTime<Utc>> {
    Some(first_limit? + TimeDelta::hours(first_hours(after)? - first_hours(before)?))
}

/// From when on `actBefore` is no longer kept.
pub fn act_before_kept_until(act_before: DateTime<Utc>) -> DateTime<Utc> {
    act_before + TimeDelta::days(ACT_BEFORE_DAYS)
}

/// By when somebody who was arrested must be before a court, where the 24 hours end at that moment: then, or by the end of the next court
/// day where it is outside court hours or on no court day (article 49(1)(f)(ii)).
pub fn court_by(act_before: DateTime<Utc>) -> DateTime<Utc> {
    let (day, time) = (day_of(act_before), clock_of(act_before).time());
    if is_court_day(day) && (COURT_OPENS..=COURT_CLOSES).contains(&time) {
        return act_before;
    }
    let first = if time > COURT_CLOSES { day + Days::new(1) } else { day };
    let next = first.iter_days().find(|day| is_court_day(*day)).unwrap_or(first);
    start_of_day(next) + (COURT_CLOSES - NaiveTime::MIN)
}

/// Whether courts sit on that day, as far as the calendar tells: from Monday to Friday, on no public holiday that has its day in the year
/// or follows Easter. A holiday on a Sunday is kept on the next day that is none.
pub fn is_court_day(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !is_holiday(day)
}

fn is_holiday(day: NaiveDate) -> bool {
    let named = |day: NaiveDate| HOLIDAYS.contains(&(day.month(), day.day())) || follows_easter(day);
    if named(day) {
        return true;
    }
    // The day after a run of holidays that began with a Sunday's stands in for it.
    let mut run = std::iter::successors(day.pred_opt(), |day| day.pred_opt()).take_while(|day| named(*day));
    run.any(|day| day.weekday() == Weekday::Sun)
}

/// Good Friday and Easter Monday.
fn follows_easter(day: NaiveDate) -> bool {
    let easter = easter(day.year());
    easter.is_some_and(|easter| day + Days::new(2) == easter || day == easter + Days::new(1))
}

/// Easter Sunday of a year, by the Gregorian computus (Meeus, Jones and Butcher).
fn easter(year: i32) -> Option<NaiveDate> {
    let (golden, century, of_century) = (year % 19, year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let month_and_day = epact + weekday - 7 * ((golden + 11 * epact + 22 * weekday) / 451) + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(month_and_day / 31).ok()?, u32::try_from(month_and_day % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::subsequence;

    use super::*;

    const LIMITED: &[ViolationType] =
        &[ViolationType::ArbitraryArrest, ViolationType::DetentionWithoutCharge, ViolationType::SexualViolence];

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn easter_is_when_the_churches_keep_it() {
        for text in ["2000-04-23", "2008-03-23", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25"] {
            assert_eq!(easter(day(text).year()), Some(day(text)));
        }
    }

    #[test]
    fn courts_sit_on_working_days() {
        for text in ["2026-04-02", "2026-04-07", "2026-10-21", "2026-11-30", "2027-12-28"] {
            assert!(is_court_day(day(text)), "{text}");
        }
        // Good Friday, Easter Monday, Mashujaa Day, a Saturday, Jamhuri Day 2027 on a Sunday and the Monday that stands in for it;
        // Christmas 2022 was on a Sunday, and the day after it a holiday of its own.
        for text in
            ["2026-04-03", "2026-04-06", "2026-10-20", "2026-11-28", "2027-12-12", "2027-12-13", "2022-12-26", "2022-12-27"]
        {
            assert!(!is_court_day(day(text)), "{text}");
        }
    }

    #[test]
    fn the_court_is_within_24_hours_or_by_the_end_of_the_next_court_day() {
        // Times in Kenya.
        for (ends, by) in [
            ("2026-11-30T10:00:00+03:00", "2026-11-30T10:00:00+03:00"),
            ("2026-11-30T17:00:00+03:00", "2026-11-30T17:00:00+03:00"),
            ("2026-11-30T03:00:00+03:00", "2026-11-30T17:00:00+03:00"),
            ("2026-11-30T18:00:00+03:00", "2026-12-01T17:00:00+03:00"),
            ("2026-11-27T20:00:00+03:00", "2026-11-30T17:00:00+03:00"),
            ("2026-11-28T10:00:00+03:00", "2026-11-30T17:00:00+03:00"),
            ("2026-04-03T10:00:00+03:00", "2026-04-07T17:00:00+03:00"),
            ("2026-12-24T23:00:00+03:00", "2026-12-28T17:00:00+03:00"),
        ] {
            let (ends, by): (DateTime<Utc>, DateTime<Utc>) = (ends.parse().expect("a moment"), by.parse().expect("a moment"));
            assert_eq!(court_by(ends), by, "{ends}");
        }
    }

    #[test]
    fn the_hours_are_of_what_has_a_limit_and_0_to_72() {
        for kind in <ViolationType as crate::vocabulary::Vocabulary>::ALL {
            let limited = kind.hours_to_act().is_some();
            for hours in [-1, 0, 24, 72, 73, i32::MIN, i32::MAX] {
                assert_eq!(HoursAgo::parse(&[*kind], hours).is_ok(), limited && (0..=72).contains(&hours), "{kind} {hours}");
            }
        }
    }

    proptest! {
        /// Each limit is at a full hour and never later than it is, also after the types were put right, there and back.
        #[test]
        fn what_must_happen_is_by_a_full_hour(
            hours in 0..=72_i32,
            minutes in 0..1_000_000_i64,
            before in subsequence(LIMITED.to_vec(), 1..=3),
            after in subsequence(LIMITED.to_vec(), 1..=3),
        ) {
            let at = DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes);
            let first = HoursAgo::parse(&before, hours).expect("hours").first_limit(&before, at);
            let corrected = corrected_limit(first, &before, &after);
            for (types, first) in [(&before, first), (&after, corrected), (&before, corrected_limit(corrected, &after, &before))] {
                let first = first.expect("a limit");
                prop_assert_eq!(types.iter().filter_map(|kind| limit_of(*kind, types, first)).min(), Some(first));
                for kind in types {
                    let limit = limit_of(*kind, types, first).expect("a limit");
                    let exact = at + TimeDelta::hours(if *kind == ViolationType::SexualViolence { 72 } else { 24 } - i64::from(hours));
                    prop_assert!(limit <= exact && exact - limit < TimeDelta::hours(1));
                    prop_assert_eq!(limit.timestamp() % 3_600, 0);
                }
            }
            let eviction = [ViolationType::Eviction];
            prop_assert_eq!(corrected_limit(first, &before, &eviction), None);
            prop_assert_eq!(corrected_limit(None, &eviction, &after), None);
        }

        /// The hours and the month are of the same moment, as roughly as hours are counted.
        #[test]
        fn the_month_is_that_of_the_hours(hours in 0..=72_i32, minutes in 0..1_000_000_i64, rounded in 0..60_i64) {
            let at = "2026-01-01T00:00:00Z".parse::<DateTime<Utc>>().expect("a moment") + TimeDelta::minutes(minutes);
            let ago = HoursAgo::parse(LIMITED, hours).expect("hours");
            let done = Month::at(at - TimeDelta::minutes(i64::from(hours) * 60 + rounded));
            prop_assert!(ago.can_be_of(done, at) && ago.can_be_of(ago.month(at), at));
            prop_assert!(!ago.can_be_of(Month::at(at).plus(1), at));
            prop_assert!(!ago.can_be_of(Month::at(at - TimeDelta::days(36)), at));
        }

        /// Nobody is told a later moment than a court day's end, and never one before the 24 hours are over.
        #[test]
        fn the_court_is_on_a_court_day_in_court_hours(hours in 0..200_000_i64) {
            let ends = DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
            let by = court_by(ends);
            prop_assert!(by >= ends && is_court_day(day_of(by)));
            prop_assert!((COURT_OPENS..=COURT_CLOSES).contains(&clock_of(by).time()));
            let between = day_of(ends).iter_days().take_while(|day| *day < day_of(by)).filter(|day| is_court_day(*day)).count();
            prop_assert!(between <= 1, "no court day is passed over, but the one whose hours are over");
        }
    }
}
