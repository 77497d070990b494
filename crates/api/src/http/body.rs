//! Reading a request's body within bounds of size and time. The framework's own limit doesn't apply to raw bodies.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::StreamExt;
use tokio::time::timeout;

use crate::error_code::ErrorCode;
use crate::http::code::RequestId;
use crate::http::negotiation::Media;
use crate::http::reply::refuse_in;
use crate::i18n::Language;

/// The largest body in bytes, where no smaller limit is given.
pub(crate) const SIZE: usize = 64 * 1024;
/// How long a body may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(10);

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// The body is larger than allowed.
    TooLarge,
    /// It did not arrive in time.
    TooSlow,
    /// The connection broke off.
    Broken,
}

impl Unread {
    /// The HTTP status for it.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }

    /// The error message, for bodies limited to [`SIZE`].
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::TooLarge => "The body is larger than 64 KiB.",
            Self::TooSlow => "The body took too long to arrive.",
            Self::Broken => "The body broke off.",
        }
    }

    /// The answer in the shape of a GraphQL error, in that media type.
    pub(crate) fn rejection(self, media: Media, request_id: RequestId, language: Language) -> Response {
        let code = if self == Self::TooLarge { ErrorCode::TooCostly } else { ErrorCode::BadRequest };
        refuse_in(media, self.status(), code, self.message(), request_id, language)
    }
}

/// Reads the whole body, of at most `size` bytes.
///
/// # Errors
/// When the body is too large, arrives too slowly, or breaks off.
pub(crate) async fn read(headers: &HeaderMap, body: Body, size: usize) -> Result<Bytes, Unread> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > size) {
        return Err(Unread::TooLarge);
    }
    let all = async {
        let mut whole = Vec::with_capacity(announced.unwrap_or(0));
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| Unread::Broken)?;
            if whole.len() + chunk.len() > size {
                return Err(Unread::TooLarge);
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(Bytes::from(whole))
    };
    timeout(ARRIVAL, all).await.unwrap_or(Err(Unread::TooSlow))
}

/// A layer that reads the body before its handlers run, so that the same bounds hold for all of them.
pub(crate) async fn bounded(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match read(&parts.headers, body, SIZE).await {
        Ok(whole) => next.run(Request::from_parts(parts, Body::from(whole))).await,
        Err(unread) => {
            let request_id = parts.extensions.get::<RequestId>().copied().unwrap_or_else(RequestId::fresh);
            unread.rejection(Media::Json, request_id, Language::of(&parts.headers))
        }
    }
}
