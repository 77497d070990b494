//! Log lines and metrics about requests: ids, operations and codes. They never say who asked, or with which values.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use async_graphql::parser::types::OperationType;
use axum::Router;
use axum::http::header;
use axum::routing::get;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::error_code::ErrorCode;
use crate::http::code::RequestId;

const REQUESTS: &str = "pamoja_requests_total";
const DURATION: &str = "pamoja_request_duration_seconds";
const SOCKETS: &str = "pamoja_websockets";
/// The histogram's upper bounds, in seconds.
const BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The outcome of a request, for its log line and the metrics.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// query, mutation, subscription, or none.
    pub operation: &'static str,
    /// The root fields, as the schema names them.
    pub fields: Vec<String>,
    /// OK, or the code of the first error.
    pub code: &'static str,
}

/// A request as its log line names it.
pub(crate) struct Line<'a> {
    /// Its id.
    pub request_id: RequestId,
    /// The HTTP method; WS for an operation over a WebSocket.
    pub method: &'a str,
    /// The route as the program spells it, never the path that the client sent.
    pub route: &'a str,
    /// The HTTP status; 0 over a WebSocket.
    pub status: u16,
    /// When the request began.
    pub started: Instant,
}

impl Line<'_> {
    /// Writes the log line and counts the request.
    pub(crate) fn write(&self, outcome: &Outcome) {
        let elapsed = self.started.elapsed();
        counter!(REQUESTS, "route" => self.route.to_owned(), "operation" => outcome.operation, "outcome" => outcome.code)
            .increment(1);
        histogram!(DURATION, "operation" => outcome.operation, "outcome" => outcome.code).record(elapsed.as_secs_f64());
        let (request_id, fields) = (self.request_id, outcome.fields.join(","));
        let (method, route, status) = (self.method, self.route, self.status);
        let (operation, code) = (outcome.operation, outcome.code);
        let duration_ms = elapsed.as_secs_f64() * 1_000.0;
        // Health checks come every few seconds and would hide all other lines.
        if route.starts_with("/health/") {
            tracing::debug!(%request_id, method, route, status, code, duration_ms, "request");
        } else {
            tracing::info!(%request_id, method, route, status, operation, fields, code, duration_ms, "request");
        }
    }
}

/// The kind of operation, as log lines and metrics name it.
pub(crate) fn operation(kind: OperationType) -> &'static str {
    match kind {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    }
}

/// The outcome, as log lines and metrics name it.
pub(crate) fn outcome(code: Option<ErrorCode>) -> &'static str {
    code.map_or("OK", ErrorCode::as_str)
}

/// Counts a WebSocket until it is dropped.
pub(crate) struct SocketGauge(());

impl SocketGauge {
    /// Counts one more WebSocket.
    pub(crate) fn one_more() -> Self {
        gauge!(SOCKETS).increment(1.0);
        Self(())
    }
}

impl Drop for SocketGauge {
    fn drop(&mut self) {
        gauge!(SOCKETS).decrement(1.0);
    }
}

/// How much to log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Level {
    /// Failures that are the program's fault.
    Error,
    /// Also failures that may pass by themselves.
    Warn,
    /// Also one line for each request, and what the jobs did.
    Info,
    /// Also health checks, and connections that broke off.
    Debug,
}

impl Level {
    /// The filter: this level for our own crates, and only warnings for all others. The database driver's finer levels log
    /// parameters, which must never be logged.
    fn filter(self) -> String {
        let level = match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        };
        format!("warn,pamoja_api={level},pamoja_persistence={level}")
    }
}

/// Starts logging to standard error: readable on a terminal, JSON otherwise. A panic's message may hold data, so only its place
/// is logged.
///
/// # Errors
/// When logging has already been started.
pub fn init(level: Level) -> Result<(), TryInitError> {
    log_to(level, io::stderr, io::stderr().is_terminal())?;
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        tracing::error!(place, "the program panicked");
    }));
    Ok(())
}

/// Starts logging to that writer, for a person who reads along or as JSON.
///
/// # Errors
/// As [`init`].
pub fn log_to<W>(level: Level, writer: W, readable: bool) -> Result<(), TryInitError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let registry = tracing_subscriber::registry().with(EnvFilter::new(level.filter()));
    if readable {
        registry.with(lines.with_target(false)).try_init()
    } else {
        registry.with(lines.json().flatten_event(true)).try_init()
    }
}

/// Starts counting, and returns the handle that renders the metrics. Call it once a process, inside its runtime.
///
/// # Errors
/// When counting has already been started.
#[expect(clippy::disallowed_methods, reason = "it lasts as long as the process")]
pub(crate) fn count() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new().set_buckets(&BUCKETS)?.install_recorder()?;
    describe_counter!(REQUESTS, "Requests and operations over WebSockets, by route, kind and outcome");
    describe_histogram!(DURATION, "How long they took, in seconds");
    describe_gauge!(SOCKETS, "WebSockets that are open");
    let upkeep = handle.clone();
    tokio::spawn(async move {
        // Without this the histograms would grow until somebody reads them.
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            upkeep.run_upkeep();
        }
    });
    Ok(handle)
}

/// `GET /metrics`, for a listener that only the operator can reach.
pub(crate) fn router(handle: PrometheusHandle) -> Router {
    let render = async move || ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render());
    Router::new().route("/metrics", get(render))
}
