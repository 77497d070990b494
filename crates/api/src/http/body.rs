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
use crate::http::code::{Rejection, RequestId};
use crate::http::limit;
use crate::http::negotiation::Media;
use crate::http::reply::refuse_with;
use crate::i18n::Language;

/// The largest body in bytes, where no smaller limit is given.
pub(crate) const SIZE: usize = limit::BODY.allowed;
/// How long a body may take to arrive.
const ARRIVAL: Duration = limit::BODY_ARRIVAL.time();

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// The body is larger than allowed: so many bytes are announced or have arrived.
    TooLarge(usize),
    /// It did not arrive in time.
    TooSlow,
    /// The connection broke off.
    Broken,
}

impl Unread {
    /// The HTTP status for it.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }

    /// The error message, for bodies limited to [`SIZE`].
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::TooLarge(_) => "The body is larger than 64 KiB.",
            Self::TooSlow => "The body took too long to arrive.",
            Self::Broken => "The body broke off.",
        }
    }

    /// The answer in the shape of a GraphQL error, in that media type.
    pub(crate) fn rejection(self, media: Media, request_id: RequestId, language: Language) -> Response {
        let rejection = match self {
            Self::TooLarge(asked) => limit::BODY.exceeded_with(asked, self.message()),
            _ => Rejection::new(ErrorCode::BadRequest, self.message()),
        };
        refuse_with(media, self.status(), rejection, request_id, language)
    }
}

/// Reads the whole body, of at most `size` bytes.
///
/// # Errors
/// When the body is too large, arrives too slowly, or breaks off.
pub(crate) async fn read(headers: &HeaderMap, body: Body, size: usize) -> Result<Bytes, Unread> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if let Some(length) = announced.filter(|length| *length > size) {
        return Err(Unread::TooLarge(length));
    }
    let all = async {
        let mut whole = Vec::with_capacity(announced.unwrap_or(0));
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| Unread::Broken)?;
            if whole.len() + chunk.len() > size {
                return Err(Unread::TooLarge(whole.len() + chunk.len()));
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
