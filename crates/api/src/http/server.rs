//! All addresses of the program, and the listener that serves them.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use pamoja_domain::message::Message;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::error_code::ErrorCode;
use crate::http::body;
use crate::http::code::RequestId;
use crate::http::edge::Edge;
use crate::http::graphql::post;
use crate::http::graphql::websocket;
use crate::http::health;
use crate::http::layers::{self, REQUEST_ID};
use crate::http::negotiation::Media;
use crate::http::origin::{self, Origins};
use crate::http::reply::{refuse, refuse_in};
use crate::http::strict::Strict;
use crate::http::tables;
use crate::http::write_timeout::WriteTimeout;
use crate::i18n::Language;

/// How many connections past the limit are told so at once. Further ones are closed.
const REFUSED: usize = 256;
/// How long such a connection may take.
const REFUSAL: Duration = Duration::from_secs(2);
/// How long the headers of a request may take to arrive, for the first request of a connection and for the next ones.
const HEADERS: Duration = Duration::from_secs(10);
/// How long a graceful shutdown waits for the requests that were accepted.
const FINISH: Duration = Duration::from_secs(20);

/// Puts all addresses together. `accounts` has the addresses of signing in and out.
pub(crate) fn router(edge: Edge, accounts: Router) -> Router {
    // The length of a compressed answer tells something about the texts in it. For GraphQL this is harmless: only the bearer of a
    // token chooses what the answer holds, and browsers add no token by themselves. Answers about accounts hold secrets and stay
    // uncompressed.
    let graphql = get(post::get)
        .post(post::post)
        .fallback(post::method_not_allowed)
        .layer(CompressionLayer::new().gzip(true).compress_when(SizeAbove::new(1_024)));
    let tables = get(tables::get).fallback(tables::method_not_allowed);
    Router::new()
        .route("/graphql", graphql)
        .route("/graphql/ws", get(websocket::upgrade))
        .route("/tables/{file}", tables.layer(from_fn(body::bounded)))
        .with_state(edge.clone())
        .merge(health::router(edge.clone()))
        .merge(accounts)
        .fallback(nothing_here)
        .layer(from_fn(layers::catch))
        .layer(cross_origin(&edge.settings.allowed_origins))
        .layer(from_fn_with_state(Origins::allowing(&edge.settings.allowed_origins), origin::note_refused))
        .layer(from_fn(layers::envelope))
}

async fn nothing_here(axum::Extension(request_id): axum::Extension<RequestId>) -> Response {
    refuse(StatusCode::NOT_FOUND, ErrorCode::BadRequest, "There is nothing at this address.", request_id)
}

/// The headers that GraphQL clients of browsers send besides those that need no permission: Apollo names the frontend and its version,
/// and some of its links name the operation, or ask for a preflight on purpose. urql and Relay send nothing else than what we need.
const CLIENT_HEADERS: [HeaderName; 5] = [
    HeaderName::from_static("apollographql-client-name"),
    HeaderName::from_static("apollographql-client-version"),
    HeaderName::from_static("apollo-require-preflight"),
    HeaderName::from_static("x-apollo-operation-name"),
    HeaderName::from_static("x-apollo-operation-id"),
];

/// Never allows credentials: the API uses no cookies.
fn cross_origin(allowed: &[String]) -> CorsLayer {
    let origins = allowed.iter().filter(|origin| *origin != "*").filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE].into_iter().chain(CLIENT_HEADERS).collect::<Vec<_>>())
        .expose_headers([REQUEST_ID, header::RETRY_AFTER, header::CONTENT_DISPOSITION])
        .max_age(Duration::from_secs(3_600))
}

/// Answers every request that there are too many connections.
fn full() -> Router {
    let answer = async |axum::Extension(request_id): axum::Extension<RequestId>, headers: HeaderMap| {
        let (media, language) = (Media::accepted(&headers).unwrap_or(Media::Json), Language::of(&headers));
        let status = StatusCode::SERVICE_UNAVAILABLE;
        refuse_in(media, status, ErrorCode::Unavailable, Message::of("unavailable"), request_id, language)
    };
    Router::new().fallback(answer).layer(from_fn(layers::envelope))
}

/// Serves that many connections at once until `shutdown`, then finishes the requests that it accepted, within twenty seconds. Only
/// HTTP/1.1: the proxy in front of the program speaks HTTP/2 and TLS.
///
/// A connection past the limit is accepted too, and told so: one that nobody accepts would wait, and whoever waits doesn't know for what.
/// A WebSocket leaves the count of connections when it opens; [`Edge`] counts WebSockets separately.
///
/// # Errors
/// When the listener itself is lost; never because of one connection.
pub(crate) async fn serve(
    listener: TcpListener,
    edge: Edge,
    router: Router,
    connections: usize,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let slots = Arc::new(Semaphore::new(connections));
    let (refusals, full) = (Arc::new(Semaphore::new(REFUSED)), full());
    tokio::pin!(shutdown);
    loop {
        let stream = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Mostly too many open files, which other connections will close. Trying again at once would not help.
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        if let Ok(slot) = Arc::clone(&slots).try_acquire_owned() {
            let connection = connection(stream, edge.clone(), router.clone());
            edge.tasks.spawn(async move {
                connection.await;
                drop(slot);
            });
        } else if let Ok(slot) = Arc::clone(&refusals).try_acquire_owned() {
            let refused = timeout(REFUSAL, refused(stream, full.clone()));
            edge.tasks.spawn(async move {
                drop(refused.await);
                drop(slot);
            });
        }
    }
    drop(listener);
    edge.closing.cancel();
    edge.tasks.close();
    if timeout(FINISH, edge.tasks.wait()).await.is_err() {
        tracing::warn!(unfinished = edge.tasks.len(), "not everything was finished in time");
    }
    Ok(())
}

/// Answers one request of a connection past the limit, and closes it.
async fn refused(stream: TcpStream, full: Router) {
    let service = TowerToHyperService::new(full);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(REFUSAL)
        .keep_alive(false)
        .serve_connection(TokioIo::new(Strict::new(stream)), service);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection past the limit broke off");
    }
}

async fn connection(stream: TcpStream, edge: Edge, router: Router) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection sends its packets late");
    }
    let service = TowerToHyperService::new(router);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(body::SIZE)
        .serve_connection(TokioIo::new(Strict::new(WriteTimeout::new(stream))), service)
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = edge.closing.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}
