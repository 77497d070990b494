//! What clients told the sender, and the one number a service that is published of it.

use diesel::QueryableByName;
use diesel::sql_types::{Array, Double, Integer, Nullable, Text, Uuid as SqlUuid};
use pamoja_domain::client_report::{ClientReport, ClientReportedOutcome};
use pamoja_domain::id::{ReferralId, ServiceId};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;
use crate::{codes, outbox};

/// Records what the client of a locked referral of the own organisation says, and tells the own organisation alone. What the report
/// leaves out stays as it was. A rating is of the service that the referral names now; it counts from the next month on.
///
/// Nothing that the receiver can read is touched, not even a time.
///
/// # Errors
/// When the database fails; also when a rating comes for a referral that names no service.
pub async fn record(tx: &TenantTx, id: ReferralId, report: ClientReport) -> Result<(), StoreError> {
    let recorded = Statement::new(
        "INSERT INTO client_report AS known
             (from_organisation_id, referral_id, outcome, friendliness, service_organisation_id, service_id, rated_in)
         SELECT tenant(), $1, $2, $3, CASE WHEN $3 IS NOT NULL THEN progress.to_organisation_id END,
             CASE WHEN $3 IS NOT NULL THEN progress.service_id END, CASE WHEN $3 IS NOT NULL THEN present_month() END
         FROM referral_progress AS progress WHERE progress.from_organisation_id = tenant() AND progress.referral_id = $1
         ON CONFLICT (from_organisation_id, referral_id) DO UPDATE SET
             outcome = coalesce(excluded.outcome, known.outcome),
             friendliness = coalesce(excluded.friendliness, known.friendliness),
             service_organisation_id = coalesce(excluded.service_organisation_id, known.service_organisation_id),
             service_id = coalesce(excluded.service_id, known.service_id),
             rated_in = coalesce(excluded.rated_in, known.rated_in)",
    )
    .bind::<SqlUuid, _>(id.0)
    .bind::<Nullable<Text>, _>(report.outcome.map(|outcome| outcome.code()))
    .bind::<Nullable<Integer>, _>(report.friendliness)
    .run(tx)
    .await?;
    if recorded != 1 {
        return Err(StoreError::Inconsistent("a referral of the own organisation has no progress row".to_owned()));
    }
    outbox::announce_to_own(tx, id).await
}

#[derive(QueryableByName)]
struct ReportRow {
    #[diesel(sql_type = SqlUuid)]
    referral_id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    outcome: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    friendliness: Option<i32>,
}

/// What the clients said of those of the referrals that the own organisation sent.
///
/// # Errors
/// When the database fails.
pub async fn by_referrals(tx: &TenantTx, ids: &[ReferralId]) -> Result<Vec<(ReferralId, ClientReport)>, StoreError> {
    let rows: Vec<ReportRow> = Statement::new(
        "SELECT referral_id, outcome, friendliness FROM client_report
         WHERE from_organisation_id = (SELECT tenant()) AND referral_id = ANY ($1)",
    )
    .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>())
    .rows(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let outcome = row.outcome.as_deref().map(codes::read::<ClientReportedOutcome>).transpose()?;
            Ok((ReferralId(row.referral_id), ClientReport { outcome, friendliness: row.friendliness }))
        })
        .collect()
}

#[derive(QueryableByName)]
struct FriendlinessRow {
    #[diesel(sql_type = SqlUuid)]
    service_id: Uuid,
    #[diesel(sql_type = Double)]
    friendliness: f64,
}

/// How friendly clients found those of the services of which it is published.
///
/// # Errors
/// When the database fails.
pub async fn friendliness(tx: &TenantTx, ids: &[ServiceId]) -> Result<Vec<(ServiceId, f64)>, StoreError> {
    let rows: Vec<FriendlinessRow> =
        Statement::new("SELECT service_id, friendliness FROM service_friendliness WHERE service_id = ANY ($1)")
            .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>())
            .rows(tx)
            .await?;
    Ok(rows.into_iter().map(|row| (ServiceId(row.service_id), row.friendliness)).collect())
}

/// Publishes how friendly clients found the services of the own organisation, unless that was done this month. For the job: the ratings
/// are all organisations', and PostgreSQL gives none of them out, not even here.
///
/// # Errors
/// When the database fails.
pub(crate) async fn publish_friendliness(tx: &TenantTx) -> Result<(), StoreError> {
    Statement::new("SELECT publish_friendliness()").run(tx).await?;
    Ok(())
}

/// Takes the rating of a referral of the own organisation back, which counts nowhere any more; what the client said of the outcome stays.
///
/// # Errors
/// When the database fails.
pub async fn forget_rating(tx: &TenantTx, id: ReferralId) -> Result<(), StoreError> {
    for statement in [
        "DELETE FROM client_report WHERE from_organisation_id = tenant() AND referral_id = $1 AND outcome IS NULL",
        "UPDATE client_report SET friendliness = NULL, service_organisation_id = NULL, service_id = NULL, rated_in = NULL
         WHERE from_organisation_id = tenant() AND referral_id = $1",
    ] {
        Statement::new(statement).bind::<SqlUuid, _>(id.0).run(tx).await?;
    }
    Ok(())
}
