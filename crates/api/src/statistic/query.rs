//! Asking for figures.

use async_graphql::{Context, InputObject, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_domain::month;
use pamoja_domain::statistic::{
    MAXIMUM_CELLS, MAXIMUM_MONTHS, OwnSide, PeriodKind, Question, QuestionDraft, StatisticTableName, too_many_cells,
};
use pamoja_persistence::statistic;

use super::StatisticTable;
use crate::coded::Coded;
use crate::error::Fault;
use crate::scalar::Month;
use crate::scope::Scope;

/// Which figures.
#[derive(InputObject)]
pub struct StatisticTableInput {
    /// Of which table.
    name: Coded<StatisticTableName>,
    /// What is counted: CREATED, or of most tables also ACCEPTED, ARRIVED and COMPLETED, each within 30 days of the creation.
    measure: String,
    /// How long the periods are.
    #[graphql(default_with = "Coded(PeriodKind::Month)")]
    period: Coded<PeriodKind>,
    /// The first month; the whole period that it is in counts.
    from: Month,
    /// The last month, at most 60 with the first; the whole period that it is in counts. What lies in the future is empty.
    through: Month,
    /// Picks cells by their keys; conditions are joined by "and". It never makes a new count, and leaves the totals as they are.
    #[graphql(name = "where")]
    picked: Option<Vec<DimensionFilter>>,
}

/// Picks the cells that have one of these keys.
#[derive(InputObject)]
pub struct DimensionFilter {
    /// One of the table's dimensions, such as serviceType.
    dimension: String,
    /// Codes; one that the dimension hasn't matches nothing, and an empty list is no condition.
    values: Vec<String>,
}

/// The figures' part of Query.
#[derive(Default)]
pub struct StatisticQuery;

#[Object]
impl StatisticQuery {
    /// Your own organisation's figures, exact and live: a month may still grow until 30 days after its end, and shrinks when a referral
    /// turns out to be entered in error.
    #[graphql(complexity = "cost(&input) * child_complexity")]
    async fn organisation_table(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which figures.")] input: StatisticTableInput,
        #[graphql(
            desc = "Of the referrals that you sent, or of those that you received.",
            default_with = "Coded(OwnSide::Sent)"
        )]
        side: Coded<OwnSide>,
    ) -> Result<StatisticTable> {
        let reading = Scope::of(context).read(Permission::ReadOwnFigures).await?;
        let question = input.parse()?;
        let figures = statistic::own(&reading.tx, &question, side.0).await.map_err(Fault::from)?;
        if figures.cells.len() > MAXIMUM_CELLS {
            return Err(Fault::from(too_many_cells()).into());
        }
        Ok(StatisticTable::own(question, figures))
    }
}

impl StatisticTableInput {
    fn parse(&self) -> Result<Question, Fault> {
        let picked: Vec<(String, Vec<String>)> =
            self.picked.iter().flatten().map(|filter| (filter.dimension.clone(), filter.values.clone())).collect();
        Ok(Question::parse(QuestionDraft {
            name: self.name.0,
            measure: &self.measure,
            period: self.period.0,
            from: &self.from.0,
            through: &self.through.0,
            picked: &picked,
        })?)
    }
}

/// How many periods the answer has, at most; what will be refused costs as much as one.
fn cost(input: &StatisticTableInput) -> usize {
    let month = |text: &Month| month::Month::parse("", &text.0).ok();
    let months = month(&input.from).zip(month(&input.through)).map_or(0, |(from, through)| from.through(through));
    let longest = if months > MAXIMUM_MONTHS { 0 } else { months };
    // A range that begins or ends within a period reaches into one more.
    (longest / input.period.0.months() as usize + 1).min(MAXIMUM_MONTHS)
}
