//! What runs by the clock, organisation by organisation.

use pamoja_domain::access::Permit;
use pamoja_domain::id::OrganisationId;

use crate::database::Database;
use crate::error::StoreError;
use crate::{audit, client_report, organisation, referral, training};

/// How many referrals one transaction of the expiry job records.
const EXPIRY_BATCH: i64 = 200;
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
