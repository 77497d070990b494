use std::cell::RefCell;
use std::io::{self, Write};

use serde_json::{Value as Json, json};

use super::stand_in::start;
use crate::http::telemetry;

thread_local! {
    /// What this thread logged, where somebody on it listens.
    static HEARD: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

struct ThisThread;

impl Write for ThisThread {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        HEARD.with_borrow_mut(|heard| heard.as_mut().map_or(Ok(bytes.len()), |heard| heard.write(bytes)))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Hears all that this thread logs from now on. The subscriber is the whole process's: `tracing` remembers of a place
/// in the code that nobody wants its lines when a thread without a subscriber passes it first, for every other thread.
fn listen() {
    let lines = tracing_subscriber::fmt().json().flatten_event(true).with_writer(|| ThisThread).finish();
    tracing::subscriber::set_global_default(lines).expect("nobody else listens");
    tracing::callsite::rebuild_interest_cache();
    HEARD.set(Some(Vec::new()));
}

/// Runs on one thread, so that what is heard of this thread is everything.
#[tokio::test]
async fn logs_and_figures_hold_nothing_of_the_client() {
    listen();
    let figures = telemetry::count().expect("nobody else counts");

    let server = start().await;
    let query = "query Wanjiru($x: String!) { wanjiru: greet(name: $x) who __typename int(value: 254700) }";
    let body = json!({ "query": query, "operationName": "Wanjiru", "variables": { "x": "0712345678" } });
    let answer = server.post().json(&body).header("user-agent", "wanjiru").send().await.expect("it answers");
    assert_eq!(answer.status(), 200);
    server.ask("{ wanjiru(phone: 254700) }", json!({})).await;
    reqwest::get(server.url("/wanjiru?phone=254700")).await.expect("it answers");

    let text = String::from_utf8(HEARD.take().expect("this thread listens")).expect("text");
    let requests: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    assert_eq!(requests.len(), 3, "{text}");
    assert_eq!(requests[0]["fields"], "greet,who,__typename,int");
    assert_eq!(requests[0]["operation"], "query");
    assert_eq!(
        (&requests[0]["code"], &requests[1]["code"], &requests[2]["route"]),
        (&json!("OK"), &json!("BAD_REQUEST"), &json!("none"))
    );
    let rendered = figures.render();
    assert!(rendered.contains(r#"pamoja_requests_total{route="/graphql",operation="query",outcome="OK"}"#), "{rendered}");
    for theirs in ["anjiru", "0712345678", "254700", "127.0.0.1", "good"] {
        assert!(!text.contains(theirs) && !rendered.contains(theirs), "{theirs}: {text}");
    }
}
