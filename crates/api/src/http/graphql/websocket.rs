//! GraphQL over WebSocket with the subprotocol graphql-transport-ws, exactly as clients expect it. We don't use the library's
//! implementation, because it lacks the close codes for a late or a refused start.

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use pamoja_domain::message::Message;

use crate::error_code::ErrorCode;
use crate::http::body;
use crate::http::code::RequestId;
use crate::http::edge::Edge;
use crate::http::negotiation::Media;
use crate::http::origin;
use crate::http::reply::refuse_in;
use crate::http::telemetry::SocketGauge;
use crate::i18n::{Language, Text};

mod message;
mod operation;
mod session;

use session::Session;

const PROTOCOL: &str = "graphql-transport-ws";
/// How many bytes are read at once. Every socket keeps as many, and most of what comes is shorter.
const READ: usize = 1_024;

/// Opens a WebSocket for a client that speaks the subprotocol, unless its page's origin may not connect.
pub(crate) async fn upgrade(
    State(edge): State<Edge>,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let language = Language::of(&headers);
    let refused = |status, code, message: Text| refuse_in(Media::Json, status, code, message, request_id, language);
    // Browsers open WebSockets across origins without asking first.
    if !origin::may_call(&headers, &edge.settings.allowed_origins) {
        return refused(StatusCode::FORBIDDEN, ErrorCode::Forbidden, "Pages of this origin may not connect.".into());
    }
    let Ok(upgrade) = upgrade else {
        return refused(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, "This address takes WebSockets alone.".into());
    };
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(body::SIZE).max_frame_size(body::SIZE).read_buffer_size(READ);
    if upgrade.selected_protocol().is_none() {
        return refused(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, "The subprotocol is graphql-transport-ws.".into());
    }
    if edge.closing.is_cancelled() {
        return refused(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable, Message::of("server-closing").into());
    }
    let Some(slot) = edge.socket_slot() else {
        return refused(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable, Message::of("sockets-full").into());
    };
    let tracked = edge.tasks.token();
    upgrade.on_upgrade(async move |socket| {
        let session = Session::new(edge.clone(), socket, language);
        let held = (slot, SocketGauge::one_more());
        // In a task of its own: the library's keeps the room that it needed to open the socket.
        edge.tasks.spawn(async move {
            session.serve().await;
            drop(held);
        });
        drop(tracked);
    })
}
