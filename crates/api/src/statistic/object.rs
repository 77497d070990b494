//! A table of figures, as the schema shows it.

use async_graphql::{Context, Object, SimpleObject};
use pamoja_domain::county::CountyCode;
use pamoja_domain::message::Message;
use pamoja_domain::statistic::{Dimension, PeriodKind, Question, StatisticTableName};
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::statistic::{Cell, Figures};

use crate::graphql::enumeration::Enumeration;
use crate::graphql::scalar::Month;
use crate::i18n::{Language, caption};

/// How many cells a period has in an ordinary answer, for the estimate of a document's cost.
const CELLS: usize = 8;

/// A table of figures.
pub(crate) struct StatisticTable {
    question: Question,
    figures: Figures,
    published: bool,
}

/// A figure.
#[derive(SimpleObject)]
pub(crate) struct StatisticCell {
    /// The first month of its period.
    period: Month,
    /// What it is a figure of: a code for each dimension, in their order. None for a total.
    keys: Vec<&'static str>,
    /// What to write in place of each key, in the language that the request asked for by Accept-Language: en or sw.
    labels: Vec<String>,
    /// Where to draw it: cells of the same keys have the same place in every period, those of the first keys the lowest. 0 for a total.
    order: i32,
    /// How many; null when it is suppressed.
    value: Option<i32>,
    /// The figure is withheld, because it could tell of somebody; it may be zero. Never so for your own figures.
    suppressed: bool,
}

/// How figures over all members are kept from telling of anybody.
#[derive(SimpleObject)]
pub(crate) struct DisclosureMethod {
    /// What the method is called.
    name: &'static str,
    /// What to print under a chart, in the language that the request asked for by Accept-Language: en or sw.
    caption: String,
    /// Fewer records than this are not published for a period of this length.
    minimum_units: i32,
    /// Records of fewer organisations than this are not published.
    minimum_organisations: i32,
    /// By how much a published figure can differ from the true one.
    maximum_perturbation: i32,
    /// The variance of that difference.
    perturbation_variance: f64,
}

impl StatisticTable {
    /// The own figures that answer a question.
    pub(crate) fn own(question: Question, figures: Figures) -> Self {
        Self { question, figures, published: false }
    }

    /// The published figures that answer a question.
    pub(crate) fn published(question: Question, figures: Figures) -> Self {
        Self { question, figures, published: true }
    }

    fn drawn(&self, cells: &[Cell], language: Language) -> Vec<StatisticCell> {
        let keys: Vec<Vec<Category>> =
            self.question.table.dimensions.iter().map(|dimension| Category::all(*dimension, language)).collect();
        cells.iter().map(|cell| StatisticCell::drawn(cell, &keys)).collect()
    }
}

/// A category, as it is drawn.
struct Category {
    code: &'static str,
    label: String,
}

impl Category {
    fn all(dimension: Dimension, language: Language) -> Vec<Self> {
        let label = |code: &'static str| match dimension.vocabulary_of(code) {
            Some(vocabulary) => caption(language, vocabulary, code),
            None => code.parse().map_or_else(|_| code.to_owned(), |county: CountyCode| county.name().to_owned()),
        };
        dimension.categories().iter().map(|code| Self { code, label: label(code) }).collect()
    }
}

impl StatisticCell {
    fn drawn(cell: &Cell, keys: &[Vec<Category>]) -> Self {
        let (mut labels, mut order) = (Vec::with_capacity(cell.categories.len()), 0);
        for (code, keys) in cell.categories.iter().zip(keys) {
            let place = keys.iter().position(|key| key.code == *code).unwrap_or(0);
            labels.push(keys[place].label.clone());
            order = order * keys.len() + place;
        }
        Self {
            period: cell.period.into(),
            keys: cell.categories.clone(),
            labels,
            order: if cell.categories.is_empty() { 0 } else { i32::try_from(order).unwrap_or(i32::MAX - 1) + 1 },
            value: cell.value.map(|value| i32::try_from(value).unwrap_or(i32::MAX)),
            suppressed: cell.value.is_none(),
        }
    }
}

/// A table of figures. Each counts the referrals that were created in a period, or the people who came to trainings whose delivery was
/// recorded in it; see docs/figures.md for what counts where.
#[Object]
impl StatisticTable {
    /// Which table it is.
    async fn name(&self) -> Enumeration<StatisticTableName> {
        Enumeration(self.question.table.name)
    }

    /// What it is called, in the language that the request asked for by Accept-Language: en or sw.
    async fn title(&self, context: &Context<'_>) -> String {
        caption(Language::of_request(context), StatisticTableName::NAME, self.question.table.name.code())
    }

    /// What is counted: CREATED, ACCEPTED, ARRIVED or COMPLETED; of trainings PARTICIPANTS.
    async fn measure(&self) -> &'static str {
        self.question.measure.code()
    }

    /// By what it is counted, such as county and serviceType.
    async fn dimensions(&self) -> Vec<&'static str> {
        self.question.table.dimensions.iter().map(|dimension| dimension.name()).collect()
    }

    /// How long its periods are.
    async fn period(&self) -> Enumeration<PeriodKind> {
        Enumeration(self.question.period)
    }

    /// The figures, by period and then in the order of the codes. Of your own figures those that are zero are left out. Of the published
    /// ones every code is there where a table has one dimension; where it has two, those of which anything is shown in the period, and
    /// what isn't listed is suppressed.
    #[graphql(complexity = "CELLS * child_complexity")]
    async fn cells(&self, context: &Context<'_>) -> Vec<StatisticCell> {
        self.drawn(&self.figures.cells, Language::of_request(context))
    }

    /// One figure for each period, zero too, over all cells: also over those that where leaves out. Each referral counts in it once,
    /// though it can be in several cells. Published ones are perturbed on their own, so that cells need not add up to them.
    async fn totals(&self, context: &Context<'_>) -> Vec<StatisticCell> {
        self.drawn(&self.figures.totals, Language::of_request(context))
    }

    /// How the figures were protected; null for your own, which are exact.
    async fn method(&self, context: &Context<'_>) -> Option<DisclosureMethod> {
        let Question { table, measure, period, .. } = &self.question;
        let rule = table.rule(*measure).of_period(*period);
        let caption = Message::of("statistic-method")
            .with("units", rule.units)
            .with("organisations", rule.contributors)
            .with("maximum", table.noise.maximum);
        self.published.then(|| DisclosureMethod {
            name: "cell key perturbation",
            caption: Language::of_request(context).say(&caption),
            minimum_units: rule.units as i32,
            minimum_organisations: rule.contributors as i32,
            maximum_perturbation: table.noise.maximum as i32,
            perturbation_variance: f64::from(table.noise.variance),
        })
    }
}
