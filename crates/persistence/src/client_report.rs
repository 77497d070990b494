//! What clients reported to the sender, and the one number per service that is published from these reports.

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::sql_types::{Integer, Nullable, Text, Uuid as SqlUuid};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::client_report::{ClientReport, ClientReportedOutcome};
use pamoja_domain::id::{ReferralId, ServiceId};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::error::StoreError;
use crate::schema::{client_report, referral_sender, service_friendliness};
use crate::statement::Statement;
use crate::transaction::TenantTx;
use crate::{codes, function, outbox};

/// Records what the client of a locked referral reports, and announces it to the tenant alone, which must be the sender. What the
/// report leaves out stays as it was. A rating is of the service that the tenant named, wherever the referral has been moved since,
/// and counts from the next month on.
///
/// Nothing that the receiver can read changes, not even a time.
///
/// # Errors
/// [`StoreError::Fault`] when a rating comes for a referral for which the tenant named no service: PostgreSQL refuses the row.
/// [`StoreError::Inconsistent`] when the tenant sent no such referral.
pub async fn record(tx: &TenantTx, id: ReferralId, report: ClientReport) -> Result<(), StoreError> {
    let recorded = Statement::new(include_str!("client_report/record.sql"))
        .bind::<SqlUuid, _>(id.0)
        .bind::<Nullable<Text>, _>(report.outcome.map(Vocabulary::code))
        .bind::<Nullable<Integer>, _>(report.friendliness)
        .run(tx)
        .await?;
    if recorded != 1 {
        return Err(StoreError::Inconsistent("a referral of the own organisation has no progress row".to_owned()));
    }
    outbox::announce(tx, ChangeKind::Referral, id.0, &[tx.organisation()?]).await
}

/// Whether the tenant named a service when it sent or amended this referral.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the tenant sent no such referral.
pub async fn names_service(tx: &TenantTx, id: ReferralId) -> Result<bool, StoreError> {
    let named: Option<Option<Uuid>> = referral_sender::table
        .find((tx.organisation()?.0, id.0))
        .select(referral_sender::service_id)
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    let named = named.ok_or_else(|| StoreError::Inconsistent("a referral of the own organisation has no sender".to_owned()))?;
    Ok(named.is_some())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = client_report, check_for_backend(Pg))]
struct ReportRow {
    referral_id: Uuid,
    outcome: Option<String>,
    friendliness: Option<i32>,
}

/// The clients' reports on these referrals, as far as the tenant sent them and a client reported.
pub async fn by_referrals(tx: &TenantTx, ids: &[ReferralId]) -> Result<Vec<(ReferralId, ClientReport)>, StoreError> {
    let rows: Vec<ReportRow> = client_report::table
        .filter(client_report::from_organisation_id.eq(tx.organisation()?.0))
        .filter(client_report::referral_id.eq_any(ids.iter().map(|id| id.0)))
        .select(ReportRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter()
        .map(|row| {
            let outcome = row.outcome.as_deref().map(codes::read::<ClientReportedOutcome>).transpose()?;
            Ok((ReferralId(row.referral_id), ClientReport { outcome, friendliness: row.friendliness }))
        })
        .collect()
}

/// How friendly clients found these services. A service is left out when no number is published for it.
pub async fn friendliness(tx: &TenantTx, ids: &[ServiceId]) -> Result<Vec<(ServiceId, f64)>, StoreError> {
    let rows: Vec<(Uuid, f64)> = service_friendliness::table
        .filter(service_friendliness::service_id.eq_any(ids.iter().map(|id| id.0)))
        .select((service_friendliness::service_id, service_friendliness::friendliness))
        .load(&mut tx.connection()?)
        .await?;
    Ok(rows.into_iter().map(|(id, friendliness)| (ServiceId(id), friendliness)).collect())
}

/// Publishes how friendly clients found the tenant's services, unless this month's numbers are already published. A job calls it.
/// The ratings come from all organisations; PostgreSQL gives none of them out, not even to this function.
pub(crate) async fn publish_friendliness(tx: &TenantTx) -> Result<(), StoreError> {
    tx.execute(diesel::select(function::publish_friendliness())).await?;
    Ok(())
}

/// Records that no violation is to be documented of what the client of a locked referral of the tenant's reported, and announces it to the
/// tenant alone.
pub async fn leave_undocumented(tx: &TenantTx, id: ReferralId) -> Result<(), StoreError> {
    let report = client_report::table.find((tx.organisation()?.0, id.0));
    tx.execute(diesel::update(report).set(client_report::not_documented.eq(true))).await?;
    outbox::announce(tx, ChangeKind::Referral, id.0, &[tx.organisation()?]).await
}

/// Removes the client's rating from a referral that the tenant sent, so that it no longer counts. What the client reported about
/// the outcome stays. False when there was no rating.
pub async fn forget_rating(tx: &TenantTx, id: ReferralId) -> Result<bool, StoreError> {
    let report = client_report::table.find((tx.organisation()?.0, id.0));
    let deleted = tx.execute(diesel::delete(report.filter(client_report::outcome.is_null()))).await?;
    let nothing = (
        client_report::friendliness.eq(None::<i32>),
        client_report::service_organisation_id.eq(None::<Uuid>),
        client_report::service_id.eq(None::<Uuid>),
        client_report::rated_in.eq(None::<NaiveDate>),
    );
    let emptied = tx.execute(diesel::update(report.filter(client_report::friendliness.is_not_null())).set(nothing)).await?;
    Ok(deleted + emptied > 0)
}
