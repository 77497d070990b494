//! The outcome of a training that was held: who came, what they thought and learned, and who still uses it.

use chrono::TimeDelta;
use pamoja_domain::day::start_of_day;
use pamoja_domain::training::{CadreCount, EvaluationDraft, FEWEST_PEOPLE, FollowUpDraft, MonthsAfter, follow_up_day};
use rand::Rng;
use rand::rngs::StdRng;

use super::super::GenerateError;
use super::super::profile::Manner;
use super::super::random::{at_work, delay, either};
use super::life::{Life, Request};
use super::offer::Offer;

/// The share of hosts that ask their people again, for each number of months after the session.
const FOLLOWED_UP: [f64; 2] = [0.5, 0.32];

/// Records the outcome, as far as it is known by the present.
pub(super) fn record(manner: &Manner, offer: &Offer, life: &mut Life, rng: &mut StdRng) -> Result<(), GenerateError> {
    let Some(on) = life.story.session.as_ref().map(|session| session.plan.on) else { return Ok(()) };
    let mut counts = Vec::new();
    for request in life.story.hosting() {
        counts.extend(who_came(request, rng));
    }
    let people: i32 = counts.iter().map(|count| count.count).sum();
    let hours = hours(offer.training.duration_hours, rng);
    let recorded_at = at_work(start_of_day(on) + TimeDelta::hours(17) + delay(rng, 14.0, 1.0).min(TimeDelta::days(9)), rng);
    if !life.deliver(&counts, hours, recorded_at)? {
        return Ok(());
    }
    if people >= FEWEST_PEOPLE && rng.random_bool(0.87) {
        let at = at_work(recorded_at + delay(rng, 60.0, 0.8).min(TimeDelta::days(30)), rng);
        life.evaluate(opinion(manner, people, rng), at)?;
    }
    for (place, request) in life.story.requests.clone().iter().enumerate().filter(|(_, request)| request.hosts) {
        let came = life.story.people_of(request.sender);
        let kept = rng.random_range(0.6..0.9);
        for (after, share) in MonthsAfter::ALL.into_iter().zip(FOLLOWED_UP) {
            let (asked, party) = (of(came, rng.random_range(0.6..0.95)).max(FEWEST_PEOPLE), either(rng));
            let at =
                start_of_day(follow_up_day(on, after)) + TimeDelta::hours(9) + delay(rng, 130.0, 0.8).min(TimeDelta::days(50));
            if came < FEWEST_PEOPLE || !rng.random_bool(share) {
                continue;
            }
            // People forget some of it with time.
            let still_using = of(asked, kept - 0.02 * f64::from(after.months()));
            let draft = FollowUpDraft { months_after: after.months(), asked, still_using };
            let at = at_work(at, rng);
            life.follow_up(place, party, draft, at)?;
        }
    }
    Ok(())
}

/// Draws who came. Some of the expected people stay away, and sometimes more come than expected. Most are of the first cadre.
fn who_came(request: &Request, rng: &mut StdRng) -> Vec<CadreCount> {
    let people = of(request.new.expected_participants, rng.random_range(0.62..1.08)).max(3);
    let mut left = people;
    let mut counts = Vec::new();
    for (place, cadre) in request.new.audience.iter().enumerate() {
        let is_last = place + 1 == request.new.audience.len();
        let count = if is_last { left } else { of(left, rng.random_range(0.5..0.8)) };
        left -= count;
        counts.push(CadreCount { host: request.sender, cadre: *cadre, count });
    }
    counts
}

/// The hours that the training took: mostly as planned, otherwise between an hour shorter and half an hour longer.
fn hours(planned: f64, rng: &mut StdRng) -> f64 {
    let differs = if rng.random_bool(0.7) { 0 } else { rng.random_range(-2..=1) };
    (planned + f64::from(differs) * 0.5).max(1.0)
}

fn opinion(manner: &Manner, people: i32, rng: &mut StdRng) -> EvaluationDraft {
    // A trainer who is slow and careless with clients also trains with less care.
    let usual = 4.4 - 16.0 * manner.mistreats - manner.answer_hours / 160.0;
    let satisfaction = tenths((usual + rng.random_range(-0.45..0.45)).clamp(3.4, 4.9));
    let pairs = of(people, rng.random_range(0.7..1.0)).max(FEWEST_PEOPLE);
    let before = rng.random_range(34.0..64.0);
    // People who know less can learn more.
    let after = before + (100.0 - before) * rng.random_range(0.2..0.6);
    let tested = rng.random_bool(0.75);
    EvaluationDraft {
        // An evaluation must have at least one of satisfaction and scores.
        satisfaction_mean: Some(satisfaction).filter(|_| !tested || rng.random_bool(0.95)),
        pre_score_mean: tested.then(|| tenths(before)),
        post_score_mean: tested.then(|| tenths(after)),
        pairs: if tested { pairs } else { 0 },
    }
}

fn of(people: i32, share: f64) -> i32 {
    (f64::from(people) * share).round() as i32
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
