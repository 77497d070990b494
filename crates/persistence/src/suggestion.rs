//! What a suggestion of services is made from. Two statements, however many services and referrals there are, also for many at once.

use std::collections::HashMap;

use chrono::TimeDelta;
use diesel::QueryableByName;
use diesel::sql_types::{Array, Double, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::service::ServiceType;
use pamoja_domain::suggestion::{ANSWER_HISTORY_DAYS, FEWEST_ANSWERS};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::codes;
use crate::error::StoreError;
use crate::service::{Service, ServiceRow, columns};
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// The most services that are compared, the nearest first: many times what the whole country offers of one type.
const MAXIMUM_CANDIDATES: usize = 1_000;
/// The most of the own organisation's referrals that are looked at for how soon others answer, the newest first.
const MAXIMUM_REFERRALS: usize = 500;

/// A service and what the organisation that offers it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The service.
    pub service: Service,
    /// The organisation's name.
    pub organisation_name: String,
}

#[derive(QueryableByName)]
struct OfferedRow {
    #[diesel(embed)]
    service: ServiceRow,
    #[diesel(sql_type = Text)]
    organisation_name: String,
}

/// What active members offer of one type and haven't closed, the own organisation too.
///
/// # Errors
/// When the database fails.
pub async fn offered(tx: &TenantTx, service_type: ServiceType, county: CountyCode) -> Result<Vec<Offered>, StoreError> {
    let neighbours: Vec<String> = county.neighbours().map(|neighbour| neighbour.to_string()).collect();
    let query = Statement::new(format!(
        "SELECT {}, organisation.name AS organisation_name
         FROM service JOIN organisation ON organisation.id = service.organisation_id
             LEFT JOIN facility ON facility.id = service.facility_id
         WHERE service.service_type = $1 AND service.closed_at IS NULL AND organisation.status = 'ACTIVE'
         ORDER BY service.county_code <> $2, service.county_code <> ALL ($3), service.id
         LIMIT {MAXIMUM_CANDIDATES}",
        columns()
    ))
    .bind::<Text, _>(service_type.code())
    .bind::<Text, _>(county.as_str())
    .bind::<Array<Text>, _>(neighbours);
    let rows: Vec<OfferedRow> = query.rows(tx).await?;
    rows.into_iter()
        .map(|row| Ok(Offered { service: row.service.try_into()?, organisation_name: row.organisation_name }))
        .collect()
}

/// What active members offer of each of those types and haven't closed, the own organisation too: one statement for all of them.
///
/// # Errors
/// When the database fails.
pub async fn offered_of(tx: &TenantTx, service_types: &[ServiceType]) -> Result<Vec<Offered>, StoreError> {
    let query = Statement::new(format!(
        "SELECT offered.* FROM unnest($1::text[]) AS wanted (service_type)
         CROSS JOIN LATERAL (
             SELECT {}, organisation.name AS organisation_name
             FROM service JOIN organisation ON organisation.id = service.organisation_id
                 LEFT JOIN facility ON facility.id = service.facility_id
             WHERE service.service_type = wanted.service_type AND service.closed_at IS NULL AND organisation.status = 'ACTIVE'
             ORDER BY service.id LIMIT {MAXIMUM_CANDIDATES}
         ) AS offered",
        columns()
    ))
    .bind::<Array<Text>, _>(codes::write_all(service_types));
    let rows: Vec<OfferedRow> = query.rows(tx).await?;
    rows.into_iter()
        .map(|row| Ok(Offered { service: row.service.try_into()?, organisation_name: row.organisation_name }))
        .collect()
}

#[derive(QueryableByName)]
struct AnswerRow {
    #[diesel(sql_type = SqlUuid)]
    to_organisation_id: Uuid,
    #[diesel(sql_type = Double)]
    hours: f64,
}

/// Within how many hours each of those organisations typically answered the own organisation's referrals: the median of those of the last
/// 90 days that were answered, rounded up. Nothing for those who answered fewer than three.
///
/// # Errors
/// When the database fails.
pub async fn answer_hours(tx: &TenantTx, receivers: &[OrganisationId]) -> Result<HashMap<OrganisationId, u32>, StoreError> {
    // The newest are taken out of their index before anything else is asked of them: the work is bounded however many there are. The
    // moment is a parameter, for with `moment()` in its place the planner leaves that index aside.
    let query = Statement::new(format!(
        "SELECT referral.to_organisation_id,
             percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answer.at - referral.created_at)::float8 / 3600) AS hours
         FROM (
             SELECT from_organisation_id, id, to_organisation_id, created_at FROM referral
             WHERE from_organisation_id = (SELECT tenant()) AND created_at >= $2
             ORDER BY created_at DESC, id DESC LIMIT {MAXIMUM_REFERRALS}
         ) AS referral
         CROSS JOIN LATERAL (
             SELECT at FROM referral_event AS event
             WHERE event.from_organisation_id = referral.from_organisation_id AND event.referral_id = referral.id
                 AND event.by_organisation_id = referral.to_organisation_id
             ORDER BY event.position LIMIT 1
         ) AS answer
         WHERE referral.to_organisation_id = ANY ($1)
         GROUP BY referral.to_organisation_id HAVING count(*) >= {FEWEST_ANSWERS}"
    ))
    .bind::<Array<SqlUuid>, _>(receivers.iter().map(|receiver| receiver.0).collect::<Vec<_>>())
    .bind::<Timestamptz, _>(tx.at() - TimeDelta::days(ANSWER_HISTORY_DAYS));
    let rows: Vec<AnswerRow> = query.rows(tx).await?;
    // An answer is never longer ago than 90 days, so that the hours fit by far.
    Ok(rows.into_iter().map(|row| (OrganisationId(row.to_organisation_id), row.hours.ceil().max(1.0) as u32)).collect())
}
