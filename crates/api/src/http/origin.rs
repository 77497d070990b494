//! Pages of other origins: which of them may call, and one log line when another one tried.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use url::{Host, Url};

/// A refused origin is named in the log at most once in this time.
const INTERVAL: Duration = Duration::from_secs(3_600);
/// How many refused origins are remembered.
const MOST: usize = 200;
/// The longest origin that the log names, in bytes: a host's name has at most 253.
const LONGEST: usize = 280;

/// The origin that a text names, as browsers write it: scheme, host and the port unless it is the scheme's own. None when the text names
/// no page of the web, or more than its origin.
pub fn parse(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    // A star in a host's name would match no browser's origin, and seem to match many.
    let one_host = url.host_str().is_some_and(|host| !host.is_empty() && !host.contains('*'));
    (bare && url.path() == "/" && one_host).then(|| url.origin().ascii_serialization())
}

/// The origins of a setting. One that is left empty stands for none.
///
/// # Errors
/// A sentence that says which one is none, and how to write it.
pub fn parse_all<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Vec<String>, String> {
    let named = texts.into_iter().map(str::trim).filter(|text| !text.is_empty());
    named
        .map(|text| match text {
            "*" => Err("* would let the pages of everybody call: name each origin, such as https://app.example.org".to_owned()),
            text => parse(text).ok_or_else(|| {
                format!("{} is not an origin: write scheme and host alone, such as https://app.example.org", text.escape_debug())
            }),
        })
        .collect()
}

/// Whether what is sent to that address can be read on the way: it is HTTP, and its host isn't this machine.
pub fn is_open_to_others(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| {
        let this_machine = match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(number)) => number.is_loopback(),
            Some(Host::Ipv6(number)) => number.is_loopback(),
            None => false,
        };
        url.scheme() != "https" && !this_machine
    })
}

/// Whether the page that asks may: it is our own, or of an allowed origin. Other clients than browsers name no origin.
pub(crate) fn may_call(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    let own = matches!((authority, host), (Some(authority), Some(host)) if authority.eq_ignore_ascii_case(host));
    own || allowed.iter().any(|allowed| allowed == origin)
}

/// The origins whose pages may call, and those of which the log has said that they were refused. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Origins {
    allowed: Arc<[String]>,
    refused: Arc<Mutex<HashMap<String, Instant>>>,
}

/// What the log is to say of a refused origin.
#[derive(Debug, PartialEq, Eq)]
enum Say {
    /// Its name.
    Name,
    /// That there are more than can be named.
    More,
    /// Nothing: it has said so within the hour.
    Nothing,
}

impl Origins {
    /// With these allowed.
    pub(crate) fn allowing(allowed: &[String]) -> Self {
        Self { allowed: allowed.into(), refused: Arc::default() }
    }

    fn say(&self, origin: &str, now: Instant) -> Say {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = |at: &Instant| now.saturating_duration_since(*at) < INTERVAL;
        if refused.get(origin).is_some_and(recent) {
            return Say::Nothing;
        }
        if refused.len() >= MOST {
            refused.retain(|_, at| recent(at));
        }
        // Whoever makes up thousands of origins gets one line for all of them.
        let (origin, say) = if refused.len() >= MOST { ("", Say::More) } else { (origin, Say::Name) };
        if refused.get(origin).is_some_and(recent) {
            return Say::Nothing;
        }
        refused.insert(origin.to_owned(), now);
        say
    }
}

/// Writes one log line an hour for an origin whose pages are refused. Browsers tell their user nothing of the reason, so it is the
/// operator who must learn which setting is missing.
pub(crate) async fn note_refused(State(origins): State<Origins>, request: Request, next: Next) -> Response {
    if !may_call(request.headers(), &origins.allowed)
        && let Some(origin) = request.headers().get(header::ORIGIN)
    {
        let origin = loggable(origin);
        match origins.say(&origin, Instant::now()) {
            Say::Name => tracing::warn!(
                origin,
                "a page of this origin was refused; if it is a partner's frontend, add the origin to PAMOJA_ALLOWED_ORIGINS (--allowed-origins)"
            ),
            Say::More => tracing::warn!(
                "pages of more origins were refused than are named here; none of them is in PAMOJA_ALLOWED_ORIGINS"
            ),
            Say::Nothing => {}
        }
    }
    next.run(request).await
}

/// A refused origin, as the log may name it: as an origin is written and no longer than one can be, never as any other text that a
/// client sent.
fn loggable(origin: &HeaderValue) -> String {
    let named = origin.to_str().ok().filter(|text| text.len() <= LONGEST).and_then(parse);
    let named = named.filter(|origin| origin.len() <= LONGEST);
    named.unwrap_or_else(|| if origin == "null" { "null" } else { "(not an origin)" }.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_and_a_host_and_perhaps_a_port() {
        for (text, origin) in [
            ("https://app.example.org", "https://app.example.org"),
            ("https://App.Example.org/", "https://app.example.org"),
            ("https://app.example.org:443", "https://app.example.org"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ] {
            assert_eq!(parse(text).as_deref(), Some(origin), "{text}");
        }
        for text in [
            "",
            "*",
            "null",
            "app.example.org",
            "https://",
            "ftp://app.example.org",
            "file:///tmp/x",
            "https://app.example.org/app",
            "https://app.example.org?x",
            "https://app.example.org#x",
            "https://jo@app.example.org",
            "https://app.example.org https://b.example",
            "https://*.example.org/",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        let read = parse_all(["https://a.example/", "", " https://b.example "]);
        assert_eq!(read, Ok(vec!["https://a.example".to_owned(), "https://b.example".to_owned()]));
        assert!(parse_all(["*"]).is_err_and(|sentence| sentence.contains("name each origin")));
        assert!(
            parse_all(["https://a.example", "b.example"])
                .is_err_and(|sentence| sentence.starts_with("b.example is not an origin"))
        );
    }

    #[test]
    fn what_is_sent_in_the_open_is_known_by_its_host_and_not_by_its_text() {
        for safe in
            ["https://api.example.org", "http://localhost:8080", "http://127.0.0.1", "http://[::1]:3000", "http://app.localhost"]
        {
            assert!(!is_open_to_others(safe), "{safe}");
        }
        for open in [
            "http://api.example.org",
            "http://localhost.example.org",
            "http://127.0.0.1.example.org",
            "http://localhost@api.example.org",
        ] {
            assert!(is_open_to_others(open), "{open}");
        }
    }

    #[test]
    fn an_origin_is_named_once_an_hour_and_a_flood_of_them_in_one_line() {
        let origins = Origins::default();
        let now = Instant::now();
        assert_eq!(origins.say("https://a.example", now), Say::Name);
        assert_eq!(origins.say("https://a.example", now + INTERVAL / 2), Say::Nothing);
        assert_eq!(origins.say("https://b.example", now), Say::Name);
        assert_eq!(origins.say("https://a.example", now + INTERVAL), Say::Name);
        let said: Vec<Say> =
            (0..10 * MOST).map(|number| origins.say(&format!("https://{number}.example"), now + INTERVAL)).collect();
        assert_eq!(said.iter().filter(|say| **say == Say::More).count(), 1);
        assert!(said.iter().filter(|say| **say == Say::Name).count() <= MOST);
        assert!(origins.refused.lock().expect("no panic").len() <= MOST + 1, "what is remembered is bounded");
        assert_eq!(origins.say("https://c.example", now + INTERVAL * 3), Say::Name, "after the flood");
    }

    #[test]
    fn the_log_names_nothing_but_an_origin() {
        let named = |text: &[u8]| loggable(&HeaderValue::from_bytes(text).expect("a header"));
        assert_eq!(named(b"https://partner.example"), "https://partner.example");
        assert_eq!(named(b"null"), "null");
        for other in
            [&b"Jo Wanjiru 0712345678"[..], b"https://jo:secret@partner.example", b"https://partner.example/0712345678", b"\xff"]
        {
            assert_eq!(named(other), "(not an origin)");
        }
        assert_eq!(named(format!("https://{}.example", "a.".repeat(4_000)).as_bytes()), "(not an origin)");
    }
}
