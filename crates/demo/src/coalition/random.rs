//! Chance from a seeded source: the same seed gives the same draws.

use chrono::{DateTime, Datelike, Days, TimeDelta, Timelike, Utc, Weekday};
use pamoja_domain::day::{day_of, start_of_day};
use pamoja_domain::moves::Party;
use rand::Rng;
use rand::rngs::StdRng;
use uuid::Uuid;

/// A random UUID from the seeded source.
pub(super) fn identity(rng: &mut StdRng) -> Uuid {
    uuid::Builder::from_random_bytes(rng.random()).into_uuid()
}

/// Draws one of the choices by weight; nothing when no weight is above zero.
pub(super) fn pick<T: Copy>(rng: &mut StdRng, choices: &[(T, f64)]) -> Option<T> {
    let total: f64 = choices.iter().map(|(_, weight)| weight).sum();
    let mut left = rng.random::<f64>() * total;
    for (choice, weight) in choices {
        left -= weight;
        if left < 0.0 && *weight > 0.0 {
            return Some(*choice);
        }
    }
    // Rounding may leave a small remainder: take the last choice with a weight.
    choices.iter().rev().find(|(_, weight)| *weight > 0.0).map(|(choice, _)| *choice)
}

/// Draws how long people take: mostly about the median, sometimes several times as long, and never under two minutes.
pub(super) fn delay(rng: &mut StdRng, median_hours: f64, spread: f64) -> TimeDelta {
    // The sum of twelve uniform draws is close enough to a normal distribution.
    let bell: f64 = (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0;
    let seconds = (median_hours * 3600.0 * (bell * spread).exp()).clamp(120.0, 120.0 * 24.0 * 3600.0);
    TimeDelta::microseconds((seconds * 1e6) as i64)
}

/// The same moment when it is within working hours, otherwise one soon after they next begin.
pub(super) fn at_work(moment: DateTime<Utc>, rng: &mut StdRng) -> DateTime<Utc> {
    let mut day = day_of(moment);
    let hour = (moment - start_of_day(day)).num_hours();
    if works_on(day.weekday()) && (8..18).contains(&hour) {
        return moment;
    }
    if !works_on(day.weekday()) || hour >= 18 {
        day = day + Days::new(1);
        while !works_on(day.weekday()) {
            day = day + Days::new(1);
        }
    }
    during(day, 8, 11, rng)
}

/// Draws a moment of that day between two hours, in Kenya's time.
pub(super) fn during(day: chrono::NaiveDate, from: i64, until: i64, rng: &mut StdRng) -> DateTime<Utc> {
    start_of_day(day) + TimeDelta::microseconds(rng.random_range(from * 3_600_000_000..until * 3_600_000_000))
}

/// Draws one of the two parties; the sender a little more often.
pub(super) fn either(rng: &mut StdRng) -> Party {
    if rng.random_bool(0.6) { Party::Sender } else { Party::Receiver }
}

/// Cuts a time to microseconds, the precision of PostgreSQL.
pub(super) fn kept(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.with_nanosecond(moment.nanosecond() / 1000 * 1000).unwrap_or(moment)
}

fn works_on(weekday: Weekday) -> bool {
    weekday != Weekday::Sun
}
