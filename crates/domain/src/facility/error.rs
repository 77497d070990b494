//! Why a register was refused: where the problem is and how to correct it. An error repeats nothing of the file but a code of
//! digits.

use super::{MAX_ROWS, MAX_TEXT};

/// A register that was refused whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", self.location())]
pub struct RegisterError {
    /// The file's name, if the caller gave one.
    pub file: Option<String>,
    /// The row, counted from 1, if the problem is in one.
    pub row: Option<usize>,
    /// The code of that row, if it is known.
    pub code: Option<String>,
    /// What is wrong there.
    pub problem: RegisterProblem,
}

/// What is wrong with a register and how to correct it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterProblem {
    /// The bytes are not JSON.
    #[error("not JSON from line {line}, column {column} on; save the register's answer again, whole and unedited")]
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1, in bytes; 0 at the beginning of a line.
        column: usize,
    },
    /// The JSON is not a register.
    #[error("not a register; give an object whose \"results\" is a list of facilities")]
    NotARegister,
    /// The file has more rows than any country's register.
    #[error("more than {MAX_ROWS} rows; split the file, for instance by county")]
    TooManyRows,
    /// The row is not an object.
    #[error("not a facility; give an object with code, name, county_name and so on")]
    NotAFacility,
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
    /// Two rows have the same code.
    #[error("the same code stands already in {}row {first_row}; keep one of the two rows", after_comma(.first_file))]
    DuplicateCode {
        /// The name of the first row's file, if the caller gave one.
        first_file: Option<String>,
        /// The first row, counted from 1.
        first_row: usize,
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
    /// The county is not one of Kenya's.
    #[error("the county_name is none of Kenya's 47 counties; correct its spelling")]
    UnknownCounty,
}

impl RegisterError {
    pub(super) fn of_file(problem: RegisterProblem) -> Self {
        Self { file: None, row: None, code: None, problem }
    }

    pub(super) fn of_row(row: usize, code: Option<String>, problem: RegisterProblem) -> Self {
        Self { file: None, row: Some(row), code, problem }
    }

    pub(super) fn in_file(self, file: Option<&str>) -> Self {
        Self { file: file.map(str::to_owned), ..self }
    }

    /// The location, up to and including the colon; empty when nothing is known.
    fn location(&self) -> String {
        let row = match (self.row, &self.code) {
            (Some(row), Some(code)) => Some(format!("row {row} (code {code})")),
            (Some(row), None) => Some(format!("row {row}")),
            (None, _) => None,
        };
        let parts: Vec<&str> = [self.file.as_deref(), row.as_deref()].into_iter().flatten().collect();
        if parts.is_empty() { String::new() } else { format!("{}: ", parts.join(", ")) }
    }
}

fn after_comma(file: &Option<String>) -> String {
    file.as_ref().map(|file| format!("{file}, ")).unwrap_or_default()
}
