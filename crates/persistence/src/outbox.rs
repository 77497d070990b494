//! What left: changes in the order in which they can be read, ids and kinds alone, and the wake-ups between processes.

use std::time::Duration;

use chrono::TimeDelta;
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use diesel::{ExpressionMethods, QueryDsl, QueryableByName};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use futures_util::StreamExt;
use pamoja_domain::id::{OrganisationId, ReferralId, TrainingRequestId};
use tokio::sync::watch;
use uuid::Uuid;

use crate::connection;
use crate::database::{Database, WAKE_CHANNEL};
use crate::error::StoreError;
use crate::schema::outbox;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// For how many hours a change can still be read.
pub const KEPT_HOURS: i64 = 24;
/// How often a listener looks by itself, should a wake-up be lost.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// How many changes are read at once.
pub const BATCH: i64 = 500;

/// What the outbox calls a change of a referral.
const REFERRAL: &str = "REFERRAL";
/// What it calls one of a request for a training.
const TRAINING_REQUEST: &str = "TRAINING_REQUEST";

/// Up to where changes have been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(i64);

/// A change that the own organisation can be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Something about this referral.
    Referral(ReferralId),
    /// Something about this request for a training.
    TrainingRequest(TrainingRequestId),
}

#[derive(QueryableByName)]
struct ChangeRow {
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = SqlUuid)]
    node_id: Uuid,
}

impl TryFrom<&ChangeRow> for Changed {
    type Error = StoreError;

    fn try_from(row: &ChangeRow) -> Result<Self, StoreError> {
        match row.kind.as_str() {
            REFERRAL => Ok(Self::Referral(ReferralId(row.node_id))),
            TRAINING_REQUEST => Ok(Self::TrainingRequest(TrainingRequestId(row.node_id))),
            _ => Err(StoreError::unknown_code("kind of change")),
        }
    }
}

/// Puts a change of a referral into the outboxes of its parties, and of those who could take it.
///
/// # Errors
/// When the database fails; also when the tenant is no party, or a recipient is none and couldn't take it.
pub(crate) async fn announce_referral(tx: &TenantTx, id: ReferralId, recipients: &[OrganisationId]) -> Result<(), StoreError> {
    announce(tx, REFERRAL, id.0, recipients).await
}

/// Puts a change of a request for a training into the outboxes of its parties, and of those who could take it.
///
/// # Errors
/// As [`announce_referral`].
pub(crate) async fn announce_training_request(
    tx: &TenantTx,
    id: TrainingRequestId,
    recipients: &[OrganisationId],
) -> Result<(), StoreError> {
    announce(tx, TRAINING_REQUEST, id.0, recipients).await
}

async fn announce(tx: &TenantTx, kind: &str, id: Uuid, recipients: &[OrganisationId]) -> Result<(), StoreError> {
    let row = |party: &OrganisationId| (outbox::organisation_id.eq(party.0), outbox::kind.eq(kind), outbox::node_id.eq(id));
    diesel::insert_into(outbox::table)
        .values(recipients.iter().map(row).collect::<Vec<_>>())
        .execute(&mut tx.connection()?)
        .await?;
    tx.note_announced();
    Ok(())
}

/// Puts a change that only the own organisation may know of into its outbox alone.
///
/// # Errors
/// When the database fails; also when the tenant is no party.
pub(crate) async fn announce_to_own(tx: &TenantTx, id: ReferralId) -> Result<(), StoreError> {
    announce(tx, REFERRAL, id.0, &[tx.organisation()?]).await
}

/// From where a new listener of the own organisation reads: nothing that is committed from now on is missed.
///
/// # Errors
/// When the database fails.
pub async fn now(tx: &TenantTx) -> Result<Position, StoreError> {
    #[derive(QueryableByName)]
    struct Settled {
        #[diesel(sql_type = BigInt)]
        position: i64,
    }
    let rows: Vec<Settled> = Statement::new("SELECT settled_outbox_position() AS position").rows(tx).await?;
    let settled = rows.into_iter().next();
    settled
        .map(|settled| Position(settled.position))
        .ok_or_else(|| StoreError::Inconsistent("the outbox has no position".to_owned()))
}

/// The next changes for the own organisation after that position, in an order in which none can appear later before one that was
/// read, and the position after them. What a transaction under way could still overtake waits until it can't.
///
/// # Errors
/// When the database fails.
pub async fn after(tx: &TenantTx, position: Position) -> Result<(Vec<Changed>, Position), StoreError> {
    // A statement of its own, before the rows are looked at: what is settled was committed before it answered.
    let settled = now(tx).await?;
    let rows: Vec<ChangeRow> = Statement::new(format!(
        "SELECT position, kind, node_id FROM outbox WHERE organisation_id = tenant() AND position > $1 AND position <= $2
         ORDER BY position LIMIT {BATCH}"
    ))
    .bind::<BigInt, _>(position.0)
    .bind::<BigInt, _>(settled.0)
    .rows(tx)
    .await?;
    // A whole batch may have more behind it; otherwise all up to what is settled has been read.
    let reached =
        if rows.len() == BATCH as usize { rows.last().map_or(settled, |last| Position(last.position)) } else { settled };
    Ok((rows.iter().map(Changed::try_from).collect::<Result<_, _>>()?, reached.max(position)))
}

/// Deletes changes that can no longer be read. For the job.
///
/// # Errors
/// When the database fails.
pub async fn delete_old(tx: &TenantTx) -> Result<usize, StoreError> {
    let old = outbox::table
        .filter(outbox::organisation_id.eq(tx.organisation()?.0))
        .filter(outbox::recorded_at.lt(tx.at() - TimeDelta::hours(KEPT_HOURS)));
    Ok(diesel::delete(old).execute(&mut tx.connection()?).await?)
}

/// Counts up whenever something may have changed: on a wake-up from any process, and once a second in any case. Ends when
/// nobody listens any more.
pub fn wake_ups(database: &Database) -> watch::Receiver<u64> {
    let (sender, receiver) = watch::channel(0);
    tokio::spawn(listen(database.url().to_owned(), sender));
    receiver
}

/// The listener has a connection of its own: a pool could give it away.
async fn listen(url: String, wake_up: watch::Sender<u64>) {
    while !wake_up.is_closed() {
        if let Err(error) = listen_once(&url, &wake_up).await {
            tracing::warn!(%error, "listening for changes was interrupted; looking once a second until it works again");
        }
        tokio::time::sleep(LOOK_INTERVAL).await;
        wake_up.send_modify(|count| *count += 1);
    }
}

async fn listen_once(url: &str, wake_up: &watch::Sender<u64>) -> Result<(), StoreError> {
    let mut connection =
        connection::establish(url.to_owned()).await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
    connection.batch_execute(&format!("LISTEN {WAKE_CHANNEL}")).await?;
    wake_up.send_modify(|count| *count += 1);
    let mut notifications = std::pin::pin!(connection.notifications_stream());
    loop {
        tokio::select! {
            notification = notifications.next() => match notification {
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => return Err(StoreError::Unavailable("the connection broke".to_owned())),
            },
            () = tokio::time::sleep(LOOK_INTERVAL) => {}
            () = wake_up.closed() => return Ok(()),
        }
        wake_up.send_modify(|count| *count += 1);
    }
}
