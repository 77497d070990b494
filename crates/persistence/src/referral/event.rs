//! Adding to the timeline of a referral.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use pamoja_domain::id::{OrganisationId, ReferralId};
use pamoja_domain::referral::ReferralStatus;
use pamoja_domain::vocabulary::Vocabulary;

use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// What marks an event among others.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct EventMarks {
    /// It is a check-in without a slip, for which the receiver vouched.
    pub without_slip: bool,
    /// It takes back the move before it.
    pub takes_back: bool,
    /// The sender amended the referral.
    pub amended: bool,
}

/// Adds an event of the tenant's, and returns its position.
pub(super) async fn insert_event(
    tx: &TenantTx,
    sender: OrganisationId,
    id: ReferralId,
    receiver: Option<OrganisationId>,
    status: ReferralStatus,
    marks: EventMarks,
) -> Result<i64, StoreError> {
    #[derive(QueryableByName)]
    struct Made {
        #[diesel(sql_type = BigInt)]
        position: i64,
    }
    let made: Vec<Made> = Statement::new(include_str!("insert_event.sql"))
        .bind::<SqlUuid, _>(sender.0)
        .bind::<SqlUuid, _>(id.0)
        .bind::<Nullable<SqlUuid>, _>(receiver.map(|receiver| receiver.0))
        .bind::<Text, _>(status.code())
        .bind::<Bool, _>(marks.without_slip)
        .bind::<Bool, _>(marks.takes_back)
        .bind::<Bool, _>(marks.amended)
        .rows(tx)
        .await?;
    let made = made.into_iter().next().ok_or_else(|| StoreError::Inconsistent("an event was not added".to_owned()))?;
    Ok(made.position)
}
