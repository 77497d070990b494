//! GraphQL over HTTP: POST with JSON alone. A form, a multipart body or plain text could be sent by any page without asking.

use async_graphql::parser::types::OperationType;
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use pamoja_domain::message::Message;

use crate::auth::bearer;
use crate::body;
use crate::document::{self, Parameters};
use crate::edge::Edge;
use crate::execution;
use crate::explorer;
use crate::negotiation::{self, Media};
use crate::response::{Code, Refusal, RequestId, Shaped, shape};
use crate::telemetry::{self, Outcome};
use crate::words::{Language, Text};

/// Executes a query or a mutation.
pub async fn post(
    State(edge): State<Edge>,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    // Whoever reads the newer type is refused in it too: in the older one, clients take a body beside such a status for no answer
    // of GraphQL and don't read the code.
    let accepted = Media::accepted(&headers);
    let language = Language::of(&headers);
    let media = accepted.unwrap_or(Media::Json);
    let refused = |status, code, message: Text| refuse_in(media, status, code, message, request_id, language);
    let Some(admitted) = bearer(&headers).and_then(|token| edge.verify(token)) else {
        return refused(StatusCode::UNAUTHORIZED, Code::Unauthenticated, Message::of("sign-in-needed").into());
    };
    if accepted.is_none() {
        let message = "Answers are application/graphql-response+json or application/json.";
        return refused(StatusCode::NOT_ACCEPTABLE, Code::BadRequest, message.into());
    }
    if !negotiation::sends_json(&headers) {
        return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::BadRequest, "Send application/json in UTF-8.".into());
    }
    let whole = match body::read(&headers, body).await {
        Ok(whole) => whole,
        Err(unread) => return unread.refusal(media, request_id, language),
    };
    let Ok(json) = serde_json::from_slice(&whole) else {
        return refused(StatusCode::BAD_REQUEST, Code::BadRequest, "The body is not JSON.".into());
    };
    drop(whole);
    let parameters = match Parameters::from_json(json) {
        Ok(parameters) => parameters,
        Err(Refusal { code, message, .. }) => return refused(StatusCode::BAD_REQUEST, code, message),
    };
    let explain = edge.settings.explain_documents;
    let (operation, fields, shaped) = match document::prepare(parameters, &edge.settings, &edge.engine) {
        Err(refusal) => ("none", Vec::new(), shape(refusal.into(), request_id, language, explain)),
        Ok(mut prepared) => {
            let operation = telemetry::operation(prepared.kind);
            let fields = std::mem::take(&mut prepared.fields);
            let shaped = if prepared.kind == OperationType::Subscription {
                let refusal = Refusal::new(Code::BadRequest, "Subscriptions are served over WebSocket, at /graphql/ws.");
                shape(refusal.into(), request_id, language, explain)
            } else {
                execution::run(&edge, prepared, admitted.caller, request_id, language).await
            };
            (operation, fields, shaped)
        }
    };
    let mut response = answer(&shaped, media);
    response.extensions_mut().insert(Outcome { operation, fields, code: telemetry::outcome(shaped.code) });
    response
}

/// The explorer page for whoever asks for a page; nothing is ever executed by GET.
pub async fn get(Extension(request_id): Extension<RequestId>, headers: HeaderMap) -> Response {
    if negotiation::wants_page(&headers) { explorer::page() } else { method_not_allowed(Extension(request_id)).await }
}

/// The answer to every other method.
pub async fn method_not_allowed(Extension(request_id): Extension<RequestId>) -> Response {
    let mut response =
        refuse(StatusCode::METHOD_NOT_ALLOWED, Code::BadRequest, "Send queries and mutations by POST.", request_id);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}

/// A refusal in the shape of a GraphQL error, for what isn't even a GraphQL request and only a developer can put right.
pub fn refuse(status: StatusCode, code: Code, message: &'static str, request_id: RequestId) -> Response {
    refuse_in(Media::Json, status, code, message, request_id, Language::English)
}

/// A refusal in the shape of a GraphQL error, in that media type and language.
pub fn refuse_in(
    media: Media,
    status: StatusCode,
    code: Code,
    message: impl Into<Text>,
    request_id: RequestId,
    language: Language,
) -> Response {
    let shaped = shape(Refusal::new(code, message).into(), request_id, language, false);
    let mut response = write(&shaped, status, media);
    response.extensions_mut().insert(Outcome { operation: "none", fields: Vec::new(), code: code.as_str() });
    response
}

/// An answer in that media type, with the status that belongs to it.
pub(crate) fn answer(shaped: &Shaped, media: Media) -> Response {
    let mut response = write(shaped, status(shaped, media), media);
    response.headers_mut().extend(shaped.response.http_headers.clone());
    response
}

/// Where nothing was answered because of who asks or of how we are, the status says so in either media type; the rest is as
/// the GraphQL-over-HTTP specification has it.
fn status(shaped: &Shaped, media: Media) -> StatusCode {
    match shaped.code {
        Some(Code::Unauthenticated) if shaped.is_empty() => StatusCode::UNAUTHORIZED,
        Some(Code::Unavailable) if shaped.is_empty() => StatusCode::SERVICE_UNAVAILABLE,
        Some(Code::RateLimited) if shaped.is_empty() => StatusCode::TOO_MANY_REQUESTS,
        Some(Code::Internal) if !shaped.executed => StatusCode::INTERNAL_SERVER_ERROR,
        Some(_) if !shaped.executed && media == Media::GraphqlResponse => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    }
}

fn write(shaped: &Shaped, status: StatusCode, media: Media) -> Response {
    let Ok(bytes) = shaped.bytes() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = (status, [(header::CONTENT_TYPE, media.content_type())], bytes).into_response();
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}
