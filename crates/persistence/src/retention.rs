//! Deletes what `pamoja_domain::retention` says need not be kept any longer.

use chrono::{DateTime, Utc};
use pamoja_domain::access::Permit;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::retention::{RETENTION, Retention, Subject};

use crate::database::Database;
use crate::error::StoreError;
use crate::referral::slip;
use crate::transaction::TenantTx;
use crate::{client_mutation, outbox, referral, session, sign_in};

/// Deletes for one organisation, in one transaction, whose time is over; returns how many rows it deleted.
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

/// Deletes what this subject's time began to count for before that moment.
async fn delete(tx: &TenantTx, subject: Subject, before: DateTime<Utc>) -> Result<usize, StoreError> {
    match subject {
        Subject::Slip => referral::delete_ended_slips(tx, before).await,
        Subject::SealedNote => referral::delete_ended_notes(tx, before).await,
        Subject::OpenOffer => referral::delete_closed(tx, before).await,
        Subject::BlankSlip => slip::blank::delete_old(tx, before).await,
        Subject::WaitingCheckIn => slip::pending::delete_old(tx, before).await,
        Subject::IdempotencyKey => client_mutation::delete_old(tx, before).await,
        Subject::Change => outbox::delete_old(tx, before).await,
        Subject::Session => session::delete_old(tx, before).await,
        Subject::SlipAttempt => slip::delete_old_attempts(tx, before).await,
        Subject::SignInFailure => sign_in::delete_old(tx, before).await,
    }
}
