//! What waits for somebody: found in one statement, whatever there is to do and however much of it.
//!
//! Each source of the statement asks one question of one table, in the order of an index that holds only what is still open, and
//! stops as soon as it has enough: the work is bounded, however many referrals there are. The rules are `pamoja_domain::task`'s.

mod source;
mod sources;
mod training;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::access::{Actor, Caller};
use pamoja_domain::id::{OrganisationId, ReferralId, ServiceId, SessionId, TrainingRequestId, UserId};
use pamoja_domain::moves::Party;
use pamoja_domain::task::TaskKind;
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
    /// A referral, from that side.
    Referral(ReferralId, Party),
    /// A service of the own organisation.
    Service(ServiceId),
    /// A request for a training, from that side.
    Training(TrainingRequestId, Party),
}

/// Something that waits for the actor to do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Task {
    /// What is to be done.
    pub kind: TaskKind,
    /// About what.
    pub subject: TaskSubject,
    /// Until when.
    pub due_at: DateTime<Utc>,
}

impl Task {
    /// Its side of a referral or a training; nothing for a service.
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
}

impl TryFrom<TaskRow> for Task {
    type Error = StoreError;

    fn try_from(row: TaskRow) -> Result<Self, StoreError> {
        let kind: TaskKind = codes::read(&row.kind)?;
        let subject = match &row.side {
            Some(side) if kind.is_about_training() => TaskSubject::Training(TrainingRequestId(row.node_id), codes::read(side)?),
            Some(side) => TaskSubject::Referral(ReferralId(row.node_id), codes::read(side)?),
            None => TaskSubject::Service(ServiceId(row.node_id)),
        };
        Ok(Self { kind, subject, due_at: row.due_at })
    }
}

/// At most `limit` tasks of those kinds that the actor's roles let them act on, in the order of
/// [`pamoja_domain::task::Precedence`].
pub async fn list(tx: &TenantTx, kinds: &[TaskKind], limit: usize) -> Result<Vec<Task>, StoreError> {
    let Some(statement) = list_statement(tx.actor()?, kinds, limit) else {
        return Ok(Vec::new());
    };
    let rows: Vec<TaskRow> = statement.rows(tx).await?;
    rows.into_iter().map(Task::try_from).collect()
}

/// Nothing when the actor's roles let them act on none.
fn list_statement(actor: &Actor, kinds: &[TaskKind], limit: usize) -> Option<Statement> {
    // Literal limits, as for pages: there are a hundred, and the planner knows how few rows are wanted.
    let selects: Vec<String> =
        sources(actor, kinds).iter().map(|source| format!("({} LIMIT {limit})", source.select())).collect();
    (!selects.is_empty()).then(|| {
        Statement::built(format!(
            "SELECT kind, side, node_id, due_at FROM ({}) AS task ORDER BY precedence, pressing, position, node_id LIMIT {limit}",
            selects.join(" UNION ALL ")
        ))
    })
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many tasks the actor has of each kind that their roles let them act on, in the kinds' order; none is counted further than
/// `limit` by any of the questions that it is made of.
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

/// A set of the variants in which each question occurs: of each role alone, and of all roles together.
pub(crate) fn statements() -> Vec<Statement> {
    let caller = Caller { organisation: OrganisationId::WITHHELD, user: UserId(Uuid::nil()), session: SessionId(Uuid::nil()) };
    let alone = Role::ALL.iter().map(|role| vec![*role]);
    let actors = alone.chain([Role::ALL.to_vec()]).map(|roles| Actor { caller, roles });
    actors.flat_map(|actor| [list_statement(&actor, TaskKind::ALL, 1), count_statement(&actor, 1)]).flatten().collect()
}
