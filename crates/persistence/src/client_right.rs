//! A client's rights: erasing what is held under their pseudonym, or moving it to another pseudonym.

use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use diesel::{ExpressionMethods, QueryDsl, QueryableByName};
use diesel_async::RunQueryDsl;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::client_right::Rotation;
use pamoja_domain::id::ReferralId;
use pamoja_domain::pseudonym::Pseudonym;
use pamoja_domain::referral::CancelReason;
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::error::StoreError;
use crate::function;
use crate::lock::lock;
use crate::referral::{Referral, by_ids, erase_payload};
use crate::schema::{referral_client, referral_consent, referral_non_completion, referral_progress, referral_sender};
use crate::statement::Statement;
use crate::transaction::TenantTx;
use crate::violation::{self, ErasedViolations};

/// Locks the tenant's pseudonyms until the transaction ends. When two callers erase or replace them at once, the second finds
/// what the first has left.
pub async fn lock_pseudonyms(tx: &TenantTx) -> Result<(), StoreError> {
    lock(tx, "pseudonym").await
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = SqlUuid)]
    referral_id: Uuid,
}

/// Locks what only the tenant reads of all referrals that it sent under that pseudonym, as [`crate::referral::find_for_update`] does
/// first: whoever waits for a colleague's change here holds nothing for which a receiver waits.
pub async fn lock_of_sender(tx: &TenantTx, client: &Pseudonym) -> Result<(), StoreError> {
    let locked = Statement::new(include_str!("client_right/lock_of_sender.sql"));
    locked.bind::<Text, _>(client.as_str().to_owned()).run(tx).await?;
    Ok(())
}

/// Up to a hundred referrals that the tenant sent under that pseudonym, locked. An empty list means that none is left.
pub async fn next_for_update(tx: &TenantTx, client: &Pseudonym) -> Result<Vec<Referral>, StoreError> {
    let rows: Vec<IdRow> = Statement::new(include_str!("client_right/next_for_update.sql"))
        .bind::<Text, _>(client.as_str().to_owned())
        .rows(tx)
        .await?;
    let ids: Vec<ReferralId> = rows.into_iter().map(|row| ReferralId(row.referral_id)).collect();
    by_ids(tx, &ids).await
}

/// Erases, at once and for good, what is held about the client of these referrals: all that a withdrawal of consent erases, why
/// the client wasn't served, and how they agreed. County, service type, urgency and timeline stay. Each referral gets an audit
/// entry, which the database writes together with the deletion of the pseudonym. Call it together with [`crate::referral::update`].
pub async fn erase(tx: &TenantTx, ids: &[ReferralId]) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    tx.execute(diesel::select(function::erase_clients(ids.clone()))).await?;
    tx.note_audited();
    erase_payload(tx, &ids).await?;
    let own = tx.organisation()?.0;
    // Why the client wasn't served, and on which day they were to come.
    let reasons = referral_non_completion::table
        .filter(referral_non_completion::from_organisation_id.eq(own))
        .filter(referral_non_completion::referral_id.eq_any(&ids));
    tx.execute(diesel::delete(reasons)).await?;
    let progress = referral_progress::table
        .filter(referral_progress::from_organisation_id.eq(own))
        .filter(referral_progress::referral_id.eq_any(&ids));
    let nothing = (
        referral_progress::decline_reason.eq(None::<String>),
        referral_progress::scheduled_on.eq(None::<NaiveDate>),
        referral_progress::instead_service_id.eq(None::<Uuid>),
    );
    tx.execute(diesel::update(progress).set(nothing)).await?;
    let called_off = referral_sender::table
        .filter(referral_sender::from_organisation_id.eq(own))
        .filter(referral_sender::referral_id.eq_any(&ids))
        .filter(referral_sender::cancel_reason.ne(CancelReason::ConsentWithdrawn.code()));
    tx.execute(diesel::update(called_off).set(referral_sender::cancel_reason.eq(None::<String>))).await?;
    // Whether the referral may be counted stays, for the figures. Who agreed, how and in which language could identify the
    // client.
    let consents = referral_consent::table
        .filter(referral_consent::from_organisation_id.eq(own))
        .filter(referral_consent::referral_id.eq_any(&ids));
    let nothing = (
        referral_consent::given_by.eq(None::<String>),
        referral_consent::notice_version.eq(None::<String>),
        referral_consent::manner.eq(None::<String>),
        referral_consent::language.eq(None::<String>),
    );
    tx.execute(diesel::update(consents).set(nothing)).await?;
    Ok(())
}

/// Erases what is personal of the client's violations, also of those that the actor may not read.
pub async fn erase_violations(tx: &TenantTx, client: &Pseudonym) -> Result<ErasedViolations, StoreError> {
    violation::erase(tx, client).await
}

/// Which of these pseudonyms, old and new, the tenant has referrals under, or violations that the actor may read.
pub async fn known(tx: &TenantTx, rotations: &[Rotation]) -> Result<HashSet<String>, StoreError> {
    let clients = rotations.iter().flat_map(|rotation| [&rotation.from, &rotation.to]).map(Pseudonym::as_str);
    let known: Vec<String> = referral_client::table
        .filter(referral_client::from_organisation_id.eq(tx.organisation()?.0))
        .filter(referral_client::client.eq_any(clients))
        .select(referral_client::client)
        .distinct()
        .load(&mut tx.connection()?)
        .await?;
    let mut known: HashSet<String> = known.into_iter().collect();
    known.extend(violation::known(tx, rotations).await?);
    Ok(known)
}

/// Moves all referrals and violations of these clients to their new pseudonyms, and announces each to the tenant alone. Nothing that a
/// receiver can read changes.
pub async fn rotate(tx: &TenantTx, rotations: &[Rotation]) -> Result<(), StoreError> {
    let texts = |of: fn(&Rotation) -> &Pseudonym| -> Vec<String> {
        rotations.iter().map(|rotation| of(rotation).as_str().to_owned()).collect()
    };
    Statement::new(include_str!("client_right/rotate.sql"))
        .bind::<Array<Text>, _>(texts(|rotation| &rotation.from))
        .bind::<Array<Text>, _>(texts(|rotation| &rotation.to))
        .bind::<Text, _>(ChangeKind::Referral.code())
        .run(tx)
        .await?;
    tx.note_announced();
    violation::rotate(tx, rotations).await
}
