//! Executes documents, each with its own scope. The engine hides the schema from the edge.

use std::collections::HashSet;
use std::future::Future;
use std::sync::Arc;

use async_graphql::{ObjectType, Request, Response, Schema, SubscriptionType};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use pamoja_domain::access::Caller;

use crate::graphql::batch::Batch;
use crate::graphql::session_activity::Initiative;

/// How a request is executed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// Who began it.
    pub initiative: Initiative,
    /// Whether one of its root fields counts the organisation's records.
    pub counts: bool,
}

type Execute = dyn Fn(Request, Caller, Manner) -> BoxFuture<'static, Response> + Send + Sync;
type Subscribe = dyn Fn(Request, Caller) -> BoxStream<'static, Response> + Send + Sync;

/// Executes documents for a caller. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Engine {
    execute: Arc<Execute>,
    subscribe: Arc<Subscribe>,
    names: Arc<HashSet<String>>,
    counting: &'static [&'static str],
}

impl Engine {
    /// `open` makes the scope of a request, which resolvers find as request data, and the batch that collects their reads. `end`
    /// gives back what the scope holds. `counting` names the root fields that count an organisation's records; `open` is told
    /// whether a request has one of them.
    ///
    /// A subscription has one scope, which ends after each event: it holds no transaction while it waits. A scope must therefore
    /// be usable again after its end.
    pub(crate) fn new<Query, Mutation, Subscription, Scope, Open, End, Ended>(
        schema: Schema<Query, Mutation, Subscription>,
        counting: &'static [&'static str],
        open: Open,
        end: End,
    ) -> Self
    where
        Query: ObjectType + 'static,
        Mutation: ObjectType + 'static,
        Subscription: SubscriptionType + 'static,
        Scope: Clone + Send + Sync + 'static,
        Open: Fn(Caller, Manner) -> (Scope, Batch) + Send + Sync + 'static,
        End: Fn(Scope) -> Ended + Send + Sync + 'static,
        Ended: Future<Output = ()> + Send + 'static,
    {
        let names = Arc::new(schema.names().into_iter().collect());
        let (open, end) = (Arc::new(open), Arc::new(end));
        let execute = {
            let (schema, open, end) = (schema.clone(), Arc::clone(&open), Arc::clone(&end));
            move |request: Request, caller: Caller, manner: Manner| -> BoxFuture<'static, Response> {
                let (schema, end, (scope, batch)) = (schema.clone(), Arc::clone(&end), open(caller, manner));
                Box::pin(async move {
                    let response = batch.alongside(schema.execute(request.data(scope.clone()))).await;
                    end(scope).await;
                    response
                })
            }
        };
        let subscribe = move |request: Request, caller: Caller| -> BoxStream<'static, Response> {
            // What a stream reads was begun by an event, and a client also opens its streams anew by itself.
            let manner = Manner { initiative: Initiative::Client, counts: false };
            let (end, (scope, batch)) = (Arc::clone(&end), open(caller, manner));
            let mut responses = schema.execute_stream(request.data(scope.clone())).boxed();
            async_stream::stream! {
                while let Some(response) = batch.alongside(responses.next()).await {
                    end(scope.clone()).await;
                    yield response;
                }
            }
            .boxed()
        };
        Self { execute: Arc::new(execute), subscribe: Arc::new(subscribe), names, counting }
    }

    /// Executes a query or a mutation to its end.
    pub(crate) async fn execute(&self, request: Request, caller: Caller, manner: Manner) -> Response {
        (self.execute)(request, caller, manner).await
    }

    /// Starts a subscription; dropping the stream ends it.
    pub(crate) fn subscribe(&self, request: Request, caller: Caller) -> BoxStream<'static, Response> {
        (self.subscribe)(request, caller)
    }

    /// Whether the root field of that name counts an organisation's records.
    pub(crate) fn counts(&self, name: &str) -> bool {
        self.counting.contains(&name)
    }

    /// Whether the schema knows that name. Only such names may be logged: any other is the client's own text.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}
