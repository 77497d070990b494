//! Who did what to which id, written in the transaction that did it, and the chain that shows when an entry is missing.

use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{ExpressionMethods, QueryDsl, QueryableByName};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::error::StoreError;
use crate::schema::audit_entry;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// How many entries one seal covers at the most.
pub const SEAL_SIZE: i64 = 5_000;

/// Writes the audit entry of what this transaction does: the operation's name and the id it is about, never content.
///
/// # Errors
/// When the database fails.
pub async fn record(tx: &TenantTx, action: &'static str, node: Option<Uuid>) -> Result<(), StoreError> {
    let user = tx.caller().ok().map(|caller| caller.user.0);
    diesel::insert_into(audit_entry::table)
        .values((
            audit_entry::organisation_id.eq(tx.organisation()?.0),
            audit_entry::user_id.eq(user),
            audit_entry::action.eq(action),
            audit_entry::node_id.eq(node),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    tx.note_audited();
    Ok(())
}

/// Writes an audit entry for each of those ids, in one statement.
///
/// # Errors
/// When the database fails.
pub(crate) async fn record_all(tx: &TenantTx, action: &'static str, nodes: &[Uuid]) -> Result<(), StoreError> {
    Statement::new(
        "INSERT INTO audit_entry (organisation_id, user_id, action, node_id) SELECT tenant(), acting_user(), $1, unnest($2)",
    )
    .bind::<Text, _>(action)
    .bind::<Array<SqlUuid>, _>(nodes.to_vec())
    .run(tx)
    .await?;
    tx.note_audited();
    Ok(())
}

/// How many entries the own organisation has.
///
/// # Errors
/// When the database fails.
pub async fn count(tx: &TenantTx) -> Result<i64, StoreError> {
    Ok(audit_entry::table
        .filter(audit_entry::organisation_id.eq(tx.organisation()?.0))
        .count()
        .get_result(&mut tx.connection()?)
        .await?)
}

/// An entry as the chain sees it.
#[derive(QueryableByName)]
pub struct Entry {
    /// The transaction that wrote it.
    #[diesel(sql_type = Text)]
    pub transaction_id: String,
    /// Its position among all entries.
    #[diesel(sql_type = BigInt)]
    pub position: i64,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub at: chrono::DateTime<chrono::Utc>,
    /// Who, unless it was the clock or an operator.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub user_id: Option<Uuid>,
    /// What.
    #[diesel(sql_type = Text)]
    pub action: String,
    /// To which id.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub node_id: Option<Uuid>,
}

/// A link of the chain.
#[derive(QueryableByName)]
pub struct Seal {
    /// 1 for the first.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
    /// The last entry that it covers.
    #[diesel(sql_type = Text)]
    pub last_transaction_id: String,
    /// The last entry that it covers.
    #[diesel(sql_type = BigInt)]
    pub last_position: i64,
    /// How many entries it covers.
    #[diesel(sql_type = BigInt)]
    pub entries: i64,
    /// Over the seal before and the entries.
    #[diesel(sql_type = Binary)]
    pub hash: Vec<u8>,
    /// Which key signed.
    #[diesel(sql_type = Text)]
    pub key_id: String,
    /// Over the hash.
    #[diesel(sql_type = Binary)]
    pub signature: Vec<u8>,
}

/// The seals, oldest first, after that number.
///
/// # Errors
/// When the database fails.
pub async fn seals(tx: &TenantTx, after: i64, limit: i64) -> Result<Vec<Seal>, StoreError> {
    Statement::new(
        "SELECT number, last_transaction_id::text, last_position, entries, hash, key_id, signature FROM audit_seal
         WHERE organisation_id = tenant() AND number > $1 ORDER BY number LIMIT $2",
    )
    .bind::<BigInt, _>(after)
    .bind::<BigInt, _>(limit)
    .rows(tx)
    .await
}

/// The newest seal. The chain is locked, so that two workers don't both add to it.
///
/// # Errors
/// When the database fails.
pub async fn last_seal(tx: &TenantTx) -> Result<Option<Seal>, StoreError> {
    Statement::new("SELECT pg_advisory_xact_lock(hashtextextended('audit_seal ' || tenant(), 0))").run(tx).await?;
    let seals: Vec<Seal> = Statement::new(
        "SELECT number, last_transaction_id::text, last_position, entries, hash, key_id, signature FROM audit_seal
         WHERE organisation_id = tenant() ORDER BY number DESC LIMIT 1",
    )
    .rows(tx)
    .await?;
    Ok(seals.into_iter().next())
}

/// The entries after that one, in the order of the chain; only those whose neighbours can no longer change.
///
/// # Errors
/// When the database fails.
pub async fn entries_after(tx: &TenantTx, transaction_id: &str, position: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    Statement::new(
        "SELECT transaction_id::text, position, at, user_id, action, node_id FROM audit_entry
         WHERE organisation_id = tenant() AND (transaction_id, position) > ($1::xid8, $2)
           AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
         ORDER BY transaction_id, position LIMIT $3",
    )
    .bind::<Text, _>(transaction_id.to_owned())
    .bind::<BigInt, _>(position)
    .bind::<BigInt, _>(limit)
    .rows(tx)
    .await
}

/// The entries that a seal covers which follows that one.
///
/// # Errors
/// When the database fails.
pub async fn entries_of(tx: &TenantTx, before: Option<&Seal>, seal: &Seal) -> Result<Vec<Entry>, StoreError> {
    let (transaction_id, position) =
        before.map_or(("0", 0), |before| (before.last_transaction_id.as_str(), before.last_position));
    // One more than a seal can cover is enough to see that some were added.
    Statement::new(format!(
        "SELECT transaction_id::text, position, at, user_id, action, node_id FROM audit_entry
         WHERE organisation_id = tenant() AND (transaction_id, position) > ($1::xid8, $2) AND (transaction_id, position) <= ($3::xid8, $4)
         ORDER BY transaction_id, position LIMIT {}",
        SEAL_SIZE + 1
    ))
    .bind::<Text, _>(transaction_id.to_owned())
    .bind::<BigInt, _>(position)
    .bind::<Text, _>(seal.last_transaction_id.clone())
    .bind::<BigInt, _>(seal.last_position)
    .rows(tx)
    .await
}

/// Adds a seal.
///
/// # Errors
/// When the database fails.
pub async fn insert_seal(tx: &TenantTx, seal: &Seal) -> Result<(), StoreError> {
    Statement::new(
        "INSERT INTO audit_seal (organisation_id, number, last_transaction_id, last_position, entries, hash, key_id, signature)
         VALUES (tenant(), $1, $2::xid8, $3, $4, $5, $6, $7)",
    )
    .bind::<BigInt, _>(seal.number)
    .bind::<Text, _>(seal.last_transaction_id.clone())
    .bind::<BigInt, _>(seal.last_position)
    .bind::<BigInt, _>(seal.entries)
    .bind::<Binary, _>(seal.hash.clone())
    .bind::<Text, _>(seal.key_id.clone())
    .bind::<Binary, _>(seal.signature.clone())
    .run(tx)
    .await?;
    Ok(())
}
