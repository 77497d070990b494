//! Executes documents, each with its own scope. The engine hides the schema from the edge.

use std::collections::HashSet;
use std::future::Future;
use std::sync::Arc;

use async_graphql::{ObjectType, Response, SchemaBuilder, SubscriptionType, ValidationMode};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use pamoja_domain::access::Caller;

use crate::graphql::batch::Batch;
use crate::graphql::live::{Next, Occasion, to_its_end};
use crate::graphql::news::Told;
use crate::http::graphql::complexity::{self, Measuring};
use crate::http::graphql::known_documents::KnownDocuments;
use crate::http::graphql::limits::{self, Lengths};
use crate::http::graphql::prepared::{Manner, Prepared};
use crate::http::graphql::subscription::{LiveDocument, Stage, told};
use crate::http::graphql::validation::Validator;
use crate::http::limit;
use crate::i18n::Language;

type Execute = dyn Fn(Prepared, Language, Caller) -> BoxFuture<'static, Response> + Send + Sync;
type Subscribe = dyn Fn(Prepared, Language, Caller) -> BoxStream<'static, Told> + Send + Sync;

/// Executes documents for a caller. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Engine {
    execute: Arc<Execute>,
    subscribe: Arc<Subscribe>,
    names: Arc<HashSet<String>>,
    counting: Arc<[&'static str]>,
    validator: Arc<Validator>,
    lengths: Arc<Lengths>,
    documents: Arc<KnownDocuments>,
}

impl Engine {
    /// `build` begins a schema: one executes, and one measures what is too large to be executed. Neither validates, because the
    /// engine's own validator does so completely.
    ///
    /// `open` makes the scope of a request, which resolvers find as request data, and the batch that collects their reads. `end`
    /// gives back what the scope holds. `counting` names the root fields that count an organisation's records; `open` is told
    /// whether a request has one of them.
    ///
    /// A subscription has a scope for its beginning, and another for each of the executions that follow: see
    /// [`live`](crate::graphql::live). It holds none while it waits.
    ///
    /// # Errors
    /// A sentence for the log when the schema isn't valid.
    pub(crate) fn new<Query, Mutation, Subscription, Scope, Open, End, Ended>(
        build: impl Fn() -> SchemaBuilder<Query, Mutation, Subscription>,
        counting: &[&'static str],
        open: Open,
        end: End,
    ) -> Result<Self, String>
    where
        Query: ObjectType + 'static,
        Mutation: ObjectType + 'static,
        Subscription: SubscriptionType + 'static,
        Scope: Clone + Send + Sync + 'static,
        Open: Fn(Caller, Manner) -> (Scope, Batch) + Send + Sync + 'static,
        End: Fn(Scope) -> Ended + Send + Sync + 'static,
        Ended: Future<Output = ()> + Send + 'static,
    {
        // The limits bound how deep a document goes; the library counts the fragments around fragments as well.
        let begin = || build().validation_mode(ValidationMode::Fast).limit_recursive_depth(2 * limits::WALK);
        let schema = begin().limit_complexity(limit::COMPLEXITY.allowed).finish();
        let measuring = begin().extension(Measuring).finish();
        let validator = Validator::new(&schema.sdl())?;
        let lengths = Arc::new(Lengths::of_schema(validator.schema()));
        let names = Arc::new(schema.names().into_iter().collect());
        let (open, end) = (Arc::new(open), Arc::new(end));
        let execute = {
            let (schema, measuring, open, end) = (schema.clone(), measuring.clone(), Arc::clone(&open), Arc::clone(&end));
            move |prepared: Prepared, language: Language, caller: Caller| -> BoxFuture<'static, Response> {
                let (schema, measuring, end, (scope, batch)) =
                    (schema.clone(), measuring.clone(), Arc::clone(&end), open(caller, prepared.manner));
                Box::pin(async move {
                    let request = prepared.request().data(language).data(scope.clone());
                    let response = batch.alongside(schema.execute(request)).await;
                    end(scope).await;
                    complexity::told(response, || prepared.request(), &measuring).await
                })
            }
        };
        let subscribe = {
            let stage = Arc::new(Stage { schema, open, end });
            move |prepared: Prepared, language: Language, caller: Caller| -> BoxStream<'static, Told> {
                let (measuring, prepared) = (measuring.clone(), Arc::new(prepared));
                let subscription = LiveDocument { stage: Arc::clone(&stage), prepared, language };
                async_stream::stream! {
                    let beginning = Occasion::beginning();
                    let (scope, batch) = subscription.open(caller);
                    let mut responses = subscription.executed(&scope, Arc::clone(&beginning)).boxed();
                    while let Some(response) = batch.alongside(responses.next()).await {
                        (subscription.stage.end)(scope.clone()).await;
                        // Boxed, so that a subscription that waits keeps no room for it.
                        let response = Box::pin(complexity::told(response, || subscription.prepared.request(), &measuring)).await;
                        yield told(response, None);
                    }
                    drop((responses, batch, scope, measuring));
                    let Some(mut watched) = beginning.watched() else { return };
                    let view = subscription.view();
                    loop {
                        let execute = |caller, ids, sight| to_its_end(subscription.changed(caller, ids, sight));
                        match watched.next(&view, execute).await {
                            Next::Told(answers) => {
                                for answer in answers {
                                    let last = matches!(answer, Told::Failed(_, true));
                                    yield answer;
                                    if last {
                                        return;
                                    }
                                }
                            }
                            Next::Over(ended) => {
                                yield Box::pin(subscription.over(caller, ended)).await;
                                return;
                            }
                        }
                    }
                }
                .boxed()
            }
        };
        let validator = Arc::new(validator);
        Ok(Self {
            execute: Arc::new(execute),
            subscribe: Arc::new(subscribe),
            names,
            counting: counting.into(),
            validator,
            lengths,
            documents: Arc::default(),
        })
    }

    /// Executes a query or a mutation to its end.
    pub(crate) async fn execute(&self, prepared: Prepared, language: Language, caller: Caller) -> Response {
        (self.execute)(prepared, language, caller).await
    }

    /// Starts a subscription; dropping the stream ends it.
    pub(crate) fn subscribe(&self, prepared: Prepared, language: Language, caller: Caller) -> BoxStream<'static, Told> {
        (self.subscribe)(prepared, language, caller)
    }

    /// Whether the root field of that name counts an organisation's records.
    pub(crate) fn counts(&self, name: &str) -> bool {
        self.counting.contains(&name)
    }

    /// Validates documents against the schema.
    pub(crate) fn validator(&self) -> &Validator {
        &self.validator
    }

    /// The documents that were found good.
    pub(crate) fn documents(&self) -> &KnownDocuments {
        &self.documents
    }

    /// How long the lists of the schema's description are.
    pub(crate) fn lengths(&self) -> &Lengths {
        &self.lengths
    }

    /// Whether the schema knows that name. Only such names may be logged: any other is the client's own text.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}
