//! The results of a training, after Kirkpatrick: reaction (satisfaction), learning (paired scores before and after) and behaviour
//! (how many people still use it after 3 and 6 months). Only means and counts are kept, and only for five people or more: a
//! figure about fewer could reveal something about one of them.

use chrono::{DateTime, Months, NaiveDate, Utc};

use crate::day::day_of;
use crate::message::Message;
use crate::refusal::{Refusal, Refusals, UserErrorCode};

/// The fewest people for whom a mean or a share is kept.
pub const FEWEST_PEOPLE: i32 = 5;
/// The months after which people are asked again.
pub const FOLLOW_UP_MONTHS: [i32; 2] = [3, 6];
/// The days for which the task to ask people again exists. A later answer would measure something else.
pub const FOLLOW_UP_WINDOW_DAYS: u64 = 60;

/// People's satisfaction and learning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// Their mean satisfaction, 1 to 5.
    pub satisfaction_mean: Option<f64>,
    /// The results of those who took both tests.
    pub scores: Option<Scores>,
}

/// Means of paired scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// The mean before the training, 0 to 100.
    pub pre_mean: f64,
    /// The mean after the training, 0 to 100.
    pub post_mean: f64,
    /// How many people took both tests.
    pub pairs: i32,
}

/// The unchecked fields of an [`Evaluation`].
#[derive(Clone, Copy, Debug)]
pub struct EvaluationDraft {
    /// Not yet checked.
    pub satisfaction_mean: Option<f64>,
    /// Not yet checked.
    pub pre_score_mean: Option<f64>,
    /// Not yet checked.
    pub post_score_mean: Option<f64>,
    /// Not yet checked.
    pub pairs: i32,
}

impl Evaluation {
    /// Checks a draft for a training with this many participants.
    ///
    /// # Errors
    /// Every field that is wrong, all at once: INVALID, or IDENTIFYING_DATA for figures about fewer than five people.
    pub fn parse(draft: EvaluationDraft, participants: i32) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Refusals::default();
        let satisfaction = refusals.keep(draft.satisfaction_mean.map(|mean| parse_satisfaction(mean, participants)).transpose());
        let scores = refusals.keep(parse_scores(draft, participants));
        if draft.satisfaction_mean.is_none() && draft.pre_score_mean.is_none() && draft.post_score_mean.is_none() {
            refusals.push(Refusal::invalid("satisfactionMean", "training-evaluation-empty"));
        }
        let value = satisfaction.zip(scores).map(|(satisfaction_mean, scores)| Self { satisfaction_mean, scores });
        refusals.finish(value)
    }
}

fn parse_satisfaction(mean: f64, participants: i32) -> Result<f64, Refusal> {
    const FIELD: &str = "satisfactionMean";
    if !(1.0..=5.0).contains(&mean) {
        return Err(Refusal::invalid(FIELD, "training-satisfaction-range"));
    }
    if participants < FEWEST_PEOPLE {
        return Err(too_few(FIELD));
    }
    Ok(mean)
}

fn parse_scores(draft: EvaluationDraft, participants: i32) -> Result<Option<Scores>, Refusal> {
    let (pre_mean, post_mean) = match (draft.pre_score_mean, draft.post_score_mean) {
        (Some(pre), Some(post)) => (pre, post),
        (None, None) if draft.pairs == 0 => return Ok(None),
        (None, _) => return Err(Refusal::invalid("preScoreMean", "training-scores-unpaired")),
        (Some(_), None) => return Err(Refusal::invalid("postScoreMean", "training-scores-unpaired")),
    };
    for (field, score) in [("preScoreMean", pre_mean), ("postScoreMean", post_mean)] {
        if !(0.0..=100.0).contains(&score) {
            return Err(Refusal::invalid(field, "training-score-range"));
        }
    }
    if draft.pairs < 0 || draft.pairs > participants {
        return Err(Refusal::invalid("pairs", Message::of("training-pairs-range").with("participants", participants)));
    }
    if draft.pairs < FEWEST_PEOPLE {
        return Err(too_few("pairs"));
    }
    Ok(Some(Scores { pre_mean, post_mean, pairs: draft.pairs }))
}

fn too_few(field: &str) -> Refusal {
    Refusal::of_field(UserErrorCode::IdentifyingData, field, Message::of("training-too-few").with("fewest", FEWEST_PEOPLE))
}

/// The months after which people were asked again: 3 or 6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MonthsAfter(i32);

impl MonthsAfter {
    /// Both values.
    pub const ALL: [Self; 2] = [Self(FOLLOW_UP_MONTHS[0]), Self(FOLLOW_UP_MONTHS[1])];

    /// This number of months, if people are asked then.
    pub fn of(months: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.0 == months)
    }

    /// The number of months.
    pub fn months(self) -> i32 {
        self.0
    }
}

/// The day from which people can be asked again after a session.
pub fn follow_up_day(on: NaiveDate, after: MonthsAfter) -> NaiveDate {
    on.checked_add_months(Months::new(after.0.unsigned_abs())).unwrap_or(on)
}

/// How many of a host's people still use what they learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FollowUp {
    /// The months after the session.
    pub after: MonthsAfter,
    /// How many people were asked.
    pub asked: i32,
    /// How many of the people asked still use it.
    pub still_using: i32,
}

/// The unchecked fields of a [`FollowUp`].
#[derive(Clone, Copy, Debug)]
pub struct FollowUpDraft {
    /// Not yet checked.
    pub months_after: i32,
    /// Not yet checked.
    pub asked: i32,
    /// Not yet checked.
    pub still_using: i32,
}

impl FollowUp {
    /// Checks a draft about a session on the day `on`, to which the host brought `participants` people.
    ///
    /// # Errors
    /// Every field that is wrong, all at once: INVALID, or IDENTIFYING_DATA if fewer than five people were asked.
    pub fn parse(draft: FollowUpDraft, on: NaiveDate, participants: i32, at: DateTime<Utc>) -> Result<Self, Vec<Refusal>> {
        let mut refusals = Refusals::default();
        let after = refusals.keep(parse_months_after(draft.months_after, on, at));
        let asked = refusals.keep(parse_asked(draft.asked, participants));
        if !(0..=draft.asked.max(0)).contains(&draft.still_using) {
            refusals.push(Refusal::invalid("stillUsing", "training-still-using-range"));
        }
        let value = after.zip(asked).map(|(after, asked)| Self { after, asked, still_using: draft.still_using });
        refusals.finish(value)
    }
}

fn parse_months_after(months: i32, on: NaiveDate, at: DateTime<Utc>) -> Result<MonthsAfter, Refusal> {
    const FIELD: &str = "monthsAfter";
    let after = MonthsAfter::of(months).ok_or_else(|| Refusal::invalid(FIELD, "training-follow-up-months"))?;
    let from = follow_up_day(on, after);
    if day_of(at) < from {
        return Err(Refusal::invalid(FIELD, Message::of("training-follow-up-early").with("day", from)));
    }
    Ok(after)
}

fn parse_asked(asked: i32, participants: i32) -> Result<i32, Refusal> {
    const FIELD: &str = "asked";
    if asked < 0 || asked > participants {
        return Err(Refusal::invalid(FIELD, Message::of("training-pairs-range").with("participants", participants)));
    }
    if asked < FEWEST_PEOPLE {
        return Err(too_few(FIELD));
    }
    Ok(asked)
}
