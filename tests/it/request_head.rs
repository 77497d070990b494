//! Requests that two readers could read in two ways are refused, over plain TCP and however they are cut into packets.

use std::time::Duration;

use pamoja_api::http::settings::Settings;
use pamoja_domain::device::SharedHours;
use pamoja_domain::user::Role;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::harness::{PATIENT, SENDER, Socket, World};

/// Sends the bytes in these pieces; returns the statuses of the answers, in order.
async fn statuses(world: &World, text: &str, cuts: &[usize]) -> Vec<u16> {
    let mut stream = TcpStream::connect(world.address).await.expect("a connection");
    stream.set_nodelay(true).expect("packets go at once");
    let mut ends: Vec<usize> = cuts.iter().map(|cut| cut % text.len()).collect();
    ends.push(text.len());
    ends.sort_unstable();
    let mut from = 0;
    for to in ends {
        // Whoever is refused early finds the connection closed.
        if stream.write_all(&text.as_bytes()[from..to]).await.is_err() {
            break;
        }
        tokio::task::yield_now().await;
        from = to;
    }
    let (mut answer, mut piece) = (Vec::new(), [0; 4_096]);
    while let Ok(count @ 1..) = timeout(Duration::from_secs(20), stream.read(&mut piece)).await.expect("it is closed") {
        answer.extend_from_slice(&piece[..count]);
    }
    let answer = String::from_utf8_lossy(&answer).into_owned();
    // An answer to HTTP/1.0 says so.
    answer.split("HTTP/1.").skip(1).map(|rest| rest[2..5].parse().expect("a status")).collect()
}

/// A request, as it may be sent and as it may not.
#[derive(Clone, Debug)]
struct Request {
    version: &'static str,
    hosts: Vec<&'static str>,
    headers: Vec<&'static str>,
    /// The line that ends with a line feed alone, if one does.
    bare: Option<usize>,
}

impl Request {
    fn text(&self, last: bool) -> String {
        let mut lines = vec![format!("GET /health/live {}", self.version)];
        lines.extend(self.hosts.iter().map(|host| format!("Host: {host}")));
        lines.extend(self.headers.iter().map(|header| (*header).to_owned()));
        lines.push(format!("Connection: {}", if last { "close" } else { "keep-alive" }));
        lines.push(String::new());
        let bare = self.bare.map(|bare| bare % lines.len());
        let ended = |(at, line): (usize, String)| if bare == Some(at) { line + "\n" } else { line + "\r\n" };
        lines.into_iter().enumerate().map(ended).collect()
    }

    fn is_strict(&self) -> bool {
        let hosts = self.hosts.len();
        self.bare.is_none() && hosts < 2 && (hosts == 1 || self.version == "HTTP/1.0")
    }
}

fn request() -> impl Strategy<Value = Request> {
    let hosts = prop_oneof![
        4 => Just(vec!["api.example"]),
        1 => Just(vec![]),
        1 => Just(vec!["api.example", "api.example"]),
        1 => Just(vec!["api.example", "other.example"]),
    ];
    let headers = prop::collection::vec(prop::sample::select(vec!["Accept: */*", "X-Host: a", "User-Agent: nginx"]), 0..3);
    let bare = prop_oneof![4 => Just(None), 1 => any::<usize>().prop_map(Some)];
    (prop_oneof![4 => Just("HTTP/1.1"), 1 => Just("HTTP/1.0")], hosts, headers, bare)
        .prop_map(|(version, hosts, headers, bare)| Request { version, hosts, headers, bare })
}

#[tokio::test]
async fn only_requests_that_everybody_reads_alike_are_answered_and_nothing_after_the_first_that_is_not() {
    let world = World::new().await;
    let strategy = (prop::collection::vec(request(), 1..4), prop::collection::vec(any::<usize>(), 0..4));
    let mut runner = TestRunner::deterministic();
    let (mut answered, mut refused) = (0, 0);
    for _ in 0..150 {
        let (requests, cuts) = strategy.new_tree(&mut runner).expect("requests").current();
        let count = requests.len();
        let text: String = requests.iter().enumerate().map(|(at, request)| request.text(at + 1 == count)).collect();
        let mut expected = Vec::new();
        for request in &requests {
            expected.push(if request.is_strict() { 200 } else { 400 });
            if !request.is_strict() {
                break;
            }
        }
        assert_eq!(statuses(&world, &text, &cuts).await, expected, "{text:?} {cuts:?}");
        answered += expected.iter().filter(|status| **status == 200).count();
        refused += expected.iter().filter(|status| **status == 400).count();
    }
    assert!(answered > 50 && refused > 50, "{answered} {refused}");
}

#[tokio::test]
async fn bodies_may_hold_line_feeds_and_their_lengths_may_not_be_said_in_two_ways() {
    let world = World::new().await;
    let post = |headers: &str, body: &str| {
        format!("POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n{headers}\r\n\r\n{body}")
    };
    let get = "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    for (first, expected) in [
        (post("Content-Length: 4", "{\n\n}"), vec![401, 200]),
        (post("Transfer-Encoding: chunked", "4;a=b\r\n{\n\n}\r\n0\r\nX: y\r\n\r\n"), vec![401, 200]),
        (post("Content-Length: 4\r\nContent-Length: 4", "{\n\n}"), vec![400]),
        (post("Content-Length: 4\r\nContent-Length: 5", "{\n\n}"), vec![400]),
        (post("Content-Length: 4\r\nTransfer-Encoding: chunked", "0\r\n\r\n"), vec![400]),
        (post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"), vec![400]),
    ] {
        assert_eq!(statuses(&world, &format!("{first}{get}"), &[]).await, expected, "{first:?}");
    }
}

#[tokio::test]
async fn a_socket_speaks_its_own_protocol_after_it_was_opened() {
    let world = World::new().await;
    let client = world.client(SENDER, Role::Caseworker).await;
    let mut socket = Socket::of(&client).await;
    socket.subscribe("1", "subscription { referralChanged { id } }").await;
    let sent = crate::referral::sent(&client).await;
    assert_eq!(socket.referral().await["id"], json!(sent.0));
}

#[tokio::test]
async fn a_browser_is_shown_the_explorer_only_where_somebody_said_so() {
    for (explorer, status) in [(false, 405), (true, 200)] {
        let settings = Settings {
            introspection: false,
            explain_documents: false,
            explorer,
            allowed_origins: Vec::new(),
            shared_hours: SharedHours::default(),
            wait: PATIENT,
        };
        let world = World::with(settings).await;
        let page =
            world.anonymous().request(Method::GET, "/graphql").header("accept", "text/html").send().await.expect("an answer");
        assert_eq!(page.status().as_u16(), status);
        let text = page.text().await.expect("a text");
        assert_eq!(text.contains("Pamoja explorer"), explorer);
    }
}
