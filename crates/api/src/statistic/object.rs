//! A table of figures, as the schema shows it.

use async_graphql::{Context, Object, SimpleObject};
use pamoja_domain::statistic::{PeriodKind, Question, StatisticTableName};
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::statistic::{Cell, Figures};

use crate::coded::Coded;
use crate::scalar::Month;
use crate::words::{Language, caption};

/// How many cells a period has in an ordinary answer, for the estimate of a document's cost.
const CELLS: usize = 8;

/// A table of figures.
pub struct StatisticTable {
    question: Question,
    figures: Figures,
}

/// A figure.
#[derive(SimpleObject)]
pub struct StatisticCell {
    /// The first month of its period.
    period: Month,
    /// What it is a figure of: a code for each dimension, in their order. None for a total.
    keys: Vec<&'static str>,
    /// How many; null when it is suppressed.
    value: Option<i32>,
    /// The figure is withheld, because it could tell of somebody. Never so for your own figures.
    suppressed: bool,
}

/// How figures over all members are kept from telling of anybody.
#[derive(SimpleObject)]
pub struct DisclosureMethod {
    /// What the method is called.
    name: String,
    /// Fewer records than this are not published.
    minimum_units: i32,
    /// Records of fewer organisations than this are not published.
    minimum_organisations: i32,
    /// By how much a published figure can differ from the true one.
    maximum_perturbation: i32,
    /// The variance of that difference.
    perturbation_variance: f64,
}

impl StatisticTable {
    /// The figures that answer a question.
    pub fn own(question: Question, figures: Figures) -> Self {
        Self { question, figures }
    }
}

impl From<&Cell> for StatisticCell {
    fn from(cell: &Cell) -> Self {
        let value = Some(i32::try_from(cell.value).unwrap_or(i32::MAX));
        Self { period: cell.period.into(), keys: cell.keys.clone(), value, suppressed: false }
    }
}

/// A table of figures. Each counts the referrals that were created in a period; see docs/figures.md for what counts where.
#[Object]
impl StatisticTable {
    /// Which table it is.
    async fn name(&self) -> Coded<StatisticTableName> {
        Coded(self.question.table.name)
    }

    /// What it is called, in the language that the request asked for by Accept-Language: en or sw.
    async fn title(&self, context: &Context<'_>) -> String {
        caption(Language::of_request(context), StatisticTableName::NAME, self.question.table.name.code())
    }

    /// What is counted: CREATED, ACCEPTED, ARRIVED or COMPLETED.
    async fn measure(&self) -> &'static str {
        self.question.measure.code()
    }

    /// By what it is counted, such as county and serviceType.
    async fn dimensions(&self) -> Vec<&'static str> {
        self.question.table.dimensions.iter().map(|dimension| dimension.name()).collect()
    }

    /// How long its periods are.
    async fn period(&self) -> Coded<PeriodKind> {
        Coded(self.question.period)
    }

    /// The figures, by period and then in the order of the codes. Of your own figures those that are zero are left out.
    #[graphql(complexity = "CELLS * child_complexity")]
    async fn cells(&self) -> Vec<StatisticCell> {
        self.figures.cells.iter().map(StatisticCell::from).collect()
    }

    /// One figure for each period, zero too, over all cells: also over those that where leaves out. Each referral counts in it once,
    /// though it can be in several cells.
    async fn totals(&self) -> Vec<StatisticCell> {
        self.figures.totals.iter().map(StatisticCell::from).collect()
    }

    /// How the figures were protected; null for your own, which are exact.
    async fn method(&self) -> Option<DisclosureMethod> {
        None
    }
}
