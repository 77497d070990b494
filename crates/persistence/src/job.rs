//! The jobs that run by the clock, one organisation at a time. `retention` is the job that deletes.

use pamoja_domain::access::Permit;
use pamoja_domain::id::OrganisationId;

use crate::database::Database;
use crate::error::StoreError;
use crate::{audit, client_report, organisation, referral, training};

/// One transaction of the expiry job records at most this many referrals.
const EXPIRY_BATCH: i64 = 200;

/// The ids of all organisations.
pub async fn organisations(database: &Database) -> Result<Vec<OrganisationId>, StoreError> {
    database.tenant(&Permit::housekeeping(), async |tx| organisation::ids(tx).await).await
}

/// Records which of the referrals that an organisation sent have expired; returns how many.
///
/// # Errors
/// What was recorded before a failure stays recorded.
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

/// Publishes, once a month, how friendly clients found the services of an organisation.
pub async fn publish_friendliness(database: &Database, organisation: OrganisationId) -> Result<(), StoreError> {
    database.tenant(&Permit::job(organisation), async |tx| client_report::publish_friendliness(tx).await).await
}

/// Publishes, once a month, how satisfied people were with the trainings of an organisation.
pub async fn publish_satisfaction(database: &Database, organisation: OrganisationId) -> Result<(), StoreError> {
    database.tenant(&Permit::job(organisation), async |tx| training::publish_satisfaction(tx).await).await
}

/// Adds the next seal to an organisation's audit chain. Returns false when there is nothing to seal. `link` makes the hash, the
/// key id and the signature from the previous seal and the entries.
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
