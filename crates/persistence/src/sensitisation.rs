//! Plans for a sensitisation. Whoever manages trainings reads them, and no violation.

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::sql_types::{Array, BigInt, Text, Uuid as SqlUuid};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, JoinOnDsl, OptionalExtension, QueryDsl, Queryable, QueryableByName,
    Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::{SensitisationPlanId, TrainingRequestId, ViolationId};
use pamoja_domain::sensitisation::{MAXIMUM_PLANNED, NewSensitisationPlan, SensitisationStatus};
use pamoja_domain::training::{Cadre, TrainingTopic};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::error::StoreError;
use crate::schema::{sensitisation_plan, violation_sensitisation};
use crate::statement::Statement;
use crate::transaction::TenantTx;
use crate::violation::Looked;
use crate::{codes, function};

/// The most plans that a list has, as list.sql says it.
pub const MAXIMUM_LISTED: i64 = 100;

/// A plan for a sensitisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SensitisationPlan {
    /// Its id.
    pub id: SensitisationPlanId,
    /// What the training is to be about.
    pub topic: TrainingTopic,
    /// Who is to be trained.
    pub audience: Cadre,
    /// Where.
    pub county: CountyCode,
    /// The first day on which the request can go out.
    pub releasable_from: NaiveDate,
    /// Where it stands.
    pub status: SensitisationStatus,
    /// The request that went out.
    pub training_request: Option<TrainingRequestId>,
}

#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = sensitisation_plan, check_for_backend(Pg))]
struct PlanRow {
    id: Uuid,
    topic: String,
    audience: String,
    county_code: String,
    releasable_from: NaiveDate,
    status: String,
    training_request_id: Option<Uuid>,
}

impl TryFrom<PlanRow> for SensitisationPlan {
    type Error = StoreError;

    fn try_from(row: PlanRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: SensitisationPlanId(row.id),
            topic: codes::read(&row.topic)?,
            audience: codes::read(&row.audience)?,
            county: codes::county(&row.county_code)?,
            releasable_from: row.releasable_from,
            status: codes::read(&row.status)?,
            training_request: row.training_request_id.map(TrainingRequestId),
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = sensitisation_plan)]
struct NewPlanRow<'a> {
    id: Uuid,
    topic: &'a str,
    audience: &'a str,
    county_code: &'a str,
    releasable_from: NaiveDate,
}

/// Makes a plan that these violations are a reason for. Nothing of it leads from the plan to a violation.
pub async fn insert(
    tx: &TenantTx,
    id: SensitisationPlanId,
    new: NewSensitisationPlan,
    because_of: &[ViolationId],
) -> Result<(), StoreError> {
    let row = NewPlanRow {
        id: id.0,
        topic: new.topic.code(),
        audience: new.audience.code(),
        county_code: new.county.as_str(),
        releasable_from: new.releasable_from,
    };
    tx.execute(diesel::insert_into(sensitisation_plan::table).values(row)).await?;
    Statement::new(include_str!("sensitisation/link.sql"))
        .bind::<SqlUuid, _>(id.0)
        .bind::<Array<SqlUuid>, _>(because_of.iter().map(|violation| violation.0).collect::<Vec<_>>())
        .run(tx)
        .await?;
    Ok(())
}

/// The tenant's plans with these ids, in no particular order.
pub async fn by_ids(tx: &TenantTx, ids: &[SensitisationPlanId]) -> Result<Vec<SensitisationPlan>, StoreError> {
    let rows: Vec<PlanRow> = sensitisation_plan::table
        .filter(sensitisation_plan::organisation_id.eq(tx.organisation()?.0))
        .filter(sensitisation_plan::id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()))
        .select(PlanRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(SensitisationPlan::try_from).collect()
}

/// The tenant's plan with this id.
pub async fn find(tx: &TenantTx, id: SensitisationPlanId) -> Result<Option<SensitisationPlan>, StoreError> {
    Ok(by_ids(tx, &[id]).await?.pop())
}

/// As [`find`], and locked: when two callers change it at once, the second reads what the first left.
pub async fn find_for_update(tx: &TenantTx, id: SensitisationPlanId) -> Result<Option<SensitisationPlan>, StoreError> {
    let own = sensitisation_plan::table.find((tx.organisation()?.0, id.0));
    let row: Option<PlanRow> =
        own.select(PlanRow::as_select()).for_no_key_update().get_result(&mut tx.connection()?).await.optional()?;
    // Of one that went out or was dropped nothing can be locked any more.
    match row {
        Some(row) => Ok(Some(row.try_into()?)),
        None => find(tx, id).await,
    }
}

/// The tenant's plans in these states, or in all where none is named: first those that are neither released nor dropped, then the last to be
/// releasable. At most [`MAXIMUM_LISTED`].
pub async fn list(tx: &TenantTx, statuses: &[SensitisationStatus]) -> Result<Vec<SensitisationPlan>, StoreError> {
    let rows: Vec<PlanRow> = Statement::new(include_str!("sensitisation/list.sql"))
        .bind::<Array<Text>, _>(codes::write_all(statuses))
        .rows(tx)
        .await?;
    rows.into_iter().map(SensitisationPlan::try_from).collect()
}

#[derive(QueryableByName)]
struct PlannedRow {
    #[diesel(sql_type = BigInt)]
    planned: i64,
}

/// How many of the tenant's plans are neither released nor dropped, counted as far as there can be.
pub async fn planned(tx: &TenantTx) -> Result<i64, StoreError> {
    let counted = Statement::new(include_str!("sensitisation/planned.sql")).bind::<BigInt, _>(MAXIMUM_PLANNED);
    let rows: Vec<PlannedRow> = counted.rows(tx).await?;
    Ok(rows.iter().map(|row| row.planned).sum())
}

/// Whether the tenant referred clients of the county to enough other members of late, so that a request names none of them.
pub async fn enough_receivers(tx: &TenantTx, county: CountyCode) -> Result<bool, StoreError> {
    Ok(diesel::select(function::enough_receivers(county.as_str())).get_result(&mut tx.connection()?).await?)
}

/// Whether a plan that may go out still has a violation as its reason. True of every plan before its day.
pub async fn has_reason(tx: &TenantTx, id: SensitisationPlanId) -> Result<bool, StoreError> {
    Ok(diesel::select(function::has_reason(id.0)).get_result(&mut tx.connection()?).await?)
}

/// Records that the request of a locked plan went out.
pub async fn release(tx: &TenantTx, id: SensitisationPlanId, request: TrainingRequestId) -> Result<(), StoreError> {
    change(tx, id, SensitisationStatus::Released, Some(request)).await
}

/// Records that a locked plan is dropped.
pub async fn drop_plan(tx: &TenantTx, id: SensitisationPlanId) -> Result<(), StoreError> {
    change(tx, id, SensitisationStatus::Dropped, None).await
}

async fn change(
    tx: &TenantTx,
    id: SensitisationPlanId,
    status: SensitisationStatus,
    request: Option<TrainingRequestId>,
) -> Result<(), StoreError> {
    let changed = diesel::update(sensitisation_plan::table.find((tx.organisation()?.0, id.0))).set((
        sensitisation_plan::status.eq(status.code()),
        sensitisation_plan::training_request_id.eq(request.map(|request| request.0)),
    ));
    if tx.execute(changed).await? != 1 {
        return Err(StoreError::Inconsistent("a locked plan is not there".to_owned()));
    }
    Ok(())
}

/// The plans that these violations are a reason for, as far as the actor may read the violations.
pub async fn by_violations(
    tx: &TenantTx,
    _: Looked,
    ids: &[ViolationId],
) -> Result<Vec<(ViolationId, SensitisationPlan)>, StoreError> {
    let own = sensitisation_plan::organisation_id
        .eq(violation_sensitisation::organisation_id)
        .and(sensitisation_plan::id.eq(violation_sensitisation::plan_id));
    let rows: Vec<(Uuid, PlanRow)> = violation_sensitisation::table
        .inner_join(sensitisation_plan::table.on(own))
        .filter(violation_sensitisation::organisation_id.eq(tx.organisation()?.0))
        .filter(violation_sensitisation::violation_id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()))
        .order((sensitisation_plan::releasable_from.desc(), sensitisation_plan::id))
        .select((violation_sensitisation::violation_id, PlanRow::as_select()))
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(|(id, row)| Ok((ViolationId(id), row.try_into()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_as_many_as_it_says() {
        let text = include_str!("sensitisation/list.sql");
        assert_eq!(text.matches("LIMIT").count(), text.matches(&format!("LIMIT {MAXIMUM_LISTED}\n")).count());
    }
}
