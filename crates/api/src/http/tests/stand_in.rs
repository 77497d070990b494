//! A schema that stands in for ours, and a server around it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use async_graphql::{Context, Error, ErrorExtensions, ID, Object, Result, Schema, Subscription};
use axum::Router;
use axum::routing::{get, post};
use futures_util::{Stream, StreamExt, stream};
use pamoja_domain::access::Caller;
use pamoja_domain::device::SharedHours;
use pamoja_domain::id::{OrganisationId, SessionId, UserId};
use pamoja_domain::session_secret::SessionSecret;
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::graphql::batch::Batch;
use crate::http::edge::{Admitted, Edge};
use crate::http::graphql::engine::Engine;
use crate::http::server;
use crate::http::settings::{Settings, WAIT};

#[derive(Clone)]
struct Scope {
    caller: Caller,
    ended: Arc<AtomicUsize>,
    finished: Arc<AtomicUsize>,
}

struct Node;

#[Object]
impl Node {
    async fn name(&self) -> &str {
        "a node"
    }

    async fn child(&self) -> Node {
        Node
    }
}

struct Query;

#[Object]
impl Query {
    async fn who(&self, context: &Context<'_>) -> Result<String> {
        Ok(context.data::<Scope>()?.caller.user.to_string())
    }

    async fn greet(&self, name: String) -> String {
        format!("Hello, {name}")
    }

    async fn int(&self, value: i32) -> i32 {
        value
    }

    async fn nodes(&self, ids: Vec<ID>) -> usize {
        ids.len()
    }

    async fn node(&self) -> Node {
        Node
    }

    #[graphql(complexity = "rows * child_complexity")]
    async fn costly(&self, rows: usize) -> Node {
        let _ = rows;
        Node
    }

    async fn sleep(&self, seconds: u64) -> bool {
        sleep(Duration::from_secs(seconds)).await;
        true
    }

    async fn panics(&self) -> bool {
        if true { panic!("with something secret") } else { false }
    }

    async fn fails(&self) -> Result<bool> {
        Err(Error::new("relation user_account does not exist"))
    }

    async fn maybe(&self) -> Option<Result<bool>> {
        Some(Err(Error::new("relation user_account does not exist")))
    }

    async fn forbidden(&self) -> Option<Result<bool>> {
        Some(Err(Error::new("Your roles don't allow this.").extend_with(|_, extensions| extensions.set("code", "FORBIDDEN"))))
    }

    async fn ended(&self) -> Result<bool> {
        Err(session_ended())
    }

    async fn long(&self) -> String {
        "pamoja ".repeat(1_000)
    }
}

fn session_ended() -> Error {
    Error::new("Sign in again.").extend_with(|_, extensions| extensions.set("code", "UNAUTHENTICATED"))
}

struct Mutation;

#[Object]
impl Mutation {
    async fn finish_after(&self, context: &Context<'_>, milliseconds: u64) -> Result<bool> {
        sleep(Duration::from_millis(milliseconds)).await;
        context.data::<Scope>()?.finished.fetch_add(1, Ordering::SeqCst);
        Ok(true)
    }
}

struct Changes;

#[Subscription]
impl Changes {
    async fn ticks(&self, count: i32) -> impl Stream<Item = i32> {
        stream::iter(0..count)
    }

    async fn node(&self) -> impl Stream<Item = Node> {
        stream::iter([Node])
    }

    async fn never(&self) -> impl Stream<Item = i32> {
        stream::pending()
    }

    async fn ends_session(&self) -> impl Stream<Item = Result<i32>> {
        stream::iter([Ok(1), Err(session_ended())])
    }

    async fn flood(&self) -> impl Stream<Item = String> {
        stream::repeat("x".repeat(32_000))
    }

    async fn panics(&self) -> impl Stream<Item = i32> {
        stream::iter(0..3).map(|number| if number == 1 { panic!("secret") } else { number })
    }
}

/// How many connections the server holds at once.
pub(crate) const CONNECTIONS: usize = 40;

/// A server on its own port; it stops when dropped.
pub(crate) struct Server {
    pub address: SocketAddr,
    pub edge: Edge,
    pub healthy: Arc<AtomicBool>,
    /// How many milliseconds each document is expected to wait, for each round.
    pub wait: Arc<AtomicU64>,
    pub scopes_ended: Arc<AtomicUsize>,
    pub finished: Arc<AtomicUsize>,
    pub stop: CancellationToken,
    pub task: JoinHandle<std::io::Result<()>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(crate) async fn start() -> Server {
    start_with(Settings {
        introspection: true,
        explain_documents: false,
        explorer: true,
        allowed_origins: vec!["https://app.example".to_owned()],
        shared_hours: SharedHours::default(),
        wait: WAIT,
    })
    .await
}

/// `good` and `other` are tokens of two users; `short` is one that is valid for a second.
fn verify(token: &str) -> Option<Admitted> {
    let (user, seconds) = match token {
        "good" => (1, 600),
        "other" => (2, 600),
        "short" => (3, 1),
        _ => return None,
    };
    let id = Uuid::from_u128;
    let (session, secret) = (SessionId(id(8)), SessionSecret(id(7)));
    let caller = Caller { organisation: OrganisationId(id(9)), user: UserId(id(user)), session, secret };
    Some(Admitted { caller, remaining: Duration::from_secs(seconds) })
}

pub(crate) async fn start_with(settings: Settings) -> Server {
    // The tests' HTTP client needs a TLS provider even without TLS. A second test that installs it changes nothing.
    rustls::crypto::ring::default_provider().install_default().ok();
    let scopes_ended = Arc::new(AtomicUsize::new(0));
    let finished = Arc::new(AtomicUsize::new(0));
    let (ended, counted) = (Arc::clone(&scopes_ended), Arc::clone(&finished));
    let engine = Engine::new(
        || Schema::build(Query, Mutation, Changes),
        &[],
        move |caller, _| (Scope { caller, ended: Arc::clone(&ended), finished: Arc::clone(&counted) }, Batch::default()),
        async |scope: Scope| {
            scope.ended.fetch_add(1, Ordering::SeqCst);
        },
    )
    .expect("the schema is valid");
    let healthy = Arc::new(AtomicBool::new(true));
    let answers = Arc::clone(&healthy);
    let ping = move || {
        let answers = answers.load(Ordering::SeqCst);
        Box::pin(async move { answers }) as futures_util::future::BoxFuture<'static, bool>
    };
    let wait = Arc::new(AtomicU64::new(0));
    let each = Arc::clone(&wait);
    let expected = move |_, _, rounds| Duration::from_millis(each.load(Ordering::SeqCst)) * (rounds + 1);
    let edge = Edge::new(engine, settings, verify, |_| Box::pin(std::future::pending()), expected, ping);
    let accounts =
        Router::new().route("/session", post(async |body: String| format!("{} {}", body.len(), "pamoja ".repeat(1_000)))).route(
            "/panics",
            get(async || {
                if true {
                    panic!("secret")
                }
            }),
        );
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let stop = CancellationToken::new();
    let router = server::router(edge.clone(), accounts);
    let task = tokio::spawn(server::serve(listener, edge.clone(), router, CONNECTIONS, stop.clone().cancelled_owned()));
    Server { address, edge, healthy, wait, scopes_ended, finished, stop, task }
}

impl Server {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn post(&self) -> reqwest::RequestBuilder {
        reqwest::Client::new().post(self.url("/graphql")).bearer_auth("good")
    }

    /// Executes a document; returns the status and the body of the answer.
    pub(crate) async fn ask(&self, query: &str, variables: Json) -> (u16, Json) {
        let request = self.post().header("accept", "application/graphql-response+json");
        let answer = request.json(&json!({ "query": query, "variables": variables })).send().await.expect("it answers");
        (answer.status().as_u16(), answer.json().await.expect("it is JSON"))
    }
}

/// The code of the first error. Also checks that every error has a request id.
pub(crate) fn code(answer: &Json) -> &str {
    let errors = answer["errors"].as_array().expect("it has errors");
    assert!(errors.iter().all(|error| error["extensions"]["requestId"].as_str().is_some_and(|id| id.len() == 36)), "{answer}");
    errors[0]["extensions"]["code"].as_str().expect("it has a code")
}
