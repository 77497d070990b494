//! The trainings of the made-up coalition: what members offer, what others asked for, and the outcome.

mod catalogue;
mod course;
mod life;
mod offer;
mod outcome;
mod rows;
#[cfg(test)]
mod tests;
mod wish;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use pamoja_domain::day::day_of;
use pamoja_domain::id::{OrganisationId, TrainingOfferId, TrainingRequestId};
use pamoja_domain::month::Month;
use pamoja_domain::training::{NewTrainingRequest, RequestAddressee, TrainingRequestDraft};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::error::illegal;
use super::members::Coalition;
use super::random::{identity, kept, pick};
use super::{GenerateError, season};
use course::{Course, Standing};
use life::{Life, Request, Story};
use offer::Offer;
pub(super) use rows::of_trainings;
use wish::{Match, Wanted};

/// How many requests there are at scale 1.
const TRAININGS: f64 = 300.0;
/// Gives the trainings a random stream of their own.
const TRAININGS_STREAM: u64 = 0x7472_6169_6e69_6e67;
/// How far the latest requests have come at the present. Each number is counted from the end, at scale 1: a request nearer to the
/// end than that has this standing.
const PRESENT: [(Standing, f64); 4] =
    [(Standing::Waiting, 9.0), (Standing::Accepted, 13.0), (Standing::Coming, 21.0), (Standing::Overdue, 23.0)];
/// Who must be a party of the latest requests, in turn, so that these members' demo accounts have something to do.
const SHOWN: [Wanted; 5] = [
    Wanted { sender: Some("jirani"), ..ANYBODY },
    Wanted { trainer: Some("jirani"), ..ANYBODY },
    Wanted { sender: Some("afya"), ..ANYBODY },
    Wanted { trainer: Some("afya"), ..ANYBODY },
    ANYBODY,
];
const ANYBODY: Wanted = Wanted { sender: None, trainer: None, open: false };
/// Hosts of the same session ask within this time of each other.
const TOGETHER: TimeDelta = TimeDelta::days(30);

/// All made-up trainings.
pub(super) struct Trainings {
    pub(super) offers: Vec<Offer>,
    pub(super) stories: Vec<Story>,
}

impl Trainings {
    /// Makes up what members offer, which is the same at every scale, and the requests until that moment.
    pub(super) fn new(coalition: &Coalition, seed: u64, at: DateTime<Utc>, scale: f64) -> Result<Self, GenerateError> {
        let mut rng = StdRng::seed_from_u64(seed ^ TRAININGS_STREAM);
        let present = kept(at);
        let offers = offer::all(coalition, &mut rng, present)?;
        let total = (TRAININGS * scale.max(0.0)).round() as u64;
        let mut moments = Vec::new();
        for (day, count) in season::days(&mut rng, present, total) {
            moments.extend(season::moments(&mut rng, day, count, present));
        }
        let mut teller = Teller { coalition, offers: &offers, rng, present };
        let mut stories = Vec::new();
        let mut told = 0;
        while let Some(rest) = moments.get(told..).filter(|rest| !rest.is_empty()) {
            let story = teller.tell(rest, moments.len())?;
            told += story.requests.len();
            stories.push(story);
        }
        Ok(Self { offers, stories })
    }

    /// How many requests for trainings there are.
    pub(super) fn requests(&self) -> u64 {
        self.stories.iter().map(|story| story.requests.len() as u64).sum()
    }
}

struct Teller<'a> {
    coalition: &'a Coalition,
    offers: &'a [Offer],
    rng: StdRng,
    present: DateTime<Utc>,
}

impl Teller<'_> {
    /// Makes up one training. Its first host asks at the first of the moments; other hosts join at the next ones.
    fn tell(&mut self, moments: &[DateTime<Utc>], total: usize) -> Result<Story, GenerateError> {
        let nobody = || GenerateError::Coalition("nobody");
        let created_at = *moments.first().ok_or_else(nobody)?;
        let from_the_end = moments.len() - 1;
        let standing = standing(from_the_end, total);
        let wanted = self.wanted(standing, from_the_end);
        let first = wish::choose(&mut self.rng, self.coalition, self.offers, wanted, created_at).ok_or_else(nobody)?;
        let together = moments.iter().enumerate().take_while(|(later, moment)| {
            **moment - created_at <= TOGETHER && self::standing(from_the_end - later, total) == standing
        });
        let at_most = if wanted.open { 1 } else { together.count() };
        let hosts = self.how_many(standing, from_the_end).min(at_most);
        let matches = wish::join(&mut self.rng, self.coalition, self.offers, first, hosts - 1);
        let wanted_on = day_of(created_at) + Days::new(self.rng.random_range(16..75));
        let mut requests = Vec::new();
        for (found, at) in matches.iter().zip(moments) {
            let addressee = self.addressee(*found, wanted.open);
            requests.push(self.ask(*found, addressee, matches.len(), wanted_on, *at)?);
        }
        let story =
            Story { trainer: OrganisationId(first.trainer.id), topic: first.offer.training.topic, requests, session: None };
        let mut life = Life { story, present: self.present };
        let manner = &first.trainer.profile.manner;
        Course { manner, offer: first.offer, county: first.county, standing, wanted_on }.run(&mut life, &mut self.rng)?;
        Ok(life.story)
    }

    /// Who must be a party, and whether the request is open to all. Every other waiting request is.
    fn wanted(&mut self, standing: Standing, from_the_end: usize) -> Wanted {
        match standing {
            Standing::Past => Wanted { open: self.rng.random_bool(0.08), ..ANYBODY },
            _ => {
                let shown = SHOWN.get(from_the_end % SHOWN.len()).copied().unwrap_or(ANYBODY);
                Wanted { open: standing == Standing::Waiting && from_the_end % 2 == 1, ..shown }
            }
        }
    }

    /// How many organisations send people to the same session.
    fn how_many(&mut self, standing: Standing, from_the_end: usize) -> usize {
        let choices = match standing {
            Standing::Past => [(1, 0.80), (2, 0.14), (3, 0.06)],
            // The second host uses up the next request, whose parties may be anybody: the last of SHOWN.
            Standing::Coming if from_the_end.is_multiple_of(SHOWN.len()) => [(1, 0.0), (2, 1.0), (3, 0.0)],
            _ => [(1, 1.0), (2, 0.0), (3, 0.0)],
        };
        pick(&mut self.rng, &choices).unwrap_or(1)
    }

    /// Draws to what the request is addressed: mostly to an offer, sometimes to an organisation.
    fn addressee(&mut self, found: Match<'_>, open: bool) -> RequestAddressee {
        let trainer = OrganisationId(found.trainer.id);
        match open {
            true => RequestAddressee::Everyone,
            false if self.rng.random_bool(0.12) => RequestAddressee::Organisation(trainer),
            false => RequestAddressee::Offer(TrainingOfferId(found.offer.id), trainer),
        }
    }

    fn ask(
        &mut self,
        found: Match<'_>,
        addressee: RequestAddressee,
        hosts: usize,
        wanted_on: NaiveDate,
        at: DateTime<Utc>,
    ) -> Result<Request, GenerateError> {
        let rng = &mut self.rng;
        let training = &found.offer.training;
        let room = training.maximum_participants / i32::try_from(hosts).unwrap_or(1);
        let audience = found.audience.len().min(if rng.random_bool(0.45) { 1 } else { 3 });
        let languages: Vec<&str> = training.languages.iter().map(|language| language.as_str()).collect();
        let language = languages.get(rng.random_range(0..languages.len().max(1))).filter(|_| rng.random_bool(0.6));
        let is_open = addressee == RequestAddressee::Everyone;
        let month = Month::of(wanted_on);
        let many = if is_open || rng.random_bool(0.6) { rng.random_range(1..=2) } else { 0 };
        let months: Vec<String> = (0..many).map(|later| month.plus(later).to_string()).collect();
        let new = NewTrainingRequest::parse(
            TrainingRequestDraft {
                sender: OrganisationId(found.sender.id),
                addressee,
                topic: training.topic,
                audience: found.audience.get(..audience).unwrap_or_default(),
                expected_participants: rng.random_range(room * 2 / 5..=room).max(4),
                preferred_months: &months,
                county_code: found.county.as_str(),
                languages: &language.map(|code| (*code).to_owned()).into_iter().collect::<Vec<_>>(),
            },
            at,
        )
        .map_err(|refusals| illegal("CREATE", &refusals))?;
        Ok(Request::begin(TrainingRequestId(identity(rng)), OrganisationId(found.sender.id), new, at))
    }
}

/// The standing of the request at that distance from the end, of `total` requests.
fn standing(from_the_end: usize, total: usize) -> Standing {
    let at_scale_1 = from_the_end as f64 * TRAININGS / total as f64;
    let known = PRESENT.iter().find(|(_, until)| at_scale_1 < *until);
    known.map_or(Standing::Past, |(standing, _)| *standing)
}
