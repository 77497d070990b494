//! What left: changes in the order in which they can be read, ids and kinds alone, and the wake-ups between processes.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use diesel::{ExpressionMethods, QueryDsl, Queryable};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use futures_util::StreamExt;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::vocabulary::Vocabulary;
use tokio::sync::watch;
use uuid::Uuid;

use crate::connection;
use crate::database::{Database, WAKE_CHANNEL};
use crate::error::StoreError;
use crate::function::settled_outbox_position;
use crate::schema::{outbox, outbox_for_all};
use crate::transaction::TenantTx;

/// For how many hours a change can still be read.
pub const KEPT_HOURS: i64 = 24;
/// How often a listener looks by itself, should a wake-up be lost.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// How many changes are read at once.
pub const BATCH: i64 = 500;

/// Up to where changes have been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(i64);

/// Up to where has been read, and whether there may be more behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// Up to where.
    pub position: Position,
    /// A whole batch was read, so that there may be more.
    pub more: bool,
}

/// A change that somebody can be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The kind of thing.
    pub kind: ChangeKind,
    /// Which of that kind.
    pub id: Uuid,
}

#[derive(Queryable)]
struct ChangeRow {
    position: i64,
    kind: String,
    node_id: Uuid,
}

/// Puts a change into the outboxes of the recipients. Policies see to it that the tenant is a party, and each recipient is one or
/// could take it.
pub(crate) async fn announce(tx: &TenantTx, kind: ChangeKind, id: Uuid, recipients: &[OrganisationId]) -> Result<(), StoreError> {
    let row = |recipient: &OrganisationId| {
        (outbox::organisation_id.eq(recipient.0), outbox::kind.eq(kind.code()), outbox::node_id.eq(id))
    };
    let rows: Vec<_> = recipients.iter().map(row).collect();
    diesel::insert_into(outbox::table).values(rows).execute(&mut tx.connection()?).await?;
    tx.note_announced();
    Ok(())
}

/// Puts a change that concerns every member where every member is told of it. Policies see to it that what changed is the
/// tenant's.
pub(crate) async fn announce_to_all(tx: &TenantTx, kind: ChangeKind, id: Uuid) -> Result<(), StoreError> {
    let row = (
        outbox_for_all::organisation_id.eq(tx.organisation()?.0),
        outbox_for_all::kind.eq(kind.code()),
        outbox_for_all::node_id.eq(id),
    );
    diesel::insert_into(outbox_for_all::table).values(row).execute(&mut tx.connection()?).await?;
    tx.note_announced();
    Ok(())
}

/// From where a new listener of the own organisation reads: nothing that is committed from now on is missed.
pub async fn now(tx: &TenantTx) -> Result<Position, StoreError> {
    Ok(Position(diesel::select(settled_outbox_position()).get_result(&mut tx.connection()?).await?))
}

/// The next changes for the own organisation after that position, in an order in which none can appear later before one that was
/// read, and up to where that is. What a transaction under way could still overtake waits until it can't. A change of a kind that
/// this program doesn't know, because a newer one announced it, is left out.
pub async fn after(tx: &TenantTx, position: Position) -> Result<(Vec<Changed>, Reached), StoreError> {
    // A statement of its own, before the rows are looked at: what is settled was committed before it answered.
    let settled = now(tx).await?;
    let rows: Vec<ChangeRow> = outbox::table
        .filter(outbox::organisation_id.eq(tx.organisation()?.0))
        .filter(outbox::position.gt(position.0))
        .filter(outbox::position.le(settled.0))
        .select((outbox::position, outbox::kind, outbox::node_id))
        .order(outbox::position)
        .limit(BATCH)
        .load(&mut tx.connection()?)
        .await?;
    Ok(known(&rows, position, settled))
}

/// As [`after`], of what concerns every member.
pub async fn after_for_all(tx: &TenantTx, position: Position) -> Result<(Vec<Changed>, Reached), StoreError> {
    let settled = now(tx).await?;
    let rows: Vec<ChangeRow> = outbox_for_all::table
        .filter(outbox_for_all::position.gt(position.0))
        .filter(outbox_for_all::position.le(settled.0))
        .select((outbox_for_all::position, outbox_for_all::kind, outbox_for_all::node_id))
        .order(outbox_for_all::position)
        .limit(BATCH)
        .load(&mut tx.connection()?)
        .await?;
    Ok(known(&rows, position, settled))
}

/// The changes of known kinds, and up to where has been read.
fn known(rows: &[ChangeRow], position: Position, settled: Position) -> (Vec<Changed>, Reached) {
    // A whole batch may have more behind it; otherwise all up to what is settled has been read.
    let more = rows.len() == BATCH as usize;
    let reached = if more { rows.last().map_or(settled, |last| Position(last.position)) } else { settled };
    let changes = rows.iter().filter_map(|row| match ChangeKind::from_code(&row.kind) {
        Some(kind) => Some(Changed { kind, id: row.node_id }),
        None => {
            warn_once(&row.kind);
            None
        }
    });
    (changes.collect(), Reached { position: reached.max(position), more })
}

/// During a rolling upgrade every such change would say the same.
fn warn_once(kind: &str) {
    static WARNED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut warned = WARNED.lock().unwrap_or_else(PoisonError::into_inner);
    if !warned.contains(kind) {
        warned.insert(kind.to_owned());
        tracing::warn!(kind, "changes of a kind that this version doesn't know are left out");
    }
}

/// Deletes changes that can no longer be read. For the job.
pub async fn delete_old(tx: &TenantTx) -> Result<usize, StoreError> {
    let old = outbox::table
        .filter(outbox::organisation_id.eq(tx.organisation()?.0))
        .filter(outbox::recorded_at.lt(tx.at() - TimeDelta::hours(KEPT_HOURS)));
    let old_for_all = outbox_for_all::table
        .filter(outbox_for_all::organisation_id.eq(tx.organisation()?.0))
        .filter(outbox_for_all::recorded_at.lt(tx.at() - TimeDelta::hours(KEPT_HOURS)));
    let deleted = diesel::delete(old).execute(&mut tx.connection()?).await?;
    Ok(deleted + diesel::delete(old_for_all).execute(&mut tx.connection()?).await?)
}

/// Counts up whenever something may have changed: on a wake-up from any process, and once a second in any case. Ends when
/// nobody listens any more.
#[expect(clippy::disallowed_methods, reason = "it ends by itself when nobody listens")]
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
