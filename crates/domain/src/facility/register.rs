//! What is read of a register, and how much of it there may be.

use std::fmt;

use crate::county::CountyCode;
use crate::service::ServiceType;

/// The most rows that one file may have; the whole country is under a third of it.
pub const MAX_ROWS: usize = 50_000;
/// The most characters of a name, a level or a sub-county.
pub const MAX_TEXT: usize = 200;

/// A facility as the register knows it. Texts are trimmed and hold single spaces only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterFacility {
    /// The register's code: 1 to 10 digits, unique.
    pub code: String,
    /// The facility's name, never empty.
    pub name: String,
    /// The level of care, such as "Level 3".
    pub level: Option<String>,
    /// The county it stands in.
    pub county: CountyCode,
    /// The sub-county it stands in, where the register says so.
    pub sub_county: Option<String>,
    /// Whether the register calls it operational; false as well when it does not say, so that nobody is sent in vain.
    pub operational: bool,
    /// Whether the register lists HIV risk reduction for key populations among its services.
    pub key_population_friendly: bool,
    /// What it offers in our vocabulary, each once, in the vocabulary's order.
    pub service_types: Vec<ServiceType>,
}

/// What was read: every row is in one of the two lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// The facilities, sorted by code.
    pub facilities: Vec<RegisterFacility>,
    /// The rows that are no facility for us, in the order in which they were read.
    pub skipped: Vec<Skipped>,
}

/// A row that was understood and left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The file it stands in, where the caller named one.
    pub file: Option<String>,
    /// The row, counted from 1.
    pub row: usize,
    /// Its code, if it has one.
    pub code: Option<String>,
    /// Why it was left out.
    pub reason: SkipReason,
}

/// Why a row was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SkipReason {
    /// The register has given it no code yet, so that it could not be recognised in the next register.
    NoCode,
    /// The register says that it is closed for good. What is merely not operational is kept, and marked so.
    Closed,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NoCode => "the register has given it no code yet",
            Self::Closed => "closed",
        })
    }
}

impl Register {
    /// How many rows were read, kept or skipped.
    pub fn rows(&self) -> usize {
        self.facilities.len() + self.skipped.len()
    }

    /// The codes that the register calls closed: an import marks what it holds under them as not operational.
    pub fn closed_codes(&self) -> impl Iterator<Item = &str> {
        self.skipped.iter().filter(|row| row.reason == SkipReason::Closed).filter_map(|row| row.code.as_deref())
    }
}
