//! What the reader takes from a register, and how large a register may be.

use std::collections::{BTreeSet, HashSet};
use std::fmt;

use super::NewestEntries;
use super::place::Place;
use crate::county::CountyCode;
use crate::service::ServiceType;

/// The most rows in one file. The whole country has under a third of that.
pub const MAX_ROWS: usize = 50_000;
/// The most bytes in one file: of as many rows as may be, each as long as the register's own.
pub const MAX_BYTES: usize = 100_000_000;
/// The most problems, or missing facilities, that are named one by one.
pub const MAX_NAMED: usize = 1_000;
/// The most characters in a name, a level or a sub-county, as a person counts them.
pub const MAX_TEXT: usize = 200;

/// A facility as the register describes it. Texts are trimmed, hold single spaces only, and nothing that can't be seen.
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

/// What was read. Every row is in one of the two lists, or repeats one that is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// The facilities, sorted by code.
    pub facilities: Vec<RegisterFacility>,
    /// The rows that were left out, in the order in which they were read.
    pub skipped: Vec<Skipped>,
    /// How many rows said again what another row says. They are in neither list.
    pub repeated: usize,
    /// The day of the newest entry of each county, as far as the rows say it.
    pub newest_entries: NewestEntries,
}

/// A facility that was taken in before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFacility {
    /// The register's code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// A row that the reader understood and left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The file's name, if the caller gave one.
    pub file: Option<String>,
    /// Where the row stands.
    pub place: Place,
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
    /// How many rows were read: kept, skipped or repeated.
    pub fn rows(&self) -> usize {
        self.facilities.len() + self.skipped.len() + self.repeated
    }

    /// The counties that the facilities are in.
    pub fn counties(&self) -> BTreeSet<CountyCode> {
        self.facilities.iter().map(|facility| facility.county).collect()
    }

    /// Of facilities that were taken in before, in the counties of this register, those that it doesn't mention. They mean
    /// something only where the register is whole.
    pub fn missing(&self, known: Vec<KnownFacility>) -> Vec<KnownFacility> {
        let mentioned: HashSet<&str> = self.codes().collect();
        known.into_iter().filter(|known| !mentioned.contains(known.code.as_str())).collect()
    }
}
