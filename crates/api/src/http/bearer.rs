//! The access token that a request carries.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

/// The token of the one `Authorization: Bearer` header (RFC 6750). Nothing when the request has no such header, several, or
/// another scheme.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    token_of(value.to_str().ok()?)
}

/// The token of an `Authorization` value such as `Bearer a.b.c`, wherever it stands. Nothing when the scheme is another, or the token is
/// empty.
pub(crate) fn token_of(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

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
}
