//! What the receiver of a referral is shown of the client.

use diesel::{ExpressionMethods, QueryDsl};
use pamoja_domain::id::{OrganisationId, ReferralId};
use pamoja_domain::organisation::Population;
use pamoja_domain::referral::{AgeBand, MinorStatus, SharedField};
use pamoja_domain::vocabulary::Vocabulary;

use crate::codes;
use crate::error::StoreError;
use crate::schema::referral_shared;
use crate::transaction::TenantTx;

/// What a client answered, and what of it they agreed to show.
#[derive(Clone, Copy)]
pub(super) struct Answers<'a> {
    /// What they agreed to show.
    pub(super) agreed: &'a [SharedField],
    /// The populations that they count themself to.
    pub(super) populations: &'a [Population],
    /// Their age band.
    pub(super) age_band: AgeBand,
    /// Whether they are under 18, which is always shown.
    pub(super) under_18: MinorStatus,
}

/// Writes what the receiver of a referral of the tenant is shown.
pub(super) async fn insert(
    tx: &TenantTx,
    id: ReferralId,
    receiver: Option<OrganisationId>,
    answers: Answers<'_>,
) -> Result<(), StoreError> {
    let (populations, age_band) = SharedField::shown(answers.agreed, answers.populations, answers.age_band);
    let row = diesel::insert_into(referral_shared::table).values((
        referral_shared::from_organisation_id.eq(tx.organisation()?.0),
        referral_shared::referral_id.eq(id.0),
        referral_shared::to_organisation_id.eq(receiver.map(|receiver| receiver.0)),
        referral_shared::fields.eq(codes::write_all(answers.agreed)),
        referral_shared::populations.eq(codes::write_all(populations)),
        referral_shared::age_band.eq(age_band.code()),
        referral_shared::under_18.eq(answers.under_18.code()),
    ));
    tx.execute(row).await?;
    Ok(())
}

/// Writes it anew.
pub(super) async fn replace(
    tx: &TenantTx,
    id: ReferralId,
    receiver: Option<OrganisationId>,
    answers: Answers<'_>,
) -> Result<(), StoreError> {
    tx.execute(diesel::delete(referral_shared::table.find((tx.organisation()?.0, id.0)))).await?;
    insert(tx, id, receiver, answers).await
}
