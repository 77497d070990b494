//! What the whole process shares, and how its parts are put together.

use std::io;
use std::sync::Arc;

use pamoja_persistence::database::Database;
use pamoja_persistence::gate::Gate;
use pamoja_persistence::places::Effort;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::auth::{AuthState, Authority, Passwords, until_over};
use crate::graphql::scope::Scope;
use crate::graphql::state::State;
use crate::http::edge::{Admitted, Edge};
use crate::http::graphql::engine::Engine;
use crate::http::settings::Settings;
use crate::http::{limit, server, session, telemetry};
use crate::keys::Keys;
use crate::{i18n, schema, statistic, violation};

/// The serving program. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// What resolvers need from the process.
    pub state: State,
    /// Makes and verifies access tokens.
    pub authority: Authority,
    /// How requests are served.
    pub settings: Settings,
}

/// What a document takes that counts an organisation's records, or doesn't.
fn effort(counts: bool) -> Effort {
    if counts { Effort::Counting } else { Effort::Ordinary }
}

impl App {
    /// Puts the parts together and starts listening for changes.
    pub fn new(database: Database, gate: Gate, keys: Arc<Keys>, authority: Authority, settings: Settings) -> Self {
        i18n::load();
        Self { state: State::new(database, gate, keys), authority, settings }
    }

    fn edge(&self) -> io::Result<Edge> {
        let state = self.state.clone();
        let engine = Engine::new(
            schema::builder,
            &[&statistic::COUNTING[..], &violation::COUNTING].concat(),
            move |caller, manner| {
                let scope = Scope::new(state.clone(), caller, manner.initiative, effort(manner.counts));
                let batch = scope.batch();
                (scope, batch)
            },
            |scope: Scope| async move { scope.end().await },
        )
        .map_err(io::Error::other)?;
        let (authority, clock, database) = (self.authority.clone(), self.state.database.clone(), self.state.database.clone());
        let (watched, gate, busy) = (self.state.database.clone(), self.state.gate.clone(), self.state.database.clone());
        let edge = Edge::new(
            engine,
            self.settings.clone(),
            move |token| {
                let now = clock.now();
                let verified = authority.verify(token, now).ok()?;
                let remaining = (verified.expires_at - now).to_std().unwrap_or_default();
                Some(Admitted { caller: verified.caller, remaining })
            },
            move |caller| Box::pin(until_over(watched.clone(), gate.clone(), caller)),
            move |caller, counts, rounds| busy.expected_wait(caller, effort(counts), rounds),
            move || {
                let database = database.clone();
                Box::pin(async move { database.ping().await.is_ok() })
            },
        );
        Ok(edge)
    }

    /// Serves the API on `listener`, and metrics on `metrics` if there is one, until `shutdown`. Then finishes the requests that
    /// it accepted.
    ///
    /// # Errors
    /// When metrics are already counted, or when the listener is
    /// lost.
    pub async fn serve(
        &self,
        listener: TcpListener,
        metrics: Option<TcpListener>,
        shutdown: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let accounts = session::router(AuthState {
            database: self.state.database.clone(),
            gate: self.state.gate.clone(),
            keys: self.state.keys.clone(),
            authority: self.authority.clone(),
            passwords: Passwords::default(),
            shared_hours: self.settings.shared_hours,
        });
        let edge = self.edge()?;
        let router = server::router(edge.clone(), accounts);
        // The metrics server ends when this set is dropped, at the end of the function.
        let mut beside = JoinSet::new();
        if let Some(listener) = metrics {
            let figures = telemetry::router(telemetry::count().map_err(io::Error::other)?);
            beside.spawn(async move { axum::serve(listener, figures).await });
        }
        server::serve(listener, edge, router, limit::CONNECTIONS.allowed, shutdown).await
    }
}

impl std::ops::Deref for App {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}
