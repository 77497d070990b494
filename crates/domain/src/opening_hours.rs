//! When somebody is there: spans of the week, by the clocks of Kenya.

use std::fmt;

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};

use crate::day::clock_of;
use crate::message::{Filling, Message};
use crate::refusal::Refusal;
use crate::service::without_repeats;
use crate::vocabulary;
use crate::vocabulary::Vocabulary;

#[cfg(test)]
mod tests;

vocabulary! {
    /// A day of the week.
    pub enum Weekday {
        /// Monday, Jumatatu.
        Monday = "MONDAY",
        /// Tuesday, Jumanne.
        Tuesday = "TUESDAY",
        /// Wednesday, Jumatano.
        Wednesday = "WEDNESDAY",
        /// Thursday, Alhamisi.
        Thursday = "THURSDAY",
        /// Friday, Ijumaa.
        Friday = "FRIDAY",
        /// Saturday, Jumamosi.
        Saturday = "SATURDAY",
        /// Sunday, Jumapili.
        Sunday = "SUNDAY",
    }
}

/// How OpenStreetMap abbreviates the days, in the vocabulary's order.
const ABBREVIATED: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// The most spans that hours can have: two for each day of the week.
pub const MAXIMUM_SPANS: usize = 14;
/// The minutes of a day.
const DAY: u16 = 1_440;
/// The minutes of a week.
const WEEK: u32 = 7 * DAY as u32;

impl Weekday {
    fn at(minute: u32) -> Self {
        Self::ALL[(minute % WEEK / u32::from(DAY)) as usize]
    }
}

/// A time of day in minutes since midnight, from 00:00 to 24:00, the end of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// Reads a time such as 09:30; `None` when it is written in another way. 24:00 is the end of the day.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let digits = bytes.len() == 5 && bytes[2] == b':' && [0, 1, 3, 4].iter().all(|at| bytes[*at].is_ascii_digit());
        let (hours, minutes) = digits.then(|| text.split_once(':'))??;
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        let time = hours * 60 + minutes;
        (minutes < 60 && time <= DAY).then_some(Self(time))
    }
}

impl From<TimeOfDay> for Filling {
    fn from(time: TimeOfDay) -> Self {
        Self::Time(time.to_string())
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// A span of time on some days of the week. It ends on the next day when it closes before it opens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpeningSpan {
    /// The days on which it begins; at least one, in the order of the week.
    pub days: Vec<Weekday>,
    /// When it begins, before 24:00.
    pub opens: TimeOfDay,
    /// When it ends; never the same as `opens`.
    pub closes: TimeOfDay,
}

/// The unchecked fields of an [`OpeningSpan`].
#[derive(Clone, Copy, Debug)]
pub struct SpanDraft<'a> {
    /// May have repeats.
    pub days: &'a [Weekday],
    /// Not yet checked.
    pub opens: &'a str,
    /// Not yet checked.
    pub closes: &'a str,
}

/// The spans of a week, none of which overlap, in the order of the week. Empty when nobody has said them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OpeningHours(Vec<OpeningSpan>);

/// Whether somebody is there at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Yes, until then; `None` when day and night.
    Open(Option<Next>),
    /// Not before then.
    Closed(Next),
}

/// The next time at which it opens or closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// The moment.
    pub at: DateTime<Utc>,
    /// The day of the week; `None` when it is the present day.
    pub day: Option<Weekday>,
    /// The time of that day.
    pub time: TimeOfDay,
}

impl OpeningSpan {
    fn parse(draft: SpanDraft<'_>) -> Result<Self, Refusal> {
        let time = |field, text| TimeOfDay::parse(text).ok_or_else(|| Refusal::invalid(field, "hours-time-malformed"));
        let opens = time("opens", draft.opens)?;
        let closes = time("closes", draft.closes)?;
        if draft.days.is_empty() {
            return Err(Refusal::invalid("days", "hours-days-missing"));
        }
        // What opens at the end of a day opens at the beginning of the next one; written so, it would have two forms.
        if opens == closes || opens.0 == DAY {
            return Err(Refusal::invalid(if opens == closes { "closes" } else { "opens" }, "hours-no-time"));
        }
        Ok(Self { days: without_repeats(draft.days), opens, closes })
    }

    /// The first minute and the length of each of its parts, in minutes of the week.
    fn parts(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let length = if self.closes > self.opens { self.closes.0 - self.opens.0 } else { DAY - self.opens.0 + self.closes.0 };
        self.days.iter().map(move |day| (*day as u32 * u32::from(DAY) + u32::from(self.opens.0), u32::from(length)))
    }
}

impl OpeningHours {
    /// Reads a field's spans.
    ///
    /// # Errors
    /// INVALID, with the number of the span and the part of it, when a time is malformed or a span has no days or no length. INVALID
    /// when two spans overlap or are the same, or there are more
    /// than [`MAXIMUM_SPANS`].
    pub fn parse(field: &str, drafts: &[SpanDraft<'_>]) -> Result<Self, Refusal> {
        if drafts.len() > MAXIMUM_SPANS {
            return Err(Refusal::invalid(field, Message::of("hours-too-many").with("maximum", MAXIMUM_SPANS)));
        }
        let of_item = |index: usize, refusal: Refusal| refusal.within(&index.to_string()).within(field);
        let read =
            |(index, draft): (usize, &SpanDraft<'_>)| OpeningSpan::parse(*draft).map_err(|refusal| of_item(index, refusal));
        let mut spans: Vec<OpeningSpan> = drafts.iter().enumerate().map(read).collect::<Result<_, _>>()?;
        spans.sort_unstable();
        let hours = Self(spans);
        match hours.overlap() {
            Some(day) => Err(Refusal::invalid(field, Message::of("hours-overlap").with("day", day))),
            None => Ok(hours),
        }
    }

    /// The spans.
    pub fn spans(&self) -> &[OpeningSpan] {
        &self.0
    }

    fn parts(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.0.iter().flat_map(OpeningSpan::parts)
    }

    /// A day on which one part begins within another.
    fn overlap(&self) -> Option<Weekday> {
        let parts: Vec<_> = self.parts().collect();
        let within = |start: u32, (begin, length): (u32, u32)| (start + WEEK - begin) % WEEK < length;
        let begins_within_another = |(place, (start, _)): (usize, &(u32, u32))| {
            let others = parts.iter().enumerate().filter(|(other, _)| *other != place);
            others.map(|(_, part)| *part).any(|part| within(*start, part)).then(|| Weekday::at(*start))
        };
        parts.iter().enumerate().find_map(begins_within_another)
    }

    /// How many minutes it is still open from that minute of the week on; 0 when it is closed then. Parts that touch are one.
    fn open_for(&self, minute: u32) -> u32 {
        let mut open = 0;
        while open < WEEK {
            let now = minute + open;
            let mut left = self.parts().filter_map(|(begin, length)| length.checked_sub((now + WEEK - begin) % WEEK));
            match left.find(|left| *left > 0) {
                None => break,
                Some(left) => open += left,
            }
        }
        open
    }

    /// Whether it is open at that moment; `None` when nobody has said the hours.
    pub fn at(&self, at: DateTime<Utc>) -> Option<Opening> {
        let clock = clock_of(at);
        let minute = clock.weekday().num_days_from_monday() * u32::from(DAY) + clock.hour() * 60 + clock.minute();
        let to_the_minute =
            at - TimeDelta::seconds(i64::from(clock.second())) - TimeDelta::nanoseconds(i64::from(clock.nanosecond()));
        let next = |ahead: u32| {
            let then = minute + ahead;
            let same_day = then / u32::from(DAY) == minute / u32::from(DAY);
            Next {
                at: to_the_minute + TimeDelta::minutes(i64::from(ahead)),
                day: (!same_day).then(|| Weekday::at(then)),
                time: TimeOfDay((then % u32::from(DAY)) as u16),
            }
        };
        let opens_in = self.parts().map(|(begin, _)| (begin + WEEK - minute) % WEEK).min()?;
        Some(match self.open_for(minute) {
            0 => Opening::Closed(next(opens_in)),
            open if open >= WEEK => Opening::Open(None),
            // The end of the present day.
            open if minute % u32::from(DAY) + open == u32::from(DAY) => {
                Opening::Open(Some(Next { day: None, time: TimeOfDay(DAY), ..next(open) }))
            }
            open => Opening::Open(Some(next(open))),
        })
    }

    /// Reads what [`OpeningHours`] writes as text; `None` when it isn't that.
    pub fn from_text(text: &str) -> Option<Self> {
        let span = |text: &str| -> Option<OpeningSpan> {
            let (days, times) = text.split_once(' ')?;
            let (opens, closes) = times.split_once('-')?;
            let day = |day: &str| ABBREVIATED.iter().position(|known| *known == day).map(|place| Weekday::ALL[place]);
            let days: Vec<_> = days.split(',').map(day).collect::<Option<_>>()?;
            OpeningSpan::parse(SpanDraft { days: &days, opens, closes }).ok()
        };
        Some(Self(text.split("; ").map(span).collect::<Option<_>>()?))
    }
}

/// As OpenStreetMap writes opening hours: `Mo,We 09:00-17:00; Sa 22:00-06:00`.
impl fmt::Display for OpeningHours {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, OpeningSpan { days, opens, closes }) in self.0.iter().enumerate() {
            let days: Vec<_> = days.iter().map(|day| ABBREVIATED[*day as usize]).collect();
            let separator = if place == 0 { "" } else { "; " };
            write!(formatter, "{separator}{} {opens}-{closes}", days.join(","))?;
        }
        Ok(())
    }
}
