//! What the reader takes from a register, and how large a register may be.

use std::fmt;

use crate::county::CountyCode;
use crate::service::ServiceType;

/// The most rows in one file. The whole country has under a third of that.
pub const MAX_ROWS: usize = 50_000;
/// The most characters in a name, a level or a sub-county.
pub const MAX_TEXT: usize = 200;

/// A facility as the register describes it. Texts are trimmed and hold single spaces only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterFacility {
    /// The register's code: 1 to 10 digits, unique.
    pub code: String,
    /// The facility's name, never empty.
    pub name: String,
    /// The level of care, such as "Level 3".
    pub level: Option<String>,
    /// The county that the facility is in.
    pub county: CountyCode,
    /// The sub-county that the facility is in, if the register says it.
    pub sub_county: Option<String>,
    /// Whether the register calls it operational. Also false when the register doesn't say, to send nobody in vain.
    pub operational: bool,
    /// Whether the register lists HIV risk reduction for key populations among its services.
    pub key_population_friendly: bool,
    /// The service types that it offers, from our vocabulary: without repeats, in the vocabulary's order.
    pub service_types: Vec<ServiceType>,
}

/// What was read. Every row is in one of the two lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// The facilities, sorted by code.
    pub facilities: Vec<RegisterFacility>,
    /// The rows that were left out, in the order in which they were read.
    pub skipped: Vec<Skipped>,
}

/// A row that the reader understood and left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The file's name, if the caller gave one.
    pub file: Option<String>,
    /// The row, counted from 1.
    pub row: usize,
    /// The row's code, if it has one.
    pub code: Option<String>,
    /// Why it was left out.
    pub reason: SkipReason,
}

/// Why a row was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SkipReason {
    /// The register has not yet given it a code, so a later register could not be matched to it.
    NoCode,
    /// The register says that it is closed for good. A facility that is only not operational is kept and marked so.
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

    /// The codes of facilities that the register calls closed. An import marks its stored facilities with these codes as not
    /// operational.
    pub fn closed_codes(&self) -> impl Iterator<Item = &str> {
        self.skipped.iter().filter(|row| row.reason == SkipReason::Closed).filter_map(|row| row.code.as_deref())
    }
}
