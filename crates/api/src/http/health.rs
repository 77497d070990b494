//! Health checks: whether the process is alive, and whether it is ready for requests.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::http::edge::Edge;

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an answer is reused. Anybody may ask without a token, so that not every request may take a database connection.
const HOLDS: Duration = Duration::from_millis(500);

#[derive(Clone)]
struct Health {
    edge: Edge,
    last: Arc<Mutex<Option<(Instant, bool)>>>,
}

/// `/health/live` and `/health/ready`.
pub(crate) fn router(edge: Edge) -> Router {
    let health = Health { edge, last: Arc::default() };
    Router::new()
        .route("/health/live", get(async || Json(json!({ "status": "live" }))))
        .route("/health/ready", get(ready))
        .with_state(health)
}

async fn ready(State(health): State<Health>) -> (StatusCode, Json<Value>) {
    if health.edge.closing.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "closing" })));
    }
    let mut last = health.last.lock().await;
    let answers = match *last {
        Some((at, answers)) if at.elapsed() < HOLDS => answers,
        _ => {
            let answers = timeout(PATIENCE, health.edge.ping()).await.unwrap_or(false);
            *last = Some((Instant::now(), answers));
            answers
        }
    };
    if answers {
        (StatusCode::OK, Json(json!({ "status": "ready" })))
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "the database does not answer" })))
    }
}
