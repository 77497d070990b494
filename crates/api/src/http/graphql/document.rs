//! From the fields of a request to an operation that may be executed: parsed once, within the limits.

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet};
use async_graphql::parser::{Error as ParserError, parse_query};
use async_graphql::{Request, Value, Variables};
use serde_json::{Map, Value as Json};

use crate::error_code::ErrorCode;
use crate::graphql::session_activity::Initiative;
use crate::http::code::Rejection;
use crate::http::graphql::engine::{Engine, Manner};
use crate::http::graphql::limits;
use crate::http::settings::Settings;

mod brackets;
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

/// A request that may be executed.
pub(crate) struct Prepared {
    /// The request for the engine, with its document parsed.
    pub request: Request,
    /// What kind of operation it is.
    pub kind: OperationType,
    /// The names of its root fields that the schema knows, as many as a log line names.
    pub fields: Vec<String>,
    /// How it is executed.
    pub manner: Manner,
}

/// Parses the document, checks it against the limits, and finds the operation to execute.
///
/// # Errors
/// TOO_COSTLY past a limit; BAD_REQUEST for anything else that the client can put right.
pub(crate) fn prepare(parameters: Parameters, settings: &Settings, engine: &Engine) -> Result<Prepared, Rejection> {
    let Parameters { query, variables, operation_name, initiative } = parameters;
    brackets::check(&query)?;
    let document = parse_query(&query).map_err(|error| not_parsed(&error, settings.explain_documents))?;
    let mut variables = Variables::from_json(Json::Object(variables));
    let roots = limits::check(&document, &variables)?;
    if roots.introspects && !settings.introspection {
        return Err(Rejection::new(ErrorCode::BadRequest, "Introspection is off."));
    }
    let operation = chosen(&document, operation_name.as_deref())?;
    check_required(operation, &variables)?;
    fill_in_defaults(operation, &mut variables);
    let kind = operation.ty;
    // The GraphQL specification, 5.2.3.1. Several streams in one operation would also wait for each other, and hold transactions meanwhile.
    if kind == OperationType::Subscription && root_fields(&document, &operation.selection_set.node) != 1 {
        return Err(Rejection::new(ErrorCode::BadRequest, "A subscription has exactly one root field: open one for each."));
    }
    let mut fields = Vec::new();
    name_fields(&document, &operation.selection_set.node, engine, &mut fields);
    let counts = fields.iter().any(|name| engine.counts(name));
    fields.truncate(NAMED_FIELDS);

    // The request doesn't keep the text, which nobody needs any more: what isn't kept can't be logged.
    let mut request = Request::new(String::new()).variables(variables);
    request.operation_name = operation_name;
    request.set_parsed_query(document);
    Ok(Prepared { request, kind, fields, manner: Manner { initiative, counts } })
}

fn not_parsed(error: &ParserError, explain: bool) -> Rejection {
    let message = if explain { error.to_string() } else { "The document could not be parsed.".to_owned() };
    Rejection { code: ErrorCode::BadRequest, message: message.into(), locations: error.positions().collect() }
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

/// Checks that all required variables are there. The library notices a missing one only when a resolver reads it.
fn check_required(operation: &OperationDefinition, variables: &Variables) -> Result<(), Rejection> {
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let given = variables.get(&definition.name.node);
        let missing = match given {
            Some(Value::Null) => true,
            Some(_) => false,
            None => definition.default_value.is_none(),
        };
        if missing && !definition.var_type.node.nullable {
            let message = format!("The variable ${} is required.", definition.name.node);
            return Err(Rejection { code: ErrorCode::BadRequest, message: message.into(), locations: vec![definition.name.pos] });
        }
    }
    Ok(())
}

/// Adds the defaults of variables. The library ignores them when it evaluates `@skip` and `@include`.
fn fill_in_defaults(operation: &OperationDefinition, variables: &mut Variables) {
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        if let Some(default) = &definition.default_value {
            variables.entry(definition.name.node.clone()).or_insert_with(|| default.node.clone());
        }
    }
}

/// How many root fields a selection has, with its fragments expanded. The limits, which were checked before, bound the walk.
fn root_fields(document: &ExecutableDocument, set: &SelectionSet) -> usize {
    let count = |item: &Selection| match item {
        Selection::Field(_) => 1,
        Selection::InlineFragment(fragment) => root_fields(document, &fragment.node.selection_set.node),
        Selection::FragmentSpread(spread) => document
            .fragments
            .get(&spread.node.fragment_name.node)
            .map_or(0, |fragment| root_fields(document, &fragment.node.selection_set.node)),
    };
    set.items.iter().map(|item| count(&item.node)).sum()
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
