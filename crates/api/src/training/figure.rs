//! The GraphQL objects of an organisation's own figures of trainings.

use async_graphql::SimpleObject;
use pamoja_domain::access::Permission;
use pamoja_domain::message::Message;
use pamoja_domain::month::Month;
use pamoja_domain::training::{TrainingFigureGrouping, TrainingSide};
use pamoja_persistence::training;

use crate::graphql::error::Fault;
use crate::graphql::scalar;
use crate::graphql::scope::Scope;

/// The most months that one query can ask for.
const MAXIMUM_MONTHS: usize = 60;
/// The most rows that an answer can have: one for each month, and the total. The estimate of a document's cost uses it.
pub(super) const COST: usize = MAXIMUM_MONTHS + 1;

/// Your organisation's figures of the trainings that were held in the months asked for.
#[derive(SimpleObject)]
pub(super) struct TrainingFigures {
    /// One row for each topic, month or cadre that has figures, sorted by key. A group without trainings has no row.
    rows: Vec<TrainingFigure>,
    /// The figures of all trainings together. By cadre, the rows' trainings don't add up to it: a training counts once for each
    /// cadre that came.
    total: TrainingFigure,
}

/// The figures of one group of trainings, or of all of them.
#[derive(SimpleObject)]
pub(super) struct TrainingFigure {
    /// The code of the topic or the cadre, or the month, such as 2026-10; null in the total.
    key: Option<String>,
    /// How many trainings were held.
    trainings: i64,
    /// How many people came. Trainings that you gave count the people of all hosts; trainings that you received count only your
    /// own people.
    participants: i64,
    /// How many hours the trainings lasted together.
    hours: f64,
    /// By how many points of 100 the test score rose, on average: over the people who took both tests; for trainings that you
    /// received, over those whose evaluation you may read, each weighing the same. Null when there are none, and in every cadre's row.
    score_gain: Option<f64>,
    /// How many people took both tests, and so stand behind scoreGain; 0 when that is null, and for trainings that you received:
    /// only the trainer knows.
    score_pairs: i64,
    /// How many people still used what they learned three months after the training.
    after_three_months: StillUsing,
    /// How many people still used what they learned six months after the training.
    after_six_months: StillUsing,
}

/// How many people still use what they learned. The answers aren't recorded by cadre: in a cadre's row the counts are 0.
#[derive(SimpleObject)]
pub(super) struct StillUsing {
    /// How many people were asked.
    asked: i64,
    /// How many of them still use what they learned.
    still_using: i64,
    /// The share who still use it, from 0 to 1; null when nobody was asked.
    share: Option<f64>,
}

impl StillUsing {
    fn new(asked: i64, still_using: i64) -> Self {
        Self { asked, still_using, share: (asked > 0).then(|| still_using as f64 / asked as f64) }
    }
}

impl From<training::Figure> for TrainingFigure {
    fn from(figure: training::Figure) -> Self {
        Self {
            key: Some(figure.key).filter(|key| !key.is_empty()),
            trainings: figure.trainings,
            participants: figure.participants,
            hours: figure.hours,
            score_gain: figure.score_gain,
            score_pairs: figure.pairs,
            after_three_months: StillUsing::new(figure.asked_after_3, figure.still_using_after_3),
            after_six_months: StillUsing::new(figure.asked_after_6, figure.still_using_after_6),
        }
    }
}

/// The figures of the trainings that the viewer's organisation gave or received in those months.
///
/// # Errors
/// [`Fault::Invalid`] when a month is malformed, the months are in the wrong order, or there are more than 60 of them;
/// [`Fault::Forbidden`] when the viewer's roles lack [`Permission::ReadOwnFigures`].
pub(super) async fn read(
    scope: &Scope,
    side: TrainingSide,
    by: TrainingFigureGrouping,
    (from, through): (&scalar::Month, &scalar::Month),
) -> Result<TrainingFigures, Fault> {
    let (from, through) = (Month::parse("from", &from.0)?, Month::parse("through", &through.0)?);
    if !(1..=MAXIMUM_MONTHS).contains(&from.through(through)) {
        return Err(Fault::Invalid(Message::of("months-range").with("maximum", MAXIMUM_MONTHS)));
    }
    let reading = scope.read(Permission::ReadOwnFigures).await?;
    let figures = training::figures(&reading.tx, side, by, from, through).await?;
    let mut figures = figures.into_iter().map(TrainingFigure::from);
    // The query always returns the total, and sorts it first because its key is empty.
    let total =
        figures.next().ok_or_else(|| pamoja_persistence::error::StoreError::Inconsistent("figures have no total".to_owned()))?;
    Ok(TrainingFigures { rows: figures.collect(), total })
}
