//! The figures' queries.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use pamoja_domain::access::Permission;
use pamoja_domain::month;
use pamoja_domain::statistic::{
    MAXIMUM_MONTHS, Measure, OwnSide, PeriodKind, PublishedMonths, Question, QuestionDraft, StatisticTableName,
};
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::statistic;

use super::StatisticTable;
use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::Fault;
use crate::graphql::scalar::Month;
use crate::graphql::scope::Scope;
use crate::i18n::{Language, caption};

/// The fields of Query that count the organisation's own records: PostgreSQL does few of them at once.
pub(crate) const COUNTING: [&str; 1] = ["organisationTable"];
/// What it costs to count one month of the organisation's records, however few cells are selected, when nothing of it is kept: of open
/// months nothing is, and of closed ones nothing may be for a while. The estimate of a document's cost uses it.
const MONTH_COUNTED: usize = 4;

/// The figures that you ask for.
#[derive(InputObject)]
pub(crate) struct StatisticTableInput {
    /// The name of the table.
    name: Enumeration<StatisticTableName>,
    /// What to count. Tables of referrals count CREATED, and most of them also ACCEPTED, ARRIVED and COMPLETED, each within 30
    /// days of the creation. Tables of trainings count PARTICIPANTS. Coalition.tables lists the measures of each table.
    measure: String,
    /// What else to count in the same table. figures then has one figure for each: first that of `measure`, then these in their
    /// order, each once. Each costs as much as the first.
    measures: Option<Vec<Enumeration<Measure>>>,
    /// How long the periods are; MONTH when left out.
    #[graphql(default_with = "Enumeration(PeriodKind::Month)")]
    period: Enumeration<PeriodKind>,
    /// The first month; the whole period that it is in counts.
    from: Month,
    /// The last month; the whole period that it is in counts. `from` and `through` span at most 60 months. In your own figures,
    /// months in the future are empty. In the coalition's, what isn't published yet is null, and status says so.
    through: Month,
    /// Selects cells by their keys; a cell must meet all conditions. It only leaves cells out: nothing is counted anew, and the
    /// totals stay as they are.
    #[graphql(name = "where")]
    picked: Option<Vec<DimensionFilter>>,
}

/// Selects the cells that have one of these codes in the dimension.
#[derive(InputObject)]
pub(crate) struct DimensionFilter {
    /// One of the table's dimensions, such as serviceType.
    dimension: String,
    /// Codes of the dimension, written as keys has them. What the dimension doesn't have is refused, and an empty list is no
    /// condition.
    values: Vec<String>,
}

/// The figures' part of Query.
#[derive(Default)]
pub(crate) struct StatisticQuery;

#[Object]
impl StatisticQuery {
    /// The published figures over all members.
    async fn coalition(&self) -> Coalition {
        Coalition
    }

    /// Your organisation's figures, exact and live. A month's figures can still grow until 30 days after its end, and they shrink
    /// when a referral turns out to be entered in error. Of what you sent, they leave out whoever doesn't agree to be counted; of
    /// what you received they don't, since the receiver isn't told. Draw them beside the coalition's figures if you like, but never
    /// subtract them from those: the coalition's are perturbed.
    #[graphql(complexity = "months(&input).min(MAXIMUM_MONTHS) * (MONTH_COUNTED * measures(&input) + child_complexity)")]
    async fn organisation_table(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The figures that you ask for.")] input: StatisticTableInput,
        #[graphql(
            desc = "Count what your organisation sent or asked for, or what it received or gave.",
            default_with = "Enumeration(OwnSide::Sent)"
        )]
        side: Enumeration<OwnSide>,
    ) -> Result<StatisticTable> {
        let reading = Scope::of(context).read(Permission::ReadOwnFigures).await?;
        let question = input.parse()?;
        let figures = statistic::own(&reading.tx, &question, side.0).await.map_err(Fault::from)?;
        Ok(StatisticTable::own(question, figures))
    }
}

/// The figures over all members.
pub(crate) struct Coalition;

/// A table of the catalogue.
#[derive(SimpleObject)]
pub(crate) struct StatisticTableInfo {
    /// The name to ask for the table by.
    name: Enumeration<StatisticTableName>,
    /// The title to show, in the language that the request asked for by Accept-Language: en or sw.
    title: String,
    /// The dimensions that the table is broken down by, such as county and serviceType.
    dimensions: Vec<&'static str>,
    /// The measures that the table can count.
    measures: Vec<&'static str>,
    /// The shortest period for which figures are published: for shorter ones all cells are suppressed. Your organisation's own
    /// figures exist for every period.
    shortest_period: Enumeration<PeriodKind>,
}

/// The figures over all members. The catalogue of tables is closed: nothing else is counted for anybody. Each month is published
/// once and then never changes.
#[Object]
impl Coalition {
    /// The last month of the last published period of that length. A month is published when all its referrals have had 30 days to
    /// finish, and a quarter and a year with their last month. Null before the first is published.
    async fn published_through(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How long the period is.", default_with = "Enumeration(PeriodKind::Month)")] period: Enumeration<
            PeriodKind,
        >,
    ) -> Result<Option<Month>> {
        let reading = Scope::of(context).read(Permission::ReadCoalitionFigures).await?;
        let months: Option<PublishedMonths> = statistic::published_months(&reading.tx).await.map_err(Fault::from)?;
        Ok(months.and_then(|months| months.through(period.0)).map(Month::from))
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
        #[graphql(desc = "The figures that you ask for.")] input: StatisticTableInput,
    ) -> Result<StatisticTable> {
        let reading = Scope::of(context).read(Permission::ReadCoalitionFigures).await?;
        let question = input.parse()?;
        let publication = statistic::publication(&reading.tx, &question).await.map_err(Fault::from)?;
        Ok(StatisticTable::published(question, publication))
    }
}

impl StatisticTableInput {
    fn parse(&self) -> Result<Question, Fault> {
        let picked: Vec<(String, Vec<String>)> =
            self.picked.iter().flatten().map(|filter| (filter.dimension.clone(), filter.values.clone())).collect();
        let further = self.measures.iter().flatten().map(|measure| measure.0.code());
        let measures: Vec<&str> = std::iter::once(self.measure.as_str()).chain(further).collect();
        Ok(Question::parse(QuestionDraft {
            name: self.name.0,
            measures: &measures,
            period: self.period.0,
            from: &self.from.0,
            through: &self.through.0,
            picked: &picked,
        })?)
    }
}

/// The most months whose records are counted. A question that will be refused costs as much as one period.
fn months(input: &StatisticTableInput) -> usize {
    let month = |text: &Month| month::Month::parse("", &text.0).ok();
    let asked = month(&input.from).zip(month(&input.through)).map_or(0, |(from, through)| from.through(through));
    // A range that begins or ends within a period counts the whole period.
    if asked > MAXIMUM_MONTHS { 1 } else { asked + input.period.0.months() as usize }
}

/// The most measures that are counted.
fn measures(input: &StatisticTableInput) -> usize {
    (1 + input.measures.as_ref().map_or(0, Vec::len)).min(Measure::ALL.len())
}

/// The most periods that the answer can have.
fn periods(input: &StatisticTableInput) -> usize {
    (months(input) / input.period.0.months() as usize).clamp(1, MAXIMUM_MONTHS)
}
