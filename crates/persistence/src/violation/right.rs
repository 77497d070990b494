//! A client's rights on violations: also on those that whoever acts for the client may not read. PostgreSQL tells them nothing of these.

use std::collections::HashSet;

use diesel::sql_types::{Array, Text};
use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use pamoja_domain::client_right::Rotation;
use pamoja_domain::pseudonym::Pseudonym;

use super::Looked;
use crate::error::StoreError;
use crate::function;
use crate::schema::violation_client;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// What an erasure tells the actor of violations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErasedViolations {
    /// Whether there were any that the actor could read.
    pub seen: bool,
    /// How many there were, for whoever may read all of the organisation's.
    pub count: Option<i32>,
}

/// Erases what is personal of all violations under that pseudonym, also of those that the actor may not read.
pub(crate) async fn erase(tx: &TenantTx, client: &Pseudonym) -> Result<ErasedViolations, StoreError> {
    let seen = is_client(tx, Looked::by_changing(tx)?, client).await?;
    let count: Option<i32> =
        diesel::select(function::erase_violations(client.as_str())).get_result(&mut tx.connection()?).await?;
    tx.note_announced();
    // PostgreSQL has written an entry for what it erased.
    if seen {
        tx.note_audited();
    }
    Ok(ErasedViolations { seen, count })
}

/// Moves all violations of these clients to their new pseudonyms.
pub(crate) async fn rotate(tx: &TenantTx, rotations: &[Rotation]) -> Result<(), StoreError> {
    let texts = |of: fn(&Rotation) -> &Pseudonym| -> Vec<String> {
        rotations.iter().map(|rotation| of(rotation).as_str().to_owned()).collect()
    };
    Statement::new(include_str!("rotate.sql"))
        .bind::<Array<Text>, _>(texts(|rotation| &rotation.from))
        .bind::<Array<Text>, _>(texts(|rotation| &rotation.to))
        .run(tx)
        .await?;
    // PostgreSQL has written the entry, whether or not there were any.
    tx.note_audited();
    tx.note_announced();
    Ok(())
}

/// Which of these pseudonyms, old and new, the actor sees violations under.
pub(crate) async fn known(tx: &TenantTx, rotations: &[Rotation]) -> Result<HashSet<String>, StoreError> {
    let clients = rotations.iter().flat_map(|rotation| [&rotation.from, &rotation.to]).map(Pseudonym::as_str);
    let known: Vec<String> = violation_client::table
        .filter(violation_client::organisation_id.eq(tx.organisation()?.0))
        .filter(violation_client::client.eq_any(clients))
        .select(violation_client::client)
        .distinct()
        .load(&mut tx.connection()?)
        .await?;
    Ok(known.into_iter().collect())
}

/// Whether the actor sees a violation under that pseudonym.
pub async fn is_client(tx: &TenantTx, _: Looked, client: &Pseudonym) -> Result<bool, StoreError> {
    let found: Vec<String> = violation_client::table
        .filter(violation_client::organisation_id.eq(tx.organisation()?.0))
        .filter(violation_client::client.eq(client.as_str()))
        .select(violation_client::client)
        .limit(1)
        .load(&mut tx.connection()?)
        .await?;
    Ok(!found.is_empty())
}
