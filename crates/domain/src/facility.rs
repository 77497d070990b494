//! Kenya's national facility register. Files are read whole or not at all.
//!
//! One reader takes the register's own JSON, the project's compact copy of it (`data/kenya`), which has the same field names, and
//! lines of JSON. The register swaps `lat` and `long` in every row that has them. The reader does not swap them back: this project
//! keeps no coordinates of anything, and the reader never holds what it does not need.

mod age;
mod code;
mod crosswalk;
mod encoding;
mod error;
mod file;
mod kind;
mod page;
mod place;
#[cfg(test)]
mod property_tests;
mod reader;
#[cfg(test)]
mod refusal_tests;
mod register;
mod row;
#[cfg(test)]
mod tests;

pub use self::age::{NewestEntries, Older, older};
pub use self::error::{RegisterError, RegisterErrors, RegisterProblem};
pub use self::kind::FileKind;
pub use self::place::Place;
pub use self::reader::RegisterReader;
pub use self::register::{
    KnownFacility, MAX_BYTES, MAX_NAMED, MAX_ROWS, MAX_TEXT, Register, RegisterFacility, SkipReason, Skipped,
};

/// Reads one file of the register. A page of a longer list is refused.
///
/// # Errors
/// All problems, each with its row and code. Nothing of the file is then taken.
pub fn parse_register(json: &[u8]) -> Result<Register, RegisterErrors> {
    let mut reader = RegisterReader::new(false);
    reader.read(None, json);
    reader.finish()
}

/// Reads several files of the register, such as one for each county, as one register.
///
/// # Errors
/// As [`parse_register`], with the files' names; also when two files say different things of the same code. Nothing is then taken.
pub fn parse_registers<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Register, RegisterErrors> {
    let mut reader = RegisterReader::new(false);
    for (name, json) in files {
        reader.read(Some(name), json);
    }
    reader.finish()
}
