//! One measure of one table in one period: what stands behind each of its figures, and which of them are published.

use std::collections::{BTreeMap, BTreeSet};

use super::Tally;

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
