//! Deletes what `pamoja_domain::retention` says need not be kept any longer.

use chrono::{DateTime, Utc};
use pamoja_domain::access::Permit;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::retention::{RETENTION, Retention, RetentionSubject};

use crate::database::Database;
use crate::error::StoreError;
use crate::referral::slip;
use crate::transaction::TenantTx;
use crate::{client_mutation, outbox, referral, session, sign_in};

/// Deletes, in one transaction, everything of an organisation whose time is over. Returns how many rows it deleted.
pub async fn retain(database: &Database, organisation: OrganisationId) -> Result<usize, StoreError> {
    delete_all(database, &Permit::job(organisation), |row| !row.belongs_to_nobody()).await
}

/// The same for what belongs to no organisation.
pub async fn retain_of_nobody(database: &Database) -> Result<usize, StoreError> {
    delete_all(database, &Permit::housekeeping(), Retention::belongs_to_nobody).await
}

async fn delete_all(database: &Database, permit: &Permit, which: fn(&Retention) -> bool) -> Result<usize, StoreError> {
    database
        .tenant(permit, async |tx| {
            let mut deleted = 0;
            for row in RETENTION.iter().filter(|row| which(row)) {
                deleted += delete(tx, row.subject, tx.at() - row.keep).await?;
            }
            Ok(deleted)
        })
        .await
}

/// Deletes what is of this kind and whose time began to count before that moment.
async fn delete(tx: &TenantTx, subject: RetentionSubject, before: DateTime<Utc>) -> Result<usize, StoreError> {
    match subject {
        RetentionSubject::Slip => referral::delete_ended_slips(tx, before).await,
        RetentionSubject::SealedNote => referral::delete_ended_notes(tx, before).await,
        RetentionSubject::FollowUp => referral::follow_up::delete_settled(tx, before).await,
        RetentionSubject::OpenOffer => referral::delete_closed(tx, before).await,
        RetentionSubject::BlankSlip => slip::blank::delete_old(tx, before).await,
        RetentionSubject::WaitingCheckIn => slip::pending::delete_old(tx, before).await,
        RetentionSubject::CheckInQuestion => referral::check_in::delete_old(tx, before).await,
        RetentionSubject::LastMove => referral::undo::delete_old(tx, before).await,
        RetentionSubject::IdempotencyKey => client_mutation::delete_old(tx, before).await,
        RetentionSubject::Change => outbox::delete_old(tx, before).await,
        RetentionSubject::Session => session::delete_old(tx, before).await,
        RetentionSubject::SlipAttempt => slip::delete_old_attempts(tx, before).await,
        RetentionSubject::SignInFailure => sign_in::delete_old(tx, before).await,
    }
}
