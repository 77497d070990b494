//! Executes the document of a subscription: when it begins, and for changes.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{ObjectType, Response, Schema, SubscriptionType};
use futures_util::future::join_all;
use futures_util::{Stream, StreamExt};
use pamoja_domain::access::{Caller, Sight};
use tokio::time::timeout;
use uuid::Uuid;

use crate::graphql::batch::Batch;
use crate::graphql::live::{Failed, Occasion};
use crate::graphql::news::{Ended, Executed, Over, Told, View};
use crate::graphql::session_activity::Initiative;
use crate::http::graphql::prepared::{Manner, Prepared};
use crate::http::graphql::response::Shaped;
use crate::http::limit;
use crate::i18n::Language;

/// What a subscription reads was begun by an event, and a client also opens its subscriptions anew by itself.
const MANNER: Manner = Manner { initiative: Initiative::Client, counts: false };

/// The longest time that an execution for changes takes.
const EXECUTION: Duration = limit::EXECUTION.time();

/// What executes, for all subscriptions.
pub(super) struct Stage<Query, Mutation, Changes, Open, End> {
    /// Executes.
    pub schema: Schema<Query, Mutation, Changes>,
    /// Makes a scope.
    pub open: Arc<Open>,
    /// Gives back what a scope holds.
    pub end: Arc<End>,
}

/// The document of a subscription.
pub(super) struct LiveDocument<Stage> {
    /// What executes it.
    pub stage: Arc<Stage>,
    /// The document.
    pub prepared: Arc<Prepared>,
    /// The language of its answers.
    pub language: Language,
}

impl<Query, Mutation, Changes, Scope, Open, End, Ending> LiveDocument<Stage<Query, Mutation, Changes, Open, End>>
where
    Query: ObjectType + 'static,
    Mutation: ObjectType + 'static,
    Changes: SubscriptionType + 'static,
    Scope: Clone + Send + Sync + 'static,
    Open: Fn(Caller, Manner) -> (Scope, Batch) + Send + Sync + 'static,
    End: Fn(Scope) -> Ending + Send + Sync + 'static,
    Ending: Future<Output = ()> + Send + 'static,
{
    /// A scope for an execution in the name of that caller.
    pub(super) fn open(&self, caller: Caller) -> (Scope, Batch) {
        (self.stage.open)(caller, MANNER)
    }

    /// Executes the document for that occasion.
    pub(super) fn executed(
        &self,
        scope: &Scope,
        occasion: Arc<Occasion>,
    ) -> impl Stream<Item = Response> + Send + use<Query, Mutation, Changes, Scope, Open, End, Ending> {
        let request = self.prepared.request().data(self.language).data(scope.clone()).data(occasion);
        self.stage.schema.execute_stream(request)
    }

    /// Executes the document in the name of that caller for the things with those ids, all in one snapshot. Something that changed several
    /// times is told as often, and read once.
    pub(super) fn changed(
        &self,
        caller: Caller,
        ids: Vec<Uuid>,
        sight: Option<Sight>,
    ) -> impl Future<Output = Result<Executed, Over>> + Send + use<Query, Mutation, Changes, Scope, Open, End, Ending> {
        let this = Self { stage: Arc::clone(&self.stage), prepared: Arc::clone(&self.prepared), language: self.language };
        async move {
            let (scope, batch) = this.open(caller);
            let mut distinct = ids.clone();
            distinct.sort_unstable();
            distinct.dedup();
            let executions = distinct.into_iter().map(|id| {
                let occasion = Occasion::changed(id, sight.clone());
                let responses = this.executed(&scope, Arc::clone(&occasion));
                async move { (id, responses.collect::<Vec<Response>>().await, occasion) }
            });
            let executed = timeout(EXECUTION, batch.alongside(join_all(executions))).await;
            (this.stage.end)(scope).await;
            // Others may wait for this answer.
            let Ok(executed) = executed else {
                return Ok(Executed { told: vec![this.over(caller, Ended::Behind).await], personal: false });
            };
            if executed.iter().any(|(.., occasion)| occasion.failed() == Some(Failed::Session)) {
                return Err(Over);
            }
            let personal = executed.iter().any(|(.., occasion)| occasion.is_personal());
            let all = |(id, responses, occasion): (Uuid, Vec<Response>, Arc<Occasion>)| {
                (id, responses.into_iter().map(|response| told(response, occasion.failed())).collect())
            };
            let executed: HashMap<Uuid, Vec<Told>> = executed.into_iter().map(all).collect();
            Ok(Executed { told: ids.iter().filter_map(|id| executed.get(id)).flatten().cloned().collect(), personal })
        }
    }

    /// The answer that no more changes come.
    pub(super) async fn over(&self, caller: Caller, ended: Ended) -> Told {
        let (scope, batch) = self.open(caller);
        let mut responses = self.executed(&scope, Arc::new(Occasion::Over(ended))).boxed();
        let response = batch.alongside(responses.next()).await.unwrap_or_default();
        drop(responses);
        (self.stage.end)(scope).await;
        told(response, Some(Failed::Other))
    }

    /// What tells this document apart from others.
    pub(super) fn view(&self) -> View {
        let Prepared { document, variables, operation_name, .. } = &*self.prepared;
        // The document that is kept under a text is one: see `KnownDocuments`. It can't be dropped, and another take its place, as long as
        // this subscription has it.
        let (place, language) = (Arc::as_ptr(document), self.language.tag());
        let variables = serde_json::to_string(variables).unwrap_or_else(|_| Uuid::new_v4().to_string());
        View(format!("{place:p} {language} {operation_name:?} {variables}").into())
    }
}

/// What subscribers are told by a response; whether it is the last one where the occasion failed.
pub(super) fn told(response: Response, failed: Option<Failed>) -> Told {
    if !response.errors.is_empty() {
        return Told::Failed(Arc::new(response), failed.is_some());
    }
    let shaped = Shaped { response, code: None, executed: true };
    match shaped.text() {
        Ok(text) => Told::Text(text.into()),
        Err(_) => Told::Failed(Arc::new(shaped.response), failed.is_some()),
    }
}
