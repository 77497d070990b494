//! Check-ins that the sender is asked about: somebody came with the slip of a referral to an organisation that the sender didn't name,
//! before the referral was sent.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::pg::Pg;
use diesel::{ExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::{OrganisationId, ReferralId};
use pamoja_domain::referral::slip::BLANK_DAYS;
use uuid::Uuid;

use super::slip::blank::Waiting;
use crate::error::StoreError;
use crate::outbox;
use crate::schema::check_in_question;
use crate::transaction::TenantTx;

/// A check-in that the sender hasn't answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The referral whose slip it was made with.
    pub referral: ReferralId,
    /// Where.
    pub organisation: OrganisationId,
    /// When.
    pub checked_in_at: DateTime<Utc>,
}

/// Asks the tenant about the check-ins with the slip of its new referral.
pub async fn ask(tx: &TenantTx, id: ReferralId, waiting: &[Waiting]) -> Result<(), StoreError> {
    let own = tx.organisation()?.0;
    let row = |waiting: &Waiting| {
        (
            check_in_question::from_organisation_id.eq(own),
            check_in_question::referral_id.eq(id.0),
            check_in_question::organisation_id.eq(waiting.organisation.0),
            check_in_question::checked_in_at.eq(waiting.checked_in_at),
        )
    };
    for waiting in waiting {
        tx.execute(diesel::insert_into(check_in_question::table).values(row(waiting))).await?;
    }
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = check_in_question, check_for_backend(Pg))]
struct AskedRow {
    referral_id: Uuid,
    organisation_id: Uuid,
    checked_in_at: DateTime<Utc>,
}

/// What the tenant hasn't answered about these of its referrals, those of each referral in the order in which they were made. A check-in
/// that has expired no longer waits for an answer.
pub async fn asked(tx: &TenantTx, ids: &[ReferralId]) -> Result<Vec<Asked>, StoreError> {
    let rows: Vec<AskedRow> = check_in_question::table
        .filter(check_in_question::from_organisation_id.eq(tx.organisation()?.0))
        .filter(check_in_question::referral_id.eq_any(ids.iter().map(|id| id.0)))
        .filter(check_in_question::denied_at.is_null())
        .filter(check_in_question::checked_in_at.gt(tx.at() - TimeDelta::days(BLANK_DAYS)))
        .order_by((check_in_question::referral_id, check_in_question::checked_in_at, check_in_question::organisation_id))
        .select(AskedRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    let asked = |row: AskedRow| Asked {
        referral: ReferralId(row.referral_id),
        organisation: OrganisationId(row.organisation_id),
        checked_in_at: row.checked_in_at,
    };
    Ok(rows.into_iter().map(asked).collect())
}

/// Records that the client of one of the tenant's referrals is not whom that organisation checked in, and announces it to the tenant
/// alone. The check-in there waits on, as if nobody had been asked. False when nobody asks about it.
pub async fn deny(tx: &TenantTx, id: ReferralId, organisation: OrganisationId) -> Result<bool, StoreError> {
    let question = check_in_question::table
        .find((tx.organisation()?.0, id.0, organisation.0))
        .filter(check_in_question::denied_at.is_null());
    let denied = tx.execute(diesel::update(question).set(check_in_question::denied_at.eq(tx.at()))).await?;
    if denied == 0 {
        return Ok(false);
    }
    outbox::announce(tx, ChangeKind::Referral, id.0, &[tx.organisation()?]).await?;
    Ok(true)
}

/// Deletes all that was asked about a referral of the tenant: it has been answered, or the slip has been replaced, and no check-in
/// with the old one can meet the referral any more.
pub async fn forget_of(tx: &TenantTx, id: ReferralId) -> Result<(), StoreError> {
    forget(tx, &[id.0]).await
}

/// Deletes all that was asked about these referrals of the tenant.
pub(crate) async fn forget(tx: &TenantTx, ids: &[Uuid]) -> Result<(), StoreError> {
    let own = check_in_question::table.filter(check_in_question::from_organisation_id.eq(tx.organisation()?.0));
    tx.execute(diesel::delete(own.filter(check_in_question::referral_id.eq_any(ids)))).await?;
    Ok(())
}
