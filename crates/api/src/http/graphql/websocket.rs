//! GraphQL over WebSocket with the subprotocol graphql-transport-ws, exactly as clients expect it. We don't use the library's
//! implementation, because it lacks the close codes for a late or a refused start.

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use pamoja_domain::message::Message;

use crate::error_code::ErrorCode;
use crate::http::body;
use crate::http::code::RequestId;
use crate::http::edge::Edge;
use crate::http::negotiation::Media;
use crate::http::reply::refuse_in;
use crate::http::settings::Settings;
use crate::http::telemetry::SocketGauge;
use crate::i18n::{Language, Text};

mod message;
mod operation;
mod session;

use session::Session;

const PROTOCOL: &str = "graphql-transport-ws";

/// Opens a WebSocket for a client that speaks the subprotocol, unless its page's origin may not connect.
pub(crate) async fn upgrade(
    State(edge): State<Edge>,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let language = Language::of(&headers);
    let refused = |status, code, message: Text| refuse_in(Media::Json, status, code, message, request_id, language);
    if !comes_from_allowed_page(&headers, &edge.settings) {
        return refused(StatusCode::FORBIDDEN, ErrorCode::Forbidden, "Pages of this origin may not connect.".into());
    }
    let Ok(upgrade) = upgrade else {
        return refused(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, "This address takes WebSockets alone.".into());
    };
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(body::SIZE).max_frame_size(body::SIZE);
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
        let _held = (slot, tracked, SocketGauge::one_more());
        Session::new(edge, socket, language).serve().await;
    })
}

/// Whether the origin may connect. Browsers name the page's origin, and open WebSockets across origins without asking; other
/// clients name no origin.
fn comes_from_allowed_page(headers: &HeaderMap, settings: &Settings) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    let own = matches!((authority, host), (Some(authority), Some(host)) if authority.eq_ignore_ascii_case(host));
    own || settings.allowed_origins.iter().any(|allowed| allowed == origin)
}
