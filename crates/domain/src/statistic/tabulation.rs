//! One measure of one table in one period: the records behind each of its figures, and which figures are published.

use std::collections::{BTreeMap, BTreeSet};

use super::{PeriodKind, Tally};

/// The position of a figure in its table: the indices of its categories within the dimensions. The total has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Coordinate {
    /// The figure over all cells.
    Total,
    /// A cell of a table of one dimension.
    Row(u16),
    /// A cell of a table of two dimensions.
    Cell(u16, u16),
}

/// The tally of each figure. A figure with no records is left out.
pub type Tabulation = BTreeMap<Coordinate, Tally>;

/// Which figures are published.
pub type PublishedCells = BTreeSet<Coordinate>;

/// The counts of a month, and which of them are published.
#[derive(Clone, Debug, Default)]
pub struct MonthCount {
    /// The tally of each figure.
    pub tabulation: Tabulation,
    /// The published figures: already decided for earlier months, and not yet for the last.
    pub published: PublishedCells,
}

/// A period that is being published.
#[derive(Clone, Debug)]
pub struct Released {
    /// Its length.
    pub period: PeriodKind,
    /// The tally of each figure.
    pub tabulation: Tabulation,
    /// The published figures.
    pub published: PublishedCells,
}

impl Coordinate {
    /// The cell with these category indices.
    pub fn of(indices: &[u16]) -> Option<Self> {
        match *indices {
            [] => Some(Self::Total),
            [row] => Some(Self::Row(row)),
            [row, column] => Some(Self::Cell(row, column)),
            _ => None,
        }
    }

    /// The indices of its categories.
    pub fn indices(self) -> Vec<u16> {
        match self {
            Self::Total => Vec::new(),
            Self::Row(row) => vec![row],
            Self::Cell(row, column) => vec![row, column],
        }
    }
}
