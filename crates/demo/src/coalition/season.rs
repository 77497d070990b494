//! How many referrals there are on each day: more every month, fewer at weekends and around the holidays, and some slow months.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Utc, Weekday};
use pamoja_domain::day::{day_of, start_of_day};
use rand::Rng;
use rand::rngs::StdRng;

use super::random::{kept, pick};

/// How many months of referrals and trainings there are.
pub(super) const MONTHS: u32 = 24;

/// The days until that moment, each with its number of referrals; the numbers add up to `total`.
pub(super) fn days(rng: &mut StdRng, at: DateTime<Utc>, total: u64) -> Vec<(NaiveDate, u64)> {
    let today = day_of(at);
    let first = today - Months::new(MONTHS);
    let slow_months = [rng.random_range(2..MONTHS), rng.random_range(2..MONTHS)];
    let weights: Vec<(NaiveDate, f64)> = first
        .iter_days()
        .take_while(|day| *day <= today)
        .map(|day| {
            let month = (day - first).num_days() / 30;
            let growth = 0.6 + 0.6 * month as f64 / f64::from(MONTHS);
            let slow = if slow_months.iter().any(|slow| i64::from(*slow) == month) { 0.45 } else { 1.0 };
            let passed = (at - start_of_day(day)).num_seconds() as f64 / 86_400.0;
            (day, growth * slow * of_year(day) * of_week(day) * passed.clamp(0.02, 1.0))
        })
        .collect();
    let whole: f64 = weights.iter().map(|(_, weight)| weight).sum();
    let mut before = 0.0;
    let due = |weight: f64| (weight / whole * total as f64).round() as u64;
    weights
        .into_iter()
        .map(|(day, weight)| {
            let already = due(before);
            before += weight;
            (day, due(before) - already)
        })
        .collect()
}

/// The moments of a day at which clients are referred, in order; none is after `at`.
pub(super) fn moments(rng: &mut StdRng, day: NaiveDate, count: u64, at: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let mut moments: Vec<_> = (0..count).map(|_| moment(rng, day, at)).collect();
    moments.sort_unstable();
    moments
}

fn moment(rng: &mut StdRng, day: NaiveDate, at: DateTime<Utc>) -> DateTime<Utc> {
    let choices = [
        (8, 6.0),
        (9, 10.0),
        (10, 13.0),
        (11, 12.0),
        (12, 8.0),
        (13, 5.0),
        (14, 9.0),
        (15, 9.0),
        (16, 7.0),
        (17, 5.0),
        (18, 4.0),
        (19, 4.0),
        (20, 4.0),
        (21, 3.0),
        (23, 1.0),
    ];
    let hour = pick(rng, &choices).unwrap_or(12);
    let begin = start_of_day(day);
    let drawn = begin + TimeDelta::hours(hour) + TimeDelta::microseconds(rng.random_range(0..3_600_000_000));
    if drawn <= at {
        return drawn;
    }
    let passed = (at - begin).num_microseconds().unwrap_or(0).max(1);
    kept(begin + TimeDelta::microseconds(rng.random_range(0..passed)))
}

fn of_year(day: NaiveDate) -> f64 {
    let christmas = (day.month() == 12 && day.day() > 19) || (day.month() == 1 && day.day() < 6);
    match day.month() {
        _ if christmas => 0.35,
        12 => 0.8,
        4 | 8 => 0.85,
        3 | 10 | 11 => 1.12,
        _ => 1.0,
    }
}

fn of_week(day: NaiveDate) -> f64 {
    match day.weekday() {
        Weekday::Sun => 0.2,
        Weekday::Sat => 0.5,
        Weekday::Mon => 1.15,
        // On the last day of a month, people write reports.
        _ if (day + Days::new(1)).day() == 1 => 0.7,
        _ => 1.0,
    }
}
