//! From the fields of a request to an operation that may be executed: parsed once, within the limits.

use async_graphql::Variables;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet};
use async_graphql::parser::{Error as ParserError, parse_query};
use serde_json::{Map, Value as Json};

use crate::error_code::ErrorCode;
use crate::graphql::plain::Plain;
use crate::graphql::session_activity::Initiative;
use crate::http::code::{Rejection, Rejections};
use crate::http::graphql::engine::Engine;
use crate::http::graphql::prepared::{GoodDocument, Manner, Prepared};
use crate::http::graphql::{limits, variables};
use crate::http::settings::Settings;

mod brackets;
mod plainness;
mod rewriting;
#[cfg(test)]
pub(crate) use brackets::check as brackets_check;

/// The largest number of root fields that a log line names.
const NAMED_FIELDS: usize = 10;

/// The fields of a GraphQL request, checked for their JSON types.
#[derive(Debug)]
pub(crate) struct Parameters {
    query: String,
    variables: Map<String, Json>,
    operation_name: Option<String>,
    initiative: Initiative,
}

impl Parameters {
    /// Reads the fields from a request's JSON. Of the `extensions` only `background` means something: with true, the client says that it
    /// asks by itself, and no person does. The others are ignored.
    ///
    /// # Errors
    /// BAD_REQUEST that names the field with the wrong type.
    pub(crate) fn from_json(json: Json) -> Result<Self, Rejection> {
        let wrong = |message: &'static str| Rejection::new(ErrorCode::BadRequest, message);
        let Json::Object(mut fields) = json else {
            return Err(wrong("A request is one JSON object; several at once are not taken."));
        };
        let Some(Json::String(query)) = fields.remove("query") else {
            return Err(wrong("`query` must be there and be a string."));
        };
        let variables = match fields.remove("variables") {
            None | Some(Json::Null) => Map::new(),
            Some(Json::Object(variables)) => variables,
            Some(_) => return Err(wrong("`variables` must be an object.")),
        };
        let operation_name = match fields.remove("operationName") {
            None | Some(Json::Null) => None,
            Some(Json::String(name)) => Some(name),
            Some(_) => return Err(wrong("`operationName` must be a string.")),
        };
        let background = match fields.remove("extensions") {
            None | Some(Json::Null) => None,
            Some(Json::Object(mut extensions)) => extensions.remove("background"),
            Some(_) => return Err(wrong("`extensions` must be an object.")),
        };
        let initiative = match background {
            None | Some(Json::Null | Json::Bool(false)) => Initiative::Person,
            Some(Json::Bool(true)) => Initiative::Client,
            Some(_) => return Err(wrong("`extensions.background` must be true or false.")),
        };
        Ok(Self { query, variables, operation_name, initiative })
    }
}

/// Parses the document, checks it against the limits and the schema, and finds the operation to execute.
///
/// # Errors
/// TOO_COSTLY past a limit; BAD_REQUEST for anything else that the client can put right.
pub(crate) fn prepare(parameters: Parameters, settings: &Settings, engine: &Engine) -> Result<Prepared, Rejections> {
    let Parameters { query, variables, operation_name, initiative } = parameters;
    let explain = settings.explain_documents;
    let mut variables = Variables::from_json(Json::Object(variables));
    let mut is_known = true;
    let document = engine.documents().find(&query, || -> Result<_, Rejections> {
        is_known = false;
        brackets::check(&query)?;
        let mut document = parse_query(&query).map_err(|error| not_parsed(&error, explain))?;
        let roots = limits::check(&document, &variables, engine.lengths())?;
        if roots.introspects && !settings.introspection {
            return Err(Rejection::new(ErrorCode::BadRequest, "Introspection is off.").into());
        }
        engine.validator().check(&query, explain)?;
        rewriting::rewrite(&mut document);
        let plain = Plain(plainness::is_plain(&document));
        Ok(GoodDocument { document, plain })
    })?;
    if is_known {
        limits::check_variables(&variables)?;
    }
    let operation = chosen(&document.document, operation_name.as_deref())?;
    variables::check(operation, &mut variables, engine.validator().schema(), explain)?;
    let kind = operation.ty;
    let mut fields = Vec::new();
    name_fields(&document.document, &operation.selection_set.node, engine, &mut fields);
    let counts = fields.iter().any(|name| engine.counts(name));
    fields.truncate(NAMED_FIELDS);
    Ok(Prepared { document, variables, operation_name, kind, fields, manner: Manner { initiative, counts } })
}

fn not_parsed(error: &ParserError, explain: bool) -> Rejection {
    // The parser's own words show the line, with whatever stands in it; what it expected there stands behind the last "= ".
    let expected = match error {
        ParserError::Syntax { message, .. } => message.rsplit_once("= ").map(|(_, expected)| expected.to_owned()),
        other => Some(other.to_string()),
    };
    let message = match expected.filter(|_| explain) {
        Some(expected) => format!("The document could not be parsed: {expected}."),
        None => "The document could not be parsed.".to_owned(),
    };
    Rejection { locations: error.positions().collect(), ..Rejection::new(ErrorCode::BadRequest, message) }
}

fn chosen<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Result<&'a OperationDefinition, Rejection> {
    let mut operations = document.operations.iter();
    let found = match name {
        Some(name) => operations.find(|(known, _)| known.is_some_and(|known| known == name)),
        None if document.operations.iter().count() > 1 => {
            return Err(Rejection::new(
                ErrorCode::BadRequest,
                "The document has several operations: say which in `operationName`.",
            ));
        }
        None => operations.next(),
    };
    found
        .map(|(_, operation)| &operation.node)
        .ok_or_else(|| Rejection::new(ErrorCode::BadRequest, "The document has no operation of the name in `operationName`."))
}

/// Collects the names of root fields. The limits, checked before, bound the recursion.
fn name_fields(document: &ExecutableDocument, set: &SelectionSet, engine: &Engine, names: &mut Vec<String>) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => {
                let name = field.node.name.node.as_str();
                let known = matches!(name, "__schema" | "__type" | "__typename") || engine.knows(name);
                if known && !names.iter().any(|named| named == name) {
                    names.push(name.to_owned());
                }
            }
            Selection::InlineFragment(fragment) => name_fields(document, &fragment.node.selection_set.node, engine, names),
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    name_fields(document, &fragment.node.selection_set.node, engine, names);
                }
            }
        }
    }
}
