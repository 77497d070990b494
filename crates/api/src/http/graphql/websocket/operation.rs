//! One operation over a WebSocket: a subscription that goes on, or a query or a mutation that is executed once.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use async_graphql::Response;
use async_graphql::parser::types::OperationType;
use futures_util::{FutureExt, StreamExt};
use pamoja_domain::access::Caller;
use tokio::sync::mpsc::Sender;

use crate::error_code::ErrorCode;
use crate::graphql::news::Told;
use crate::http::code::{Rejection, RequestId};
use crate::http::edge::Edge;
use crate::http::graphql::execution;
use crate::http::graphql::prepared::Prepared;
use crate::http::graphql::response::{Shaped, shape};
use crate::http::telemetry::{self, Line, Outcome};
use crate::i18n::Language;

use super::message::Answer;

const NULL: &str = "null";

/// An answer on its way to the socket.
pub(super) struct Outgoing {
    /// The operation's id, chosen by the client.
    pub id: String,
    /// The operation's number, chosen by us: a client may reuse an id as soon as the operation has ended.
    pub number: u64,
    /// The message.
    pub answer: Answer,
    /// Whether the caller's session has ended, which also ends the socket.
    pub session_ended: bool,
}

/// Where an operation's answers go.
pub(super) struct Answers {
    /// The operation's id, chosen by the client.
    pub id: String,
    /// The operation's number, chosen by us.
    pub number: u64,
    /// The language of the request that opened the socket.
    pub language: Language,
    /// The socket's queue. It is bounded, so that a slow client holds up its own streams and nothing else.
    pub queue: Sender<Box<Outgoing>>,
}

impl Answers {
    /// Sends an answer. Returns whether the socket still takes answers.
    async fn say(&self, answer: Answer, code: Option<ErrorCode>) -> bool {
        let session_ended = code == Some(ErrorCode::Unauthenticated);
        let outgoing = Outgoing { id: self.id.clone(), number: self.number, answer, session_ended };
        self.queue.send(Box::new(outgoing)).await.is_ok()
    }

    async fn say_shaped(&self, shaped: &Shaped) -> bool {
        self.say(to_answer(shaped), shaped.code).await
    }
}

/// What was executed becomes a result, even with errors in it; what was not executed becomes an error.
pub(super) fn to_answer(shaped: &Shaped) -> Answer {
    if shaped.executed {
        Answer::Next(shaped.text().unwrap_or_else(|_| NULL.to_owned()).into())
    } else {
        Answer::Error(serde_json::to_string(shaped.errors()).unwrap_or_else(|_| NULL.to_owned()))
    }
}

/// Writes the operation's log line when it is dropped, however the operation ends.
pub(super) struct Logged {
    request_id: RequestId,
    started: Instant,
    outcome: Outcome,
}

impl Logged {
    /// Starts the clock of the log line.
    pub(super) fn start(request_id: RequestId) -> Self {
        Self { request_id, started: Instant::now(), outcome: Outcome { operation: "none", fields: Vec::new(), code: "OK" } }
    }

    /// Notes a code for the log line; the first error's code stays.
    pub(super) fn note(&mut self, code: Option<ErrorCode>) {
        if self.outcome.code == "OK" {
            self.outcome.code = telemetry::outcome(code);
        }
    }
}

impl Drop for Logged {
    fn drop(&mut self) {
        let (request_id, started) = (self.request_id, self.started);
        Line { request_id, method: "WS", route: "/graphql/ws", status: 0, started }.write(&self.outcome);
    }
}

/// Executes the operation and sends all its answers.
pub(super) async fn run(edge: Edge, mut prepared: Prepared, caller: Caller, answers: Answers, mut logged: Logged) {
    logged.outcome.operation = telemetry::operation(prepared.kind);
    logged.outcome.fields = std::mem::take(&mut prepared.fields);
    let (request_id, language) = (logged.request_id, answers.language);
    if prepared.kind != OperationType::Subscription {
        // Boxed: a subscription keeps no room for it.
        let shaped = Box::pin(execution::run(&edge, prepared, caller, request_id, language)).await;
        logged.note(shaped.code);
        if answers.say_shaped(&shaped).await && shaped.executed {
            answers.say(Answer::Complete, None).await;
        }
        return;
    }
    let explain = edge.settings.explain_documents;
    let mut subscription = edge.engine.subscribe(prepared, language, caller);
    loop {
        let response = match AssertUnwindSafe(subscription.next()).catch_unwind().await {
            Ok(Some(Told::Text(text))) => {
                if !answers.say(Answer::Next(text), None).await {
                    return;
                }
                continue;
            }
            Ok(Some(Told::Failed(response, _))) => of_this_subscriber(response),
            Ok(None) => break,
            Err(_) => {
                let shaped = shape(Response::from(panicked()), request_id, language, explain);
                logged.note(shaped.code);
                answers.say_shaped(&shaped).await;
                return;
            }
        };
        let shaped = shape(response, request_id, language, explain);
        logged.note(shaped.code);
        if !answers.say_shaped(&shaped).await || !shaped.executed {
            return;
        }
    }
    answers.say(Answer::Complete, None).await;
}

/// A response of one's own, to be given this request's id. The same one is told as often as the thing changed.
fn of_this_subscriber(response: Arc<Response>) -> Response {
    Arc::try_unwrap(response).unwrap_or_else(|shared| {
        let mut response = Response::new(shared.data.clone());
        response.errors.clone_from(&shared.errors);
        response
    })
}

fn panicked() -> Rejection {
    Rejection::new(ErrorCode::Internal, "a subscription panicked")
}
