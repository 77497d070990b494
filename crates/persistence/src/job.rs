//! What runs by the clock, organisation by organisation.

use chrono::TimeDelta;
use pamoja_domain::access::Permit;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::referral::REOPEN_DAYS;

use crate::database::Database;
use crate::error::StoreError;
use crate::{audit, client_mutation, client_report, organisation, outbox, referral, session, sign_in, slip, training};

/// How many referrals one transaction of the expiry job records.
const EXPIRY_BATCH: i64 = 200;
/// For how many days after a referral's ending its slip is kept: longer than it can be reopened.
pub(crate) const SLIP_DAYS: i64 = REOPEN_DAYS + 16;
/// For how many days after a referral's ending its sealed note is kept.
const NOTE_DAYS: i64 = 90;

/// For how many days after an open referral was taken or called off those who were late are told so.
const OPEN_DAYS: i64 = 30;

/// All organisations.
///
/// # Errors
/// When the database fails.
pub async fn organisations(database: &Database) -> Result<Vec<OrganisationId>, StoreError> {
    database.tenant(&Permit::housekeeping(), async |tx| organisation::ids(tx).await).await
}

/// Records for one organisation which of the referrals that it sent have expired; how many there were.
///
/// # Errors
/// When the database fails; what was recorded before stays.
pub async fn expire(database: &Database, organisation: OrganisationId) -> Result<usize, StoreError> {
    let mut total = 0;
    loop {
        let expired =
            database.tenant(&Permit::job(organisation), async |tx| referral::expire_due(tx, EXPIRY_BATCH).await).await?;
        total += expired;
        if expired < EXPIRY_BATCH as usize {
            return Ok(total);
        }
    }
}

/// Publishes for one organisation, once a month, how friendly clients found its services.
///
/// # Errors
/// When the database fails.
pub async fn publish_friendliness(database: &Database, organisation: OrganisationId) -> Result<(), StoreError> {
    database.tenant(&Permit::job(organisation), async |tx| client_report::publish_friendliness(tx).await).await
}

/// Publishes for one organisation, once a month, how satisfied people were with its trainings.
///
/// # Errors
/// When the database fails.
pub async fn publish_satisfaction(database: &Database, organisation: OrganisationId) -> Result<(), StoreError> {
    database.tenant(&Permit::job(organisation), async |tx| training::publish_satisfaction(tx).await).await
}

/// Deletes for one organisation what need not be kept any longer; how many rows there were.
///
/// # Errors
/// When the database fails; what was deleted before stays deleted.
pub async fn retain(database: &Database, organisation: OrganisationId) -> Result<usize, StoreError> {
    database
        .tenant(&Permit::job(organisation), async |tx| {
            let slips_before = tx.at() - TimeDelta::days(SLIP_DAYS);
            let notes_before = tx.at() - TimeDelta::days(NOTE_DAYS);
            Ok(referral::delete_ended_payloads(tx, slips_before, notes_before).await?
                + referral::delete_closed(tx, tx.at() - TimeDelta::days(OPEN_DAYS)).await?
                + outbox::delete_old(tx).await?
                + client_mutation::delete_old(tx).await?
                + slip::delete_old_attempts(tx).await?
                + slip::blank::delete_old(tx).await?
                + session::delete_old(tx).await?)
        })
        .await
}

/// Deletes what need not be kept any longer and belongs to nobody.
///
/// # Errors
/// When the database fails.
pub async fn keep_house(database: &Database) -> Result<usize, StoreError> {
    database.tenant(&Permit::housekeeping(), async |tx| sign_in::delete_old(tx).await).await
}

/// Adds the next seal to an organisation's audit chain; false when there is nothing to seal. `link` makes hash, key id and signature
/// from the seal before and the entries.
///
/// # Errors
/// When the database fails.
pub async fn seal_audit(
    database: &Database,
    organisation: OrganisationId,
    link: impl Fn(Option<&audit::Seal>, &[audit::Entry]) -> (Vec<u8>, String, Vec<u8>) + Sync,
) -> Result<bool, StoreError> {
    database
        .tenant(&Permit::job(organisation), async |tx| {
            let last = audit::last_seal(tx).await?;
            let entries = audit::entries_after(tx, last.as_ref(), audit::SEAL_SIZE).await?;
            let Some(newest) = entries.last() else {
                return Ok(false);
            };
            let (hash, key_id, signature) = link(last.as_ref(), &entries);
            let seal = audit::Seal {
                number: last.as_ref().map_or(1, |seal| seal.number + 1),
                last_transaction_id: newest.transaction_id,
                last_position: newest.position,
                entries: entries.len() as i64,
                hash,
                key_id,
                signature,
            };
            audit::insert_seal(tx, &seal).await?;
            Ok(true)
        })
        .await
}
