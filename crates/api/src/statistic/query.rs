//! Asking for figures.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use pamoja_domain::access::Permission;
use pamoja_domain::month;
use pamoja_domain::statistic::{
    MAXIMUM_CELLS, MAXIMUM_MONTHS, OwnSide, PeriodKind, Question, QuestionDraft, StatisticTableName, too_many_cells,
};
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::statistic;

use super::StatisticTable;
use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::Fault;
use crate::graphql::scalar::Month;
use crate::graphql::scope::Scope;
use crate::i18n::{Language, caption};

/// What counting a month's own records costs, whatever is shown of it, for the estimate of a document's cost.
const COUNTING: usize = 4;

/// Which figures.
#[derive(InputObject)]
pub(crate) struct StatisticTableInput {
    /// Of which table.
    name: Enumeration<StatisticTableName>,
    /// What is counted: CREATED, or of most tables also ACCEPTED, ARRIVED and COMPLETED, each within 30 days of the creation; of trainings
    /// PARTICIPANTS. Coalition.tables lists them.
    measure: String,
    /// How long the periods are.
    #[graphql(default_with = "Enumeration(PeriodKind::Month)")]
    period: Enumeration<PeriodKind>,
    /// The first month; the whole period that it is in counts.
    from: Month,
    /// The last month, at most 60 with the first; the whole period that it is in counts. What lies in the future is empty, and of the
    /// coalition's figures what isn't published yet is refused.
    through: Month,
    /// Picks cells by their keys; conditions are joined by "and". It never makes a new count, and leaves the totals as they are.
    #[graphql(name = "where")]
    picked: Option<Vec<DimensionFilter>>,
}

/// Picks the cells that have one of these keys.
#[derive(InputObject)]
pub(crate) struct DimensionFilter {
    /// One of the table's dimensions, such as serviceType.
    dimension: String,
    /// Codes; one that the dimension hasn't matches nothing, and an empty list is no condition.
    values: Vec<String>,
}

/// The figures' part of Query.
#[derive(Default)]
pub(crate) struct StatisticQuery;

#[Object]
impl StatisticQuery {
    /// The figures over all members, as they are published.
    async fn coalition(&self) -> Coalition {
        Coalition
    }

    /// Your own organisation's figures, exact and live: a month may still grow until 30 days after its end, and shrinks when a referral
    /// turns out to be entered in error. To be drawn beside the coalition's, and never to be taken from them: those are perturbed.
    #[graphql(complexity = "months(&input).min(MAXIMUM_MONTHS) * (COUNTING + child_complexity)")]
    async fn organisation_table(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which figures.")] input: StatisticTableInput,
        #[graphql(
            desc = "Of what you sent or asked for, or of what you received or gave.",
            default_with = "Enumeration(OwnSide::Sent)"
        )]
        side: Enumeration<OwnSide>,
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

/// The figures over all members.
pub(crate) struct Coalition;

/// A table of the catalogue.
#[derive(SimpleObject)]
pub(crate) struct StatisticTableInfo {
    /// By which it is asked for.
    name: Enumeration<StatisticTableName>,
    /// What it is called, in the language that the request asked for by Accept-Language: en or sw.
    title: String,
    /// By what it is counted, such as county and serviceType.
    dimensions: Vec<&'static str>,
    /// What can be counted.
    measures: Vec<&'static str>,
    /// The shortest periods of which figures are published: of shorter ones all cells are suppressed. Your own organisation's are there
    /// for every period.
    shortest_period: Enumeration<PeriodKind>,
}

/// The figures over all members: a closed catalogue of tables, each month of which is published once and then stands. Nothing else is
/// counted for anybody.
#[Object]
impl Coalition {
    /// The last month that is published. A month is published when all its referrals have had 30 days to finish. Null before any is.
    async fn published_through(&self, context: &Context<'_>) -> Result<Option<Month>> {
        let reading = Scope::of(context).read(Permission::ReadCoalitionFigures).await?;
        let months = statistic::published_months(&reading.tx).await.map_err(Fault::from)?;
        Ok(months.map(|(_, last)| last.into()))
    }

    /// The catalogue: every table with its dimensions and measures.
    #[graphql(complexity = "StatisticTableName::ALL.len() * child_complexity")]
    async fn tables(&self, context: &Context<'_>) -> Vec<StatisticTableInfo> {
        let language = Language::of_request(context);
        let info = |name: &StatisticTableName| {
            let table = name.table();
            StatisticTableInfo {
                name: Enumeration(*name),
                title: caption(language, StatisticTableName::NAME, name.code()),
                dimensions: table.dimensions.iter().map(|dimension| dimension.name()).collect(),
                measures: table.measures.iter().map(|measure| measure.code()).collect(),
                shortest_period: Enumeration(table.shortest),
            }
        };
        StatisticTableName::ALL.iter().map(info).collect()
    }

    /// A table's published figures.
    #[graphql(complexity = "periods(&input) * child_complexity")]
    async fn table(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which figures.")] input: StatisticTableInput,
    ) -> Result<StatisticTable> {
        let reading = Scope::of(context).read(Permission::ReadCoalitionFigures).await?;
        let question = input.parse()?;
        let months = statistic::published_months(&reading.tx).await.map_err(Fault::from)?;
        let periods = question.published_periods(months).map_err(Fault::from)?;
        let figures = statistic::published(&reading.tx, &question, &periods).await.map_err(Fault::from)?;
        if figures.cells.len() > MAXIMUM_CELLS {
            return Err(Fault::from(too_many_cells()).into());
        }
        Ok(StatisticTable::published(question, figures))
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

/// Of how many months records are counted, at most; what will be refused costs as much as one period.
fn months(input: &StatisticTableInput) -> usize {
    let month = |text: &Month| month::Month::parse("", &text.0).ok();
    let asked = month(&input.from).zip(month(&input.through)).map_or(0, |(from, through)| from.through(through));
    // A range that begins or ends within a period reaches into one more.
    if asked > MAXIMUM_MONTHS { 1 } else { asked + input.period.0.months() as usize }
}

/// How many periods the answer has, at most.
fn periods(input: &StatisticTableInput) -> usize {
    (months(input) / input.period.0.months() as usize).clamp(1, MAXIMUM_MONTHS)
}
