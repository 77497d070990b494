//! When something about a training is to be done, by whom and by when. The SQL that finds tasks applies the same rule to whole
//! tables; a test compares the two.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::code::TrainingStatus;
use super::evaluation::{FEWEST_PEOPLE, FOLLOW_UP_WINDOW_DAYS, MonthsAfter, follow_up_day};
use super::request::ANSWER_DAYS;
use crate::day::{day_of, start_of_day};
use crate::moves::{Allowed, Party};
use crate::task::{Due, TaskKind};

/// The facts about a training request that decide its tasks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingStanding {
    /// Its status.
    pub status: TrainingStatus,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
    /// Whether it is open to all who offer the topic and addressed to nobody.
    pub open: bool,
    /// The day of its session, if one is agreed.
    pub on: Option<NaiveDate>,
    /// How many people the host brought.
    pub people: i32,
    /// The follow-ups that are already recorded.
    pub followed_up: Vec<MonthsAfter>,
}

/// The task of this kind about the request at a moment, if there is one for somebody with these moves.
pub fn due(kind: TaskKind, standing: &TrainingStanding, allowed: Allowed, at: DateTime<Utc>) -> Option<Due> {
    let answer_by = standing.created_at + TimeDelta::days(ANSWER_DAYS);
    let waits = standing.status == TrainingStatus::Requested;
    match kind {
        TaskKind::AnswerTrainingRequest => {
            (waits && !standing.open && allowed.as_receiver).then_some(Due { side: Party::Receiver, at: answer_by })
        }
        TaskKind::TakeTrainingRequest => {
            (waits && standing.open && allowed.as_taker).then_some(Due { side: Party::Receiver, at: answer_by })
        }
        TaskKind::RecordTraining => {
            let on = standing.on.filter(|on| standing.status == TrainingStatus::Scheduled && *on <= day_of(at))?;
            allowed.as_receiver.then(|| Due { side: Party::Receiver, at: start_of_day(on + Days::new(1)) })
        }
        TaskKind::FollowUpTraining => {
            let side = match allowed {
                Allowed { as_sender: true, .. } => Party::Sender,
                Allowed { as_receiver: true, .. } => Party::Receiver,
                Allowed { .. } => return None,
            };
            let on = standing.on.filter(|_| standing.status.is_delivered() && standing.people >= FEWEST_PEOPLE)?;
            let today = day_of(at);
            let asked_from = MonthsAfter::ALL.into_iter().filter(|after| !standing.followed_up.contains(after));
            let mut asked_from = asked_from.map(|after| follow_up_day(on, after));
            let day = asked_from.find(|day| (*day..*day + Days::new(FOLLOW_UP_WINDOW_DAYS)).contains(&today))?;
            Some(Due { side, at: start_of_day(day + Days::new(FOLLOW_UP_WINDOW_DAYS)) })
        }
        _ => None,
    }
}
