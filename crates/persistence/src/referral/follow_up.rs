//! The endings that left a client unserved, until the sender has settled each. The rules are in `pamoja_domain::task`.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{ExpressionMethods, QueryDsl};
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::UserId;
use pamoja_domain::moves::Party;
use pamoja_domain::referral::{NonCompletionReason, ReferralStatus};
use uuid::Uuid;

use super::Referral;
use crate::batch::{Batch, Place, look};
use crate::error::StoreError;
use crate::schema::referral_follow_up;
use crate::statement::Statement;
use crate::transaction::TenantTx;
use crate::{codes, outbox};

/// Records that a referral has just reached this state, if it leaves a client for the sender to follow up. Either party calls it,
/// after the reason was recorded.
pub(super) async fn begin(tx: &TenantTx, referral: &Referral, status: ReferralStatus) -> Result<(), StoreError> {
    if !status.leaves_unserved() {
        return Ok(());
    }
    let reasons = |by| codes::write_all(&NonCompletionReason::final_for(by).collect::<Vec<_>>());
    Statement::new(include_str!("follow_up/begin.sql"))
        .bind::<SqlUuid, _>(referral.sender.0)
        .bind::<SqlUuid, _>(referral.id.0)
        .bind::<Array<Text>, _>(reasons(Party::Sender))
        .bind::<Array<Text>, _>(reasons(Party::Receiver))
        .run(tx)
        .await?;
    Ok(())
}

/// Records that the acting user says of the present ending of a locked referral of the tenant's that nothing is left to do, and
/// announces it to the tenant alone.
pub async fn dismiss(tx: &TenantTx, referral: &Referral) -> Result<(), StoreError> {
    settle(tx, referral, Some(tx.caller()?.user)).await?;
    outbox::announce(tx, ChangeKind::Referral, referral.id.0, &[tx.organisation()?]).await
}

/// Settles the present ending of a locked referral of the tenant, if it left the client unserved: somebody has spoken with the client
/// since, and recorded what became of them. A report that came before the ending settles nothing.
pub async fn report(tx: &TenantTx, referral: &Referral) -> Result<(), StoreError> {
    if referral.state.at(tx.at()).status.leaves_unserved() {
        settle(tx, referral, None).await?;
    }
    Ok(())
}

async fn settle(tx: &TenantTx, referral: &Referral, by: Option<UserId>) -> Result<(), StoreError> {
    Statement::new(include_str!("follow_up/settle.sql"))
        .bind::<SqlUuid, _>(referral.id.0)
        .bind::<Timestamptz, _>(referral.state.at(tx.at()).status_at)
        .bind::<Nullable<SqlUuid>, _>(by.map(|user| user.0))
        .run(tx)
        .await?;
    Ok(())
}

/// Deletes all that is known of the endings of these referrals of the tenant: after a withdrawal nobody follows them up.
pub(super) async fn forget(tx: &TenantTx, ids: &[Uuid]) -> Result<(), StoreError> {
    let own = referral_follow_up::table.filter(referral_follow_up::from_organisation_id.eq(tx.organisation()?.0));
    tx.execute(diesel::delete(own.filter(referral_follow_up::referral_id.eq_any(ids)))).await?;
    Ok(())
}

/// Deletes endings of the tenant's referrals that were over and done with before that moment, among the next after that place. A job
/// calls it.
pub(crate) async fn delete_settled(tx: &TenantTx, before: DateTime<Utc>, place: Place) -> Result<(Batch, Place), StoreError> {
    let statement = Statement::new(include_str!("follow_up/delete_settled.sql"));
    let statement = statement.bind::<Timestamptz, _>(before).bind::<Timestamptz, _>(place.at).bind::<SqlUuid, _>(place.id);
    look(statement, tx, place).await
}

/// Asks the tenant to follow up those of its referrals that expired after all, among the next after that place. A job calls it.
pub(crate) async fn ask_again(tx: &TenantTx, place: Place) -> Result<(Batch, Place), StoreError> {
    let statement = Statement::new(include_str!("follow_up/ask_again.sql"));
    look(statement.bind::<Timestamptz, _>(place.at).bind::<SqlUuid, _>(place.id), tx, place).await
}
