//! Which referral was made in another's stead. Only the sender knows: it tells that both are of one client.

use diesel::{BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::ReferralId;
use uuid::Uuid;

use crate::error::StoreError;
use crate::outbox;
use crate::schema::{referral, referral_sender};
use crate::transaction::TenantTx;

/// The newest referral that the tenant made in the stead of each of these; a referral without one is left out.
pub async fn referred_on_as(tx: &TenantTx, ids: &[ReferralId]) -> Result<Vec<(ReferralId, ReferralId)>, StoreError> {
    let own = tx.organisation()?.0;
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<(Option<Uuid>, Uuid)> = referral_sender::table
        .inner_join(
            referral::table.on(referral::from_organisation_id
                .eq(referral_sender::from_organisation_id)
                .and(referral::id.eq(referral_sender::referral_id))),
        )
        .filter(referral_sender::from_organisation_id.eq(own))
        .filter(referral_sender::instead_of_referral_id.eq_any(ids))
        .distinct_on(referral_sender::instead_of_referral_id)
        .order_by((referral_sender::instead_of_referral_id, referral::created_at.desc(), referral::id))
        .select((referral_sender::instead_of_referral_id, referral_sender::referral_id))
        .load(&mut tx.connection()?)
        .await?;
    Ok(rows.into_iter().filter_map(|(before, after)| Some((ReferralId(before?), ReferralId(after)))).collect())
}

/// Tells the tenant's own people that one of its referrals stands differently for them, and nobody else: another was made in its stead.
pub async fn announce_within(tx: &TenantTx, id: ReferralId) -> Result<(), StoreError> {
    outbox::announce_each(tx, ChangeKind::Referral, &[id.0]).await
}

/// Forgets of these referrals of the tenant in whose stead they were made, and which were made in theirs.
pub(super) async fn forget(tx: &TenantTx, ids: &[Uuid]) -> Result<(), StoreError> {
    let linked = referral_sender::table.filter(referral_sender::from_organisation_id.eq(tx.organisation()?.0)).filter(
        referral_sender::referral_id.eq_any(ids).or(referral_sender::instead_of_referral_id.eq_any(ids).assume_not_null()),
    );
    tx.execute(diesel::update(linked).set(referral_sender::instead_of_referral_id.eq(None::<Uuid>))).await?;
    Ok(())
}
