//! The audit: who did what to which id, written in the transaction that did it. A chain of seals shows when an entry is missing.

use std::fmt;
use std::io::Write;

use chrono::{DateTime, Utc};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Array, BigInt, Record, Text, Uuid as SqlUuid};
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::batch::Batch;
use crate::error::StoreError;
use crate::function::{pg_current_snapshot, pg_snapshot_xmin};
use crate::lock::lock;
use crate::schema::sql_types::Xid8;
use crate::schema::{audit_entry, audit_seal};
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// One seal covers at most this many entries.
pub const SEAL_SIZE: i64 = 5_000;

#[derive(Insertable)]
#[diesel(table_name = audit_entry, treat_none_as_default_value = false)]
struct NewEntryRow {
    action: &'static str,
    node_id: Option<Uuid>,
}

/// Writes the audit entry for what this transaction did: the operation's name and the id of what it changed, never any content. Who did
/// it and when is written by PostgreSQL, which refuses an entry of what wasn't done: write it after the change.
pub async fn record(tx: &TenantTx, action: &'static str, node: Option<Uuid>) -> Result<(), StoreError> {
    tx.execute(diesel::insert_into(audit_entry::table).values(NewEntryRow { action, node_id: node })).await?;
    tx.note_audited();
    Ok(())
}

/// Writes one audit entry for each of these ids, all in one statement.
pub(crate) async fn record_all(tx: &TenantTx, action: &'static str, nodes: &[Uuid]) -> Result<(), StoreError> {
    let entries = Statement::new(include_str!("audit/record_all.sql"));
    entries.bind::<Text, _>(action).bind::<Array<SqlUuid>, _>(nodes.to_vec()).run(tx).await?;
    tx.note_audited();
    Ok(())
}

/// The number of the transaction that wrote an entry. PostgreSQL gives later transactions greater numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Xid8)]
pub struct TransactionId(u64);

impl fmt::Display for TransactionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl ToSql<Xid8, Pg> for TransactionId {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        out.write_all(&self.0.to_be_bytes())?;
        Ok(IsNull::No)
    }
}

impl FromSql<Xid8, Pg> for TransactionId {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(u64::from_be_bytes(value.as_bytes().try_into()?)))
    }
}

/// An audit entry, as the chain covers it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_entry, check_for_backend(Pg))]
pub struct Entry {
    /// The transaction that wrote it.
    pub transaction_id: TransactionId,
    /// Its position among all entries.
    pub position: i64,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Which user did it; nobody when a job or an operator did.
    pub user_id: Option<Uuid>,
    /// The operation's name.
    pub action: String,
    /// The id of what was changed, if there is one.
    pub node_id: Option<Uuid>,
    /// Through which door it was written; none in entries from before doors were written down.
    pub door: Option<String>,
}

/// Makes the hash, the key id and the signature of the next seal from the seal before and the entries.
pub type Link<'l> = &'l (dyn Fn(Option<&Seal>, &[Entry]) -> (Vec<u8>, String, Vec<u8>) + Sync);

/// A seal: one link of the audit chain.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_seal, check_for_backend(Pg))]
pub struct Seal {
    /// Its position in the chain; the first seal is 1.
    pub number: i64,
    /// The transaction of the last entry that it covers.
    pub last_transaction_id: TransactionId,
    /// The position of the last entry that it covers.
    pub last_position: i64,
    /// How many entries it covers.
    pub entries: i64,
    /// A hash of the seal before and of the entries.
    pub hash: Vec<u8>,
    /// The id of the key that signed it.
    pub key_id: String,
    /// The signature of the hash.
    pub signature: Vec<u8>,
}

impl Seal {
    /// The sort key of the last entry that it covers.
    fn last_entry(&self) -> (TransactionId, i64) {
        (self.last_transaction_id, self.last_position)
    }
}

/// An entry's position in the chain, as one value that PostgreSQL can compare.
type Place = Record<(Xid8, BigInt)>;

/// A position before every entry of the chain.
const BEFORE_ALL: (TransactionId, i64) = (TransactionId(0), 0);

/// At most `limit` of the tenant's seals with a number greater than `after`, oldest first.
pub async fn seals(tx: &TenantTx, after: i64, limit: i64) -> Result<Vec<Seal>, StoreError> {
    Ok(audit_seal::table
        .filter(audit_seal::organisation_id.eq(tx.organisation()?.0))
        .filter(audit_seal::number.gt(after))
        .select(Seal::as_select())
        .order(audit_seal::number)
        .limit(limit)
        .load(&mut tx.connection()?)
        .await?)
}

/// The tenant's newest seal. It locks the chain until the transaction ends, so that two workers never extend it at once.
pub async fn last_seal(tx: &TenantTx) -> Result<Option<Seal>, StoreError> {
    let organisation = tx.organisation()?.0;
    lock(tx, "audit_seal").await?;
    Ok(audit_seal::table
        .filter(audit_seal::organisation_id.eq(organisation))
        .select(Seal::as_select())
        .order(audit_seal::number.desc())
        .first(&mut tx.connection()?)
        .await
        .optional()?)
}

/// At most `limit` entries after the last one that the seal covers, in the order of the chain. An entry is left out while a
/// transaction that is still running could add another before it.
pub async fn entries_after(tx: &TenantTx, last: Option<&Seal>, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let place = (audit_entry::transaction_id, audit_entry::position);
    Ok(audit_entry::table
        .filter(audit_entry::organisation_id.eq(tx.organisation()?.0))
        .filter(AsExpression::<Place>::as_expression(place).gt(last.map_or(BEFORE_ALL, Seal::last_entry)))
        .filter(audit_entry::transaction_id.lt(pg_snapshot_xmin(pg_current_snapshot())))
        .select(Entry::as_select())
        .order(place)
        .limit(limit)
        .load(&mut tx.connection()?)
        .await?)
}

/// The entries that `seal` covers; `before` is the seal in front of it, if there is one.
pub async fn entries_of(tx: &TenantTx, before: Option<&Seal>, seal: &Seal) -> Result<Vec<Entry>, StoreError> {
    let place = (audit_entry::transaction_id, audit_entry::position);
    Ok(audit_entry::table
        .filter(audit_entry::organisation_id.eq(tx.organisation()?.0))
        .filter(AsExpression::<Place>::as_expression(place).gt(before.map_or(BEFORE_ALL, Seal::last_entry)))
        .filter(AsExpression::<Place>::as_expression(place).le(seal.last_entry()))
        .select(Entry::as_select())
        .order(place)
        // One more than a seal can cover is enough to notice that somebody added entries.
        .limit(SEAL_SIZE + 1)
        .load(&mut tx.connection()?)
        .await?)
}

/// Adds the next seal to the tenant's chain, over at most [`SEAL_SIZE`] entries, if there are any.
pub(crate) async fn seal(tx: &TenantTx, link: Link<'_>) -> Result<Batch, StoreError> {
    let last = last_seal(tx).await?;
    let entries = entries_after(tx, last.as_ref(), SEAL_SIZE).await?;
    let Some(newest) = entries.last() else { return Ok(Batch::NOTHING) };
    let (hash, key_id, signature) = link(last.as_ref(), &entries);
    let seal = Seal {
        number: last.as_ref().map_or(1, |seal| seal.number + 1),
        last_transaction_id: newest.transaction_id,
        last_position: newest.position,
        entries: entries.len() as i64,
        hash,
        key_id,
        signature,
    };
    let organisation = audit_seal::organisation_id.eq(tx.organisation()?.0);
    tx.execute(diesel::insert_into(audit_seal::table).values((organisation, &seal))).await?;
    Ok(Batch { rows: entries.len(), more: entries.len() as i64 >= SEAL_SIZE })
}
