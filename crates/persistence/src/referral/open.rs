//! Referrals that are open to every member that offers the service in the county: the first to take one has it.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::access::Permission;
use pamoja_domain::id::{OrganisationId, ReferralId};
use pamoja_domain::referral::{MinorStatus, NewReferral, Urgency, open_years};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// What a would-be taker may see, in the form in which referrals are read: the rest is empty, also in SQL, and who sends is nobody
/// ([`OrganisationId::WITHHELD`]). The own ones aren't among them.
pub(super) const SELECT: &str = "SELECT referral.id, '00000000-0000-0000-0000-000000000000'::uuid AS from_organisation_id, NULL::uuid AS to_organisation_id,
        referral.service_type, referral.county_code, referral.urgency, NULL::timestamptz AS act_before, referral.created_at,
        progress.service_id, progress.status, referral.created_at AS status_at, referral.created_at AS opened_at, NULL::date AS scheduled_on,
        NULL::text AS decline_reason, false AS consent_withdrawn, progress.expires_at, progress.updated_at,
        NULL::uuid AS referred_by, client.client, NULL::text[] AS populations, NULL::text AS age_band,
        NULL::text AS under_18, NULL::text[] AS shared, NULL::text AS non_completion_reason
    FROM open_referral_offer AS offer
    JOIN open_referral AS referral ON referral.from_organisation_id = offer.from_organisation_id AND referral.id = offer.referral_id
    CROSS JOIN LATERAL (
        SELECT NULL::uuid AS service_id, 'REQUESTED' AS status, referral.created_at AS updated_at, referral.expires_at, referral.id AS referral_id
    ) AS progress
    CROSS JOIN (SELECT NULL::text AS client) AS client
    WHERE offer.organisation_id = (SELECT tenant()) AND referral.closed_at IS NULL AND referral.expires_at > moment()";

/// By what they are listed unless another order is asked for; `open_listed_at` of the domain says the same.
pub(super) static BY_URGENCY: LazyLock<String> = LazyLock::new(|| {
    let years = |urgency: &Urgency| format!("WHEN '{urgency}' THEN interval '{} years'", open_years(*urgency));
    let years: Vec<String> = Urgency::ALL.iter().map(years).collect();
    format!("(referral.created_at + CASE referral.urgency {} END)", years.join(" "))
});

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    id: Option<Uuid>,
}

/// Offers a new referral of the own organisation to those members, and tells nobody yet.
pub(super) async fn insert(
    tx: &TenantTx,
    id: ReferralId,
    new: &NewReferral,
    expires_at: DateTime<Utc>,
    offerers: &[OrganisationId],
) -> Result<(), StoreError> {
    Statement::new(
        "INSERT INTO open_referral (from_organisation_id, id, service_type, county_code, urgency, expires_at)
         VALUES (tenant(), $1, $2, $3, $4, $5)",
    )
    .bind::<SqlUuid, _>(id.0)
    .bind::<Text, _>(new.service_type.code())
    .bind::<Text, _>(new.county.to_string())
    .bind::<Text, _>(new.urgency.code())
    .bind::<Timestamptz, _>(expires_at)
    .run(tx)
    .await?;
    Statement::new(
        "INSERT INTO open_referral_offer (organisation_id, from_organisation_id, referral_id) SELECT unnest($1), tenant(), $2",
    )
    .bind::<Array<SqlUuid>, _>(offerers.iter().map(|offerer| offerer.0).collect::<Vec<_>>())
    .bind::<SqlUuid, _>(id.0)
    .run(tx)
    .await?;
    Ok(())
}

/// The active members other than the own organisation that could take such a referral.
///
/// # Errors
/// When the database fails.
pub async fn offerers(tx: &TenantTx, new: &NewReferral) -> Result<Vec<OrganisationId>, StoreError> {
    #[derive(QueryableByName)]
    struct Offerer {
        #[diesel(sql_type = SqlUuid)]
        organisation_id: Uuid,
    }
    let rows: Vec<Offerer> = Statement::new(
        "SELECT DISTINCT service.organisation_id FROM service JOIN organisation ON organisation.id = service.organisation_id
         WHERE organisation.status = 'ACTIVE' AND service.organisation_id <> tenant() AND service.closed_at IS NULL
           AND service.service_type = $1 AND service.county_code = $2 AND (service.accepts_minors OR NOT $3)",
    )
    .bind::<Text, _>(new.service_type.code())
    .bind::<Text, _>(new.county.to_string())
    .bind::<Bool, _>(new.under_18 == MinorStatus::Yes)
    .rows(tx)
    .await?;
    Ok(rows.into_iter().map(|row| OrganisationId(row.organisation_id)).collect())
}

/// Addresses an open referral to the own organisation. False when another was first, or it isn't open to it.
///
/// # Errors
/// When the database fails.
pub async fn take(tx: &TenantTx, id: ReferralId) -> Result<bool, StoreError> {
    let rows: Vec<Answer> = Statement::new("SELECT take_open_referral($1) AS yes").bind::<SqlUuid, _>(id.0).rows(tx).await?;
    Ok(rows.first().is_some_and(|answer| answer.yes))
}

/// Whether the actor could have taken that referral, which is open no longer.
///
/// # Errors
/// When the database fails.
pub async fn was_offered(tx: &TenantTx, id: ReferralId) -> Result<bool, StoreError> {
    if tx.actor()?.reach(Permission::ReceiveReferrals).is_none() {
        return Ok(false);
    }
    let rows: Vec<Answer> = Statement::new(
        "SELECT EXISTS (SELECT FROM open_referral_offer WHERE organisation_id = tenant() AND referral_id = $1) AS yes",
    )
    .bind::<SqlUuid, _>(id.0)
    .rows(tx)
    .await?;
    Ok(rows.first().is_some_and(|answer| answer.yes))
}

/// Takes those of the referrals of the own organisation that are open back from those who could have taken them, who are told alike
/// why ever that is.
///
/// # Errors
/// When the database fails.
pub(super) async fn close(tx: &TenantTx, ids: &[Uuid]) -> Result<(), StoreError> {
    Statement::new(
        "UPDATE open_referral SET closed_at = moment()
         WHERE from_organisation_id = tenant() AND id = ANY ($1) AND closed_at IS NULL",
    )
    .bind::<Array<SqlUuid>, _>(ids.to_vec())
    .run(tx)
    .await?;
    Ok(())
}

/// How many referrals of the caller wait for an answer that are open to all or can't wait, up to a limit.
///
/// # Errors
/// When the database fails.
pub async fn unanswered(tx: &TenantTx, limit: usize) -> Result<usize, StoreError> {
    #[derive(QueryableByName)]
    struct Waiting {
        #[diesel(sql_type = BigInt)]
        waiting: i64,
    }
    // As the index has it that the tasks are found by.
    let rows: Vec<Waiting> = Statement::new(format!(
        "SELECT count(*) AS waiting FROM (
             SELECT FROM referral_progress AS progress
             JOIN referral_sender AS sender ON sender.from_organisation_id = progress.from_organisation_id AND sender.referral_id = progress.referral_id
             WHERE progress.from_organisation_id = (SELECT tenant()) AND sender.user_id = acting_user() AND progress.status = 'REQUESTED'
               AND (progress.act_before IS NOT NULL OR progress.to_organisation_id IS NULL)
               AND progress.from_organisation_id IS DISTINCT FROM progress.to_organisation_id AND progress.expires_at > moment()
             LIMIT {limit}
         ) AS found"
    ))
    .rows(tx)
    .await?;
    Ok(rows.first().map_or(0, |row| usize::try_from(row.waiting).unwrap_or(limit)))
}

/// Which open referral, that the own organisation could take, a slip belongs to.
///
/// # Errors
/// When the database fails.
pub async fn of_slip(tx: &TenantTx, look_up_hash: &[u8]) -> Result<Option<ReferralId>, StoreError> {
    let rows: Vec<Found> =
        Statement::new("SELECT open_referral_of_slip($1) AS id").bind::<Binary, _>(look_up_hash.to_vec()).rows(tx).await?;
    Ok(rows.into_iter().find_map(|found| found.id).map(ReferralId))
}

/// Deletes what would-be takers of referrals of the own organisation could see, where that ended before this moment. For the job.
///
/// # Errors
/// When the database fails.
pub(crate) async fn delete_closed(tx: &TenantTx, before: DateTime<Utc>) -> Result<usize, StoreError> {
    Statement::new("DELETE FROM open_referral WHERE from_organisation_id = tenant() AND closed_at < $1")
        .bind::<Timestamptz, _>(before)
        .run(tx)
        .await
}
