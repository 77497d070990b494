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

type Execute = dyn Fn(Request, Caller, Initiative) -> BoxFuture<'static, Response> + Send + Sync;
type Subscribe = dyn Fn(Request, Caller) -> BoxStream<'static, Response> + Send + Sync;

/// Executes documents for a caller. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Engine {
    execute: Arc<Execute>,
    subscribe: Arc<Subscribe>,
    names: Arc<HashSet<String>>,
}

impl Engine {
    /// `open` makes the scope of a request, which resolvers find as request data, and the batch that collects their reads. `end`
    /// gives back what the scope holds.
    ///
    /// A subscription has one scope, which ends after each event: it holds no transaction while it waits. A scope must therefore
    /// be usable again after its end.
    pub(crate) fn new<Query, Mutation, Subscription, Scope, Open, End, Ended>(
        schema: Schema<Query, Mutation, Subscription>,
        open: Open,
        end: End,
    ) -> Self
    where
        Query: ObjectType + 'static,
        Mutation: ObjectType + 'static,
        Subscription: SubscriptionType + 'static,
        Scope: Clone + Send + Sync + 'static,
        Open: Fn(Caller, Initiative) -> (Scope, Batch) + Send + Sync + 'static,
        End: Fn(Scope) -> Ended + Send + Sync + 'static,
        Ended: Future<Output = ()> + Send + 'static,
    {
        let names = Arc::new(schema.names().into_iter().collect());
        let (open, end) = (Arc::new(open), Arc::new(end));
        let execute = {
            let (schema, open, end) = (schema.clone(), Arc::clone(&open), Arc::clone(&end));
            move |request: Request, caller: Caller, initiative: Initiative| -> BoxFuture<'static, Response> {
                let (schema, end, (scope, batch)) = (schema.clone(), Arc::clone(&end), open(caller, initiative));
                Box::pin(async move {
                    let response = batch.alongside(schema.execute(request.data(scope.clone()))).await;
                    end(scope).await;
                    response
                })
            }
        };
        let subscribe = move |request: Request, caller: Caller| -> BoxStream<'static, Response> {
            // What a stream reads was begun by an event, and a client also opens its streams anew by itself.
            let (end, (scope, batch)) = (Arc::clone(&end), open(caller, Initiative::Client));
            let mut responses = schema.execute_stream(request.data(scope.clone())).boxed();
            async_stream::stream! {
                while let Some(response) = batch.alongside(responses.next()).await {
                    end(scope.clone()).await;
                    yield response;
                }
            }
            .boxed()
        };
        Self { execute: Arc::new(execute), subscribe: Arc::new(subscribe), names }
    }

    /// Executes a query or a mutation to its end.
    pub(crate) async fn execute(&self, request: Request, caller: Caller, initiative: Initiative) -> Response {
        (self.execute)(request, caller, initiative).await
    }

    /// Starts a subscription; dropping the stream ends it.
    pub(crate) fn subscribe(&self, request: Request, caller: Caller) -> BoxStream<'static, Response> {
        (self.subscribe)(request, caller)
    }

    /// Whether the schema knows that name. Only such names may be logged: any other is the client's own text.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}
