//! Why a register was refused: where the problems are and how to correct them. An error repeats nothing of the file but a code of
//! digits.

use std::fmt;

use super::kind::FileKind;
use super::place::Place;
use super::{MAX_BYTES, MAX_NAMED, MAX_ROWS, MAX_TEXT};

/// What was found wrong with a register, which was refused whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegisterErrors {
    /// The first [`MAX_NAMED`], in the order of the files and rows.
    pub named: Vec<RegisterError>,
    /// How many there are.
    pub total: usize,
}

impl RegisterErrors {
    pub(super) fn push(&mut self, error: RegisterError) {
        self.total += 1;
        if self.named.len() < MAX_NAMED {
            self.named.push(error);
        }
    }
}

/// A problem a line.
impl fmt::Display for RegisterErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, error) in self.named.iter().enumerate() {
            write!(formatter, "{}{error}", if place == 0 { "" } else { "\n" })?;
        }
        match self.total - self.named.len() {
            0 => Ok(()),
            more => write!(formatter, "\nand {more} more; correct these first"),
        }
    }
}

impl std::error::Error for RegisterErrors {}

/// One problem of a register.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", self.location())]
pub struct RegisterError {
    /// The file's name, if the caller gave one.
    pub file: Option<String>,
    /// The row, if the problem is in one.
    pub place: Option<Place>,
    /// The code of that row, if it is known.
    pub code: Option<String>,
    /// What is wrong there.
    pub problem: RegisterProblem,
}

/// What is wrong with a register and how to correct it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterProblem {
    /// There is nothing in the file.
    #[error("empty, and so not JSON; save the register's answer again")]
    Empty,
    /// The file is larger than any country's register.
    #[error("larger than {} MB; give the register's answer for fewer counties at a time", MAX_BYTES / 1_000_000)]
    TooLarge,
    /// The file is no text, or of another kind.
    #[error("{}", .kind.sentence())]
    OtherKind {
        /// The kind.
        kind: FileKind,
    },
    /// The bytes are in another encoding.
    #[error("not UTF-8 from line {line} on; save the file in UTF-8 (it may be in Windows-1252 now)")]
    NotUtf8 {
        /// Counted from 1.
        line: usize,
    },
    /// The file begins as UTF-16 and doesn't go on so.
    #[error("damaged UTF-16; save the file again, in UTF-8")]
    DamagedUtf16,
    /// The bytes are not JSON.
    #[error("not JSON from line {line}, column {column} on; save the register's answer again, whole and unedited")]
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in bytes; 0 at the beginning of a line.
        column: usize,
    },
    /// One line of a file with a row a line is not JSON.
    #[error("not JSON from column {column} on; give one whole facility a line")]
    LineNotJson {
        /// Counted from 1, in bytes.
        column: usize,
    },
    /// The JSON is not a register.
    #[error("not a register; give an object whose \"results\" is a list of facilities")]
    NotARegister,
    /// The file is one page of a longer list.
    #[error("a page of a longer list{}; ask the register for all rows in one answer (page_size=30000), or take in this part alone with --partial", of_rows(*.rows, *.whole))]
    Page {
        /// How many rows the page has.
        rows: usize,
        /// How many rows the whole list has; 0 when the file doesn't say.
        whole: u64,
    },
    /// The list is empty.
    #[error("no facility is in it; ask the register again")]
    NoRows,
    /// The file has more rows than any country's register.
    #[error("more than {MAX_ROWS} rows; split the file, for instance by county")]
    TooManyRows,
    /// The row is not an object.
    #[error("not a facility; give an object with code, name, county_name and so on")]
    NotAFacility,
    /// A field stands in the row twice.
    #[error("the field {field} stands there twice; keep one of the two")]
    Repeated {
        /// The field's name.
        field: &'static str,
    },
    /// A field is missing that every row of a register has.
    #[error("the field {field} is missing; give every facility all fields of the register")]
    Missing {
        /// The field's name.
        field: &'static str,
    },
    /// A field's value has another type than in the register.
    #[error("the field {field} is not {expected}; give it as the register does")]
    WrongKind {
        /// The field's name.
        field: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// The code is not made of digits only.
    #[error("the code is not 1 to 10 digits; give the register's own code")]
    InvalidCode,
    /// The code begins with a zero, and no code of the register does.
    #[error("the code begins with 0; give the register's own code")]
    CodeBeginsWithZero,
    /// A spreadsheet wrote the code with fewer digits than it has.
    #[error("a spreadsheet has shortened the code to a power of ten; give all its digits")]
    ShortenedCode,
    /// Two rows have the same code and say different things.
    #[error("the same code stands already in {}{first}, and {} not the same there; keep one of the two rows", after_comma(.first_file), listed(.fields))]
    DuplicateCode {
        /// The name of the first row's file, if the caller gave one.
        first_file: Option<String>,
        /// Where the first row stands.
        first: Place,
        /// The fields in which the two differ.
        fields: Vec<&'static str>,
    },
    /// The facility has no name.
    #[error("the name is empty; give the facility's name")]
    EmptyName,
    /// A text is longer than any real one.
    #[error("the field {field} is longer than {MAX_TEXT} characters; shorten it")]
    TooLong {
        /// The field's name.
        field: &'static str,
    },
    /// Marks are stacked on a letter.
    #[error("the field {field} has a letter with more marks than anybody can read; take them away")]
    Stacked {
        /// The field's name.
        field: &'static str,
    },
    /// The county is not one of Kenya's.
    #[error("the county_name is none of Kenya's 47 counties; correct its spelling")]
    UnknownCounty,
}

impl RegisterError {
    /// The location, up to and including the colon; empty when nothing is known.
    fn location(&self) -> String {
        let row = match (self.place, &self.code) {
            (Some(place), Some(code)) => Some(format!("{place} (code {code})")),
            (Some(place), None) => Some(place.to_string()),
            (None, _) => None,
        };
        let parts: Vec<&str> = [self.file.as_deref(), row.as_deref()].into_iter().flatten().collect();
        if parts.is_empty() { String::new() } else { format!("{}: ", parts.join(", ")) }
    }
}

fn after_comma(file: &Option<String>) -> String {
    file.as_ref().map(|file| format!("{file}, ")).unwrap_or_default()
}

fn of_rows(rows: usize, whole: u64) -> String {
    if whole == 0 { String::new() } else { format!(" ({rows} of {whole} rows)") }
}

fn listed(fields: &[&str]) -> String {
    format!("{} {}", fields.join(", "), if fields.len() == 1 { "is" } else { "are" })
}
