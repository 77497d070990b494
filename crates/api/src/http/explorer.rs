//! The explorer page: one file of ours that loads nothing from outside. The page's policy allows its own script and style by
//! their hashes.

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use data_encoding::BASE64;
use sha2::{Digest, Sha256};

const PAGE: &str = include_str!("explorer.html");

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; connect-src 'self'; img-src data:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        hash("<script>", "</script>"),
        hash("<style>", "</style>"),
    );
    // The policy has only characters that a header may hold. If it had others, the page would show nothing.
    HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
});

/// The page, with the policy that allows its script and style.
pub(crate) fn page() -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY.clone()),
        (header::CONTENT_LANGUAGE, HeaderValue::from_static("en")),
        // GET at this address answers with the page or with an error, depending on Accept.
        (header::VARY, HeaderValue::from_static("Accept")),
    ];
    (headers, Html(PAGE)).into_response()
}

fn hash(open: &str, close: &str) -> String {
    let inside = PAGE.split_once(open).and_then(|(_, rest)| rest.split_once(close)).map_or("", |(inside, _)| inside);
    format!("sha256-{}", BASE64.encode(&Sha256::digest(inside)))
}

#[cfg(test)]
mod tests {
    use super::PAGE;

    #[test]
    fn the_page_asks_nothing_of_anybody_else() {
        for outside in [
            "http://",
            "https://",
            "//cdn",
            "@import",
            "url(",
            " src=",
            "localStorage",
            "sessionStorage",
            "style=\"",
            " onclick=",
        ] {
            assert!(!PAGE.contains(outside), "{outside}");
        }
        assert_eq!(PAGE.matches("<script>").count(), 1);
        assert_eq!(PAGE.matches("<style>").count(), 1);
        assert!(PAGE.lines().count() < 400);
    }
}
