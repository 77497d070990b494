//! The data for suggesting services. It takes two statements, however many services and referrals there are, even for many
//! suggestions at once.

use std::collections::HashMap;

use chrono::TimeDelta;
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Double, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::service::ServiceType;
use pamoja_domain::service::suggestion::{ANSWER_HISTORY_DAYS, FEWEST_ANSWERS};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::codes;
use crate::error::StoreError;
use crate::service::{Service, ServiceRow};
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// A service, with the name of the organisation that offers it.
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

/// The services of one type that active members, the tenant too, offer and haven't closed. Those nearest to the county come
/// first.
pub async fn offered(tx: &TenantTx, service_type: ServiceType, county: CountyCode) -> Result<Vec<Offered>, StoreError> {
    let neighbours: Vec<String> = county.neighbours().map(|neighbour| neighbour.to_string()).collect();
    let query = Statement::new(include_str!("suggestion/offered.sql"))
        .bind::<Text, _>(service_type.code())
        .bind::<Text, _>(county.as_str())
        .bind::<Array<Text>, _>(neighbours);
    let rows: Vec<OfferedRow> = query.rows(tx).await?;
    rows.into_iter()
        .map(|row| Ok(Offered { service: row.service.try_into()?, organisation_name: row.organisation_name }))
        .collect()
}

/// The services of each of these types that active members, the tenant too, offer and haven't closed: one statement for all
/// types.
pub async fn offered_of(tx: &TenantTx, service_types: &[ServiceType]) -> Result<Vec<Offered>, StoreError> {
    let query =
        Statement::new(include_str!("suggestion/offered_of_types.sql")).bind::<Array<Text>, _>(codes::write_all(service_types));
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

/// The number of hours in which each of these organisations typically answered the tenant's referrals. It is the median over the
/// answers to referrals of the last 90 days, rounded up. An organisation with fewer than three answers is left out.
pub async fn answer_hours(tx: &TenantTx, receivers: &[OrganisationId]) -> Result<HashMap<OrganisationId, u32>, StoreError> {
    let query = Statement::new(include_str!("suggestion/answer_hours.sql"))
        .bind::<Array<SqlUuid>, _>(receivers.iter().map(|receiver| receiver.0).collect::<Vec<_>>())
        .bind::<Timestamptz, _>(tx.at() - TimeDelta::days(ANSWER_HISTORY_DAYS))
        .bind::<BigInt, _>(FEWEST_ANSWERS);
    let rows: Vec<AnswerRow> = query.rows(tx).await?;
    // The referrals are at most 90 days old, so no answer took longer than that, and the hours fit easily.
    Ok(rows.into_iter().map(|row| (OrganisationId(row.to_organisation_id), row.hours.ceil().max(1.0) as u32)).collect())
}
