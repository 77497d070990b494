//! What the whole process shares, and how its parts are put together.

use std::io;
use std::sync::Arc;

use pamoja_persistence::database::Database;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::auth::{self, AuthState, Authority, Passwords, SharedSessions};
use crate::edge::{Admitted, Edge};
use crate::engine::Engine;
use crate::hub::Hub;
use crate::keys::Keys;
use crate::scope::Scope;
use crate::settings::Settings;
use crate::{schema, server, telemetry, words};

/// What every request is served with. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
pub struct Parts {
    /// The door to the database.
    pub database: Database,
    /// The secrets that live outside the database.
    pub keys: Arc<Keys>,
    /// Makes and verifies access tokens.
    pub authority: Authority,
    /// Changes on their way to subscribers.
    pub hub: Hub,
    /// Which sessions' use was noted when.
    pub shared_sessions: SharedSessions,
    /// What can be set.
    pub settings: Settings,
}

impl App {
    /// Puts the parts together and begins to listen for changes.
    pub fn new(database: Database, keys: Arc<Keys>, authority: Authority, settings: Settings) -> Self {
        words::load();
        let hub = Hub::start(&database);
        let shared_sessions = SharedSessions::default();
        Self(Arc::new(Parts { database, keys, authority, hub, shared_sessions, settings }))
    }

    fn edge(&self) -> Edge {
        let opening = self.clone();
        let engine = Engine::new(
            schema::build(),
            move |caller| {
                let scope = Scope::new(opening.clone(), caller);
                let work = scope.work();
                (scope, work)
            },
            |scope: Scope| async move { scope.end().await },
        );
        let (verifying, asking) = (self.clone(), self.clone());
        Edge::new(
            engine,
            self.settings.clone(),
            move |token| {
                let now = verifying.database.now();
                let verified = verifying.authority.verify(token, now).ok()?;
                let remaining = (verified.expires_at - now).to_std().unwrap_or_default();
                Some(Admitted { caller: verified.caller, remaining })
            },
            move || {
                let database = asking.database.clone();
                Box::pin(async move { database.ping().await.is_ok() })
            },
        )
    }

    /// Serves on that listener, and figures on the other if there is one, until `shutdown`; then finishes what was accepted.
    ///
    /// # Errors
    /// When there is no randomness for the password dummies, or the listener is lost.
    pub async fn serve(
        &self,
        listener: TcpListener,
        metrics: Option<TcpListener>,
        shutdown: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let passwords = Passwords::new().map_err(io::Error::other)?;
        let accounts = auth::router(AuthState::new(self.database.clone(), self.keys.clone(), self.authority.clone(), passwords));
        let edge = self.edge();
        let router = server::router(edge.clone(), accounts);
        // What is served beside it ends with it.
        let mut beside = JoinSet::new();
        if let Some(listener) = metrics {
            let figures = telemetry::router(telemetry::count().map_err(io::Error::other)?);
            beside.spawn(async move { axum::serve(listener, figures).await });
        }
        server::serve(listener, edge, router, shutdown).await
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
