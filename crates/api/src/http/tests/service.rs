use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use futures_util::Stream;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::stand_in::{CONNECTIONS, code, start};

/// A body of unknown length.
pub(crate) fn wrap(chunks: impl Stream<Item = Result<String, std::io::Error>> + Send + 'static) -> reqwest::Body {
    reqwest::Body::wrap_stream(chunks)
}

#[tokio::test]
async fn health_follows_the_database() {
    let server = start().await;
    let status = async |path: &str| reqwest::get(server.url(path)).await.expect("it answers").status().as_u16();
    assert_eq!((status("/health/live").await, status("/health/ready").await), (200, 200));
    server.healthy.store(false, Ordering::SeqCst);
    sleep(Duration::from_millis(600)).await;
    assert_eq!((status("/health/live").await, status("/health/ready").await), (200, 503));
}

/// Every test that waits for a time limit. They run at once, because each takes ten seconds.
#[tokio::test]
async fn patience_ends() {
    tokio::join!(
        what_takes_too_long_is_told_so(),
        slow_senders_are_let_go(),
        super::sockets::a_client_that_does_not_begin_is_let_go(),
        super::sockets::a_client_that_reads_nothing_is_let_go(),
    );
}

async fn what_takes_too_long_is_told_so() {
    let server = start().await;
    let before = Instant::now();
    let (status, answer) = server.ask("{ sleep(seconds: 30) }", json!({})).await;
    assert_eq!((status, code(&answer)), (503, "UNAVAILABLE"));
    assert!((9..13).contains(&before.elapsed().as_secs()));
}

#[tokio::test]
async fn a_mutation_outlives_its_client_and_an_orderly_end_waits_for_it() {
    let mut server = start().await;
    let request = server.post().json(&json!({ "query": "mutation { finishAfter(milliseconds: 800) }" })).send();
    assert!(timeout(Duration::from_millis(300), request).await.is_err(), "the client has gone");
    let waiting = tokio::spawn(server.post().json(&json!({ "query": "mutation { finishAfter(milliseconds: 900) }" })).send());
    sleep(Duration::from_millis(200)).await;
    server.stop.cancel();
    (&mut server.task).await.expect("it ends").expect("in order");
    assert_eq!(server.finished.load(Ordering::SeqCst), 2);
    assert_eq!(waiting.await.expect("it ends").expect("it answers").status(), 200);
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn a_user_has_four_executions_at_once_and_nobody_else_waits() {
    let server = start().await;
    let caller = |token| server.edge.verify(token).expect("a caller").caller;
    let queued = |token| server.edge.queued(caller(token), false).expect("nobody waits long");
    let mut held = Vec::new();
    for _ in 0..4 {
        let queued = queued("good");
        held.push((queued.slot().await.expect("a slot"), queued));
    }
    let waits = async |token| timeout(Duration::from_millis(200), queued(token).slot()).await.is_err();
    assert!(waits("good").await, "a fifth of the same user waits");
    assert!(!waits("other").await, "another user does not");
    // Over HTTP: the fifth execution is answered once one of the four has ended.
    let fifth = tokio::spawn(server.post().json(&json!({ "query": "{ int(value: 5) }" })).send());
    sleep(Duration::from_millis(300)).await;
    assert!(!fifth.is_finished());
    held.pop();
    let answer = timeout(Duration::from_secs(5), fifth).await.expect("in time").expect("it ends").expect("an answer");
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn what_would_wait_too_long_is_refused_at_once_and_nothing_of_it_is_done() {
    let server = start().await;
    let finish = async || {
        let body = json!({ "query": "mutation { finishAfter(milliseconds: 0) }" });
        server.post().json(&body).send().await.expect("it answers")
    };
    // A second for each round, of which there is one until four documents are ahead.
    server.wait.store(1_000, Ordering::SeqCst);
    assert_eq!(finish().await.status(), 200);
    let mut ahead: Vec<_> = (0..4).map(|_| server.edge.queued(server.edge.verify("good")?.caller, false)).collect();
    assert!(ahead.iter().all(Option::is_some));
    let refused = finish().await;
    assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().expect("a number")), (503, "5"));
    let answer: serde_json::Value = refused.json().await.expect("JSON");
    assert_eq!((code(&answer), answer.get("data")), ("UNAVAILABLE", None));
    ahead.pop();
    assert_eq!(finish().await.status(), 200, "three are ahead");
    ahead.clear();
    server.wait.store(1_001, Ordering::SeqCst);
    assert_eq!(finish().await.status(), 503);
    assert_eq!(server.finished.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn connections_past_the_limit_are_told_so_at_once() {
    let server = start().await;
    let mut held = Vec::new();
    for _ in 0..CONNECTIONS {
        held.push(TcpStream::connect(server.address).await.expect("it connects"));
    }
    for _ in 0..3 {
        let refused = server.post().json(&json!({ "query": "{ who }" })).send().await.expect("it answers");
        assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().expect("a number")), (503, "5"));
        assert!(refused.headers().contains_key("x-request-id") && refused.headers().contains_key("content-language"));
        assert_eq!(code(&refused.json().await.expect("JSON")), "UNAVAILABLE");
    }
    drop(held);
    let well_again = async {
        while server.post().json(&json!({ "query": "{ who }" })).send().await.expect("it answers").status() != 200 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(5), well_again).await.expect("it has room again");
}

async fn answer_to(server: &super::stand_in::Server, sent: &str) -> (String, Duration) {
    let mut stream = TcpStream::connect(server.address).await.expect("it connects");
    let before = Instant::now();
    stream.write_all(sent.as_bytes()).await.expect("it is sent");
    let mut answer = String::new();
    timeout(Duration::from_secs(15), stream.read_to_string(&mut answer)).await.expect("it closes").ok();
    (answer, before.elapsed())
}

async fn slow_senders_are_let_go() {
    let server = start().await;
    let slow_body = "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer good\r\n\
                     content-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    let (nothing, head, body) = tokio::join!(
        answer_to(&server, ""),
        answer_to(&server, "POST /graphql HTTP/1.1\r\nhost:"),
        answer_to(&server, slow_body)
    );
    for (answer, took) in [&nothing, &head] {
        assert!((9..13).contains(&took.as_secs()), "{answer} {took:?}");
    }
    assert!(body.0.starts_with("HTTP/1.1 408"), "{}", body.0);
}
