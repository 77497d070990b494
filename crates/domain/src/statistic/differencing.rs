//! Differencing over periods: what the published figure of a longer period, without its published months, discloses of the suppressed ones.
//!
//! A figure that could be published is suppressed in a month to protect a smaller one, which the month's total would disclose otherwise.
//! When its quarter is published, and the quarter's other months are, it is known after all, and so is the smaller one.

use super::{Coordinate, MonthCount, PublishedCells, SensitivityRule, Table, Tally};

/// A published figure of a longer period, and the months in which it is suppressed: the first is the lowest bit. Whoever takes the other
/// months away from it knows the sum of these.
type Difference = (Coordinate, u16);

/// Figures whose sum is known.
#[derive(Clone, Copy)]
enum Marginal {
    All,
    Row(u16),
    Column(u16),
}

impl Marginal {
    fn has(self, coordinate: Coordinate) -> bool {
        match (self, coordinate) {
            (_, Coordinate::Total) => false,
            (Self::All, _) => true,
            (Self::Row(row), Coordinate::Cell(at, _)) => at == row,
            (Self::Column(column), Coordinate::Cell(_, at)) => at == column,
            _ => false,
        }
    }
}

/// The figures of a longer period that can be published, as they are decided one after the other.
pub(super) struct Differencing<'a> {
    table: &'a Table,
    rule: &'a SensitivityRule,
    months: &'a [MonthCount],
    published: &'a [PublishedCells],
    differences: Vec<Difference>,
}

impl<'a> Differencing<'a> {
    /// None yet, of a period of those months, of which those figures are published.
    pub(super) fn new(
        table: &'a Table,
        rule: &'a SensitivityRule,
        months: &'a [MonthCount],
        published: &'a [PublishedCells],
    ) -> Self {
        Self { table, rule, months, published, differences: Vec::new() }
    }

    /// Whether the figure can be published beside those that are: when what it discloses of the months in which it is suppressed is taken
    /// away from their marginals, nothing is left, or what could be published. `covered` are months whose sum is published already, as a
    /// quarter of the year.
    pub(super) fn allows(&mut self, coordinate: Coordinate, covered: u16) -> bool {
        let is_suppressed =
            |at: &usize| !self.published[*at].contains(&coordinate) && self.months[*at].tabulation.contains_key(&coordinate);
        let suppressed = (0..self.months.len()).filter(is_suppressed).fold(0, |suppressed, at| suppressed | 1 << at) & !covered;
        if coordinate == Coordinate::Total || suppressed == 0 {
            return true;
        }
        self.differences.push((coordinate, suppressed));
        let together =
            self.differences.iter().filter(|(_, other)| other & suppressed != 0).fold(0, |all, (_, other)| all | other);
        let leaves_enough =
            |months: u16| Self::marginals(coordinate).into_iter().all(|marginal| self.leaves_enough(months, marginal));
        let allows = leaves_enough(suppressed) && leaves_enough(together);
        if !allows {
            self.differences.pop();
        }
        allows
    }

    /// The marginals that it is part of: all, and in a table of two dimensions its row and its column.
    fn marginals(coordinate: Coordinate) -> Vec<Marginal> {
        match coordinate {
            Coordinate::Cell(row, column) => vec![Marginal::All, Marginal::Row(row), Marginal::Column(column)],
            _ => vec![Marginal::All],
        }
    }

    /// Whether what is suppressed of a marginal in those months together, without what the differences disclose, could be published.
    fn leaves_enough(&self, months: u16, marginal: Marginal) -> bool {
        let mut left = Tally::default();
        for (at, (month, published)) in self.months.iter().zip(self.published).enumerate().filter(|(at, _)| months & 1 << at != 0)
        {
            let is_disclosed = |coordinate: &Coordinate| {
                self.differences
                    .iter()
                    .any(|(other, suppressed)| other == coordinate && suppressed & !months == 0 && suppressed & 1 << at != 0)
            };
            let mut of_month = Tally::default();
            for (coordinate, tally) in &month.tabulation {
                if !published.contains(coordinate) && marginal.has(*coordinate) && !is_disclosed(coordinate) {
                    of_month.join(tally, self.table.shares_sessions());
                }
            }
            left.join(&of_month, false);
        }
        self.rule.allows_rest(&left)
    }
}
