//! Reads files one after another into one register.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::encoding::text_of;
use super::row::{Row, Unreadable, read_row};
use super::{
    MAX_BYTES, Place, Register, RegisterError, RegisterErrors, RegisterFacility, RegisterProblem, SkipReason, Skipped, file,
};
use crate::county::CountyCode;

/// Reads files of the register, such as one for each county, as one register. Of each file only what is kept stays in memory.
#[derive(Default)]
pub struct RegisterReader {
    parts_allowed: bool,
    register: Register,
    errors: RegisterErrors,
    seen: HashMap<String, Seen>,
}

/// The first row with a code.
struct Seen {
    file: Option<String>,
    place: Place,
    /// Its place among the facilities; `None` when it is closed.
    facility: Option<usize>,
}

impl RegisterReader {
    /// A reader that refuses a page of a longer list, or takes it in as a part.
    pub fn new(parts_allowed: bool) -> Self {
        Self { parts_allowed, ..Self::default() }
    }

    /// Reads one file: an object whose `results` are the rows, or a row a line. Unknown fields are ignored.
    pub fn read(&mut self, name: Option<&str>, bytes: &[u8]) {
        if let Err(problem) = self.read_file(name, bytes) {
            self.errors.push(RegisterError { file: name.map(str::to_owned), place: None, code: None, problem });
        }
    }

    /// What was read.
    ///
    /// # Errors
    /// All problems of all files. Nothing is then to be taken in.
    pub fn finish(self) -> Result<Register, RegisterErrors> {
        if self.errors.total > 0 {
            return Err(self.errors);
        }
        let mut register = self.register;
        register.facilities.sort_by(|left, right| left.code.cmp(&right.code));
        Ok(register)
    }

    fn read_file(&mut self, name: Option<&str>, bytes: &[u8]) -> Result<(), RegisterProblem> {
        if bytes.len() > MAX_BYTES {
            return Err(RegisterProblem::TooLarge);
        }
        let text = text_of(bytes)?;
        let shape = file::read(&text, &mut |place, json| self.take(name, place, json))?;
        if shape.rows == 0 {
            return Err(RegisterProblem::NoRows);
        }
        match shape.paging.whole_of_which_a_page(shape.rows) {
            Some(whole) if !self.parts_allowed => Err(RegisterProblem::Page { rows: shape.rows, whole }),
            _ => Ok(()),
        }
    }

    fn take(&mut self, name: Option<&str>, place: Place, json: &str) {
        let error =
            |code: Option<String>, problem| RegisterError { file: name.map(str::to_owned), place: Some(place), code, problem };
        match read_row(json) {
            Ok(row) => self.keep(name, place, row),
            Err(Unreadable { code, problems }) => {
                let broken = matches!(place, Place::Line(_)).then(|| broken_at(json)).flatten();
                match broken {
                    Some(column) => self.errors.push(error(None, RegisterProblem::LineNotJson { column })),
                    None => problems.into_iter().for_each(|problem| self.errors.push(error(code.clone(), problem))),
                }
            }
        }
    }

    fn keep(&mut self, name: Option<&str>, place: Place, row: Row) {
        let code = match &row {
            Row::Facility { facility, .. } => Some(facility.code.clone()),
            Row::Skipped { code, .. } => code.clone(),
        };
        let first = code.as_ref().and_then(|code| self.seen.get(code));
        if let Some(first) = first {
            let known = first.facility.map(|place| &self.register.facilities[place]);
            let fields = match (&row, known) {
                (Row::Facility { facility, .. }, Some(known)) => differences(known, facility),
                (Row::Skipped { .. }, None) => Vec::new(),
                _ => vec!["closed"],
            };
            if fields.is_empty() {
                self.register.repeated += 1;
                return;
            }
            let problem = RegisterProblem::DuplicateCode { first_file: first.file.clone(), first: first.place, fields };
            self.errors.push(RegisterError { file: name.map(str::to_owned), place: Some(place), code, problem });
            return;
        }
        let facility = match row {
            Row::Facility { facility, entered } => {
                self.note_entered(entered.map(|day| (facility.county, day)));
                self.register.facilities.push(facility);
                Some(self.register.facilities.len() - 1)
            }
            Row::Skipped { code, reason, entered } => {
                self.note_entered(entered);
                self.register.skipped.push(Skipped { file: name.map(str::to_owned), place, code, reason });
                None
            }
        };
        if let Some(code) = code {
            self.seen.insert(code, Seen { file: name.map(str::to_owned), place, facility });
        }
    }

    fn note_entered(&mut self, entered: Option<(CountyCode, NaiveDate)>) {
        if let Some((county, day)) = entered {
            let newest = self.register.newest_entries.entry(county).or_insert(day);
            *newest = day.max(*newest);
        }
    }
}

/// The column from which a line is not JSON; `None` when it is.
fn broken_at(line: &str) -> Option<usize> {
    let broken = serde_json::from_str::<serde::de::IgnoredAny>(line).err()?;
    Some(broken.column())
}

/// The register's names of the fields in which two rows differ.
fn differences(one: &RegisterFacility, other: &RegisterFacility) -> Vec<&'static str> {
    let fields = [
        ("name", one.name != other.name),
        ("keph_level_name", one.level != other.level),
        ("county_name", one.county != other.county),
        ("sub_county_name", one.sub_county != other.sub_county),
        ("operation_status_name", one.operational != other.operational),
        (
            "service_names",
            (one.key_population_friendly, &one.service_types) != (other.key_population_friendly, &other.service_types),
        ),
    ];
    fields.into_iter().filter_map(|(field, differs)| differs.then_some(field)).collect()
}

impl Register {
    /// The codes of all rows, whether they were kept or skipped.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        let kept = self.facilities.iter().map(|facility| facility.code.as_str());
        kept.chain(self.skipped.iter().filter_map(|row| row.code.as_deref()))
    }

    /// The codes of facilities that the register calls closed. An import marks its stored facilities with these codes as not
    /// operational.
    pub fn closed_codes(&self) -> impl Iterator<Item = &str> {
        self.skipped.iter().filter(|row| row.reason == SkipReason::Closed).filter_map(|row| row.code.as_deref())
    }
}
