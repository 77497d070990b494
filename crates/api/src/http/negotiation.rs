//! Media types: what a client sends, and what it accepts.

use axum::http::{HeaderMap, HeaderValue, header};

/// The media types that a GraphQL answer can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    /// `application/graphql-response+json`: the status says whether the request was executed.
    GraphqlResponse,
    /// `application/json`: the status is 200 for every well-formed request.
    Json,
}

impl Media {
    /// The Content-Type header for it.
    pub(crate) fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        })
    }

    /// The media type that the client prefers; plain JSON when it has no preference. Nothing when it accepts neither.
    pub(crate) fn accepted(headers: &HeaderMap) -> Option<Self> {
        if !headers.contains_key(header::ACCEPT) {
            return Some(Self::Json);
        }
        let ranges = ranges(headers);
        let quality = |media: &str, general: &[&str]| {
            let named = ranges.iter().find(|(range, _)| range == media);
            let ranged = general.iter().find_map(|general| ranges.iter().find(|(range, _)| range == general));
            named.or(ranged).map_or(0.0, |(_, quality)| *quality)
        };
        let general = ["application/*", "*/*"];
        let json = quality("application/json", &general);
        // A bare */* accepts anything, and then the older media type is safer.
        let modern = quality("application/graphql-response+json", &general);
        let named = ranges.iter().any(|(range, _)| range == "application/graphql-response+json");
        if modern > json || (named && modern > 0.0 && modern == json && comes_first(&ranges)) {
            Some(Self::GraphqlResponse)
        } else {
            (json > 0.0).then_some(Self::Json)
        }
    }
}

/// Whether the newer media type is named before the older one: among equals, the first one named wins.
fn comes_first(ranges: &[(String, f32)]) -> bool {
    let rank = |media: &str| ranges.iter().position(|(range, _)| range == media).unwrap_or(usize::MAX);
    rank("application/graphql-response+json") < rank("application/json")
}

fn ranges(headers: &HeaderMap) -> Vec<(String, f32)> {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let media = parts.next().filter(|media| !media.is_empty())?.to_ascii_lowercase();
            let quality = parts
                .find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")))
                .map_or(1.0, |quality| quality.trim().parse().unwrap_or(0.0));
            Some((media, quality))
        })
        .collect()
}

/// Whether the client explicitly accepts HTML.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    ranges(headers).iter().any(|(media, quality)| media == "text/html" && *quality > 0.0)
}

/// Whether the body is JSON in UTF-8, and not compressed.
pub(crate) fn sends_json(headers: &HeaderMap) -> bool {
    let encoded =
        headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
    let Some(Ok(content_type)) = headers.get(header::CONTENT_TYPE).map(HeaderValue::to_str) else { return false };
    let mut parts = content_type.split(';').map(str::trim);
    let json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
    let utf8 = parts.all(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        !name.trim().eq_ignore_ascii_case("charset") || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
    });
    json && utf8 && !encoded
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{Media, sends_json};

    fn accepted(accept: &'static str) -> Option<Media> {
        Media::accepted(&HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))]))
    }

    #[test]
    fn what_a_client_takes() {
        assert_eq!(Media::accepted(&HeaderMap::new()), Some(Media::Json));
        assert_eq!(accepted("*/*"), Some(Media::Json));
        assert_eq!(accepted("application/*"), Some(Media::Json));
        assert_eq!(accepted("application/graphql-response+json"), Some(Media::GraphqlResponse));
        assert_eq!(accepted("application/graphql-response+json, application/json;q=0.9"), Some(Media::GraphqlResponse));
        assert_eq!(accepted("application/graphql-response+json, application/json"), Some(Media::GraphqlResponse));
        assert_eq!(accepted("application/json, application/graphql-response+json"), Some(Media::Json));
        assert_eq!(accepted("application/json;q=0, */*"), Some(Media::GraphqlResponse));
        assert_eq!(accepted("text/html"), None);
        assert_eq!(accepted("application/json;q=0"), None);
    }

    #[test]
    fn what_a_client_may_send() {
        let sends =
            |kind: &'static str| sends_json(&HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(kind))]));
        assert!(
            sends("application/json") && sends("Application/JSON; charset=UTF-8") && sends("application/json;charset=\"utf-8\"")
        );
        assert!(!sends("application/json; charset=utf-16") && !sends("text/plain") && !sends("multipart/form-data; boundary=x"));
        assert!(!sends("application/graphql") && !sends("application/x-www-form-urlencoded") && !sends_json(&HeaderMap::new()));
    }
}
