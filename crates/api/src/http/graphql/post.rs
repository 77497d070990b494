//! GraphQL over HTTP: only POST with JSON. Any web page could send a form, a multipart body or plain text without asking first.

use async_graphql::parser::types::OperationType;
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use pamoja_domain::message::Message;

use crate::error_code::ErrorCode;
use crate::http::bearer::bearer;
use crate::http::body;
use crate::http::code::{Rejection, RequestId};
use crate::http::edge::Edge;
use crate::http::explorer;
use crate::http::graphql::document::{self, Parameters};
use crate::http::graphql::execution;
use crate::http::graphql::response::shape;
use crate::http::negotiation::{self, Media};
use crate::http::reply::{answer, refuse, refuse_in};
use crate::http::telemetry::{self, Outcome};
use crate::i18n::{Language, Text};

/// Executes a query or a mutation.
pub(crate) async fn post(
    State(edge): State<Edge>,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    // A client that reads the newer media type gets errors in it too. With the older one, clients take a body beside an error
    // status for no answer of GraphQL, and don't read the code.
    let accepted = Media::accepted(&headers);
    let language = Language::of(&headers);
    let media = accepted.unwrap_or(Media::Json);
    let refused = |status, code, message: Text| refuse_in(media, status, code, message, request_id, language);
    let Some(admitted) = bearer(&headers).and_then(|token| edge.verify(token)) else {
        return refused(StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated, Message::of("sign-in-needed").into());
    };
    if accepted.is_none() {
        let message = "Answers are application/graphql-response+json or application/json.";
        return refused(StatusCode::NOT_ACCEPTABLE, ErrorCode::BadRequest, message.into());
    }
    if !negotiation::sends_json(&headers) {
        return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::BadRequest, "Send application/json in UTF-8.".into());
    }
    let whole = match body::read(&headers, body, body::SIZE).await {
        Ok(whole) => whole,
        Err(unread) => return unread.rejection(media, request_id, language),
    };
    let Ok(json) = serde_json::from_slice(&whole) else {
        return refused(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, "The body is not JSON.".into());
    };
    drop(whole);
    let parameters = match Parameters::from_json(json) {
        Ok(parameters) => parameters,
        Err(Rejection { code, message, .. }) => return refused(StatusCode::BAD_REQUEST, code, message),
    };
    let explain = edge.settings.explain_documents;
    let (operation, fields, shaped) = match document::prepare(parameters, &edge.settings, &edge.engine) {
        Err(refusal) => ("none", Vec::new(), shape(refusal.into(), request_id, language, explain)),
        Ok(mut prepared) => {
            let operation = telemetry::operation(prepared.kind);
            let fields = std::mem::take(&mut prepared.fields);
            let shaped = if prepared.kind == OperationType::Subscription {
                let refusal = Rejection::new(ErrorCode::BadRequest, "Subscriptions are served over WebSocket, at /graphql/ws.");
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

/// The explorer page, when there is one and the client asks for a page; GET never executes anything.
pub(crate) async fn get(State(edge): State<Edge>, Extension(request_id): Extension<RequestId>, headers: HeaderMap) -> Response {
    if edge.settings.explorer && negotiation::wants_page(&headers) {
        explorer::page()
    } else {
        method_not_allowed(Extension(request_id)).await
    }
}

/// The answer to every other method.
pub(crate) async fn method_not_allowed(Extension(request_id): Extension<RequestId>) -> Response {
    let mut response =
        refuse(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadRequest, "Send queries and mutations by POST.", request_id);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}
