//! The course of a training after it was asked for: what trainers and hosts tend to do, and when.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use pamoja_domain::county::CountyCode;
use pamoja_domain::day::{day_of, start_of_day};
use pamoja_domain::id::TrainingSessionId;
use pamoja_domain::moves::Party;
use pamoja_domain::training::{SessionPlan, TrainingReason, TrainingStatus};
use rand::Rng;
use rand::rngs::StdRng;

use super::super::GenerateError;
use super::super::profile::Manner;
use super::super::random::{at_work, delay, either, identity, pick};
use super::life::{Act, Life};
use super::offer::Offer;
use super::outcome;

/// How far a training has come by the present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its course is left to chance: held, declined, called off, or as far as it gets by the present.
    Past,
    /// Its day passed recently, and nobody has recorded it.
    Overdue,
    /// Its day is in the future.
    Coming,
    /// It is accepted, but no day is agreed on.
    Accepted,
    /// Nobody has answered yet.
    Waiting,
}

/// What decides a course, apart from chance.
pub(super) struct Course<'a> {
    pub(super) manner: &'a Manner,
    pub(super) offer: &'a Offer,
    pub(super) county: CountyCode,
    pub(super) standing: Standing,
    /// The day that would suit the host.
    pub(super) wanted_on: NaiveDate,
}

/// Nothing, or a fault of the program.
type Gone = Result<(), GenerateError>;

impl Course<'_> {
    /// Runs a training until the present.
    pub(super) fn run(&self, life: &mut Life, rng: &mut StdRng) -> Gone {
        if self.standing == Standing::Waiting {
            return Ok(());
        }
        for place in 0..life.story.requests.len() {
            self.answer(life, place, rng)?;
        }
        if self.standing == Standing::Accepted {
            return Ok(());
        }
        self.schedule(life, rng)?;
        if self.standing != Standing::Past || life.story.session.is_none() {
            return Ok(());
        }
        if rng.random_bool(0.06) {
            self.put_off(life, rng)?;
        }
        call_off(life, rng)?;
        outcome::record(self.manner, self.offer, life, rng)
    }

    fn answer(&self, life: &mut Life, place: usize, rng: &mut StdRng) -> Gone {
        let answered_at = self.moment(life, place, 5.0 * self.manner.answer_hours, rng);
        if self.standing != Standing::Past {
            return life.act(place, Act::Accept, answered_at).map(drop);
        }
        let is_open = life.story.requests.get(place).is_some_and(|request| request.receiver.is_none());
        let choices = [
            (Answer::Accept, 1.0),
            // Nobody has to decline a request that is open to all.
            (Answer::Decline, if is_open { 0.0 } else { 0.03 + self.manner.declines }),
            (Answer::Silence, self.manner.silence),
            (Answer::ChangedMind, 0.03),
        ];
        let (act, at) = match pick(rng, &choices) {
            None | Some(Answer::Accept) => (Act::Accept, answered_at),
            Some(Answer::Decline) => (Act::Decline(decline_reason(rng)), answered_at),
            Some(Answer::Silence) => {
                let at = self.moment(life, place, 900.0, rng);
                (Act::Cancel(Party::Sender, TrainingReason::NoLongerNeeded), at)
            }
            Some(Answer::ChangedMind) => {
                let at = self.moment(life, place, 30.0, rng);
                (Act::Cancel(Party::Sender, cancel_reason(rng)), at)
            }
        };
        life.act(place, act, at).map(drop)
    }

    fn schedule(&self, life: &mut Life, rng: &mut StdRng) -> Gone {
        if self.standing == Standing::Past {
            for place in places(life, TrainingStatus::Accepted) {
                if rng.random_bool(0.04) {
                    let at = self.moment(life, place, 200.0, rng);
                    life.act(place, Act::Cancel(either(rng), cancel_reason(rng)), at)?;
                }
            }
        }
        let accepted = places(life, TrainingStatus::Accepted);
        let mut moments: Vec<_> = accepted.iter().map(|place| self.moment(life, *place, 60.0, rng)).collect();
        // The session is scheduled for all hosts once every one of them has been accepted.
        moments.sort_unstable();
        let ready = accepted.iter().filter_map(|place| life.story.requests.get(*place)).map(|request| request.updated_at).max();
        let Some((last, ready)) = moments.last().copied().zip(ready) else { return Ok(()) };
        let on = self.day(life.present, last.max(ready), rng);
        let modes = self.offer.modes_in(self.county).into_iter().map(|mode| (mode, 1.0)).collect::<Vec<_>>();
        let Some(mode) = pick(rng, &modes) else { return Ok(()) };
        let id = TrainingSessionId(identity(rng));
        for (place, at) in accepted.into_iter().zip(moments) {
            life.act(place, Act::Schedule(id, SessionPlan { on, mode, county: self.county }), at.max(ready))?;
        }
        Ok(())
    }

    /// The day that the parties agree on at that time.
    fn day(&self, present: DateTime<Utc>, agreed_at: DateTime<Utc>, rng: &mut StdRng) -> NaiveDate {
        let (today, agreed_on) = (day_of(present), day_of(agreed_at));
        match self.standing {
            Standing::Coming => suitable(today + Days::new(rng.random_range(2..36))),
            Standing::Overdue => {
                let on = today - Days::new(rng.random_range(1..5));
                let on = if on.weekday() == Weekday::Sun { on - Days::new(1) } else { on };
                on.max(agreed_on)
            }
            _ => suitable(self.wanted_on.max(agreed_on + Days::new(rng.random_range(3..15)))),
        }
    }

    /// The parties move the session to a later day, shortly before the first one.
    fn put_off(&self, life: &mut Life, rng: &mut StdRng) -> Gone {
        let Some(plan) = life.story.session.as_ref().map(|session| session.plan) else { return Ok(()) };
        let at = start_of_day(plan.on) - delay(rng, 40.0, 0.5).min(TimeDelta::days(6)) + TimeDelta::hours(9);
        let on = suitable(plan.on + Days::new(rng.random_range(7..22)));
        life.replan(SessionPlan { on, ..plan }, at).map(drop)
    }

    /// When the next thing happens to a request: after about that many hours. When the standing says that it must have happened,
    /// then before the present.
    fn moment(&self, life: &Life, place: usize, hours: f64, rng: &mut StdRng) -> DateTime<Utc> {
        let now = life.story.requests.get(place).map_or(life.present, |request| request.updated_at);
        if self.standing == Standing::Past {
            return at_work(now + delay(rng, hours, 0.8).min(TimeDelta::days(80)), rng);
        }
        let left = (life.present - now).as_seconds_f64().max(0.0);
        let passed = TimeDelta::microseconds((left * rng.random_range(0.1..0.35) * 1e6) as i64);
        let at = at_work(now + passed, rng);
        if at < life.present { at } else { now + passed }
    }
}

/// Some hosts, or their trainer, cancel shortly before the day.
fn call_off(life: &mut Life, rng: &mut StdRng) -> Gone {
    for place in places(life, TrainingStatus::Scheduled) {
        let Some(on) = life.story.session.as_ref().map(|session| session.plan.on) else { return Ok(()) };
        if rng.random_bool(0.05) {
            let at = start_of_day(on) - delay(rng, 30.0, 0.6).min(TimeDelta::days(5)) + TimeDelta::hours(10);
            life.act(place, Act::Cancel(either(rng), cancel_reason(rng)), at)?;
        }
    }
    Ok(())
}

/// The indexes of the requests in that state.
fn places(life: &Life, status: TrainingStatus) -> Vec<usize> {
    let requests = life.story.requests.iter().enumerate();
    requests.filter(|(_, request)| request.status == status).map(|(place, _)| place).collect()
}

/// That day, or the next one on which people come: not a Sunday, and not around Christmas.
fn suitable(mut day: NaiveDate) -> NaiveDate {
    let is_holiday = |day: NaiveDate| (day.month() == 12 && day.day() > 20) || (day.month() == 1 && day.day() < 4);
    while day.weekday() == Weekday::Sun || is_holiday(day) {
        day = day + Days::new(1);
    }
    day
}

#[derive(Clone, Copy)]
enum Answer {
    Accept,
    Decline,
    Silence,
    ChangedMind,
}

fn decline_reason(rng: &mut StdRng) -> TrainingReason {
    let choices = [
        (TrainingReason::NoTrainer, 40.0),
        (TrainingReason::Dates, 25.0),
        (TrainingReason::NoFunds, 20.0),
        (TrainingReason::TopicNotOffered, 6.0),
        (TrainingReason::Unsafe, 4.0),
        (TrainingReason::Other, 5.0),
    ];
    pick(rng, &choices).unwrap_or(TrainingReason::Other)
}

fn cancel_reason(rng: &mut StdRng) -> TrainingReason {
    let choices = [
        (TrainingReason::NoFunds, 25.0),
        (TrainingReason::Dates, 25.0),
        (TrainingReason::NoVenue, 18.0),
        (TrainingReason::Unsafe, 14.0),
        (TrainingReason::NoLongerNeeded, 12.0),
        (TrainingReason::Other, 6.0),
    ];
    pick(rng, &choices).unwrap_or(TrainingReason::Other)
}
