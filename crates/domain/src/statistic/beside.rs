//! What the figure of a longer period tells of figures that stand beside it in shorter ones.
//!
//! A figure that could be published is suppressed in a month for the sake of a smaller one, which the month's total would tell otherwise. When its
//! quarter is published, and the quarter's other months are, it is known after all, and so is the smaller one.

use super::{MonthCount, Place, PublishedCells, Rule, Table, Tally};

/// A figure of a longer period that is published, and in which of its months it isn't: the first is the lowest bit.
type Told = (Place, u16);

/// Figures of which together is known how many they are.
#[derive(Clone, Copy)]
enum Group {
    All,
    Row(u16),
    Column(u16),
}

impl Group {
    fn has(self, place: Place) -> bool {
        match (self, place) {
            (_, Place::Total) => false,
            (Self::All, _) => true,
            (Self::Row(row), Place::Cell(at, _)) => at == row,
            (Self::Column(column), Place::Cell(_, at)) => at == column,
            _ => false,
        }
    }
}

/// The figures of a longer period that are published, as they are decided one after the other.
pub(super) struct Beside<'a> {
    table: &'a Table,
    rule: &'a Rule,
    months: &'a [MonthCount],
    published: &'a [PublishedCells],
    told: Vec<Told>,
}

impl<'a> Beside<'a> {
    /// None yet, of a period of those months, of which those figures are published.
    pub(super) fn new(table: &'a Table, rule: &'a Rule, months: &'a [MonthCount], published: &'a [PublishedCells]) -> Self {
        Self { table, rule, months, published, told: Vec::new() }
    }

    /// Whether the figure can be published beside those that are: what it tells of the months in which it is suppressed leaves of these nothing, or
    /// what could be published. `covered` are months that are told together already, as a quarter of the year.
    pub(super) fn takes(&mut self, place: Place, covered: u16) -> bool {
        let is_suppressed = |at: &usize| !self.published[*at].contains(&place) && self.months[*at].sheet.contains_key(&place);
        let suppressed = (0..self.months.len()).filter(is_suppressed).fold(0, |suppressed, at| suppressed | 1 << at) & !covered;
        if place == Place::Total || suppressed == 0 {
            return true;
        }
        self.told.push((place, suppressed));
        let together = self.told.iter().filter(|(_, other)| other & suppressed != 0).fold(0, |all, (_, other)| all | other);
        let leaves_enough = |months: u16| Self::groups(place).into_iter().all(|group| self.leaves_enough(months, group));
        let takes = leaves_enough(suppressed) && leaves_enough(together);
        if !takes {
            self.told.pop();
        }
        takes
    }

    /// What stands beside it: all, and in a table of two dimensions its row and its column.
    fn groups(place: Place) -> Vec<Group> {
        match place {
            Place::Cell(row, column) => vec![Group::All, Group::Row(row), Group::Column(column)],
            _ => vec![Group::All],
        }
    }

    /// What is suppressed of a group in those months together, without what is told.
    fn leaves_enough(&self, months: u16, group: Group) -> bool {
        let mut left = Tally::default();
        for (at, (month, published)) in self.months.iter().zip(self.published).enumerate().filter(|(at, _)| months & 1 << at != 0)
        {
            let is_told = |place: &Place| {
                self.told.iter().any(|(told, suppressed)| told == place && suppressed & !months == 0 && suppressed & 1 << at != 0)
            };
            let mut of_month = Tally::default();
            for (place, tally) in &month.sheet {
                if !published.contains(place) && group.has(*place) && !is_told(place) {
                    of_month.join(tally, self.table.shares_sessions());
                }
            }
            left.join(&of_month, false);
        }
        self.rule.allows_rest(&left)
    }
}
