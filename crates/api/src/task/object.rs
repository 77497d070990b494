//! The GraphQL objects of a task, a list of tasks and a count of tasks.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::Utc;
use pamoja_domain::referral::hours_left;
use pamoja_domain::task::{Cause, TaskKind};
use pamoja_persistence::error::StoreError;
use pamoja_persistence::task::{self, TaskSubject};

use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::Fault;
use crate::graphql::global_id;
use crate::graphql::scalar::DateTime;
use crate::graphql::scope::{Scope, nullable};
use crate::graphql::selected::Selected;
use crate::i18n::Language;
use crate::node::{self, Node};
use crate::referral::Referral;
use crate::referral::loader::AlternativesTo;
use crate::service::Service;
use crate::service::suggestion::{ALTERNATIVES, Request, ServiceSuggestion, SuggestedFor};
use crate::training::TrainingRequest;

/// The viewer's tasks, the most pressing first.
#[derive(SimpleObject)]
pub(crate) struct TaskList {
    /// The tasks; show them in this order. First come clients who can't wait and can still be seen in time (ANSWER_TIME_CRITICAL,
    /// and ACT_ON_VIOLATION, NO_ANSWER, REFER_ELSEWHERE and FOLLOW_UP_REFERRAL with actBefore to come), the soonest actBefore first.
    /// Then clients whose actBefore has passed (OVERDUE_CLIENT, ACT_ON_VIOLATION and REFER_ELSEWHERE), the most recently passed first. Then clients who are
    /// expected today (SCHEDULED_TODAY). Then all others, by dueAt.
    pub nodes: Vec<Task>,
    /// Whether the viewer has more tasks than these. There are no further pages: ask again when some of these are done.
    pub has_more: bool,
}

/// How many tasks of one kind the viewer has, for a badge.
#[derive(SimpleObject)]
pub(crate) struct TaskCount {
    /// The kind of these tasks.
    pub kind: Enumeration<TaskKind>,
    /// How many there are, counted up to 100.
    pub count: i32,
    /// Whether there are more than `count`: show the badge as 100+.
    pub more: bool,
}

/// Something that waits for the viewer to do it, and the moment at which it was read.
pub(crate) struct Task {
    task: task::Task,
    at: chrono::DateTime<Utc>,
}

impl Task {
    /// The task, read at that moment.
    pub(crate) fn new(task: task::Task, at: chrono::DateTime<Utc>) -> Self {
        Self { task, at }
    }

    fn subject_id(&self) -> ID {
        match self.task.subject {
            TaskSubject::Referral(id, _) => global_id::encode(id),
            TaskSubject::Service(id) => global_id::encode(id),
            TaskSubject::Training(id, _) => global_id::encode(id),
            TaskSubject::Violation(id) => global_id::encode(id),
            TaskSubject::Sensitisation(id) => global_id::encode(id),
        }
    }
}

/// Something that waits for the viewer to do it. A task is never stored: the server finds it in the records, and it is gone as
/// soon as it is done. Some tasks can also be dismissed.
#[Object]
impl Task {
    /// The kind of the task, for the frontend to act on.
    async fn kind(&self) -> Enumeration<TaskKind> {
        Enumeration(self.task.kind)
    }

    /// What happened and what to do: the text to show, in the language that the request asked for by Accept-Language: en or sw.
    /// For FOLLOW_UP_REFERRAL it says why the client is unserved, which the referral's status, declineReason and
    /// nonCompletionReason say as codes; for REFER_ELSEWHERE, why the place takes nobody.
    async fn instruction(&self, context: &Context<'_>) -> String {
        Language::of_request(context).say(&self.task.kind.instruction(self.task.side(), self.task.cause))
    }

    /// The whole hours that are left until the actBefore of the referral or the violation: 0 in the last hour, negative once it has passed.
    /// Null without actBefore, for a viewer who may not know it, and for other subjects.
    async fn hours_left(&self) -> Option<i32> {
        let hours = hours_left(self.task.act_before?, self.at);
        Some(i32::try_from(hours).unwrap_or(if hours < 0 { i32::MIN } else { i32::MAX }))
    }

    /// Whether the viewer can say that nothing is left to do: see dismissTask. Offer it only then.
    async fn dismissable(&self) -> bool {
        self.task.kind.is_dismissable()
    }

    /// The moment by which the task is due.
    async fn due_at(&self) -> DateTime {
        self.task.due_at.into()
    }

    /// Whether dueAt has passed.
    async fn overdue(&self) -> bool {
        self.task.due_at <= self.at
    }

    /// The global id of the referral, the service, the request for a training, the violation or the plan for a sensitisation that the task
    /// is about. This id and the kind together identify the task: use both as its key.
    async fn node_id(&self) -> ID {
        self.subject_id()
    }

    /// What the task is about, of any type. Prefer this field: kinds of tasks that are added later get no field of their own
    /// beside it.
    async fn subject(&self, context: &Context<'_>) -> Result<Node> {
        let reading = Scope::of(context).reading().await?;
        let found = node::find(&reading, &self.subject_id(), &Selected::of(context.field())).await?;
        let gone = || Fault::Store(StoreError::Inconsistent("a task is about something that can't be read".to_owned()));
        Ok(found.ok_or_else(gone)?)
    }

    /// The referral that the task is about; null when it is about something else.
    async fn referral(&self, context: &Context<'_>) -> Option<Result<Referral>> {
        let TaskSubject::Referral(id, _) = self.task.subject else { return None };
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            let found = reading.load.load_one(id).await.map_err(Fault::from)?;
            Ok(found.map(|found| Referral::new(found, &reading.tx)).transpose().map_err(Fault::from)?)
        })
        .await
    }

    /// The service that the task is about; null when it is about something else.
    async fn service(&self, context: &Context<'_>) -> Option<Result<Service>> {
        let TaskSubject::Service(id) = self.task.subject else { return None };
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            Ok(reading.service(id).await?.map(|found| Service::new(found, &reading.tx)))
        })
        .await
    }

    /// The request for a training that the task is about; null when it is about something else.
    async fn training_request(&self, context: &Context<'_>) -> Option<Result<TrainingRequest>> {
        let TaskSubject::Training(id, _) = self.task.subject else { return None };
        nullable(async {
            let reading = Scope::of(context).reading().await?;
            let found = reading.load.load_one(id).await.map_err(Fault::from)?;
            Ok(found.map(|found| TrainingRequest::new(found, &reading.tx)).transpose().map_err(Fault::from)?)
        })
        .await
    }

    /// Other services for the client of NO_ANSWER, REFER_ELSEWHERE or FOLLOW_UP_REFERRAL: up to three, the best first. Empty for
    /// other kinds of tasks, and when nobody else can take the client.
    #[graphql(complexity = "ALTERNATIVES * child_complexity")]
    async fn alternatives(&self, context: &Context<'_>) -> Result<Vec<ServiceSuggestion>> {
        let TaskSubject::Referral(id, _) = self.task.subject else { return Ok(Vec::new()) };
        if !self.task.kind.has_alternatives() {
            return Ok(Vec::new());
        }
        let reading = Scope::of(context).reading().await?;
        let found = match self.task.cause {
            // The receiver itself may have another service that takes them.
            Some(Cause::Hindered(_)) => match reading.load.load_one(id).await.map_err(Fault::from)? {
                Some(referral) => reading.load.load_one(SuggestedFor(Request::near(&referral))).await,
                None => return Ok(Vec::new()),
            },
            _ => reading.load.load_one(AlternativesTo(id)).await,
        };
        Ok(found.map_err(Fault::from)?.unwrap_or_default())
    }
}
