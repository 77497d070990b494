//! Differencing over periods: a longer period's published figure minus its published months discloses something about its
//! suppressed months.
//!
//! In a month, a figure that could be published is suppressed to protect a smaller one, which the month's total would otherwise
//! disclose. If the quarter's figure and those of its other months are published, subtraction reveals the suppressed figure, and
//! so the smaller one.

use super::{Coordinate, MonthCount, PublishedCells, SensitivityRule, Table, Tally};

/// A published figure of a longer period and the months in which it is suppressed; the first month is the lowest bit. Subtracting
/// the other months from it gives the sum of the suppressed ones.
type Difference = (Coordinate, u16);

/// A set of figures with a known sum.
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

/// The figures of a longer period that can be published, decided one after the other.
pub(super) struct Differencing<'a> {
    table: &'a Table,
    rule: &'a SensitivityRule,
    months: &'a [MonthCount],
    published: &'a [PublishedCells],
    differences: Vec<Difference>,
}

impl<'a> Differencing<'a> {
    /// For a longer period of these months, with these figures of theirs published. No figure is decided yet.
    pub(super) fn new(
        table: &'a Table,
        rule: &'a SensitivityRule,
        months: &'a [MonthCount],
        published: &'a [PublishedCells],
    ) -> Self {
        Self { table, rule, months, published, differences: Vec::new() }
    }

    /// Whether the figure can be published together with those that are already allowed. It discloses something about the months
    /// in which it is suppressed; that is subtracted from the marginals of those months. The rest must be nothing, or something
    /// that could itself be published. `covered` are months whose sum is already published, as a quarter of the year.
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

    /// The marginals that it is part of: the total, and in a table of two dimensions its row and its column.
    fn marginals(coordinate: Coordinate) -> Vec<Marginal> {
        match coordinate {
            Coordinate::Cell(row, column) => vec![Marginal::All, Marginal::Row(row), Marginal::Column(column)],
            _ => vec![Marginal::All],
        }
    }

    /// Whether the suppressed part of a marginal in these months together, without what the differences disclose, could be
    /// published.
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
