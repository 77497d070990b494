//! What is sent back: a shaped answer, or a rejection in the same shape.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::error_code::ErrorCode;
use crate::http::code::{Rejection, RequestId};
use crate::http::graphql::response::{Shaped, shape};
use crate::http::negotiation::Media;
use crate::http::telemetry::Outcome;
use crate::i18n::{Language, Text};

/// A rejection in the shape of a GraphQL error, for a request that isn't GraphQL at all and that only a developer can put right.
pub(crate) fn refuse(status: StatusCode, code: ErrorCode, message: &'static str, request_id: RequestId) -> Response {
    refuse_in(Media::Json, status, code, message, request_id, Language::English)
}

/// A rejection in the shape of a GraphQL error, in that media type and language.
pub(crate) fn refuse_in(
    media: Media,
    status: StatusCode,
    code: ErrorCode,
    message: impl Into<Text>,
    request_id: RequestId,
    language: Language,
) -> Response {
    refuse_with(media, status, Rejection::new(code, message), request_id, language)
}

/// As [`refuse_in`], for a rejection that was made elsewhere.
pub(crate) fn refuse_with(
    media: Media,
    status: StatusCode,
    rejection: Rejection,
    request_id: RequestId,
    language: Language,
) -> Response {
    let code = rejection.code.as_str();
    let shaped = shape(rejection.into(), request_id, language, false);
    let mut response = write(&shaped, status, media);
    response.extensions_mut().insert(Outcome { operation: "none", fields: Vec::new(), code });
    response
}

/// An answer in that media type, with the status that belongs to it.
pub(crate) fn answer(shaped: &Shaped, media: Media) -> Response {
    let mut response = write(shaped, status(shaped, media), media);
    response.headers_mut().extend(shaped.response.http_headers.clone());
    response
}

/// The status of an answer. When nothing was answered because the caller may not ask or the server can't answer now, the status
/// says so in both media types. In all other cases the GraphQL-over-HTTP specification decides.
fn status(shaped: &Shaped, media: Media) -> StatusCode {
    match shaped.code {
        Some(ErrorCode::Unauthenticated) if shaped.is_empty() => StatusCode::UNAUTHORIZED,
        Some(ErrorCode::Unavailable) if shaped.is_empty() => StatusCode::SERVICE_UNAVAILABLE,
        Some(ErrorCode::RateLimited) if shaped.is_empty() => StatusCode::TOO_MANY_REQUESTS,
        Some(ErrorCode::Internal) if !shaped.executed => StatusCode::INTERNAL_SERVER_ERROR,
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
