//! The outbox: changes in the order in which they can be read, as kinds and ids alone, and the wake-ups between processes.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::sql_types::{Array, BigInt, Text, Uuid as SqlUuid};
use diesel::{ExpressionMethods, QueryDsl, Queryable, QueryableByName};
use diesel_async::RunQueryDsl;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::vocabulary::Vocabulary;
use tokio::sync::watch;
use uuid::Uuid;

use crate::connection;
use crate::database::{Database, WAKE_CHANNEL};
use crate::error::StoreError;
use crate::function::settled_outbox_position;
use crate::schema::outbox;
use crate::statement::Statement;
use crate::transaction::TenantTx;
use crate::trouble::Trouble;

/// A listener checks for changes this often on its own, in case a wake-up is lost.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// At most this many changes are read at once.
pub const BATCH: i64 = 500;

/// A position in the outbox: all changes up to it have been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(i64);

impl Position {
    /// The position as the database counts.
    pub(crate) fn number(self) -> i64 {
        self.0
    }
}

/// How far a read got, and whether more may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// All changes up to this position have been read.
    pub position: Position,
    /// Whether the read filled a whole batch, so that more may follow.
    pub more: bool,
}

/// A change that a subscriber can be notified of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Changed {
    /// The kind of thing.
    pub kind: ChangeKind,
    /// The id of the changed thing.
    pub id: Uuid,
}

#[derive(Queryable)]
struct ChangeRow {
    position: i64,
    kind: String,
    node_id: Uuid,
}

/// Puts a change into the outboxes of the recipients. Policies ensure that the tenant is a party to what changed, and that each
/// recipient is a party too or could take it.
pub(crate) async fn announce(tx: &TenantTx, kind: ChangeKind, id: Uuid, recipients: &[OrganisationId]) -> Result<(), StoreError> {
    put(tx, kind, vec![id], recipients).await
}

/// Puts changes that concern nobody but the tenant into its outbox.
pub(crate) async fn announce_each(tx: &TenantTx, kind: ChangeKind, ids: &[Uuid]) -> Result<(), StoreError> {
    put(tx, kind, ids.to_vec(), &[tx.organisation()?]).await
}

/// Puts each of these changes into the outbox of each of the recipients.
async fn put(tx: &TenantTx, kind: ChangeKind, ids: Vec<Uuid>, recipients: &[OrganisationId]) -> Result<(), StoreError> {
    Statement::new(include_str!("outbox/announce.sql"))
        .bind::<Array<SqlUuid>, _>(recipients.iter().map(|recipient| recipient.0).collect::<Vec<_>>())
        .bind::<Text, _>(kind.code())
        .bind::<Array<SqlUuid>, _>(ids)
        .run(tx)
        .await?;
    tx.note_announced();
    Ok(())
}

/// Puts a change that concerns every member into the outbox that all members read. Policies ensure that what changed belongs to
/// the tenant.
pub(crate) async fn announce_to_all(tx: &TenantTx, kind: ChangeKind, id: Uuid) -> Result<(), StoreError> {
    announce_each_to_all(tx, kind, &[id]).await
}

/// As [`announce_to_all`], for several changes at once.
pub(crate) async fn announce_each_to_all(tx: &TenantTx, kind: ChangeKind, ids: &[Uuid]) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    Statement::new(include_str!("outbox/announce_to_all.sql"))
        .bind::<Text, _>(kind.code())
        .bind::<Array<SqlUuid>, _>(ids.to_vec())
        .run(tx)
        .await?;
    tx.note_announced();
    Ok(())
}

/// The position from which a new listener of the tenant reads. It misses nothing that is committed from now on.
pub async fn now(tx: &TenantTx) -> Result<Position, StoreError> {
    Ok(Position(diesel::select(settled_outbox_position()).get_result(&mut tx.connection()?).await?))
}

/// The tenant's next changes after that position, and how far they reach. No change can appear later before one that was read: a
/// change waits while a transaction that is still running could put another before it. A change is left out when its kind is
/// unknown, because a newer version of the program announced it.
pub async fn after(tx: &TenantTx, position: Position) -> Result<(Vec<Changed>, Reached), StoreError> {
    // This must be a statement of its own, sent before the rows are read: every row up to `settled` was committed before it
    // answered.
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

#[derive(QueryableByName)]
struct ForAllRow {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = SqlUuid)]
    node_id: Uuid,
}

/// As [`after`], for the changes that concern every member. A function of the database reads them, which tells neither who announced
/// them nor when.
pub async fn after_for_all(tx: &TenantTx, position: Position) -> Result<(Vec<Changed>, Reached), StoreError> {
    let settled = now(tx).await?;
    let rows: Vec<ForAllRow> = Statement::new(include_str!("outbox/changes_for_all.sql"))
        .bind::<BigInt, _>(position.0)
        .bind::<BigInt, _>(settled.0)
        .bind::<BigInt, _>(BATCH)
        .rows(tx)
        .await?;
    let rows: Vec<ChangeRow> =
        rows.into_iter().map(|row| ChangeRow { position: row.place, kind: row.kind, node_id: row.node_id }).collect();
    Ok(known(&rows, position, settled))
}

/// The changes of known kinds among these rows, and how far they reach.
fn known(rows: &[ChangeRow], position: Position, settled: Position) -> (Vec<Changed>, Reached) {
    // After a whole batch more may follow; otherwise all changes up to `settled` have been read.
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

/// Warns once for each unknown kind: during a rolling upgrade every change of that kind would repeat the warning.
fn warn_once(kind: &str) {
    static WARNED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut warned = WARNED.lock().unwrap_or_else(PoisonError::into_inner);
    if !warned.contains(kind) {
        warned.insert(kind.to_owned());
        tracing::warn!(kind, "changes of a kind that this version doesn't know are left out");
    }
}

/// A counter that rises whenever something may have changed: on a wake-up from any process, and once a second in any case. Its
/// task ends when nobody listens any more.
#[expect(clippy::disallowed_methods, reason = "it ends by itself when nobody listens")]
pub fn wake_ups(database: &Database) -> watch::Receiver<u64> {
    let (sender, receiver) = watch::channel(0);
    tokio::spawn(listen(database.listening_url().map(str::to_owned), Arc::clone(database.trouble()), sender));
    receiver
}

/// Listens on a connection of its own: a pool could hand the connection to somebody else. A connection that breaks is made anew;
/// until then this looks once a second, as it does all the time where a pooler leaves nowhere to listen.
async fn listen(url: Option<String>, trouble: Arc<Trouble>, wake_up: watch::Sender<u64>) {
    while !wake_up.is_closed() {
        if let Some(url) = &url {
            match listen_once(url, &wake_up).await {
                Ok(()) => {}
                // Said once in the log, as the database's trouble.
                Err(StoreError::Unavailable(why)) => trouble.unreachable(&why),
                Err(error) => {
                    tracing::warn!(%error, "listening for changes was interrupted; looking once a second until it works again")
                }
            }
        }
        tokio::time::sleep(LOOK_INTERVAL).await;
        wake_up.send_modify(|count| *count += 1);
    }
}

async fn listen_once(url: &str, wake_up: &watch::Sender<u64>) -> Result<(), StoreError> {
    let (client, mut notifications) = connection::listening(url).await?;
    client.batch_execute(&format!("LISTEN {WAKE_CHANNEL}")).await?;
    wake_up.send_modify(|count| *count += 1);
    loop {
        tokio::select! {
            // The end of this one connection is no trouble: it is made anew.
            notification = notifications.recv() => if notification.is_none() {
                return Ok(());
            },
            () = tokio::time::sleep(LOOK_INTERVAL) => {}
            () = wake_up.closed() => return Ok(()),
        }
        wake_up.send_modify(|count| *count += 1);
    }
}
