//! The GraphQL object of a table of figures.

use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{Context, ContextSelectionSet, Object, OutputType, Positioned, Result, ServerResult, SimpleObject, Value};
use pamoja_domain::county::CountyCode;
use pamoja_domain::message::Message;
use pamoja_domain::statistic::{Dimension, Figure, FigureStatus, Measure, PeriodKind, Publication, Question, StatisticTableName};
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::statistic::{self, Cell, Figures};
use tokio::sync::OnceCell;

use crate::graphql::enumeration::{Enumeration, enumerated};
use crate::graphql::error::Fault;
use crate::graphql::scalar::Month;
use crate::graphql::scope::Scope;
use crate::graphql::written::PartKey;
use crate::i18n::{Language, caption};

/// How many cells a period has in an ordinary answer. The estimate of a document's cost uses it.
const CELLS: usize = 8;

/// A table of figures.
pub(crate) struct StatisticTable {
    question: Question,
    figures: OnceCell<Figures>,
    /// What is published of it; none for the organisation's own figures.
    publication: Option<Publication>,
}

/// At least as many as a table has measures. The estimate of a document's cost uses it.
const MEASURES: usize = 4;

/// A figure of a period.
#[derive(SimpleObject)]
pub(crate) struct StatisticCell {
    /// The first month of the period.
    period: Month,
    /// What the figure counts: one code for each dimension, in the order of the table's dimensions. Empty for a total.
    keys: Vec<&'static str>,
    /// What to write in place of each key, in the language that the request asked for by Accept-Language: en or sw.
    labels: Vec<String>,
    /// The position to draw the cell at. Cells of the same keys have the same position in every period, and the first keys have
    /// the lowest. 0 for a total.
    order: i32,
    /// The count of the table's first measure; null when it isn't shown.
    value: Option<i32>,
    /// Whether value is null because the figure isn't shown: status says why. A suppressed figure may be zero: show it as not
    /// published. Your own figures are never suppressed.
    suppressed: bool,
    /// Whether value is shown, and if not, why. captions has words for it.
    status: Enumeration<FigureStatus>,
    /// One figure for each measure of the table, in the order of measures. The first is value.
    #[graphql(complexity = "MEASURES * child_complexity")]
    figures: Vec<StatisticFigure>,
}

/// A figure of one measure.
#[derive(SimpleObject)]
pub(crate) struct StatisticFigure {
    /// What it counts.
    measure: Enumeration<Measure>,
    /// The count; null when it isn't shown.
    value: Option<i32>,
    /// Whether it is shown, and if not, why.
    status: Enumeration<FigureStatus>,
}

/// How the figures over all members are protected, so that they tell of nobody.
#[derive(SimpleObject)]
pub(crate) struct DisclosureMethod {
    /// The method's name.
    name: &'static str,
    /// What to print under a chart, in the language that the request asked for by Accept-Language: en or sw.
    caption: String,
    /// For a period of this length, a figure of fewer records than this is suppressed.
    minimum_units: i32,
    /// A figure with records of fewer organisations than this is suppressed.
    minimum_organisations: i32,
    /// The most by which a published figure can differ from the true one.
    maximum_perturbation: i32,
    /// The variance of the difference between a published figure and the true one.
    perturbation_variance: f64,
}

impl StatisticTable {
    /// The organisation's own figures that answer a question.
    pub(crate) fn own(question: Question, figures: Figures) -> Self {
        Self { question, figures: OnceCell::new_with(Some(figures)), publication: None }
    }

    /// The published figures that answer a question. They are read when they are needed.
    pub(crate) fn published(question: Question, publication: Publication) -> Self {
        Self { question, figures: OnceCell::new(), publication: Some(publication) }
    }

    async fn figures(&self, context: &Context<'_>) -> Result<&Figures> {
        let read = async || -> Result<Figures> {
            let reading = Scope::of(context).reading().await?;
            // The organisation's own are there from the beginning.
            let publication = self.publication.clone().unwrap_or_default();
            Ok(statistic::published(&reading.tx, &self.question, &publication).await.map_err(Fault::from)?)
        };
        self.figures.get_or_try_init(read).await
    }

    /// Cells of the table: as they were written before, where it is published and they were.
    async fn drawn(&self, context: &Context<'_>, part: &str, cells: fn(&Figures) -> &[Cell]) -> Result<DrawnCells> {
        let language = Language::of_request(context);
        let key = self.publication.as_ref().and_then(|publication| {
            let Question { table, measures, period, from, until, picked } = &self.question;
            let what =
                format!("{part} {language:?} {} {measures:?} {period:?} {from} {until} {picked:?} {publication:?}", table.name);
            PartKey::of(context, &what)
        });
        if let Some(written) = key.and_then(|key| Scope::of(context).state().written.get(key)) {
            return Ok(DrawnCells::Written(written));
        }
        let keys: Vec<Vec<Category>> =
            self.question.table.dimensions.iter().map(|dimension| Category::all(*dimension, language)).collect();
        let cells = cells(self.figures(context).await?).iter();
        Ok(DrawnCells::New(cells.map(|cell| StatisticCell::drawn(cell, &self.question.measures, &keys)).collect(), key))
    }
}

/// Cells, or what was written of them for the same selection.
pub(crate) enum DrawnCells {
    /// Cells that are resolved now, and the key under which what is written of them is kept.
    New(Vec<StatisticCell>, Option<PartKey>),
    /// What was written before.
    Written(Value),
}

impl OutputType for DrawnCells {
    fn type_name() -> Cow<'static, str> {
        Vec::<StatisticCell>::type_name()
    }

    fn qualified_type_name() -> String {
        Vec::<StatisticCell>::qualified_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Vec::<StatisticCell>::create_type_info(registry)
    }

    async fn resolve(&self, context: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match self {
            Self::Written(written) => Ok(written.clone()),
            Self::New(cells, key) => {
                let resolved = cells.resolve(context, field).await?;
                Ok(match key {
                    Some(key) => context.data_unchecked::<Scope>().state().written.keep(*key, resolved),
                    None => resolved,
                })
            }
        }
    }
}

/// A category of a dimension, with its label.
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
    fn drawn(cell: &Cell, measures: &[Measure], keys: &[Vec<Category>]) -> Self {
        let (mut labels, mut order) = (Vec::with_capacity(cell.categories.len()), 0);
        for (code, keys) in cell.categories.iter().zip(keys) {
            let index = keys.iter().position(|key| key.code == *code).unwrap_or(0);
            labels.push(keys[index].label.clone());
            order = order * keys.len() + index;
        }
        let figures: Vec<StatisticFigure> =
            measures.iter().zip(&cell.figures).map(|(measure, figure)| StatisticFigure::drawn(*measure, *figure)).collect();
        // A question has at least one measure.
        let (value, status) =
            figures.first().map_or((None, Enumeration(FigureStatus::Suppressed)), |figure| (figure.value, figure.status));
        Self {
            period: cell.period.into(),
            keys: cell.categories.clone(),
            labels,
            order: if cell.categories.is_empty() { 0 } else { i32::try_from(order).unwrap_or(i32::MAX - 1) + 1 },
            value,
            suppressed: value.is_none(),
            status,
            figures,
        }
    }
}

impl StatisticFigure {
    fn drawn(measure: Measure, figure: Figure) -> Self {
        let value = figure.value.map(|value| i32::try_from(value).unwrap_or(i32::MAX));
        Self { measure: Enumeration(measure), value, status: Enumeration(figure.status) }
    }
}

/// A table of figures. Each figure counts the referrals that were created in a period, or the people who came to trainings whose
/// delivery was recorded in it. docs/figures.md says what counts where.
#[Object]
impl StatisticTable {
    /// The name that the table is asked for by.
    async fn name(&self) -> Enumeration<StatisticTableName> {
        Enumeration(self.question.table.name)
    }

    /// The title to show, in the language that the request asked for by Accept-Language: en or sw.
    async fn title(&self, context: &Context<'_>) -> String {
        caption(Language::of_request(context), StatisticTableName::NAME, self.question.table.name.code())
    }

    /// What value counts: CREATED, ACCEPTED, ARRIVED or COMPLETED for referrals, PARTICIPANTS for trainings.
    async fn measure(&self) -> &'static str {
        self.question.measures.first().map_or("", |measure| measure.code())
    }

    /// Everything that the figures count: measure, and then the others that were asked for.
    async fn measures(&self) -> Vec<Enumeration<Measure>> {
        enumerated(&self.question.measures)
    }

    /// The dimensions that the table is broken down by, such as county and serviceType.
    async fn dimensions(&self) -> Vec<&'static str> {
        self.question.table.dimensions.iter().map(|dimension| dimension.name()).collect()
    }

    /// How long the table's periods are.
    async fn period(&self) -> Enumeration<PeriodKind> {
        Enumeration(self.question.period)
    }

    /// The figures, sorted by period and then in the order of the codes. Every period that was asked for has every cell that
    /// `where` picks, also those that are zero or aren't shown: your own figures and the published ones have the same cells in the
    /// same order.
    #[graphql(complexity = "CELLS * child_complexity")]
    async fn cells(&self, context: &Context<'_>) -> Result<DrawnCells> {
        self.drawn(context, "cells", |figures| &figures.cells).await
    }

    /// One figure for each period that was asked for, also when it is zero or isn't shown. It covers all cells, also those that
    /// `where` leaves out. A referral can be in several cells, but counts once in the total. Published totals are perturbed on
    /// their own, so the cells need not add up to them.
    async fn totals(&self, context: &Context<'_>) -> Result<DrawnCells> {
        self.drawn(context, "totals", |figures| &figures.totals).await
    }

    /// How the figures are protected; null for your own figures, which are exact.
    async fn method(&self, context: &Context<'_>) -> Option<DisclosureMethod> {
        let Question { table, measures, period, .. } = &self.question;
        // The rule of each measure asks for the same of these.
        let rule = table.rule(*measures.first()?).of_period(*period);
        let caption = Message::of("statistic-method")
            .with("units", rule.units)
            .with("organisations", rule.contributors)
            .with("maximum", table.noise.maximum);
        self.publication.is_some().then(|| DisclosureMethod {
            name: "cell key perturbation",
            caption: Language::of_request(context).say(&caption),
            minimum_units: rule.units as i32,
            minimum_organisations: rule.contributors as i32,
            maximum_perturbation: table.noise.maximum as i32,
            perturbation_variance: f64::from(table.noise.variance),
        })
    }
}
