//! Rows in the text format of COPY.

use std::fmt::{Display, Write};

use chrono::{DateTime, Utc};

/// The rows of one table that are yet to be written.
#[derive(Debug)]
pub(super) struct Rows {
    /// The table and its columns, as a COPY statement names them.
    pub(super) target: &'static str,
    /// The rows in COPY's text format.
    pub(super) text: String,
}

impl Rows {
    pub(super) fn new(target: &'static str) -> Self {
        Self { target, text: String::new() }
    }

    /// The table.
    pub(super) fn table(&self) -> &'static str {
        self.target.split(' ').next().unwrap_or_default()
    }

    pub(super) fn push<const WIDTH: usize>(&mut self, values: [&dyn Display; WIDTH]) {
        for (at, value) in values.into_iter().enumerate() {
            if at > 0 {
                self.text.push('\t');
            }
            // Writing to a String can't fail.
            let _ = write!(Escaped(&mut self.text), "{value}");
        }
        self.text.push('\n');
    }
}

/// Passes text on, and escapes the characters that mean something to COPY.
struct Escaped<'a>(&'a mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        // Nearly all text is as it was.
        if text.bytes().all(|byte| !matches!(byte, b'\\' | b'\t' | b'\n' | b'\r') && byte < BEGINS_NULL) {
            self.0.push_str(text);
            return Ok(());
        }
        for character in text.chars() {
            match character {
                '\\' => self.0.push_str("\\\\"),
                '\t' => self.0.push_str("\\t"),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                // Only `Maybe` writes this character, for a missing value.
                NULL => self.0.push_str("\\N"),
                other => self.0.push(other),
            }
        }
        Ok(())
    }
}

/// Marks a missing value. No text of the made-up coalition holds this character.
const NULL: char = '\u{10ffff}';
/// Its first byte, which only a few other characters begin with.
const BEGINS_NULL: u8 = 0xf4;

pub(super) struct Maybe<T>(pub(super) Option<T>);

impl<T: Display> Display for Maybe<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Some(value) => value.fmt(formatter),
            None => formatter.write_char(NULL),
        }
    }
}

pub(super) struct Moment(pub(super) DateTime<Utc>);

impl Display for Moment {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}+00", self.0.naive_utc())
    }
}

/// A list of codes as an array; codes need no quotes.
pub(super) struct Codes<'a, T>(pub(super) &'a [T]);

impl<T: Display> Display for Codes<'_, T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_char('{')?;
        for (at, code) in self.0.iter().enumerate() {
            write!(formatter, "{}{code}", if at > 0 { "," } else { "" })?;
        }
        formatter.write_char('}')
    }
}

pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl Display for Bytes<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "\\x")?;
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}
