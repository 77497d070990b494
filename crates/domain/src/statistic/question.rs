//! Questions about a table.

use std::iter;

use super::{Dimension, Measure, PeriodKind, StatisticTableName, Table};
use crate::message::Message;
use crate::month::Month;
use crate::refusal::Refusal;
use crate::vocabulary::Vocabulary;

/// The most months in one question.
pub const MAXIMUM_MONTHS: usize = 60;
/// The most cells in one answer.
pub const MAXIMUM_CELLS: usize = 3_000;

/// The unchecked fields of a [`Question`].
#[derive(Clone, Copy, Debug)]
pub struct QuestionDraft<'a> {
    /// The table's name.
    pub name: StatisticTableName,
    /// Not yet checked.
    pub measure: &'a str,
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
    /// What is counted.
    pub measure: Measure,
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
        let measure = Measure::from_code(draft.measure).filter(|measure| table.measures.contains(measure));
        let measure = measure.ok_or_else(|| {
            let measures: Vec<&str> = table.measures.iter().map(|measure| measure.code()).collect();
            Refusal::invalid("measure", Message::of("statistic-measure").with("measures", measures.join(", ")))
        })?;
        let from = Month::parse("from", draft.from)?;
        let through = Month::parse("through", draft.through)?;
        if from > through {
            return Err(Refusal::invalid("through", "statistic-order"));
        }
        if from.through(through) > MAXIMUM_MONTHS {
            return Err(Refusal::invalid("through", Message::of("statistic-range").with("maximum", MAXIMUM_MONTHS)));
        }
        Ok(Self {
            table,
            measure,
            period: draft.period,
            from: draft.period.first_month(from),
            until: draft.period.first_month(through).plus(draft.period.months()),
            picked: pick(table.dimensions, draft.picked)?,
        })
    }

    /// The first month of each period.
    pub fn periods(&self) -> impl Iterator<Item = Month> {
        let (until, months) = (self.until, self.period.months());
        iter::successors(Some(self.from), move |month| Some(month.plus(months))).take_while(move |month| *month < until)
    }
}

impl Question {
    /// The published periods, if the months from the first through the last are published. Periods before the first are left out:
    /// nothing was counted in them.
    ///
    /// # Errors
    /// INVALID, with the last published month, when the question asks for a month that isn't published yet.
    pub fn published_periods(&self, months: Option<(Month, Month)>) -> Result<Vec<Month>, Refusal> {
        let Some((first, last)) = months else {
            return Err(Refusal::invalid("through", "statistic-nothing-published"));
        };
        // A quarter or year that isn't over has no published figure: the last published one is the one before.
        let first_unpublished = self.period.first_month(last.plus(1));
        if self.until > first_unpublished {
            let last = first_unpublished.before().to_string();
            return Err(Refusal::invalid("through", Message::of("statistic-unpublished").with("last", last)));
        }
        Ok(self.periods().filter(|period| period.plus(self.period.months()) > first).collect())
    }
}

/// An unknown category picks nothing; an empty list is no condition. If one dimension has several conditions, all of them must
/// hold.
fn pick(dimensions: &[Dimension], picked: &[(String, Vec<String>)]) -> Result<Vec<Option<Vec<&'static str>>>, Refusal> {
    let mut found = vec![None; dimensions.len()];
    for (name, categories) in picked {
        let position = dimensions.iter().position(|dimension| dimension.name() == name).ok_or_else(|| {
            let names: Vec<&str> = dimensions.iter().map(|dimension| dimension.name()).collect();
            Refusal::invalid("where", Message::of("statistic-dimension").with("dimensions", names.join(", ")))
        })?;
        if !categories.is_empty() {
            let before = found[position].take().unwrap_or_else(|| dimensions[position].categories().to_vec());
            found[position] =
                Some(before.into_iter().filter(|known| categories.iter().any(|category| category == known)).collect());
        }
    }
    Ok(found)
}

/// The refusal for a question whose answer would have too many cells.
pub fn too_many_cells() -> Refusal {
    Refusal::invalid("through", Message::of("statistic-too-many").with("maximum", MAXIMUM_CELLS))
}
