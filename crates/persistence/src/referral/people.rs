//! Who of the tenant's people handles a referral. The other party never learns it.

use diesel::sql_types::{Array, Uuid as SqlUuid};
use diesel::{ExpressionMethods, QueryDsl};
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::{OrganisationId, ReferralId, UserId};
use uuid::Uuid;

use crate::error::StoreError;
use crate::schema::referral_handler;
use crate::statement::Statement;
use crate::transaction::TenantTx;
use crate::{audit, outbox};

/// Makes the acting user the one who handles a referral, unless somebody of the tenant handles it already.
pub(super) async fn handle(tx: &TenantTx, sender: OrganisationId, id: ReferralId) -> Result<(), StoreError> {
    let caller = tx.caller()?;
    let row = (
        referral_handler::organisation_id.eq(caller.organisation.0),
        referral_handler::from_organisation_id.eq(sender.0),
        referral_handler::referral_id.eq(id.0),
        referral_handler::user_id.eq(caller.user.0),
    );
    tx.execute(diesel::insert_into(referral_handler::table).values(row).on_conflict_do_nothing()).await?;
    Ok(())
}

/// Forgets who handles a referral, because the tenant's first move was taken back. An assignment since then stays.
pub(super) async fn leave(tx: &TenantTx, sender: OrganisationId, id: ReferralId) -> Result<(), StoreError> {
    let own =
        referral_handler::table.find((tx.organisation()?.0, sender.0, id.0)).filter(referral_handler::assigned_at.is_null());
    tx.execute(diesel::delete(own)).await?;
    Ok(())
}

/// Assigns referrals that the tenant sent or received to one of its users, with an audit entry for each. It announces the change
/// to the tenant alone: nothing that the other party sees changes.
pub async fn assign(tx: &TenantTx, ids: &[ReferralId], user: UserId, operation: &'static str) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let assigned = Statement::new(include_str!("assign.sql"))
        .bind::<Array<SqlUuid>, _>(ids.clone())
        .bind::<SqlUuid, _>(user.0)
        .run(tx)
        .await?;
    if assigned != ids.len() {
        return Err(StoreError::Inconsistent("a referral was to be assigned and isn't there".to_owned()));
    }
    outbox::announce_each(tx, ChangeKind::Referral, &ids).await?;
    audit::record_all(tx, operation, &ids).await
}
