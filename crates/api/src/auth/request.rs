//! What is read from a request, and nothing more of it.

use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use serde::de::DeserializeOwned;

use super::answer::AuthError;

/// The largest body, in bytes. The router sees to it.
pub(super) const MAX_BODY: usize = 8 * 1024;

/// The token of the one `Authorization: Bearer` header. Nothing when there is none, or several, or of another scheme.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

/// The body as a JSON object.
///
/// # Errors
/// `expected` is what is said of a body that is something else.
pub(super) async fn read<T: DeserializeOwned>(request: Request, expected: &'static str) -> Result<T, AuthError> {
    let is_json = request.headers().get(CONTENT_TYPE).is_some_and(is_json);
    let body = read_body(request).await?;
    if !is_json {
        return Err(AuthError::UnsupportedMediaType);
    }
    parse(&body, expected)
}

/// As [`read`], but no body at all is as good as an empty object.
pub(super) async fn read_optional<T: DeserializeOwned + Default>(
    request: Request,
    expected: &'static str,
) -> Result<T, AuthError> {
    let is_json = request.headers().get(CONTENT_TYPE).is_some_and(is_json);
    let body = read_body(request).await?;
    match body.is_empty() {
        true => Ok(T::default()),
        false if is_json => parse(&body, expected),
        false => Err(AuthError::UnsupportedMediaType),
    }
}

async fn read_body(request: Request) -> Result<Bytes, AuthError> {
    request.extract::<Bytes, _>().await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => AuthError::TooLarge,
        _ => AuthError::BadRequest("The body broke off.".into()),
    })
}

/// What the parser says quotes the body, so it is left out.
fn parse<T: DeserializeOwned>(body: &[u8], expected: &'static str) -> Result<T, AuthError> {
    // A list would be read as the fields in their order.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(AuthError::BadRequest(expected.into()));
    }
    serde_json::from_slice(body).map_err(|_| AuthError::BadRequest(expected.into()))
}

fn is_json(value: &HeaderValue) -> bool {
    let Ok(text) = value.to_str() else {
        return false;
    };
    let mut parts = text.split(';').map(str::trim);
    parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"))
        && parts.all(|parameter| parameter.eq_ignore_ascii_case("charset=utf-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (AUTHORIZATION, HeaderValue::from_str(value).expect("a header"))).collect()
    }

    #[test]
    fn there_is_one_bearer_token_or_none() {
        assert_eq!(bearer(&headers(&["Bearer a.b.c"])), Some("a.b.c"));
        assert_eq!(bearer(&headers(&["bearer  a.b.c"])), Some("a.b.c"));
        for none in [&[][..], &["Bearer"], &["Bearer "], &["Basic abc"], &["Bearer a", "Bearer b"], &["Bearer a", "Basic b"]] {
            assert_eq!(bearer(&headers(none)), None, "{none:?}");
        }
    }

    #[test]
    fn only_json_is_json() {
        for (text, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=UTF-8", true),
            ("application/json; charset=utf-16", false),
            ("application/jsonp", false),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
        ] {
            assert_eq!(is_json(&HeaderValue::from_static(text)), expected, "{text}");
        }
    }
}
