//! Turns a row into what we keep of it. Of a row that can't be read, everything is named that has to be put right.

use chrono::NaiveDate;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::crosswalk::{key_population_friendly, service_types};
use super::{MAX_TEXT, RegisterFacility, RegisterProblem, SkipReason, code};
use crate::county::{CountyCode, same_words};
use crate::visible;

/// The most bytes in a text: PostgreSQL keeps no more of it in an index.
const MAX_TEXT_BYTES: usize = 2_500;

/// A row that the reader understood.
pub(super) enum Row {
    Facility {
        facility: RegisterFacility,
        /// The day on which it was entered, if the row says it.
        entered: Option<NaiveDate>,
    },
    Skipped {
        code: Option<String>,
        reason: SkipReason,
        /// In which county and on which day it was entered, if the row says both.
        entered: Option<(CountyCode, NaiveDate)>,
    },
}

/// Why a row can't be read.
pub(super) struct Unreadable {
    pub(super) code: Option<String>,
    pub(super) problems: Vec<RegisterProblem>,
}

type Fields = Map<String, Value>;

/// The code alone, in the digits with which it is written. A number's own text shows how many of them there are.
#[derive(serde::Deserialize)]
struct Written<'a> {
    #[serde(borrow, default)]
    code: Option<&'a RawValue>,
}

pub(super) fn read_row(json: &str) -> Result<Row, Unreadable> {
    let without_code = |problem| Unreadable { code: None, problems: vec![problem] };
    let fields: Fields = serde_json::from_str(json).map_err(|_| without_code(RegisterProblem::NotAFacility))?;
    // Of two codes in one row serde_json would keep the second, and nobody knows which was meant.
    let written: Written<'_> =
        serde_json::from_str(json).map_err(|_| without_code(RegisterProblem::Repeated { field: "code" }))?;
    let mut problems = Problems::default();
    let code = problems.keep(read_code(&fields, written.code)).flatten();
    let row = read_facility(&fields, code.clone(), &mut problems);
    match row {
        Some(row) if problems.0.is_empty() => Ok(row),
        _ => Err(Unreadable { code, problems: problems.0 }),
    }
}

#[derive(Default)]
struct Problems(Vec<RegisterProblem>);

impl Problems {
    fn keep<T>(&mut self, read: Result<T, RegisterProblem>) -> Option<T> {
        read.map_err(|problem| self.0.push(problem)).ok()
    }
}

fn read_facility(fields: &Fields, code: Option<String>, problems: &mut Problems) -> Option<Row> {
    let closed = problems
        .keep(required(fields, "closed").and_then(|closed| {
            closed.as_bool().ok_or(RegisterProblem::WrongKind { field: "closed", expected: "true or false" })
        }));
    // Closed rows and rows without a code are skipped before the rest is checked: their other fields may be incomplete.
    match (closed, &code) {
        (Some(true), code) => {
            return Some(Row::Skipped { code: code.clone(), reason: SkipReason::Closed, entered: entered_anyway(fields) });
        }
        (Some(false), None) => {
            return Some(Row::Skipped { code: None, reason: SkipReason::NoCode, entered: entered_anyway(fields) });
        }
        _ => {}
    }
    let name = problems.keep(required_text(fields, "name").and_then(|name| name.ok_or(RegisterProblem::EmptyName)));
    let status = problems.keep(required_text(fields, "operation_status_name"));
    let county = problems.keep(
        required_text(fields, "county_name")
            .and_then(|county| county.as_deref().and_then(CountyCode::from_name).ok_or(RegisterProblem::UnknownCounty)),
    );
    let level = problems.keep(text(fields, "keph_level_name"));
    let sub_county = problems.keep(text(fields, "sub_county_name"));
    let services = problems.keep(read_services(fields));
    let entered = problems.keep(read_day(fields, "created"));
    let services = services?;
    let facility = RegisterFacility {
        code: code?,
        name: name?,
        level: level?,
        county: county?,
        sub_county: sub_county?,
        operational: status?.is_some_and(|status| same_words(&status, "Operational")),
        key_population_friendly: key_population_friendly(&services),
        service_types: service_types(&services),
    };
    Some(Row::Facility { facility, entered: entered? })
}

/// What a row that is skipped says of its age, if it can be read.
fn entered_anyway(fields: &Fields) -> Option<(CountyCode, NaiveDate)> {
    let county = text(fields, "county_name").ok().flatten().and_then(|name| CountyCode::from_name(&name));
    county.zip(read_day(fields, "created").ok().flatten())
}

fn required<'a>(fields: &'a Fields, field: &'static str) -> Result<&'a Value, RegisterProblem> {
    fields.get(field).ok_or(RegisterProblem::Missing { field })
}

fn required_text(fields: &Fields, field: &'static str) -> Result<Option<String>, RegisterProblem> {
    required(fields, field)?;
    text(fields, field)
}

/// The register writes codes as numbers; spreadsheets and other tools write them as texts. Null means that the facility has no
/// code yet.
fn read_code(fields: &Fields, written: Option<&RawValue>) -> Result<Option<String>, RegisterProblem> {
    match required(fields, "code")? {
        Value::Null => Ok(None),
        Value::Number(number) => {
            let number = written.map_or_else(|| number.to_string(), |written| written.get().to_owned());
            code::read(&number).map(Some)
        }
        Value::String(text) => code::read(text).map(Some),
        _ => Err(RegisterProblem::WrongKind { field: "code", expected: "a number or a text of digits" }),
    }
}

/// A text as a person sees it ([`visible::line`]); `None` when it is null, or nothing of it can be seen.
fn text(fields: &Fields, field: &'static str) -> Result<Option<String>, RegisterProblem> {
    let text = match fields.get(field) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text,
        Some(_) => return Err(RegisterProblem::WrongKind { field, expected: "a text" }),
    };
    let text = visible::line(text);
    if visible::is_stacked(&text) {
        return Err(RegisterProblem::Stacked { field });
    }
    if !visible::fits(&text, MAX_TEXT) || text.len() > MAX_TEXT_BYTES {
        return Err(RegisterProblem::TooLong { field });
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// The day of a moment such as "2020-05-19T08:10:26.778716Z", or a day alone.
fn read_day(fields: &Fields, field: &'static str) -> Result<Option<NaiveDate>, RegisterProblem> {
    let wrong = || RegisterProblem::WrongKind { field, expected: "a day such as 2020-05-19" };
    let Some(moment) = text(fields, field).map_err(|_| wrong())? else { return Ok(None) };
    let day = moment.get(..10).filter(|_| moment.len() == 10 || moment[10..].starts_with(['T', ' ']));
    day.and_then(|day| day.parse().ok()).map(Some).ok_or_else(wrong)
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
