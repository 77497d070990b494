//! A client's WebSocket that speaks graphql-transport-ws.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::client::Client;
use super::wait::UNTIL_HEARD;

/// A WebSocket that the server has admitted.
pub struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    /// Opens one for a signed-in client.
    pub async fn of(client: &Client) -> Self {
        Self::begin(client.address, client.token.as_deref().expect("a token")).await
    }

    /// Opens one with that token.
    pub async fn begin(address: SocketAddr, token: &str) -> Self {
        Self::begin_in("", address, token).await
    }

    /// Opens one with that token, for a client that reads that language.
    pub async fn begin_in(language: &str, address: SocketAddr, token: &str) -> Self {
        let mut request = format!("ws://{address}/graphql/ws").into_client_request().expect("a request");
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("a header"));
        request.headers_mut().insert("accept-language", language.parse().expect("a header"));
        let socket = TcpSocket::new_v4().expect("a socket");
        // A small buffer, so that a client that doesn't read is soon noticed.
        socket.set_recv_buffer_size(4096).expect("little room");
        let stream = socket.connect(address).await.expect("a connection");
        let mut socket = Self(client_async(request, stream).await.expect("it opens").0);
        socket.say(json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } })).await;
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
        socket
    }

    /// Sends a message.
    pub async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.expect("it is sent");
    }

    /// Begins an operation.
    pub async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }

    /// The next message; nothing when the socket has closed.
    async fn next(&mut self) -> Option<Message> {
        loop {
            match timeout(UNTIL_HEARD, self.0.next()).await.expect("in time") {
                Some(Ok(Message::Ping(_))) => {}
                Some(Ok(message)) => return Some(message),
                None | Some(Err(_)) => return None,
            }
        }
    }

    /// The next message, as JSON.
    pub async fn hear(&mut self) -> Value {
        let message = self.next().await.expect("it is open");
        serde_json::from_str(message.to_text().expect("text")).unwrap_or_else(|_| panic!("{message:?}"))
    }

    /// The value of the watched field in the next event; nothing when none comes for a while.
    pub async fn next_event(&mut self, field: &str) -> Option<Value> {
        let message = timeout(Duration::from_millis(1500), self.hear()).await.ok()?;
        Some(message["payload"]["data"][field].clone())
    }

    /// The referral of the next event.
    pub async fn referral(&mut self) -> Value {
        let mut message = self.hear().await;
        assert_eq!(message["type"], "next", "{message:#}");
        assert!(message["payload"].get("errors").is_none(), "{message:#}");
        message["payload"]["data"]["referralChanged"].take()
    }

    /// Reads to the end: the codes of the errors on the way, and the close code if there is one.
    pub async fn read_to_end(&mut self) -> (Vec<String>, Option<u16>) {
        let mut codes = Vec::new();
        loop {
            match self.next().await {
                Some(Message::Text(text)) => {
                    let message: Value = serde_json::from_str(&text).expect("JSON");
                    for pointer in ["/payload/errors/0/extensions/code", "/payload/0/extensions/code"] {
                        codes.extend(message.pointer(pointer).and_then(Value::as_str).map(str::to_owned));
                    }
                    if message["type"] == "complete" {
                        return (codes, None);
                    }
                }
                Some(Message::Close(frame)) => return (codes, frame.map(|frame| frame.code.into())),
                Some(_) => {}
                None => return (codes, None),
            }
        }
    }

    /// Waits until the subscription is active: makes changes until one is delivered, then reads up to the last of them.
    pub async fn await_changes(&mut self, mut change: impl AsyncFnMut() -> String) {
        let mut last = change().await;
        let first = loop {
            match timeout(Duration::from_millis(300), self.0.next()).await {
                Err(_) => last = change().await,
                Ok(message) => break message.expect("it is open").expect("it holds"),
            }
        };
        let mut event: Value = serde_json::from_str(first.to_text().expect("text")).expect("JSON");
        while event["payload"]["data"]["referralChanged"]["id"] != json!(last) {
            event = self.hear().await;
        }
    }
}
