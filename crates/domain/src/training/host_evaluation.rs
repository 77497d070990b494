//! What a host reads of a session's evaluation. Several hosts can share a session, and a host knows what its own people thought and
//! learned. A mean over five of its people and one of another host's would give it that one person's scores.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::delivery::CadreCount;
use super::evaluation::{Evaluation, FEWEST_PEOPLE};
use crate::day::day_of;
use crate::id::OrganisationId;
use crate::message::Message;
use crate::refusal::{Refusal, UserErrorCode};

/// The time for which an evaluation can be put right after it was first recorded. Then it stands. Two readings, before and after one
/// person's answers were added, would give that person's scores: so other hosts' people are told of only when it stands.
pub const EVALUATION_OPEN: TimeDelta = TimeDelta::days(7);

/// What one host reads of an evaluation: means that are rounded to halves. Of how many people they are, only the trainer knows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HostEvaluation {
    /// The mean satisfaction, 1 to 5.
    pub satisfaction_mean: Option<f64>,
    /// The means of the scores before and after the training, 0 to 100.
    pub score_means: Option<(f64, f64)>,
}

/// How many people each host brought to a session.
#[derive(Clone, Debug, Default)]
pub struct Attendance(BTreeMap<OrganisationId, i32>);

impl Attendance {
    /// The sums over the cadres.
    pub fn of<'a>(counts: impl IntoIterator<Item = &'a CadreCount>) -> Self {
        let mut people = BTreeMap::new();
        for count in counts {
            *people.entry(count.host).or_insert(0) += count.count;
        }
        Self(people)
    }

    /// How many people came.
    pub fn people(&self) -> i32 {
        self.0.values().sum()
    }

    /// Whether a mean over `counted` of these people can be told to a host. What neither its own people nor those of any one other
    /// host can account for must be nobody, or at least [`FEWEST_PEOPLE`]. Whose people were counted is not known, so as many as
    /// possible are taken to be theirs.
    fn can_be_told(&self, host: OrganisationId, counted: i32) -> bool {
        let of = |known: OrganisationId| self.0.get(&known).copied().unwrap_or(0);
        let tells_of_nobody = |known: i32| known == self.people() || counted - known >= FEWEST_PEOPLE;
        let mut others = self.0.keys().filter(|other| **other != host);
        tells_of_nobody(of(host)) && others.all(|other| tells_of_nobody(of(host) + of(*other)))
    }

    /// Whether all these people are of one host.
    fn is_of_one(&self) -> bool {
        self.0.len() <= 1
    }
}

impl Evaluation {
    /// What a host reads of it; nothing where any of it would tell of fewer than five people of other hosts. All who came are taken
    /// to have said how satisfied they were.
    pub fn for_host(&self, host: OrganisationId, attendance: &Attendance) -> Option<HostEvaluation> {
        let satisfaction_mean = self.satisfaction_mean.filter(|_| attendance.can_be_told(host, attendance.people()));
        let scores = self.scores.filter(|scores| attendance.can_be_told(host, scores.pairs));
        let told = HostEvaluation {
            satisfaction_mean: satisfaction_mean.map(halves),
            score_means: scores.map(|scores| (halves(scores.pre_mean), halves(scores.post_mean))),
        };
        Some(told).filter(|told| told.satisfaction_mean.is_some() || told.score_means.is_some())
    }
}

/// From when on hosts read an evaluation that was first recorded at that moment: at once where all people were of one host, else
/// from when it stands.
pub fn readable_at(recorded_at: DateTime<Utc>, attendance: &Attendance) -> DateTime<Utc> {
    if attendance.is_of_one() { recorded_at } else { recorded_at + EVALUATION_OPEN }
}

/// Checks that an evaluation, first recorded at `recorded_at` if it was recorded, can still be put right.
///
/// # Errors
/// ILLEGAL_TRANSITION, with the day since when it stands.
pub fn check_not_settled(recorded_at: Option<DateTime<Utc>>, at: DateTime<Utc>) -> Result<(), Refusal> {
    match recorded_at.map(|recorded_at| recorded_at + EVALUATION_OPEN) {
        Some(stands_from) if stands_from <= at => {
            let message = Message::of("training-evaluation-stands").with("day", day_of(stands_from));
            Err(Refusal::new(UserErrorCode::IllegalTransition, message))
        }
        _ => Ok(()),
    }
}

fn halves(mean: f64) -> f64 {
    (mean * 2.0).round() / 2.0
}
