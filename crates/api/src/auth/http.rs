//! The addresses: `/session`, `/session/refresh` and `/.well-known/jwks.json`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Json};
use axum::routing::{get, post};
use pamoja_domain::access::Caller;
use pamoja_persistence::database::Database;
use pamoja_persistence::error::StoreError;

use super::answer::{self, AuthError};
use super::password::Passwords;
use super::token::Authority;
use super::touch::SharedSessions;
use super::{refresh, request, sign_in, sign_out};
use crate::keys::Keys;

const NO_STORE: [(HeaderName, HeaderValue); 1] = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];
const FIVE_MINUTES: [(HeaderName, HeaderValue); 1] = [(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"))];

/// What signing in needs. Cheap to clone.
#[derive(Clone)]
pub struct AuthState {
    /// The door to the database.
    pub database: Database,
    /// The secrets that live outside the database.
    pub keys: Arc<Keys>,
    /// Makes and verifies access tokens.
    pub authority: Authority,
    /// Hashes and verifies passwords.
    pub passwords: Passwords,
    /// When the use of sessions on shared devices was last noted.
    pub shared_sessions: SharedSessions,
}

impl AuthState {
    /// Puts the parts together.
    pub fn new(database: Database, keys: Arc<Keys>, authority: Authority, passwords: Passwords) -> Self {
        Self { database, keys, authority, passwords, shared_sessions: SharedSessions::default() }
    }

    /// As [`SharedSessions::touch`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn touch_shared(&self, caller: Caller) -> Result<(), StoreError> {
        self.shared_sessions.touch(&self.database, caller).await
    }
}

/// The addresses of signing in.
pub fn router(state: AuthState) -> Router {
    Router::new()
        .route("/session", post(post_session).delete(delete_session))
        .route("/session/refresh", post(post_refresh))
        .route("/.well-known/jwks.json", get(get_jwks))
        .method_not_allowed_fallback(async || AuthError::MethodNotAllowed)
        .layer(from_fn(answer::in_words))
        .layer(DefaultBodyLimit::max(request::MAX_BODY))
        .with_state(state)
}

async fn post_session(State(state): State<AuthState>, request: Request) -> Result<impl IntoResponse, AuthError> {
    let credentials = request::read(request, sign_in::EXPECTED).await?;
    Ok((NO_STORE, sign_in::sign_in(&state, credentials).await?))
}

async fn post_refresh(State(state): State<AuthState>, request: Request) -> Result<impl IntoResponse, AuthError> {
    let bearer = request::bearer(request.headers()).map(str::to_owned);
    let body: refresh::Body = request::read_optional(request, refresh::EXPECTED).await?;
    Ok((NO_STORE, refresh::refresh(&state, body, bearer.as_deref()).await?))
}

async fn delete_session(State(state): State<AuthState>, request: Request) -> Result<impl IntoResponse, AuthError> {
    sign_out::sign_out(&state, request::bearer(request.headers())).await?;
    Ok((NO_STORE, StatusCode::NO_CONTENT))
}

async fn get_jwks(State(state): State<AuthState>) -> impl IntoResponse {
    (FIVE_MINUTES, Json(state.authority.jwks().clone()))
}
