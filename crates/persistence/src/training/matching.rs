//! The data for suggesting trainings.

use diesel::pg::Pg;
use diesel::{ExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::training::TrainingTopic;
use uuid::Uuid;

use super::offer::{self, OfferRow};
use super::request::{self, RequestRow};
use super::{TrainingOffer, TrainingRequest};
use crate::codes;
use crate::error::StoreError;
use crate::schema::training_satisfaction;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// The offers of other active members on these topics that can be asked for now.
pub async fn offers_on(tx: &TenantTx, topics: &[TrainingTopic]) -> Result<Vec<TrainingOffer>, StoreError> {
    let rows: Vec<OfferRow> = offer::of_others(topics).rows(tx).await?;
    rows.into_iter().map(TrainingOffer::try_from).collect()
}

/// The open requests that the tenant could serve, and the tenant's own offers that could match them.
pub async fn open_needs(tx: &TenantTx) -> Result<(Vec<TrainingRequest>, Vec<TrainingOffer>), StoreError> {
    let (needs, offers): (Vec<RequestRow>, Vec<OfferRow>) =
        futures_util::try_join!(request::open_needs().rows(tx), offer::own().rows(tx))?;
    Ok((
        needs.into_iter().map(TrainingRequest::try_from).collect::<Result<_, _>>()?,
        offers.into_iter().map(TrainingOffer::try_from).collect::<Result<_, _>>()?,
    ))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = training_satisfaction, check_for_backend(Pg))]
struct SatisfactionRow {
    organisation_id: Uuid,
    topic: String,
    satisfaction: f64,
}

/// How satisfied people were with these organisations' trainings, by topic. A topic is left out when no number is published for
/// it.
pub async fn satisfaction(
    tx: &TenantTx,
    organisations: &[OrganisationId],
) -> Result<Vec<((OrganisationId, TrainingTopic), f64)>, StoreError> {
    let rows: Vec<SatisfactionRow> = training_satisfaction::table
        .filter(training_satisfaction::organisation_id.eq_any(organisations.iter().map(|id| id.0).collect::<Vec<_>>()))
        .select(SatisfactionRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(|row| Ok(((OrganisationId(row.organisation_id), codes::read(&row.topic)?), row.satisfaction))).collect()
}

/// Publishes how satisfied people were with the tenant's trainings, unless this month's numbers are already published. A job
/// calls it.
pub async fn publish_satisfaction(tx: &TenantTx) -> Result<(), StoreError> {
    Statement::new(include_str!("forget_satisfaction.sql")).run(tx).await?;
    Statement::new(include_str!("publish_satisfaction.sql")).run(tx).await?;
    Ok(())
}
