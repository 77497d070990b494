//! A task, as the schema shows it.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::Utc;
use pamoja_domain::task::TaskKind;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::task::{self, TaskSubject};

use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::Fault;
use crate::graphql::global_id;
use crate::graphql::scalar::DateTime;
use crate::graphql::scope::{Scope, nullable};
use crate::i18n::Language;
use crate::node::{self, Node};
use crate::referral::Referral;
use crate::referral::loader::AlternativesTo;
use crate::service::Service;
use crate::service::suggestion::{ALTERNATIVES, ServiceSuggestion};
use crate::training::TrainingRequest;

/// What waits for the viewer, the most pressing first.
#[derive(SimpleObject)]
pub(crate) struct TaskList {
    /// First the clients who can't wait and can still be seen in time (ANSWER_TIME_CRITICAL, and NO_ANSWER with actBefore), the soonest
    /// actBefore first; then those whose actBefore has passed (OVERDUE_CLIENT), the most recently passed first; then who is expected today
    /// (SCHEDULED_TODAY), then all others by dueAt.
    pub nodes: Vec<Task>,
    /// There are more than these: what is done makes room for them.
    pub has_more: bool,
}

/// How much waits for the viewer, for a badge.
#[derive(SimpleObject)]
pub(crate) struct TaskCount {
    /// Of which kind.
    pub kind: Enumeration<TaskKind>,
    /// How many there are, counted up to 100.
    pub count: i32,
    /// There are more than the count says.
    pub more: bool,
}

/// Something that waits for the viewer to do it, at the moment at which it was read.
pub(crate) struct Task {
    task: task::Task,
    at: chrono::DateTime<Utc>,
}

impl Task {
    /// The task as read at that moment.
    pub(crate) fn new(task: task::Task, at: chrono::DateTime<Utc>) -> Self {
        Self { task, at }
    }

    fn subject_id(&self) -> ID {
        match self.task.subject {
            TaskSubject::Referral(id, _) => global_id::encode(id),
            TaskSubject::Service(id) => global_id::encode(id),
            TaskSubject::Training(id, _) => global_id::encode(id),
        }
    }
}

/// Something that waits for the viewer to do it. It is read off what is recorded, and gone as soon as it is done.
#[Object]
impl Task {
    /// What is to be done.
    async fn kind(&self) -> Enumeration<TaskKind> {
        Enumeration(self.task.kind)
    }

    /// What to do, for the person.
    async fn instruction(&self, context: &Context<'_>) -> String {
        Language::of_request(context).say(&self.task.kind.instruction(self.task.side()))
    }

    /// Until when.
    async fn due_at(&self) -> DateTime {
        self.task.due_at.into()
    }

    /// dueAt has passed.
    async fn overdue(&self) -> bool {
        self.task.due_at <= self.at
    }

    /// The global id of the referral, the service or the request for a training that it is about. Together with the kind it tells the task from all others.
    async fn node_id(&self) -> ID {
        self.subject_id()
    }

    /// What it is about, whatever kind of thing that is: kinds of tasks that come later have no field of their own beside it.
    async fn subject(&self, context: &Context<'_>) -> Result<Node> {
        let reading = Scope::of(context).reading().await?;
        let found = node::find(&reading, &self.subject_id()).await?;
        let gone = || Fault::Store(StoreError::Inconsistent("a task is about something that can't be read".to_owned()));
        Ok(found.ok_or_else(gone)?)
    }

    /// The referral that it is about; null where it is about something else.
    async fn referral(&self, context: &Context<'_>) -> Option<Result<Referral>> {
        let TaskSubject::Referral(id, _) = self.task.subject else { return None };
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            let found = reading.load.load_one(id).await.map_err(Fault::from)?;
            Ok(found.map(|found| Referral::new(found, &reading.tx)).transpose().map_err(Fault::from)?)
        })
        .await
    }

    /// The service that it is about; null where it is about something else.
    async fn service(&self, context: &Context<'_>) -> Option<Result<Service>> {
        let TaskSubject::Service(id) = self.task.subject else { return None };
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(reading.load.load_one(id).await.map_err(Fault::from)?.map(|found| Service::new(found, &reading.tx)))
        })
        .await
    }

    /// The request for a training that it is about; null where it is about something else.
    async fn training_request(&self, context: &Context<'_>) -> Option<Result<TrainingRequest>> {
        let TaskSubject::Training(id, _) = self.task.subject else { return None };
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            let found = reading.load.load_one(id).await.map_err(Fault::from)?;
            Ok(found.map(|found| TrainingRequest::new(found, &reading.tx)).transpose().map_err(Fault::from)?)
        })
        .await
    }

    /// What else there is for a client whose referral nobody has answered or taken (NO_ANSWER): up to three services, the best first.
    /// Empty for other tasks.
    #[graphql(complexity = "ALTERNATIVES * child_complexity")]
    async fn alternatives(&self, context: &Context<'_>) -> Result<Vec<ServiceSuggestion>> {
        match (self.task.kind, self.task.subject) {
            (TaskKind::NoAnswer, TaskSubject::Referral(id, _)) => {
                let reading = Scope::of(context).reading().await?;
                Ok(reading.load.load_one(AlternativesTo(id)).await.map_err(Fault::from)?.unwrap_or_default())
            }
            _ => Ok(Vec::new()),
        }
    }
}
