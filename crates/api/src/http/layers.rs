//! What every answer carries: the request id, the language, the security headers. Also writes its one log line.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt;

use crate::error_code::ErrorCode;
use crate::http::code::RequestId;
use crate::http::negotiation::Media;
use crate::http::reply::refuse_in;
use crate::http::telemetry::{Line, Outcome};
use crate::i18n::Language;

/// The header that carries the request id.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

const HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")),
];

/// The outermost layer: makes the request id, adds the headers that no inner layer has set, and writes the log line.
pub(crate) async fn envelope(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = RequestId::fresh();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let language = Language::of(request.headers());
    request.extensions_mut().insert(request_id);

    let mut response = next.run(request).await;

    let status = response.status();
    let outcome = response.extensions_mut().remove::<Outcome>();
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(value);
    }
    headers.entry(header::CONTENT_LANGUAGE).or_insert(HeaderValue::from_static(language.tag()));
    headers.append(header::VARY, HeaderValue::from_static("Accept-Language"));
    let shared = headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    let policy = HeaderValue::from_static(if shared { "cross-origin" } else { "same-origin" });
    headers.entry(RESOURCE_POLICY).or_insert(policy);
    if let Ok(value) = HeaderValue::from_str(&request_id.to_string()) {
        headers.insert(REQUEST_ID, value);
    }

    let outcome = outcome.unwrap_or_else(|| Outcome { operation: "none", fields: Vec::new(), code: code_of(status) });
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    // A client may invent a method, and its words must not reach the log.
    let method = if HTTP_METHODS.contains(&method.as_str()) { method.as_str() } else { "other" };
    Line { request_id, method, route, status: status.as_u16(), started }.write(&outcome);
    response
}

const HTTP_METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// The outcome of a route that doesn't speak GraphQL, read from its status.
fn code_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => ErrorCode::Unauthenticated.as_str(),
        StatusCode::FORBIDDEN => ErrorCode::Forbidden.as_str(),
        StatusCode::TOO_MANY_REQUESTS => ErrorCode::RateLimited.as_str(),
        StatusCode::SERVICE_UNAVAILABLE => ErrorCode::Unavailable.as_str(),
        status if status.is_client_error() => ErrorCode::BadRequest.as_str(),
        status if status.is_server_error() => ErrorCode::Internal.as_str(),
        _ => "OK",
    }
}

/// Answers a handler's panic in the shape of our errors.
pub(crate) async fn catch(request: Request, next: Next) -> Response {
    let request_id = request.extensions().get::<RequestId>().copied().unwrap_or_else(RequestId::fresh);
    let language = Language::of(request.headers());
    AssertUnwindSafe(next.run(request)).catch_unwind().await.unwrap_or_else(|_| {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        refuse_in(Media::Json, status, ErrorCode::Internal, "the handler panicked", request_id, language)
    })
}
