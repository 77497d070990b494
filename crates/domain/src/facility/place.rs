//! Where a row of the register stands.

use std::fmt;

/// Where a row stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The row of a list, counted from 1.
    Row(usize),
    /// The line of a file with a row a line, counted from 1.
    Line(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row(row) => write!(formatter, "row {row}"),
            Self::Line(line) => write!(formatter, "line {line}"),
        }
    }
}
