//! What suggestions of trainings are made from.

use diesel::QueryableByName;
use diesel::sql_types::{Array, Double, Text, Uuid as SqlUuid};
use pamoja_domain::id::OrganisationId;
use pamoja_domain::training::TrainingTopic;
use uuid::Uuid;

use super::offer::{self, OfferRow};
use super::request::{self, RequestRow};
use super::{TrainingOffer, TrainingRequest};
use crate::codes;
use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// The most offers, and requests, that are compared with one another: far more than a coalition has on one topic.
const MOST: usize = 500;

/// What other active members offer on those topics and can be asked for now.
///
/// # Errors
/// When the database fails.
pub async fn offers_on(tx: &TenantTx, topics: &[TrainingTopic]) -> Result<Vec<TrainingOffer>, StoreError> {
    let rows: Vec<OfferRow> = Statement::new(format!(
        "SELECT {} FROM training_offer AS offer
         WHERE {} AND offer.topic = ANY ($1) AND offer.organisation_id <> tenant() ORDER BY offer.id LIMIT {MOST}",
        offer::COLUMNS,
        offer::OPEN
    ))
    .bind::<Array<Text>, _>(codes::write_all(topics))
    .rows(tx)
    .await?;
    rows.into_iter().map(TrainingOffer::try_from).collect()
}

/// The requests that are open to all and that the own organisation could serve, with its offers that could.
///
/// # Errors
/// When the database fails.
pub async fn open_needs(tx: &TenantTx) -> Result<(Vec<TrainingRequest>, Vec<TrainingOffer>), StoreError> {
    let needs = Statement::new(format!(
        "SELECT {} FROM training_request AS request
         WHERE request.to_organisation_id IS NULL AND request.status = 'REQUESTED' AND request.from_organisation_id <> tenant()
         ORDER BY request.created_at, request.id LIMIT {MOST}",
        request::COLUMNS
    ));
    let offers = Statement::new(format!(
        "SELECT {} FROM training_offer AS offer WHERE {} AND offer.organisation_id = tenant() ORDER BY offer.id LIMIT {MOST}",
        offer::COLUMNS,
        offer::OPEN
    ));
    let (needs, offers): (Vec<RequestRow>, Vec<OfferRow>) = futures_util::try_join!(needs.rows(tx), offers.rows(tx))?;
    Ok((
        needs.into_iter().map(TrainingRequest::try_from).collect::<Result<_, _>>()?,
        offers.into_iter().map(TrainingOffer::try_from).collect::<Result<_, _>>()?,
    ))
}

#[derive(QueryableByName)]
struct SatisfactionRow {
    #[diesel(sql_type = SqlUuid)]
    organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    topic: String,
    #[diesel(sql_type = Double)]
    satisfaction: f64,
}

/// How satisfied people were with those organisations' trainings, by topic, where it is published.
///
/// # Errors
/// When the database fails.
pub async fn satisfaction(
    tx: &TenantTx,
    organisations: &[OrganisationId],
) -> Result<Vec<((OrganisationId, TrainingTopic), f64)>, StoreError> {
    let rows: Vec<SatisfactionRow> =
        Statement::new("SELECT organisation_id, topic, satisfaction FROM training_satisfaction WHERE organisation_id = ANY ($1)")
            .bind::<Array<SqlUuid>, _>(organisations.iter().map(|id| id.0).collect::<Vec<_>>())
            .rows(tx)
            .await?;
    rows.into_iter().map(|row| Ok(((OrganisationId(row.organisation_id), codes::read(&row.topic)?), row.satisfaction))).collect()
}

/// From how many sessions, of as many hosts, on a mean is published.
const FEWEST: i64 = 3;

/// Publishes how satisfied people were with the own organisation's trainings, unless that was done this month: by topic, the mean over the
/// hosts' means, so that each host weighs the same, rounded to halves; from three sessions by three hosts on, and of what was recorded before
/// the month. For the job.
///
/// # Errors
/// When the database fails.
pub async fn publish_satisfaction(tx: &TenantTx) -> Result<(), StoreError> {
    for statement in satisfaction_publishing() {
        Statement::new(statement).run(tx).await?;
    }
    Ok(())
}

/// The statements that publish it for the tenant, one after the other.
fn satisfaction_publishing() -> [String; 2] {
    [
        "DELETE FROM training_satisfaction WHERE organisation_id = tenant() AND month <> present_month()".to_owned(),
        format!(
            "INSERT INTO training_satisfaction (organisation_id, topic, month, satisfaction)
             SELECT tenant(), topic, present_month(), round(avg(mean) * 2) / 2
             FROM (
                 SELECT topic, host, avg(satisfaction_mean) AS mean, array_agg(id) AS sessions
                 FROM training_session, unnest(hosts) AS host
                 WHERE trainer_organisation_id = tenant() AND satisfaction_mean IS NOT NULL
                   AND (evaluated_at AT TIME ZONE 'UTC' + interval '3 hours')::date < present_month()
                 GROUP BY topic, host
             ) AS by_host
             GROUP BY topic
             HAVING count(*) >= {FEWEST} AND (SELECT count(DISTINCT id) FROM training_session AS held
                 WHERE held.trainer_organisation_id = tenant() AND held.topic = by_host.topic AND held.satisfaction_mean IS NOT NULL
                   AND (held.evaluated_at AT TIME ZONE 'UTC' + interval '3 hours')::date < present_month()) >= {FEWEST}
             ON CONFLICT (organisation_id, topic) DO NOTHING"
        ),
    ]
}
