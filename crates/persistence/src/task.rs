//! Tasks: what waits for the actor. One statement finds them, for all kinds and however many there are.
//!
//! Each source of the statement asks one question of one table, in the order of an index that holds only what is still open. It
//! stops as soon as it has enough, so that the work is bounded however many referrals there are. The rules are in
//! `pamoja_domain::task`.

mod check_in;
mod elsewhere;
mod follow_up;
mod hindrance;
mod source;
mod sources;
mod training;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::access::{Actor, Caller};
use pamoja_domain::id::{OrganisationId, ReferralId, ServiceId, SessionId, TrainingRequestId, UserId};
use pamoja_domain::moves::Party;
use pamoja_domain::referral::ReferralStatus;
use pamoja_domain::session_secret::SessionSecret;
use pamoja_domain::task::{Cause, Hindrance, TaskKind};
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::codes;
use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;
use source::TaskSource;
use sources::sources;

/// What a task is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskSubject {
    /// A referral, and the side on which the actor acts.
    Referral(ReferralId, Party),
    /// A service of the tenant.
    Service(ServiceId),
    /// A request for a training, and the side on which the actor acts.
    Training(TrainingRequestId, Party),
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
    /// The side on which the actor acts, for a referral or a training. None for a service.
    pub fn side(&self) -> Option<Party> {
        match self.subject {
            TaskSubject::Referral(_, side) | TaskSubject::Training(_, side) => Some(side),
            TaskSubject::Service(_) => None,
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
            None => TaskSubject::Service(ServiceId(row.node_id)),
        };
        Ok(Self { kind, subject, due_at: row.due_at, act_before: row.act_before, cause })
    }
}

/// At most `limit` tasks of these kinds, in the order of [`pamoja_domain::task::Precedence`]. Only tasks that the actor's roles
/// let them do are listed.
pub async fn list(tx: &TenantTx, kinds: &[TaskKind], limit: usize) -> Result<Vec<Task>, StoreError> {
    let Some(statement) = list_statement(tx.actor()?, kinds, limit) else {
        return Ok(Vec::new());
    };
    let rows: Vec<TaskRow> = statement.rows(tx).await?;
    rows.into_iter().map(Task::try_from).collect()
}

/// The statement that lists tasks. None when the actor's roles let them do none of these kinds.
fn list_statement(actor: &Actor, kinds: &[TaskKind], limit: usize) -> Option<Statement> {
    // The limits are literal, as for pages: only a hundred exist, and the planner then knows how few rows are needed.
    let selects: Vec<String> =
        sources(actor, kinds).iter().map(|source| format!("({} LIMIT {limit})", source.select())).collect();
    (!selects.is_empty()).then(|| {
        Statement::built(format!(
            "SELECT kind, side, node_id, due_at, act_before, cause, reason FROM ({}) AS task ORDER BY precedence, pressing, position, node_id LIMIT {limit}",
            selects.join(" UNION ALL ")
        ))
    })
}

/// Whether the actor has a task of that kind about that referral, service or training.
pub async fn exists(tx: &TenantTx, kind: TaskKind, subject: Uuid) -> Result<bool, StoreError> {
    let Some(statement) = existence_statement(tx.actor()?, kind) else {
        return Ok(false);
    };
    let rows: Vec<CountRow> = statement.bind::<SqlUuid, _>(subject).rows(tx).await?;
    Ok(rows.iter().any(|row| row.count > 0))
}

fn existence_statement(actor: &Actor, kind: TaskKind) -> Option<Statement> {
    let select = |source: &TaskSource| source.about("$1").select();
    let selects: Vec<String> = sources(actor, &[kind]).iter().map(|source| format!("({})", select(source))).collect();
    (!selects.is_empty()).then(|| {
        Statement::built(format!("SELECT '{kind}' AS kind, count(*) AS count FROM ({}) AS task", selects.join(" UNION ALL ")))
    })
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many tasks of each kind the actor has, in the order of the kinds, as far as the actor's roles let them do them. Each
/// question that a kind is made of counts no further than `limit`.
pub async fn counts(tx: &TenantTx, limit: usize) -> Result<Vec<(TaskKind, usize)>, StoreError> {
    let Some(statement) = count_statement(tx.actor()?, limit) else {
        return Ok(Vec::new());
    };
    let rows: Vec<CountRow> = statement.rows(tx).await?;
    let mut counts = Vec::with_capacity(rows.len());
    for row in rows {
        let kind: TaskKind = codes::read(&row.kind)?;
        counts.push((kind, usize::try_from(row.count).unwrap_or(0)));
    }
    counts.sort_unstable();
    Ok(counts)
}

fn count_statement(actor: &Actor, limit: usize) -> Option<Statement> {
    let count = |source: &TaskSource| {
        format!("SELECT '{}' AS kind, count(*) AS found FROM ({} LIMIT {limit}) AS counted", source.kind, source.select())
    };
    let selects: Vec<String> = sources(actor, TaskKind::ALL).iter().map(count).collect();
    (!selects.is_empty()).then(|| {
        Statement::built(format!(
            "SELECT kind, sum(found)::bigint AS count FROM ({}) AS task GROUP BY kind",
            selects.join(" UNION ALL ")
        ))
    })
}

/// A set of variants in which each question occurs: for each role alone, and for all roles together. A test has PostgreSQL
/// prepare them.
pub(crate) fn statements() -> Vec<Statement> {
    let (user, session, secret) = (UserId(Uuid::nil()), SessionId(Uuid::nil()), SessionSecret(Uuid::nil()));
    let caller = Caller { organisation: OrganisationId::WITHHELD, user, session, secret };
    let alone = Role::ALL.iter().map(|role| vec![*role]);
    let actors = alone.chain([Role::ALL.to_vec()]).map(|roles| Actor { caller, roles });
    let of = |actor: Actor| {
        let found = TaskKind::ALL.iter().map(|kind| existence_statement(&actor, *kind)).collect::<Vec<_>>();
        [list_statement(&actor, TaskKind::ALL, 1), count_statement(&actor, 1)].into_iter().chain(found)
    };
    actors.flat_map(of).flatten().collect()
}
