//! An organisation's own figures of trainings, as the schema shows them.

use async_graphql::SimpleObject;
use pamoja_domain::access::Permission;
use pamoja_domain::message::Message;
use pamoja_domain::month::Month;
use pamoja_domain::training::{TrainingFigureGrouping, TrainingSide};
use pamoja_persistence::training;

use crate::graphql::error::Fault;
use crate::graphql::scalar;
use crate::graphql::scope::Scope;

/// The most months that can be asked for at once.
const MAXIMUM_MONTHS: usize = 60;
/// How many groups there are at the most, for the estimate of a document's cost.
pub(super) const COST: usize = MAXIMUM_MONTHS + 1;

/// Figures of trainings that were held.
#[derive(SimpleObject)]
pub(super) struct TrainingFigures {
    /// A row for each topic, month or cadre of which there is something, in the order of the keys.
    rows: Vec<TrainingFigure>,
    /// All together.
    total: TrainingFigure,
}

/// Figures of one group of trainings, or of all.
#[derive(SimpleObject)]
pub(super) struct TrainingFigure {
    /// The code of the topic or the cadre, or the month; null for all together.
    key: Option<String>,
    /// How many trainings were held.
    trainings: i64,
    /// How many people came: of all hosts to those that you gave, your own to those that you received.
    participants: i64,
    /// How many hours they lasted.
    hours: f64,
    /// How much the score of those who took both tests rose on average, in points of 100; null where there were no tests, and by cadre.
    score_gain: Option<f64>,
    /// Of how many people that is.
    score_pairs: i64,
    /// Three months after.
    after_three_months: StillUsing,
    /// Six months after.
    after_six_months: StillUsing,
}

/// How many people still use what they learned. Not known by cadre.
#[derive(SimpleObject)]
pub(super) struct StillUsing {
    /// How many were asked.
    asked: i64,
    /// How many of them still use it.
    still_using: i64,
    /// Which share of them that is, from 0 to 1; null where nobody was asked.
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

/// The own figures of what was held in those months.
///
/// # Errors
/// [`Fault::Invalid`] for months that aren't, in the wrong order or too many; [`Fault::Forbidden`] when the viewer's roles don't reach
/// figures.
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
    // The empty key comes first, and is always there.
    let total =
        figures.next().ok_or_else(|| pamoja_persistence::error::StoreError::Inconsistent("figures have no total".to_owned()))?;
    Ok(TrainingFigures { rows: figures.collect(), total })
}
