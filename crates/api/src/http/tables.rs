//! `GET /tables/<NAME>.csv`: a published table as a CSV file for a spreadsheet (RFC 4180). It executes the query that a frontend
//! would send and writes the answer as CSV. Permissions and errors are therefore the same.

use axum::Extension;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pamoja_domain::access::Caller;
use pamoja_domain::message::Message;
use pamoja_domain::statistic::{FigureStatus, PeriodKind, StatisticTableName};
use pamoja_domain::vocabulary::Vocabulary;
use serde_json::{Map, Value, json};

use crate::error_code::ErrorCode;
use crate::http::bearer::bearer;
use crate::http::code::{Rejections, RequestId};
use crate::http::edge::Edge;
use crate::http::graphql::document::{self, Parameters};
use crate::http::graphql::execution;
use crate::http::graphql::response::{Shaped, shape};
use crate::http::negotiation::Media;
use crate::http::reply::{answer, refuse, refuse_in};
use crate::http::telemetry::{self, Outcome};
use crate::i18n::{Language, Text, caption};

/// The query. It also asks for `method` and the totals, so that the file itself says what its figures are.
const DOCUMENT: &str = "query ($input: StatisticTableInput!) { coalition { table(input: $input) {
    dimensions method { caption }
    cells { period keys labels value status } totals { period value status }
} } }";
/// The key of a total, the figure over all cells.
const TOTAL: &str = "TOTAL";
/// The parameters that aren't dimensions.
const PARAMETERS: [&str; 4] = ["measure", "period", "from", "through"];

/// Answers with the table, or with an error in the shape of a GraphQL error.
pub(crate) async fn get(
    State(edge): State<Edge>,
    Extension(request_id): Extension<RequestId>,
    file: Result<Path<String>, PathRejection>,
    parameters: Result<Query<Vec<(String, String)>>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let language = Language::of(&headers);
    let refused = |status, code, message: Text| refuse_in(Media::Json, status, code, message, request_id, language);
    let Some(admitted) = bearer(&headers).and_then(|token| edge.verify(token)) else {
        return refused(StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated, Message::of("sign-in-needed").into());
    };
    let name = file.ok().and_then(|Path(file)| StatisticTableName::from_code(file.strip_suffix(".csv")?));
    let Some(name) = name else {
        let message = "There is no such table: write /tables/NAME.csv with a name that coalition.tables lists.";
        return refused(StatusCode::NOT_FOUND, ErrorCode::BadRequest, message.into());
    };
    let parameters = parameters.map_err(|_| "What stands after the question mark can't be read.");
    let input = match parameters.and_then(|Query(parameters)| input(name, parameters)) {
        Ok(input) => input,
        Err(message) => return refused(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message.into()),
    };
    let (shaped, fields) = run(&edge, &input, admitted.caller, request_id, language).await;
    let code = telemetry::outcome(shaped.code);
    let mut response = match table(&shaped) {
        Some(table) => written(&table, &file_name(&input), language),
        // The file has the whole table or nothing: on an error the client gets only the errors.
        None => answer(&Shaped { executed: false, ..shaped }, Media::GraphqlResponse),
    };
    response.extensions_mut().insert(Outcome { operation: "query", fields, code });
    response
}

/// The answer to every other method.
pub(crate) async fn method_not_allowed(Extension(request_id): Extension<RequestId>) -> Response {
    let mut response = refuse(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadRequest, "Tables are read by GET.", request_id);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET"));
    response
}

/// The input of the query. A parameter that isn't one of the table's own names a dimension and a key; several keys of one
/// dimension are alternatives.
fn input(name: StatisticTableName, parameters: Vec<(String, String)>) -> Result<Value, &'static str> {
    let mut input = Map::new();
    let mut picked: Vec<(String, Vec<String>)> = Vec::new();
    input.insert("name".to_owned(), json!(name.code()));
    for (parameter, value) in parameters {
        if PARAMETERS.contains(&parameter.as_str()) {
            if input.insert(parameter, json!(value)).is_some() {
                return Err("Each of measure, period, from and through stands once.");
            }
        } else if let Some((_, keys)) = picked.iter_mut().find(|(dimension, _)| *dimension == parameter) {
            keys.push(value);
        } else {
            picked.push((parameter, vec![value]));
        }
    }
    if ["measure", "from", "through"].iter().any(|needed| !input.contains_key(*needed)) {
        return Err(
            "Say which figures: ?measure=CREATED&from=2026-01&through=2026-06, with &period=QUARTER or YEAR for longer ones.",
        );
    }
    let period = input.get("period").and_then(Value::as_str).unwrap_or("MONTH");
    if PeriodKind::from_code(period).is_none() {
        return Err("A period is MONTH, QUARTER or YEAR.");
    }
    let conditions: Vec<Value> =
        picked.into_iter().map(|(dimension, values)| json!({ "dimension": dimension, "values": values })).collect();
    input.insert("where".to_owned(), Value::Array(conditions));
    Ok(Value::Object(input))
}

async fn run(edge: &Edge, input: &Value, caller: Caller, request_id: RequestId, language: Language) -> (Shaped, Vec<String>) {
    let request = json!({ "query": DOCUMENT, "variables": { "input": input } });
    let parameters = Parameters::from_json(request).map_err(Rejections::from);
    match parameters.and_then(|parameters| document::prepare(parameters, &edge.settings, &edge.engine)) {
        Ok(mut prepared) => {
            let fields = std::mem::take(&mut prepared.fields);
            (execution::run(edge, prepared, caller, request_id, language).await, fields)
        }
        Err(refusal) => (shape(refusal.into(), request_id, language, false), Vec::new()),
    }
}

fn table(shaped: &Shaped) -> Option<Value> {
    if shaped.code.is_some() {
        return None;
    }
    let body: Value = serde_json::from_slice(&shaped.bytes().ok()?).ok()?;
    body.pointer("/data/coalition/table").cloned()
}

/// The rows of each period: its cells, then its total, whose note says what the figures are. Where the period isn't published, each
/// note says so.
fn written(table: &Value, name: &str, language: Language) -> Response {
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap_or_default().to_owned()).collect()
    };
    let rows = |list: &str| table[list].as_array().cloned().unwrap_or_default();
    let dimensions = texts(&table["dimensions"]);
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let labels = dimensions.iter().map(|dimension| format!("{dimension}Label"));
    let header: Vec<String> = std::iter::once("period".to_owned())
        .chain(dimensions.iter().cloned())
        .chain(labels)
        .chain(["value", "suppressed", "note"].map(str::to_owned))
        .collect();
    let figure = |cell: &Value| {
        [cell["value"].as_i64().map_or(String::new(), |value| value.to_string()), cell["value"].is_null().to_string()]
    };
    let unpublished = |cell: &Value| {
        let status = FigureStatus::from_code(cell["status"].as_str()?)?;
        let of_period = matches!(status, FigureStatus::NotYetPublished | FigureStatus::NeverPublished);
        of_period.then(|| caption(language, FigureStatus::NAME, status.code()))
    };
    let mut outcome = writer.write_record(&header);
    let cells = rows("cells");
    for total in rows("totals") {
        let period = total["period"].as_str().unwrap_or_default();
        for cell in cells.iter().filter(|cell| cell["period"] == total["period"]) {
            let row = [period.to_owned()].into_iter().chain(texts(&cell["keys"])).chain(texts(&cell["labels"]));
            outcome = outcome
                .and_then(|()| writer.write_record(row.chain(figure(cell)).chain([unpublished(cell).unwrap_or_default()])));
        }
        let row = [period.to_owned()]
            .into_iter()
            .chain(vec![TOTAL.to_owned(); dimensions.len()])
            .chain(vec![String::new(); dimensions.len()]);
        let note = unpublished(&total).unwrap_or_else(|| table["method"]["caption"].as_str().unwrap_or_default().to_owned());
        outcome = outcome.and_then(|()| writer.write_record(row.chain(figure(&total)).chain([note])));
    }
    let (Ok(()), Ok(bytes)) = (outcome, writer.into_inner()) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = ([(header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present")], bytes).into_response();
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// The file's name, made of the input. The schema accepted the input, so it holds only codes and months.
fn file_name(input: &Value) -> String {
    let text = |field: &str| input[field].as_str().unwrap_or("MONTH").to_owned();
    format!("{}-{}-{}-{}-{}.csv", text("name"), text("measure"), text("period"), text("from"), text("through"))
}
