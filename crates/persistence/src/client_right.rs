//! What is held under a client's pseudonym: erased, or put under another one.

use std::collections::HashSet;

use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Text, Uuid as SqlUuid};
use pamoja_domain::client_right::Rotation;
use pamoja_domain::id::ReferralId;
use pamoja_domain::pseudonym::Pseudonym;
use uuid::Uuid;

use crate::audit;
use crate::error::StoreError;
use crate::referral::{Referral, by_ids, erase_payload};
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// How many referrals are read and erased at a time.
const BATCH: i64 = 100;

/// Holds the pseudonyms of the own organisation until the transaction ends: of two who erase or replace them, the second finds what the
/// first has left.
///
/// # Errors
/// When the database fails.
pub async fn lock_pseudonyms(tx: &TenantTx) -> Result<(), StoreError> {
    Statement::new("SELECT pg_advisory_xact_lock(hashtextextended('pseudonym ' || tenant(), 0))").run(tx).await?;
    Ok(())
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = SqlUuid)]
    referral_id: Uuid,
}

/// Some of the referrals of the own organisation under that pseudonym, locked; none when there are no more.
///
/// # Errors
/// When the database fails.
pub async fn next_for_update(tx: &TenantTx, client: &Pseudonym) -> Result<Vec<Referral>, StoreError> {
    let rows: Vec<IdRow> = Statement::new(
        "SELECT progress.referral_id FROM referral_progress AS progress
         JOIN referral_client AS client ON client.from_organisation_id = progress.from_organisation_id AND client.referral_id = progress.referral_id
         WHERE client.from_organisation_id = (SELECT tenant()) AND client.client = $1
         ORDER BY progress.referral_id LIMIT $2 FOR UPDATE OF progress",
    )
    .bind::<Text, _>(client.as_str().to_owned())
    .bind::<BigInt, _>(BATCH)
    .rows(tx)
    .await?;
    let ids: Vec<ReferralId> = rows.into_iter().map(|row| ReferralId(row.referral_id)).collect();
    by_ids(tx, &ids).await
}

/// Erases at once and for good all that is held of the client under those referrals: what withdrawn consent erases, why they weren't
/// served, and how they agreed. County, service type, urgency and timeline stay. Notes each in the audit under that action. Together with [`crate::referral::update`].
///
/// # Errors
/// When the database fails.
pub async fn erase(tx: &TenantTx, ids: &[ReferralId], action: &'static str) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    erase_payload(tx, &ids).await?;
    // Why they weren't served, and when they were to come.
    for statement in [
        "DELETE FROM referral_non_completion WHERE from_organisation_id = tenant() AND referral_id = ANY ($1)",
        "UPDATE referral_progress SET decline_reason = NULL, scheduled_on = NULL WHERE from_organisation_id = tenant() AND referral_id = ANY ($1)",
        "UPDATE referral_sender SET cancel_reason = NULL
         WHERE from_organisation_id = tenant() AND referral_id = ANY ($1) AND cancel_reason <> 'CONSENT_WITHDRAWN'",
    ] {
        Statement::new(statement).bind::<Array<SqlUuid>, _>(ids.clone()).run(tx).await?;
    }
    // Whether they may be counted stays with the figures; who agreed, how and in which language could tell of them.
    Statement::new(
        "UPDATE referral_consent SET given_by = NULL, notice_version = NULL, manner = NULL, language = NULL
         WHERE from_organisation_id = tenant() AND referral_id = ANY ($1)",
    )
    .bind::<Array<SqlUuid>, _>(ids.clone())
    .run(tx)
    .await?;
    audit::record_all(tx, action, &ids).await
}

#[derive(QueryableByName)]
struct ClientRow {
    #[diesel(sql_type = Text)]
    client: String,
}

/// Those of the pseudonyms, old and new, that the own organisation has referrals under.
///
/// # Errors
/// When the database fails.
pub async fn known(tx: &TenantTx, rotations: &[Rotation]) -> Result<HashSet<String>, StoreError> {
    let clients: Vec<String> =
        rotations.iter().flat_map(|rotation| [&rotation.from, &rotation.to]).map(|client| client.as_str().to_owned()).collect();
    let rows: Vec<ClientRow> = Statement::new(
        "SELECT DISTINCT client FROM referral_client WHERE from_organisation_id = (SELECT tenant()) AND client = ANY ($1)",
    )
    .bind::<Array<Text>, _>(clients)
    .rows(tx)
    .await?;
    Ok(rows.into_iter().map(|row| row.client).collect())
}

/// Puts all referrals of those clients under their new pseudonyms, in one statement. Nothing that a receiver can read is touched.
///
/// # Errors
/// When the database fails.
pub async fn rotate(tx: &TenantTx, rotations: &[Rotation]) -> Result<(), StoreError> {
    let texts = |of: fn(&Rotation) -> &Pseudonym| -> Vec<String> {
        rotations.iter().map(|rotation| of(rotation).as_str().to_owned()).collect()
    };
    Statement::new(
        "UPDATE referral_client SET client = rotation.new FROM unnest($1, $2) AS rotation (old, new)
         WHERE from_organisation_id = tenant() AND client = rotation.old",
    )
    .bind::<Array<Text>, _>(texts(|rotation| &rotation.from))
    .bind::<Array<Text>, _>(texts(|rotation| &rotation.to))
    .run(tx)
    .await?;
    Ok(())
}
