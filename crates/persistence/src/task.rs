//! Tasks: what waits for the actor. One statement finds them, for all kinds and however many there are.
//!
//! Each source of the statement asks one question of one table, in the order of an index that holds only what is still open. It
//! stops as soon as it has enough, so that the work is bounded however many referrals there are. The rules are in
//! `pamoja_domain::task`.
//!
//! The statement has all sources, for whoever asks. A request names those that it wants.

mod check_in;
mod doer;
mod elsewhere;
mod follow_up;
mod hindrance;
mod sensitisation;
mod source;
mod sources;
mod training;
mod violation;

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::id::{ReferralId, SensitisationPlanId, ServiceId, TrainingRequestId, ViolationId};
use pamoja_domain::moves::Party;
use pamoja_domain::page::MAXIMUM_PAGE;
use pamoja_domain::referral::ReferralStatus;
use pamoja_domain::task::{Cause, Hindrance, TaskKind};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::codes;
use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;
use hindrance::HINDERED;
use source::TaskSource;
use sources::{SOURCES, names};

/// Tasks are counted up to this number.
pub const MAXIMUM_COUNT: usize = 100;

/// What a task is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskSubject {
    /// A referral, and the side on which the actor acts.
    Referral(ReferralId, Party),
    /// A service of the tenant.
    Service(ServiceId),
    /// A request for a training, and the side on which the actor acts.
    Training(TrainingRequestId, Party),
    /// A violation of the tenant.
    Violation(ViolationId),
    /// A plan of the tenant for a sensitisation.
    Sensitisation(SensitisationPlanId),
}

/// A task: something that waits for the actor to do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// What is to be done.
    pub kind: TaskKind,
    /// What it is about.
    pub subject: TaskSubject,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// By when the client must be seen, where there is a time limit that the actor may know.
    pub act_before: Option<DateTime<Utc>>,
    /// What happened, where the kind alone doesn't say it.
    pub cause: Option<Cause>,
}

impl Task {
    /// The side on which the actor acts, for a referral or a training. None for what has no other party.
    pub fn side(&self) -> Option<Party> {
        match self.subject {
            TaskSubject::Referral(_, side) | TaskSubject::Training(_, side) => Some(side),
            TaskSubject::Service(_) | TaskSubject::Violation(_) | TaskSubject::Sensitisation(_) => None,
        }
    }
}

#[derive(QueryableByName)]
struct TaskRow {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    side: Option<String>,
    #[diesel(sql_type = SqlUuid)]
    node_id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    due_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    act_before: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    cause: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
}

impl TaskRow {
    fn cause(&self) -> Result<Option<Cause>, StoreError> {
        let Some(cause) = &self.cause else { return Ok(None) };
        if let Some(hindrance) = Hindrance::from_code(cause) {
            return Ok(Some(Cause::Hindered(hindrance)));
        }
        let status: ReferralStatus = codes::read(cause)?;
        let reason = self.reason.as_deref();
        Ok(match status {
            ReferralStatus::Declined => Cause::of_ending(status, reason.map(codes::read).transpose()?, None),
            ReferralStatus::NotCompleted => Cause::of_ending(status, None, reason.map(codes::read).transpose()?),
            _ => Cause::of_ending(status, None, None),
        })
    }
}

impl TryFrom<TaskRow> for Task {
    type Error = StoreError;

    fn try_from(row: TaskRow) -> Result<Self, StoreError> {
        let kind: TaskKind = codes::read(&row.kind)?;
        let cause = row.cause()?;
        let subject = match &row.side {
            Some(side) if kind.is_about_training() => TaskSubject::Training(TrainingRequestId(row.node_id), codes::read(side)?),
            Some(side) => TaskSubject::Referral(ReferralId(row.node_id), codes::read(side)?),
            None if kind.is_about_violation() => TaskSubject::Violation(ViolationId(row.node_id)),
            None if kind == TaskKind::ReleaseSensitisation => TaskSubject::Sensitisation(SensitisationPlanId(row.node_id)),
            None => TaskSubject::Service(ServiceId(row.node_id)),
        };
        Ok(Self { kind, subject, due_at: row.due_at, act_before: row.act_before, cause })
    }
}

/// At most `limit` tasks of these kinds, in the order of [`pamoja_domain::task::Precedence`], and no more than fill a page and tell
/// that there are others. Only tasks that the actor's roles let them do are listed.
pub async fn list(tx: &TenantTx, kinds: &[TaskKind], limit: usize) -> Result<Vec<Task>, StoreError> {
    let names = names(tx.actor()?, kinds);
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<TaskRow> = list_statement(names, limit).rows(tx).await?;
    rows.into_iter().map(Task::try_from).collect()
}

/// The statement that lists the tasks of these sources.
fn list_statement(names: Vec<String>, limit: usize) -> Statement {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        // By the literal limit, the planner knows how few rows are needed. A parameter alone would not tell it.
        let select = |source: &TaskSource| {
            let (select, is_asked) = (source.select(""), source.is_asked());
            format!("(SELECT * FROM ({select} LIMIT {}) AS page WHERE {is_asked} LIMIT $2)", MAXIMUM_PAGE + 1)
        };
        format!(
            "{}SELECT kind, side, node_id, due_at, act_before, cause, reason FROM ({}) AS task ORDER BY precedence, pressing, position, node_id LIMIT $2",
            *HINDERED,
            union_all(select)
        )
    });
    let limit = i64::try_from(limit.min(MAXIMUM_PAGE + 1)).unwrap_or(i64::MAX);
    Statement::built(TEXT.clone()).bind::<Array<Text>, _>(names).bind::<BigInt, _>(limit)
}

/// All sources in one SELECT.
fn union_all(select: impl FnMut(&TaskSource) -> String) -> String {
    SOURCES.iter().map(select).collect::<Vec<_>>().join(" UNION ALL ")
}

/// Whether the actor has a task of that kind, which must be one that can be dismissed, about that referral, service or training.
pub async fn exists(tx: &TenantTx, kind: TaskKind, subject: Uuid) -> Result<bool, StoreError> {
    let names = names(tx.actor()?, &[kind]);
    if names.is_empty() {
        return Ok(false);
    }
    let rows: Vec<CountRow> = existence_statement(kind, names, subject).rows(tx).await?;
    Ok(rows.iter().any(|row| row.count > 0))
}

fn existence_statement(kind: TaskKind, names: Vec<String>, subject: Uuid) -> Statement {
    let select = |source: &TaskSource| {
        let about = format!(" AND {} = $2 AND {}", source.id, source.is_asked());
        format!("({})", source.select(&about))
    };
    let selects: Vec<String> = SOURCES.iter().filter(|source| source.kind == kind).map(select).collect();
    let text = format!("{}SELECT '{kind}' AS kind, count(*) AS count FROM ({}) AS task", *HINDERED, selects.join(" UNION ALL "));
    Statement::built(text).bind::<Array<Text>, _>(names).bind::<SqlUuid, _>(subject)
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many tasks of each kind the actor has, in the order of the kinds, as far as the actor's roles let them do them. Each
/// question that a kind is made of counts one more than [`MAXIMUM_COUNT`] at most.
pub async fn counts(tx: &TenantTx) -> Result<Vec<(TaskKind, usize)>, StoreError> {
    let names = names(tx.actor()?, TaskKind::ALL);
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<CountRow> = count_statement(names).rows(tx).await?;
    let mut counts = Vec::with_capacity(rows.len());
    for row in rows {
        let kind: TaskKind = codes::read(&row.kind)?;
        counts.push((kind, usize::try_from(row.count).unwrap_or(0)));
    }
    counts.sort_unstable();
    Ok(counts)
}

fn count_statement(names: Vec<String>) -> Statement {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        // A source that is asked for has a row even if it has no task, and the others have none.
        let count = |source: &TaskSource| {
            let (kind, select, is_asked) = (source.kind, source.select(""), source.is_asked());
            format!(
                "SELECT '{kind}' AS kind, (SELECT count(*) FROM ({select} LIMIT {}) AS counted) AS found WHERE {is_asked}",
                MAXIMUM_COUNT + 1
            )
        };
        format!("{}SELECT kind, sum(found)::bigint AS count FROM ({}) AS task GROUP BY kind", *HINDERED, union_all(count))
    });
    Statement::built(TEXT.clone()).bind::<Array<Text>, _>(names)
}

/// Every statement: the list, the counts, and for each kind that can be dismissed whether there is such a task. A test has PostgreSQL
/// prepare them.
pub(crate) fn statements() -> Vec<Statement> {
    let dismissable = TaskKind::ALL.iter().filter(|kind| kind.is_dismissable());
    let exist = dismissable.map(|kind| existence_statement(*kind, Vec::new(), Uuid::nil()));
    [list_statement(Vec::new(), 1), count_statement(Vec::new())].into_iter().chain(exist).collect()
}
