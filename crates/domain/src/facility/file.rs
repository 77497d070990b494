//! Takes a file apart into its rows: an object whose `results` are the rows, or a row a line. Only one row at a time is held in
//! full.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::page::Paging;
use super::{MAX_ROWS, Place, RegisterProblem};

/// What is done with a row.
pub(super) type Take<'a> = dyn FnMut(Place, &str) + 'a;

/// How many rows a file has, and which part of a list they are.
pub(super) struct Shape {
    pub(super) rows: usize,
    pub(super) paging: Paging,
}

/// Reads the rows of a text.
///
/// # Errors
/// What is wrong with the text as a whole, after the rows before it were taken.
pub(super) fn read(text: &str, take: &mut Take<'_>) -> Result<Shape, RegisterProblem> {
    if is_row_a_line(text) { read_lines(text, take) } else { read_object(text, take) }
}

/// Whether each line is a row: the first is a whole object that is no register, and says a code or isn't the only line.
fn is_row_a_line(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let Some(first) = lines.next() else { return false };
    let Ok(object) = serde_json::from_str::<serde_json::Map<String, Value>>(first) else { return false };
    !object.contains_key("results")
        && (object.contains_key("code") || lines.next().is_some_and(|next| next.trim_start().starts_with('{')))
}

fn read_lines(text: &str, take: &mut Take<'_>) -> Result<Shape, RegisterProblem> {
    let mut rows = 0;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        if rows == MAX_ROWS {
            return Err(RegisterProblem::TooManyRows);
        }
        rows += 1;
        take(Place::Line(number), line);
    }
    Ok(Shape { rows, paging: Paging::default() })
}

fn read_object(text: &str, take: &mut Take<'_>) -> Result<Shape, RegisterProblem> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = Object { take }.deserialize(&mut deserializer).and_then(|read| deserializer.end().map(|()| read));
    // serde_json's own message would repeat text of the file.
    read.map_err(|error| {
        if error.is_data() {
            RegisterProblem::NotARegister
        } else {
            RegisterProblem::NotJson { line: error.line(), column: error.column() }
        }
    })?
}

struct Object<'a, 'b> {
    take: &'a mut Take<'b>,
}

impl<'de> DeserializeSeed<'de> for Object<'_, '_> {
    type Value = Result<Shape, RegisterProblem>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_, '_> {
    type Value = Result<Shape, RegisterProblem>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with results")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut paging = Paging::default();
        let mut rows = None;
        while let Some(field) = map.next_key::<String>()? {
            if field == "results" && rows.is_none() {
                rows = Some(map.next_value_seed(Rows { take: &mut *self.take })?);
            } else if Paging::FIELDS.contains(&field.as_str()) {
                paging.set(&field, &map.next_value::<Value>()?);
            } else if field == "results" {
                map.next_value::<IgnoredAny>()?;
                rows = Some(Err(RegisterProblem::Repeated { field: "results" }));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(rows.unwrap_or(Err(RegisterProblem::NotARegister)).map(|rows| Shape { rows, paging }))
    }
}

struct Rows<'a, 'b> {
    take: &'a mut Take<'b>,
}

impl<'de> DeserializeSeed<'de> for Rows<'_, '_> {
    type Value = Result<usize, RegisterProblem>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows<'_, '_> {
    type Value = Result<usize, RegisterProblem>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of facilities")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut rows = 0;
        while rows < MAX_ROWS {
            let Some(row) = list.next_element::<&RawValue>()? else { return Ok(Ok(rows)) };
            rows += 1;
            (self.take)(Place::Row(rows), row.get());
        }
        if list.next_element::<IgnoredAny>()?.is_none() {
            return Ok(Ok(rows));
        }
        // The rest is only checked for being JSON.
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Err(RegisterProblem::TooManyRows))
    }
}
