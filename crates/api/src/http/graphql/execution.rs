//! Executes one query or mutation, for HTTP and for WebSockets alike.

use std::time::Duration;

use async_graphql::Response;
use async_graphql::parser::types::OperationType;
use pamoja_domain::access::Caller;
use pamoja_domain::message::Message;
use tokio::time::timeout;

use crate::error_code::ErrorCode;
use crate::http::code::{Rejection, RequestId};
use crate::http::edge::Edge;
use crate::http::graphql::prepared::Prepared;
use crate::http::graphql::response::{Shaped, shape};
use crate::http::limit;
use crate::i18n::Language;

/// The longest time that a client waits for an execution.
const EXECUTION: Duration = limit::EXECUTION.time();

/// Executes, or refuses at once what would wait too long to be begun. It executes in a separate task, so that a client that goes away
/// doesn't stop a mutation half-way. A query that takes too long is dropped. A mutation that takes too long goes on to its end; the
/// client learns its outcome by repeating it with the same `clientMutationId`.
pub(crate) async fn run(edge: &Edge, prepared: Prepared, caller: Caller, request_id: RequestId, language: Language) -> Shaped {
    let kind = prepared.kind;
    let engine = edge.engine.clone();
    let late = || Rejection::new(ErrorCode::Unavailable, Message::of("took-too-long"));
    let unexecuted = |rejection: Rejection| shape(rejection.into(), request_id, language, edge.settings.explain_documents);
    let Some(queued) = edge.queued(caller, prepared.manner.counts) else {
        return unexecuted(Rejection::new(ErrorCode::Unavailable, Message::of("unavailable")));
    };
    let Ok(slot) = timeout(EXECUTION, queued.slot()).await else {
        return unexecuted(late());
    };
    let execution = edge.tasks.spawn(async move {
        let _held = (slot, queued);
        if kind == OperationType::Mutation {
            Some(engine.execute(prepared, language, caller).await)
        } else {
            timeout(EXECUTION, engine.execute(prepared, language, caller)).await.ok()
        }
    });
    let response = match timeout(EXECUTION, execution).await {
        Ok(Ok(Some(response))) => response,
        Ok(Ok(None)) | Err(_) => late().into(),
        // The task panicked; the panic hook has logged where.
        Ok(Err(_)) => Response::from(Rejection::new(ErrorCode::Internal, "the execution panicked")),
    };
    shape(response, request_id, language, edge.settings.explain_documents)
}
