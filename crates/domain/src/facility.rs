//! Kenya's national facility register. A file is read whole or not at all.
//!
//! One reader takes both the register's own JSON and the project's compact copy of it (`data/kenya`), which has the same field
//! names. The register swaps `lat` and `long` in every row that has them. The reader does not swap them back: this project keeps
//! no coordinates of anything, and the reader never holds what it does not need.

mod crosswalk;
mod error;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod refusal_tests;
mod register;
mod row;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

pub use self::error::{RegisterError, RegisterProblem};
pub use self::register::{MAX_ROWS, MAX_TEXT, Register, RegisterFacility, SkipReason, Skipped};
use self::row::{Row, read_rows};

/// Reads one file of the register: an object whose `results` are the rows. Unknown fields are ignored.
///
/// # Errors
/// The first problem, with its row and code. Nothing of the file is then taken.
pub fn parse_register(json: &[u8]) -> Result<Register, RegisterError> {
    parse_all([(None, json)])
}

/// Reads several files of the register, such as one for each county, as one register.
///
/// # Errors
/// As [`parse_register`], with the file's name; also when two files hold the same code. Nothing is then taken.
pub fn parse_registers<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Register, RegisterError> {
    parse_all(files.into_iter().map(|(name, json)| (Some(name), json)))
}

fn parse_all<'a>(files: impl IntoIterator<Item = (Option<&'a str>, &'a [u8])>) -> Result<Register, RegisterError> {
    let mut register = Register::default();
    let mut seen: HashMap<String, (Option<&str>, usize)> = HashMap::new();
    for (file, json) in files {
        let rows = read_rows(json).map_err(|error| error.in_file(file))?;
        for (number, row) in (1..).zip(rows) {
            if let Some(code) = row.code()
                && let Some((first_file, first_row)) = seen.insert(code.to_owned(), (file, number))
            {
                let first_file = first_file.map(str::to_owned);
                let problem = RegisterProblem::DuplicateCode { first_file, first_row };
                return Err(RegisterError::of_row(number, Some(code.to_owned()), problem).in_file(file));
            }
            match row {
                Row::Facility(facility) => register.facilities.push(facility),
                Row::Skipped { code, reason } => {
                    let file = file.map(str::to_owned);
                    register.skipped.push(Skipped { file, row: number, code, reason });
                }
            }
        }
    }
    register.facilities.sort_by(|left, right| left.code.cmp(&right.code));
    Ok(register)
}
