//! Turns JSON into rows. Only one row at a time is held in full; of the others only what we keep.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::crosswalk::{key_population_friendly, service_types};
use super::{MAX_ROWS, MAX_TEXT, RegisterError, RegisterFacility, RegisterProblem, SkipReason};
use crate::county::{CountyCode, same_words};

/// A row that the reader understood.
pub(super) enum Row {
    Facility(RegisterFacility),
    Skipped { code: Option<String>, reason: SkipReason },
}

impl Row {
    pub(super) fn code(&self) -> Option<&str> {
        match self {
            Self::Facility(facility) => Some(&facility.code),
            Self::Skipped { code, .. } => code.as_deref(),
        }
    }
}

/// The rows of a file, in its order.
pub(super) fn read_rows(json: &[u8]) -> Result<Vec<Row>, RegisterError> {
    // Windows editors put a byte order mark before the text.
    let json = json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json);
    let file: File = serde_json::from_slice(json).map_err(|error| {
        // serde_json's own message would repeat text of the file.
        RegisterError::of_file(if error.is_data() {
            RegisterProblem::NotARegister
        } else {
            RegisterProblem::NotJson { line: error.line(), column: error.column() }
        })
    })?;
    file.results.0
}

#[derive(serde::Deserialize)]
struct File {
    results: Rows,
}

struct Rows(Result<Vec<Row>, RegisterError>);

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(RowsVisitor).map(Self)
    }
}

struct RowsVisitor;

impl<'de> Visitor<'de> for RowsVisitor {
    type Value = Result<Vec<Row>, RegisterError>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of facilities")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut rows = Ok(Vec::new());
        while let Ok(read) = &mut rows {
            let Some(value) = list.next_element::<Value>()? else { return Ok(rows) };
            if read.len() == MAX_ROWS {
                rows = Err(RegisterError::of_file(RegisterProblem::TooManyRows));
                break;
            }
            match read_row(&value) {
                Ok(row) => read.push(row),
                Err((code, problem)) => rows = Err(RegisterError::of_row(read.len() + 1, code, problem)),
            }
        }
        // A problem is already known; the rest is only checked for being JSON.
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(rows)
    }
}

type Fields = Map<String, Value>;

fn read_row(value: &Value) -> Result<Row, (Option<String>, RegisterProblem)> {
    let fields = value.as_object().ok_or((None, RegisterProblem::NotAFacility))?;
    let code = read_code(fields).map_err(|problem| (None, problem))?;
    read_facility(fields, code.clone()).map_err(|problem| (code, problem))
}

fn read_facility(fields: &Fields, code: Option<String>) -> Result<Row, RegisterProblem> {
    let closed =
        required(fields, "closed")?.as_bool().ok_or(RegisterProblem::WrongKind { field: "closed", expected: "true or false" })?;
    // Closed rows and rows without a code are skipped before the rest is checked: their other fields may be incomplete.
    let code = match (closed, code) {
        (true, code) => return Ok(Row::Skipped { code, reason: SkipReason::Closed }),
        (false, None) => return Ok(Row::Skipped { code: None, reason: SkipReason::NoCode }),
        (false, Some(code)) => code,
    };
    required(fields, "name")?;
    required(fields, "operation_status_name")?;
    required(fields, "county_name")?;
    let county = text(fields, "county_name")?;
    let status = text(fields, "operation_status_name")?;
    let services = read_services(fields)?;
    Ok(Row::Facility(RegisterFacility {
        code,
        name: text(fields, "name")?.ok_or(RegisterProblem::EmptyName)?,
        level: text(fields, "keph_level_name")?,
        county: county.as_deref().and_then(CountyCode::from_name).ok_or(RegisterProblem::UnknownCounty)?,
        sub_county: text(fields, "sub_county_name")?,
        operational: status.is_some_and(|status| same_words(&status, "Operational")),
        key_population_friendly: key_population_friendly(&services),
        service_types: service_types(&services),
    }))
}

fn required<'a>(fields: &'a Fields, field: &'static str) -> Result<&'a Value, RegisterProblem> {
    fields.get(field).ok_or(RegisterProblem::Missing { field })
}

/// The register writes codes as numbers; spreadsheets and other tools write them as texts. Null means that the facility has no
/// code yet.
fn read_code(fields: &Fields) -> Result<Option<String>, RegisterProblem> {
    let code = match required(fields, "code")? {
        Value::Null => return Ok(None),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return Err(RegisterProblem::WrongKind { field: "code", expected: "a number or a text of digits" }),
    };
    if (1..=10).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(Some(code))
    } else {
        Err(RegisterProblem::InvalidCode)
    }
}

/// A text trimmed of white space and control characters, with single spaces within; `None` when it is null or blank.
fn text(fields: &Fields, field: &'static str) -> Result<Option<String>, RegisterProblem> {
    let text = match fields.get(field) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text,
        Some(_) => return Err(RegisterProblem::WrongKind { field, expected: "a text" }),
    };
    let blank = |character: char| character.is_whitespace() || character.is_control();
    let words: Vec<&str> = text.split(blank).filter(|word| !word.is_empty()).collect();
    let text = words.join(" ");
    if text.chars().count() > MAX_TEXT {
        return Err(RegisterProblem::TooLong { field });
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// The names of the services; empty when the register gives null.
fn read_services(fields: &Fields) -> Result<Vec<&str>, RegisterProblem> {
    let field = "service_names";
    let wrong = || RegisterProblem::WrongKind { field, expected: "a list of texts" };
    match required(fields, field)? {
        Value::Null => Ok(Vec::new()),
        Value::Array(names) => names.iter().map(|name| name.as_str().ok_or_else(wrong)).collect(),
        _ => Err(wrong()),
    }
}
