//! Questions about a table.

use std::iter;

use super::{Dimension, Measure, PeriodKind, StatisticTableName, Table};
use crate::message::{Filling, Message};
use crate::month::Month;
use crate::refusal::Refusal;
use crate::vocabulary::Vocabulary;

/// The most months in one question.
pub const MAXIMUM_MONTHS: usize = 60;
/// The most figures in one answer, without the totals.
pub const MAXIMUM_CELLS: usize = 3_000;

/// The unchecked fields of a [`Question`].
#[derive(Clone, Copy, Debug)]
pub struct QuestionDraft<'a> {
    /// The table's name.
    pub name: StatisticTableName,
    /// What to count, in the order of the answer; not yet checked.
    pub measures: &'a [&'a str],
    /// How long the periods are.
    pub period: PeriodKind,
    /// Not yet checked.
    pub from: &'a str,
    /// Not yet checked.
    pub through: &'a str,
    /// Names of dimensions with the categories to pick; not yet checked.
    pub picked: &'a [(String, Vec<String>)],
}

/// A question about a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The table.
    pub table: Table,
    /// What is counted, each once, in the order of the answer; at least one.
    pub measures: Vec<Measure>,
    /// How long the periods are.
    pub period: PeriodKind,
    /// The first month of the first period.
    pub from: Month,
    /// The first month after the last period.
    pub until: Month,
    /// The picked categories for each dimension of the table; `None` means all.
    pub picked: Vec<Option<Vec<&'static str>>>,
}

impl Question {
    /// Checks a draft. The periods that contain the first and the last month are taken as a whole.
    ///
    /// # Errors
    /// INVALID, for the first field that is wrong.
    pub fn parse(draft: QuestionDraft<'_>) -> Result<Self, Refusal> {
        let table = draft.name.table();
        let measures = measures(&table, draft.measures)?;
        let [from, through] = Month::parse_range(draft.from, draft.through, MAXIMUM_MONTHS)?;
        let question = Self {
            table,
            measures,
            period: draft.period,
            from: draft.period.first_month(from),
            until: draft.period.first_month(through).plus(draft.period.months()),
            picked: pick(table.dimensions, draft.picked)?,
        };
        let figures = question.periods().count() * question.listed().len() * question.measures.len();
        if figures > MAXIMUM_CELLS {
            return Err(Refusal::invalid("through", Message::of("statistic-too-many").with("maximum", MAXIMUM_CELLS)));
        }
        Ok(question)
    }

    /// The first month of each period.
    pub fn periods(&self) -> impl Iterator<Item = Month> {
        let (until, months) = (self.until, self.period.months());
        iter::successors(Some(self.from), move |month| Some(month.plus(months))).take_while(move |month| *month < until)
    }
}

impl Question {
    /// The categories of each cell that every period of the answer has, in their order. It depends on the question alone, so two
    /// answers to it have the same cells.
    pub fn listed(&self) -> Vec<Vec<&'static str>> {
        let mut cells = vec![Vec::new()];
        for (dimension, picked) in self.table.dimensions.iter().zip(&self.picked) {
            let categories = picked.as_deref().unwrap_or_else(|| dimension.categories());
            let longer = |cell: &Vec<&'static str>, category: &'static str| [&cell[..], &[category]].concat();
            cells = cells.iter().flat_map(|cell| categories.iter().map(|category| longer(cell, category))).collect();
        }
        cells
    }
}

/// Each of the measures once.
fn measures(table: &Table, codes: &[&str]) -> Result<Vec<Measure>, Refusal> {
    let refusal = || {
        let measures = table.measures.iter().map(|measure| measure.code()).collect();
        Refusal::invalid("measure", Message::of("statistic-measure").with("measures", Filling::Interface(measures)))
    };
    let mut measures = Vec::new();
    for code in codes {
        let known = Measure::from_code(code).filter(|measure| table.measures.contains(measure)).ok_or_else(refusal)?;
        if !measures.contains(&known) {
            measures.push(known);
        }
    }
    if measures.is_empty() { Err(refusal()) } else { Ok(measures) }
}

/// An empty list is no condition. If one dimension has several conditions, all of them must hold.
fn pick(dimensions: &[Dimension], picked: &[(String, Vec<String>)]) -> Result<Vec<Option<Vec<&'static str>>>, Refusal> {
    let mut found: Vec<Option<Vec<&'static str>>> = vec![None; dimensions.len()];
    for (name, categories) in picked {
        let position = dimensions.iter().position(|dimension| dimension.name() == name).ok_or_else(|| {
            let names = dimensions.iter().map(|dimension| dimension.name()).collect();
            Refusal::invalid("where", Message::of("statistic-dimension").with("dimensions", Filling::Interface(names)))
        })?;
        let dimension = dimensions[position];
        if categories.iter().any(|category| dimension.index_of(category).is_none()) {
            let message = Message::of("statistic-category")
                .with("dimension", Filling::Interface(vec![dimension.name()]))
                .with("example", Filling::Interface(vec![dimension.categories()[0]]));
            return Err(Refusal::invalid("where", message));
        }
        if !categories.is_empty() {
            let before = found[position].take().unwrap_or_else(|| dimension.categories().to_vec());
            found[position] =
                Some(before.into_iter().filter(|known| categories.iter().any(|category| category == known)).collect());
        }
    }
    Ok(found)
}
