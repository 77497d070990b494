use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value as Json, json};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::stand_in::{Server, code, start};

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// Opens a WebSocket; returns the status when the server refuses.
async fn open_from(server: &Server, protocol: Option<&str>, origin: Option<&str>) -> Result<Socket, u16> {
    let mut request = format!("ws://{}/graphql/ws", server.address).into_client_request().expect("a request");
    if let Some(protocol) = protocol {
        request.headers_mut().insert("sec-websocket-protocol", protocol.parse().expect("a header"));
    }
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().expect("a header"));
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(Socket(socket)),
        Err(Error::Http(answer)) => Err(answer.status().as_u16()),
        Err(other) => panic!("{other}"),
    }
}

async fn open(server: &Server) -> Socket {
    open_from(server, Some("graphql-transport-ws"), None).await.expect("it opens")
}

async fn begun(server: &Server, token: &str) -> Socket {
    let mut socket = open(server).await;
    socket.say(json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } })).await;
    assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
    socket
}

impl Socket {
    async fn say(&mut self, message: Json) {
        self.0.send(Message::text(message.to_string())).await.expect("it is sent");
    }

    async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }

    async fn next(&mut self) -> Message {
        loop {
            let message = timeout(Duration::from_secs(15), self.0.next()).await.expect("in time");
            match message.expect("it is open").expect("it holds") {
                Message::Ping(_) => {}
                message => return message,
            }
        }
    }

    async fn hear(&mut self) -> Json {
        let message = self.next().await;
        serde_json::from_str(message.to_text().expect("text")).unwrap_or_else(|_| panic!("{message:?}"))
    }

    async fn closed(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.next().await {
                return frame.expect("it says why").code.into();
            }
        }
    }
}

#[tokio::test]
async fn only_the_right_protocol_from_the_right_page() {
    let server = start().await;
    let right = Some("graphql-transport-ws");
    assert_eq!(open_from(&server, None, None).await.err(), Some(400));
    assert_eq!(open_from(&server, Some("graphql-ws"), None).await.err(), Some(400));
    assert_eq!(open_from(&server, right, Some("https://evil.example")).await.err(), Some(403));
    assert_eq!(open_from(&server, right, Some("null")).await.err(), Some(403));
    assert!(open_from(&server, right, Some("https://app.example")).await.is_ok());
    assert!(open_from(&server, right, Some(&server.url(""))).await.is_ok());
    assert_eq!(reqwest::get(server.url("/graphql/ws")).await.expect("it answers").status(), 400);
}

#[tokio::test]
async fn beginnings() {
    let server = start().await;
    for payload in [json!({ "Authorization": "bearer good" }), json!({ "accessToken": "good" })] {
        let mut socket = open(&server).await;
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.hear().await["type"], "connection_ack");
    }
    for payload in [json!(null), json!({}), json!({ "authorization": "Bearer bad" }), json!({ "authorization": "good" })] {
        let mut socket = open(&server).await;
        socket.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.closed().await, 4401);
    }
    let mut early = open(&server).await;
    early.subscribe("1", "{ who }").await;
    assert_eq!(early.closed().await, 4401);
    let mut twice = begun(&server, "good").await;
    twice.say(json!({ "type": "connection_init" })).await;
    assert_eq!(twice.closed().await, 4429);
    for wrong in [
        "",
        "x",
        "[]",
        r#"{"type":"start"}"#,
        r#"{"type":"subscribe","id":"1"}"#,
        r#"{"type":"subscribe","payload":{"query":"{ who }"}}"#,
        r#"{"type":"ping","payload":1}"#,
    ] {
        let mut socket = begun(&server, "good").await;
        socket.0.send(Message::text(wrong)).await.expect("it is sent");
        assert_eq!(socket.closed().await, 4400, "{wrong}");
    }
    let mut binary = begun(&server, "good").await;
    binary.0.send(Message::binary(vec![1])).await.expect("it is sent");
    assert_eq!(binary.closed().await, 4400);
    let mut large = begun(&server, "good").await;
    large.0.send(Message::text("x".repeat(70_000))).await.expect("it is sent");
    assert_eq!(large.closed().await, 1009);
    let mut short = begun(&server, "short").await;
    assert_eq!(short.closed().await, 4401);
}

#[tokio::test]
async fn operations_answer_and_end() {
    let server = start().await;
    let mut socket = begun(&server, "good").await;
    socket.say(json!({ "type": "ping", "payload": {} })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong" }));
    socket.subscribe("q", "{ who }").await;
    assert_eq!(socket.hear().await["payload"]["data"]["who"], "00000000-0000-0000-0000-000000000001");
    assert_eq!(socket.hear().await, json!({ "id": "q", "type": "complete" }));
    socket.subscribe("o", "{ who again: who greet: __typename a: who }").await;
    let Message::Text(text) = socket.next().await else { panic!("no text") };
    let order = ["\"who\"", "\"again\"", "\"greet\"", "\"a\""].map(|name| text.find(name).expect("it is there"));
    assert!(order.is_sorted(), "fields come in the order in which they were asked for: {text}");
    assert_eq!(socket.hear().await["type"], "complete");
    socket.subscribe("q", "subscription { ticks(count: 3) }").await;
    for number in 0..3 {
        assert_eq!(socket.hear().await, json!({ "id": "q", "type": "next", "payload": { "data": { "ticks": number } } }));
    }
    assert_eq!(socket.hear().await, json!({ "id": "q", "type": "complete" }));
    assert_eq!(server.scopes_ended.load(Ordering::SeqCst), 5, "once for each query, after each event of the subscription");
    for (query, expected) in [
        ("{ nothing }", "BAD_REQUEST"),
        ("{", "BAD_REQUEST"),
        ("subscription { nothing }", "BAD_REQUEST"),
        ("{ panics }", "INTERNAL"),
    ] {
        socket.subscribe("e", query).await;
        let answer = socket.hear().await;
        assert_eq!((&answer["type"], code(&json!({ "errors": answer["payload"] }))), (&json!("error"), expected), "{query}");
    }
    socket.subscribe("f", "{ fails }").await;
    let answer = socket.hear().await;
    assert_eq!((&answer["type"], code(&answer["payload"])), (&json!("next"), "INTERNAL"));
    assert_eq!(socket.hear().await["type"], "complete");
    socket.subscribe("p", "subscription { panics }").await;
    assert_eq!(socket.hear().await["payload"]["data"]["panics"], 0);
    let answer = socket.hear().await;
    assert_eq!(code(&json!({ "errors": answer["payload"] })), "INTERNAL");
    assert!(!answer.to_string().contains("secret"));
    socket.subscribe("s", "subscription { endsSession }").await;
    assert_eq!(socket.closed().await, 4401);
}

#[tokio::test]
async fn five_streams_a_socket() {
    let server = start().await;
    let mut socket = begun(&server, "good").await;
    for id in ["1", "2", "3", "4", "5"] {
        socket.subscribe(id, "subscription { never }").await;
    }
    socket.subscribe("6", "subscription { never }").await;
    let answer = socket.hear().await;
    assert_eq!(
        (&answer["type"], &answer["id"], code(&json!({ "errors": answer["payload"] }))),
        (&json!("error"), &json!("6"), "TOO_COSTLY")
    );
    assert_eq!(answer["payload"][0]["extensions"]["limit"], json!({ "name": "streams", "asked": 6, "allowed": 5 }));
    // Queries have room beside the streams.
    socket.subscribe("6", "{ who }").await;
    assert_eq!(socket.hear().await["id"], "6");
    assert_eq!(socket.hear().await["type"], "complete");
    socket.subscribe("1", "{ who }").await;
    assert_eq!(socket.closed().await, 4409);
}

#[tokio::test]
async fn ten_queries_at_once_beside_the_streams() {
    let server = start().await;
    let mut socket = begun(&server, "good").await;
    for at in 0..10 {
        socket.subscribe(&format!("q{at}"), "{ sleep(seconds: 2) }").await;
    }
    socket.subscribe("more", "{ who }").await;
    let answer = socket.hear().await;
    assert_eq!((&answer["type"], &answer["id"]), (&json!("error"), &json!("more")));
    assert_eq!(answer["payload"][0]["extensions"]["limit"], json!({ "name": "socketQueries", "asked": 11, "allowed": 10 }));
    socket.subscribe("s", "subscription { ticks(count: 1) }").await;
    let mut ended = Vec::new();
    while ended.len() < 11 {
        let message = socket.hear().await;
        if message["type"] == "complete" {
            ended.push(message["id"].as_str().expect("an id").to_owned());
        }
    }
    assert_eq!(ended.iter().filter(|id| *id == "s").count(), 1);
    socket.subscribe("more", "{ who }").await;
    assert_eq!(socket.hear().await["id"], "more");
}

#[tokio::test]
async fn a_subscription_delivers_however_its_one_field_is_written() {
    let server = start().await;
    let mut socket = begun(&server, "good").await;
    for query in [
        "subscription { ticks(count: 1) ticks(count: 1) }",
        "subscription { ... { ticks(count: 1) } }",
        "subscription { ... on Changes { ticks(count: 1) } }",
        "subscription { ...F } fragment F on Changes { ticks(count: 1) }",
        "subscription { ...F ticks(count: 1) ... { ...G } } fragment F on Changes { ...G } fragment G on Changes { ticks(count: 1) }",
        "subscription A { ticks(count: 1) }",
    ] {
        socket.subscribe("1", query).await;
        assert_eq!(socket.hear().await, json!({ "id": "1", "type": "next", "payload": { "data": { "ticks": 0 } } }), "{query}");
        assert_eq!(socket.hear().await, json!({ "id": "1", "type": "complete" }), "{query}");
    }
    socket
        .subscribe("1", "subscription { node { name } ...F } fragment F on Changes { node { __typename child { name } } }")
        .await;
    let node = json!({ "name": "a node", "__typename": "Node", "child": { "name": "a node" } });
    assert_eq!(socket.hear().await["payload"]["data"]["node"], node);
    assert_eq!(socket.hear().await["type"], "complete");
}

#[tokio::test]
async fn a_subscription_that_is_none_is_refused_and_never_silent() {
    let server = start().await;
    let mut socket = begun(&server, "good").await;
    for query in [
        "subscription",
        "subscription { }",
        "subscription { __typename }",
        "subscription { a: __typename }",
        "subscription { nothing }",
        "subscription { ticks }",
        "subscription { never flood }",
        "subscription { a: never b: never }",
        "subscription { never __typename }",
        "subscription { ticks(count: 1) ticks(count: 2) }",
        "subscription { ...F } fragment F on Changes { ...F }",
        "subscription { ...F } fragment F on Changes { never ...F }",
        "subscription { ...F }",
        "subscription { ...F } fragment F on Query { who }",
        "subscription { never @skip(if: true) }",
        "subscription { never @include(if: false) }",
        "subscription { ... @include(if: true) { never } }",
        "subscription($no: Boolean!) { never @skip(if: $no) }",
        "subscription($unused: Int) { never }",
        "subscription { __schema { types { name } } }",
        "subscription A { never } subscription B { never }",
    ] {
        socket.subscribe("1", query).await;
        let answer = socket.hear().await;
        assert_eq!((&answer["type"], code(&json!({ "errors": answer["payload"] }))), (&json!("error"), "BAD_REQUEST"), "{query}");
    }
}

#[tokio::test]
async fn ten_sockets_a_user() {
    let server = start().await;
    let mut sockets = Vec::new();
    for _ in 0..10 {
        sockets.push(begun(&server, "good").await);
    }
    let mut one_more = open(&server).await;
    one_more.say(json!({ "type": "connection_init", "payload": { "accessToken": "good" } })).await;
    assert_eq!(one_more.closed().await, 1013);
    begun(&server, "other").await;
    drop(sockets.pop());
    sleep(Duration::from_millis(300)).await;
    begun(&server, "good").await;
}

#[tokio::test]
async fn an_orderly_end_finishes_what_runs_and_says_goodbye() {
    let mut server = start().await;
    let mut socket = begun(&server, "good").await;
    socket.subscribe("s", "subscription { never }").await;
    socket.subscribe("m", "mutation { finishAfter(milliseconds: 700) }").await;
    let mut idle = begun(&server, "other").await;
    sleep(Duration::from_millis(100)).await;
    server.stop.cancel();
    assert_eq!(idle.closed().await, 1001);
    assert_eq!(socket.hear().await["payload"]["data"]["finishAfter"], true);
    assert_eq!(socket.hear().await["type"], "complete");
    assert_eq!(socket.closed().await, 1001);
    timeout(Duration::from_secs(5), &mut server.task).await.expect("in time").expect("it ends").expect("in order");
}

pub(crate) async fn a_client_that_does_not_begin_is_let_go() {
    let server = start().await;
    let before = Instant::now();
    assert_eq!(open(&server).await.closed().await, 4408);
    assert!((4..7).contains(&before.elapsed().as_secs()));
}

pub(crate) async fn a_client_that_reads_nothing_is_let_go() {
    let server = start().await;
    let mut socket = begun(&server, "good").await;
    socket.subscribe("1", "subscription { flood }").await;
    sleep(Duration::from_secs(3)).await;
    let sent = server.scopes_ended.load(Ordering::SeqCst);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(server.scopes_ended.load(Ordering::SeqCst), sent, "nothing more is made while nothing is read");
    sleep(Duration::from_secs(8)).await;
    assert_eq!(server.edge.tasks.len(), 0, "nothing is left of it");
}
