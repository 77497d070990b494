//! The addresses of signing in: `/session`, `/session/refresh` and `/.well-known/jwks.json`. They are apart from GraphQL, where
//! one request could try a thousand passwords.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use axum::Extension;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use pamoja_domain::message::Message;
use pamoja_domain::retention::SIGN_IN_FAILURE;
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::time::timeout;
use tokio_util::task::TaskTracker;
use zeroize::Zeroizing;

use crate::auth::{self, AuthError, AuthState};
use crate::error_code::ErrorCode;
use crate::graphql::queue::Queues;
use crate::http::bearer::bearer;
use crate::http::body::{self, Unread};
use crate::http::limit;
use crate::http::negotiation::sends_json;
use crate::i18n::{Language, Text};

const NO_STORE: [(HeaderName, HeaderValue); 1] = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];
const FIVE_MINUTES: [(HeaderName, HeaderValue); 1] = [(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"))];

/// The largest body, in bytes.
const BODY_SIZE: usize = limit::SESSION_BODY.allowed;
/// How many rounds of those at once may wait with the same name or token.
const ROUNDS: u32 = 8;
/// After how many seconds a client may try again when the server was busy.
const BUSY_SECONDS: i64 = 5;
/// The message for a sign-in with a malformed body.
const CREDENTIALS: &str =
    "Send a JSON object with username, password and, if you like, device (own or shared), and nothing else.";
/// The message for a renewal with a malformed body.
const RENEWAL: &str =
    "Send a JSON object with refreshToken and nothing else; on a shared device no body, and the access token in Authorization.";

/// What serves the addresses of signing in. Cheap to clone.
#[derive(Clone)]
struct Desk {
    state: AuthState,
    turns: Arc<Turns>,
}

/// Who comes next, among those who ask with the same name or token.
struct Turns {
    queues: Queues<u64>,
    hasher: RandomState,
    tasks: TaskTracker,
}

impl Turns {
    fn new() -> Self {
        Self { queues: Queues::of(limit::SESSION_REQUESTS.allowed), hasher: RandomState::new(), tasks: TaskTracker::new() }
    }

    /// Does what somebody asks with that name or token, in its turn, and to its end, also when whoever asked has gone away: a statement that
    /// is under way would otherwise keep its connection from the next, and somebody who asks and goes away, again and again, all connections
    /// from everybody.
    ///
    /// # Errors
    /// UNAVAILABLE when many wait with the same name or token, and when it takes longer than an execution: a database that hangs, instead of
    /// refusing, must not hold those who sign in. Nobody holds what may have been begun then, and it ends by itself. The work's own errors
    /// otherwise.
    async fn take<T: Send + 'static>(
        &self,
        of: &str,
        work: impl Future<Output = Result<T, AuthError>> + Send + 'static,
    ) -> Result<T, Problem> {
        let queued = self.queues.join(self.hasher.hash_one(of));
        if queued.rounds() > ROUNDS {
            return Err(AuthError::Unavailable.into());
        }
        let slot = timeout(limit::EXECUTION.time(), queued.slot()).await.map_err(|_| AuthError::Unavailable)?;
        let working = self.tasks.spawn(async move {
            let _held = (slot, queued);
            timeout(limit::EXECUTION.time(), work).await.unwrap_or(Err(AuthError::Unavailable))
        });
        // The panic hook has logged where it panicked.
        working.await.unwrap_or(Err(AuthError::Internal)).map_err(Problem::from)
    }
}

/// The addresses of signing in.
pub(crate) fn router(state: AuthState) -> Router {
    Router::new()
        .route("/session", post(sign_in).delete(sign_out))
        .route("/session/refresh", post(refresh))
        .route("/.well-known/jwks.json", get(jwks))
        .method_not_allowed_fallback(async || Problem::MethodNotAllowed)
        .layer(from_fn(in_words))
        .with_state(Desk { state, turns: Arc::new(Turns::new()) })
}

async fn sign_in(State(Desk { state, turns }): State<Desk>, request: Request) -> Result<impl IntoResponse, Problem> {
    let (is_json, body) = read(request).await?;
    let credentials: auth::Credentials =
        if is_json { parse(&body, CREDENTIALS)? } else { return Err(Problem::UnsupportedMediaType) };
    let name = credentials.name();
    let tokens = turns.take(&name, async move { auth::sign_in(&state, credentials).await }).await?;
    Ok((NO_STORE, Json(tokens)))
}

/// Renews a session. On a shared device the request has no body: the access token renews the session.
async fn refresh(State(Desk { state, turns }): State<Desk>, request: Request) -> Result<impl IntoResponse, Problem> {
    let access_token = bearer(request.headers()).map(str::to_owned);
    let (is_json, body) = read(request).await?;
    let renewal = match (body.is_empty(), is_json) {
        (true, _) => auth::Renewal::default(),
        (false, true) => parse(&body, RENEWAL)?,
        (false, false) => return Err(Problem::UnsupportedMediaType),
    };
    let token = Zeroizing::new(renewal.token().or(access_token.as_deref()).unwrap_or_default().to_owned());
    let tokens = turns.take(&token, async move { auth::refresh(&state, renewal, access_token.as_deref()).await }).await?;
    Ok((NO_STORE, Json(tokens)))
}

async fn sign_out(State(Desk { state, turns }): State<Desk>, request: Request) -> Result<impl IntoResponse, Problem> {
    let token = bearer(request.headers()).map(|token| Zeroizing::new(token.to_owned()));
    let of = token.clone().unwrap_or_default();
    turns.take(&of, async move { auth::sign_out(&state, token.as_ref().map(|token| token.as_str())).await }).await?;
    Ok((NO_STORE, StatusCode::NO_CONTENT))
}

async fn jwks(State(Desk { state, .. }): State<Desk>) -> impl IntoResponse {
    (FIVE_MINUTES, Json(state.authority.jwks().clone()))
}

/// Reads the body. Also returns whether it was sent as JSON.
async fn read(request: Request) -> Result<(bool, axum::body::Bytes), Problem> {
    let (parts, body) = request.into_parts();
    Ok((sends_json(&parts.headers), body::read(&parts.headers, body, BODY_SIZE).await?))
}

/// Parses the body. The parser's message would quote the body, so the error says `expected` instead.
fn parse<T: DeserializeOwned>(body: &[u8], expected: &'static str) -> Result<T, Problem> {
    // The parser would accept a list, and read it as the fields in their order.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Problem::BadRequest(expected));
    }
    serde_json::from_slice(body).map_err(|_| Problem::BadRequest(expected))
}

/// Why a request about a session fails.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Problem {
    /// The request is malformed; the text says what it must be.
    BadRequest(&'static str),
    /// The body could not be read.
    Unread(Unread),
    /// The body isn't JSON.
    UnsupportedMediaType,
    /// The address doesn't support the method.
    MethodNotAllowed,
    /// The request is well-formed, but was refused.
    Refused(AuthError),
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        Self::Refused(error)
    }
}

impl From<Unread> for Problem {
    fn from(unread: Unread) -> Self {
        Self::Unread(unread)
    }
}

impl Problem {
    fn parts(&self) -> (StatusCode, ErrorCode, Text) {
        match self {
            Self::BadRequest(expected) => (StatusCode::BAD_REQUEST, ErrorCode::BadRequest, (*expected).into()),
            Self::Unread(Unread::TooLarge(_)) => {
                (StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::PayloadTooLarge, "The body is larger than 8 KiB.".into())
            }
            Self::Unread(unread) => (unread.status(), ErrorCode::BadRequest, unread.message().into()),
            Self::UnsupportedMediaType => {
                let message = "Send the body as application/json.";
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::UnsupportedMediaType, message.into())
            }
            Self::MethodNotAllowed => {
                let message = "This method means nothing at this address.";
                (StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed, message.into())
            }
            Self::Refused(AuthError::Invalid(message)) => {
                (StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message.clone().into())
            }
            Self::Refused(AuthError::NoToken) => (StatusCode::BAD_REQUEST, ErrorCode::BadRequest, RENEWAL.into()),
            Self::Refused(AuthError::WrongPassword) => {
                (StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated, Message::of("password-wrong").into())
            }
            Self::Refused(AuthError::SignInAgain) => {
                (StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated, Message::of("session-ended").into())
            }
            Self::Refused(AuthError::RateLimited) => {
                let message = Message::of("password-attempts-exceeded").with("minutes", SIGN_IN_FAILURE.num_minutes());
                (StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, message.into())
            }
            Self::Refused(AuthError::Unavailable) => {
                (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable, Message::of("unavailable").into())
            }
            Self::Refused(AuthError::Internal) => {
                (StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal, Message::of("internal").into())
            }
        }
    }

    fn in_words(&self, language: Language) -> Response {
        let (status, code, text) = self.parts();
        let message = text.in_words(language);
        let mut response = (status, Json(json!({ "error": { "code": code.as_str(), "message": message } }))).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match status {
            StatusCode::UNAUTHORIZED => headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            StatusCode::TOO_MANY_REQUESTS => headers.insert(RETRY_AFTER, HeaderValue::from(SIGN_IN_FAILURE.num_minutes() * 60)),
            StatusCode::SERVICE_UNAVAILABLE => headers.insert(RETRY_AFTER, HeaderValue::from(BUSY_SECONDS)),
            _ => None,
        };
        response
    }
}

/// Sets only the status. The language isn't known here, so the router's layer writes the body.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.parts().0, Extension(self)).into_response()
    }
}

/// Writes the body of an error, in the language that the client reads.
async fn in_words(request: Request, next: Next) -> Response {
    let language = Language::of(request.headers());
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem.in_words(language),
        None => response,
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn whoever_signs_in_waits_for_a_database_that_hangs_no_longer_than_for_an_answer() {
        let began = std::time::Instant::now();
        let hangs = std::future::pending::<Result<(), AuthError>>();
        assert_eq!(Turns::new().take("somebody", hangs).await, Err(Problem::Refused(AuthError::Unavailable)));
        assert!(began.elapsed() >= limit::EXECUTION.time());
    }

    #[tokio::test]
    async fn what_was_asked_for_is_done_to_its_end_and_few_at_once_with_the_same_name() {
        let turns = Arc::new(Turns::new());
        let (sender, mut done) = tokio::sync::mpsc::unbounded_channel();
        let began = Arc::new(tokio::sync::Semaphore::new(0));
        let ask = || {
            let (sender, began) = (sender.clone(), Arc::clone(&began));
            let work = async move {
                let _go_on = began.acquire().await;
                sender.send(()).map_err(|_| AuthError::Internal)
            };
            Box::pin(turns.take("somebody", work))
        };
        let mut asked: Vec<_> = (0..=(ROUNDS as usize + 1) * limit::SESSION_REQUESTS.allowed).map(|_| ask()).collect();
        let answers = asked.iter_mut().map(|asked| asked.as_mut().now_or_never()).collect::<Vec<_>>();
        let (last, others) = answers.split_last().expect("some");
        assert_eq!(*last, Some(Err(Problem::Refused(AuthError::Unavailable))), "too many wait");
        assert!(others.iter().all(Option::is_none));
        assert!(turns.take("somebody else", async { Ok(()) }).await.is_ok(), "others wait for nobody");
        // All go away. Those that had begun go on.
        drop(asked);
        began.add_permits(100);
        for _ in 0..limit::SESSION_REQUESTS.allowed {
            done.recv().await.expect("it was done");
        }
        turns.tasks.close();
        turns.tasks.wait().await;
        assert!(done.try_recv().is_err(), "what had not begun is not done");
        assert!(turns.take("somebody", async { Ok(()) }).await.is_ok());
    }
}
