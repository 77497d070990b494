//! A task, as the schema shows it.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::Utc;
use pamoja_domain::task::TaskKind;
use pamoja_persistence::task::{self, TaskSubject};

use crate::coded::Coded;
use crate::error::Fault;
use crate::loader::AlternativesTo;
use crate::node_id;
use crate::referral::Referral;
use crate::scalar::DateTime;
use crate::scope::{Scope, nullable};
use crate::service::Service;
use crate::service::suggestion::{ALTERNATIVES, ServiceSuggestion};
use crate::training::TrainingRequest;
use crate::words::Language;

/// What waits for the viewer, the most pressing first.
#[derive(SimpleObject)]
pub struct TaskList {
    /// First the clients who can't wait and can still be seen in time (ANSWER_TIME_CRITICAL, and NO_ANSWER with actBefore), the soonest
    /// actBefore first; then those whose actBefore has passed (OVERDUE_CLIENT), the most recently passed first; then who is expected today
    /// (SCHEDULED_TODAY), then all others by dueAt.
    pub nodes: Vec<Task>,
    /// There are more than these: what is done makes room for them.
    pub has_more: bool,
}

/// How much waits for the viewer, for a badge.
#[derive(SimpleObject)]
pub struct TaskCount {
    /// Of which kind.
    pub kind: Coded<TaskKind>,
    /// How many there are, counted up to 100.
    pub count: i32,
    /// There are more than the count says.
    pub more: bool,
}

/// Something that waits for the viewer to do it, at the moment at which it was read.
pub struct Task {
    task: task::Task,
    at: chrono::DateTime<Utc>,
}

impl Task {
    /// The task as read at that moment.
    pub fn new(task: task::Task, at: chrono::DateTime<Utc>) -> Self {
        Self { task, at }
    }
}

/// Something that waits for the viewer to do it. It is read off what is recorded, and gone as soon as it is done.
#[Object]
impl Task {
    /// What is to be done.
    async fn kind(&self) -> Coded<TaskKind> {
        Coded(self.task.kind)
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
        match self.task.subject {
            TaskSubject::Referral(id, _) => node_id::encode(id),
            TaskSubject::Service(id) => node_id::encode(id),
            TaskSubject::Training(id, _) => node_id::encode(id),
        }
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
