//! One measure of one table in one period: what stands behind each of its figures, and which of them are published.

use std::collections::{BTreeMap, BTreeSet};

use super::{PeriodKind, Tally};

/// Where a figure stands in its table: the indices of its categories among the categories of the dimensions. None of them for the total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Coordinate {
    /// The figure over all cells.
    Total,
    /// A cell of a table of one dimension.
    Row(u16),
    /// A cell of a table of two.
    Cell(u16, u16),
}

/// What stands behind each figure. A figure of nothing isn't in it.
pub type Tabulation = BTreeMap<Coordinate, Tally>;

/// Which figures are published.
pub type PublishedCells = BTreeSet<Coordinate>;

/// What was counted in a month, and which of it is published.
#[derive(Clone, Debug, Default)]
pub struct MonthCount {
    /// What stands behind each figure.
    pub tabulation: Tabulation,
    /// What is published; decided for the months before, and still to be for the last.
    pub published: PublishedCells,
}

/// A period that is being published.
#[derive(Clone, Debug)]
pub struct Released {
    /// How long it is.
    pub period: PeriodKind,
    /// What stands behind each figure.
    pub tabulation: Tabulation,
    /// What is published of it.
    pub published: PublishedCells,
}

impl Coordinate {
    /// The cell whose categories are at those indices.
    pub fn of(indices: &[u16]) -> Option<Self> {
        match *indices {
            [] => Some(Self::Total),
            [row] => Some(Self::Row(row)),
            [row, column] => Some(Self::Cell(row, column)),
            _ => None,
        }
    }

    /// Its categories' indices.
    pub fn indices(self) -> Vec<u16> {
        match self {
            Self::Total => Vec::new(),
            Self::Row(row) => vec![row],
            Self::Cell(row, column) => vec![row, column],
        }
    }
}
