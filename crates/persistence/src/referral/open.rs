//! Referrals that are open to every member that offers the service in the county. The first to take one becomes its receiver.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Bool, Text, Uuid as SqlUuid};
use diesel::{ExpressionMethods, Insertable, QueryDsl, QueryableByName};
use diesel_async::RunQueryDsl;
use pamoja_domain::id::{OrganisationId, ReferralId};
use pamoja_domain::referral::{MinorStatus, NewReferral, Urgency, open_years};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::error::StoreError;
use crate::function;
use crate::schema::{open_referral, open_referral_offer};
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// The SQL expression that open referrals are sorted by unless the viewer asks for another order. It must match `open_listed_at`
/// of the domain.
pub(super) static BY_URGENCY: LazyLock<String> = LazyLock::new(|| {
    let years = |urgency: &Urgency| format!("WHEN '{urgency}' THEN interval '{} years'", open_years(*urgency));
    let years: Vec<String> = Urgency::ALL.iter().map(years).collect();
    format!("(referral.created_at + CASE referral.urgency {} END)", years.join(" "))
});

#[derive(Insertable)]
#[diesel(table_name = open_referral, treat_none_as_default_value = false)]
struct NewOpenReferralRow<'a> {
    from_organisation_id: Uuid,
    id: Uuid,
    service_type: &'static str,
    county_code: &'a str,
    urgency: &'static str,
    expires_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Offerer {
    #[diesel(sql_type = SqlUuid)]
    organisation_id: Uuid,
}

/// Offers a new referral of the tenant to every member that could take it at that moment, and returns them. It does not announce the
/// referral.
pub(super) async fn insert(
    tx: &TenantTx,
    id: ReferralId,
    new: &NewReferral,
    expires_at: DateTime<Utc>,
) -> Result<Vec<OrganisationId>, StoreError> {
    let row = NewOpenReferralRow {
        from_organisation_id: tx.organisation()?.0,
        id: id.0,
        service_type: new.service_type.code(),
        county_code: new.county.as_str(),
        urgency: new.urgency.code(),
        expires_at,
    };
    tx.execute(diesel::insert_into(open_referral::table).values(row)).await?;
    let offered: Vec<Offerer> = Statement::new(include_str!("offer.sql"))
        .bind::<Text, _>(new.service_type.code())
        .bind::<Text, _>(new.county.to_string())
        .bind::<Bool, _>(new.under_18 == MinorStatus::Yes)
        .bind::<SqlUuid, _>(id.0)
        .rows(tx)
        .await?;
    Ok(offered.into_iter().map(|row| OrganisationId(row.organisation_id)).collect())
}

/// Closes those of these referrals of the tenant that are open, for the members that could have taken them. These members are
/// never shown why.
pub(super) async fn close(tx: &TenantTx, ids: &[Uuid]) -> Result<(), StoreError> {
    let open = open_referral::table
        .filter(open_referral::from_organisation_id.eq(tx.organisation()?.0))
        .filter(open_referral::id.eq_any(ids))
        .filter(open_referral::closed_at.is_null());
    tx.execute(diesel::update(open).set(open_referral::closed_at.eq(tx.at()))).await?;
    Ok(())
}

/// Opens a referral of the tenant again that it had called off, for the members that could have taken it.
pub(super) async fn open_again(tx: &TenantTx, id: ReferralId, expires_at: DateTime<Utc>) -> Result<(), StoreError> {
    let closed = open_referral::table.find((tx.organisation()?.0, id.0));
    let open = (open_referral::closed_at.eq(None::<DateTime<Utc>>), open_referral::expires_at.eq(expires_at));
    tx.execute(diesel::update(closed).set(open)).await?;
    Ok(())
}

/// Shows the members that could take a referral of the tenant how soon the client must be seen.
pub(super) async fn set_urgency(tx: &TenantTx, id: ReferralId, urgency: Urgency) -> Result<(), StoreError> {
    let open = open_referral::table.find((tx.organisation()?.0, id.0));
    tx.execute(diesel::update(open).set(open_referral::urgency.eq(urgency.code()))).await?;
    Ok(())
}

/// The members to whom a referral of the tenant is offered.
pub(super) async fn offered_to(tx: &TenantTx, id: ReferralId) -> Result<Vec<OrganisationId>, StoreError> {
    let offerers: Vec<Uuid> = open_referral_offer::table
        .filter(open_referral_offer::from_organisation_id.eq(tx.organisation()?.0))
        .filter(open_referral_offer::referral_id.eq(id.0))
        .select(open_referral_offer::organisation_id)
        .load(&mut tx.connection()?)
        .await?;
    Ok(offerers.into_iter().map(OrganisationId).collect())
}

/// How many of the caller's referrals wait for an answer and are either open to all or time-critical. It counts up to `limit`.
pub async fn unanswered(tx: &TenantTx, limit: usize) -> Result<usize, StoreError> {
    #[derive(QueryableByName)]
    struct Waiting {
        #[diesel(sql_type = BigInt)]
        waiting: i64,
    }
    let rows: Vec<Waiting> = Statement::new(include_str!("waiting.sql")).bind::<BigInt, _>(limit as i64).rows(tx).await?;
    Ok(rows.into_iter().next().map_or(0, |row| usize::try_from(row.waiting).unwrap_or(limit)))
}

/// The open referral that this slip belongs to, if the tenant could take it.
pub async fn of_slip(tx: &TenantTx, look_up_hash: &[u8]) -> Result<Option<ReferralId>, StoreError> {
    let id: Option<Uuid> =
        diesel::select(function::open_referral_of_slip(look_up_hash)).get_result(&mut tx.connection()?).await?;
    Ok(id.map(ReferralId))
}
