//! The language that a client reads, from the Accept-Language header of the request.

use async_graphql::Context;
use axum::http::{HeaderMap, header};

/// How many bytes of Accept-Language are read; browsers send a tenth of it.
const LOOKED_AT: usize = 512;

/// A language that the program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// The default.
    English,
    /// Kiswahili.
    Swahili,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::Swahili];

    /// Its tag in HTTP headers, and the name of its folder of message files.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Swahili => "sw",
        }
    }

    /// The language of ours that the headers prefer; English when they name none of ours or make no sense.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut best: Option<(Self, f32)> = None;
        let mut left = LOOKED_AT;
        for value in headers.get_all(header::ACCEPT_LANGUAGE) {
            let bytes = value.as_bytes();
            let text = String::from_utf8_lossy(&bytes[..bytes.len().min(left)]);
            left -= bytes.len().min(left);
            for (language, quality) in text.split(',').filter_map(wish) {
                // Among equals, the first one named wins.
                if quality > best.map_or(0.0, |(_, best)| best) {
                    best = Some((language, quality));
                }
            }
        }
        best.map_or(Self::English, |(language, _)| language)
    }

    /// The language of the request that a resolver works for.
    pub fn of_request(context: &Context<'_>) -> Self {
        context.data_opt().copied().unwrap_or(Self::English)
    }
}

/// Reads one range of the header, such as `sw-KE;q=0.9`. Nothing when it isn't one of our languages. The region makes no
/// difference.
fn wish(range: &str) -> Option<(Language, f32)> {
    let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
    let tag = tag.trim();
    let primary = tag.split('-').next().unwrap_or(tag);
    let language = Language::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))?;
    let quality = parameters
        .split(';')
        .find_map(|parameter| parameter.trim().strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('='))
        .map_or(1.0, |quality| quality.trim().parse().unwrap_or(0.0));
    // The range test refuses NaN too.
    (0.0..=1.0).contains(&quality).then_some((language, quality))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn asked(values: &[&str]) -> Language {
        let value = |text: &&str| (header::ACCEPT_LANGUAGE, HeaderValue::from_str(text).expect("a header"));
        Language::of(&values.iter().map(value).collect())
    }

    #[test]
    fn the_language_is_the_one_that_is_asked_for_most() {
        use Language::{English, Swahili};
        for (values, language) in [
            (&[][..], English),
            (&["sw"], Swahili),
            (&["SW-ke"], Swahili),
            (&["sw-KE;q=0.9, en;q=0.5"], Swahili),
            (&["en;q=0.5, sw-KE; q=0.9"], Swahili),
            (&["en, sw"], English),
            (&["sw, en"], Swahili),
            (&["en;q=0.5", "sw"], Swahili),
            (&["fr, sw;q=0.1"], Swahili),
            (&["sw;q=0"], English),
            (&["sw;q=nonsense"], English),
            (&["sw;q=NaN, en;q=0.1"], English),
            (&["sw;q=7"], English),
            (&["fr"], English),
            (&["*"], English),
            (&["swahili"], English),
            (&["", ";;q=1,,-", ","], English),
        ] {
            assert_eq!(asked(values), language, "{values:?}");
        }
    }

    #[test]
    fn what_is_past_the_bound_is_not_looked_at() {
        let long = format!("{}, sw", "fr, ".repeat(200));
        assert_eq!(asked(&[&long]), Language::English);
        assert_eq!(asked(&[&long, "sw"]), Language::English);
        assert_eq!(asked(&["fr, sw", &long]), Language::Swahili);
    }

    proptest! {
        #[test]
        fn no_header_makes_it_fail(values in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..700), 0..4)) {
            let headers: HeaderMap = values
                .iter()
                .filter_map(|bytes| Some((header::ACCEPT_LANGUAGE, HeaderValue::from_bytes(bytes).ok()?)))
                .collect();
            Language::of(&headers);
        }
    }
}
