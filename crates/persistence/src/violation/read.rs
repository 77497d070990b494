//! Reading violations by id.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{Array, Bool, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{ExpressionMethods, QueryDsl, QueryableByName};
use diesel_async::RunQueryDsl;
use pamoja_domain::id::{ReferralId, ViolationId};
use pamoja_domain::month::Month;
use pamoja_domain::violation::ViolationStep;
use uuid::Uuid;

use super::{Looked, Violation, ViolationLink};
use crate::codes;
use crate::error::StoreError;
use crate::schema::{violation, violation_note};
use crate::statement::Statement;
use crate::transaction::TenantTx;

#[derive(QueryableByName)]
pub(super) struct ViolationRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Array<Text>)]
    types: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    perpetrators: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    causes: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    populations: Vec<String>,
    #[diesel(sql_type = Text)]
    under_18: String,
    #[diesel(sql_type = Text)]
    county_code: String,
    #[diesel(sql_type = Integer)]
    people_affected: i32,
    #[diesel(sql_type = Date)]
    occurred_in: NaiveDate,
    #[diesel(sql_type = Date)]
    documented_in: NaiveDate,
    #[diesel(sql_type = Nullable<Text>)]
    client: Option<String>,
    #[diesel(sql_type = Text)]
    consent_given_by: String,
    #[diesel(sql_type = Bool)]
    counted: bool,
    #[diesel(sql_type = Array<Text>)]
    not_reported_reasons: Vec<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    act_before: Option<DateTime<Utc>>,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Nullable<Text>)]
    outcome: Option<String>,
    #[diesel(sql_type = Nullable<Date>)]
    ended_in: Option<NaiveDate>,
    #[diesel(sql_type = Array<Text>)]
    end_reasons: Vec<String>,
    #[diesel(sql_type = Bool)]
    forgotten: bool,
    #[diesel(sql_type = Timestamptz)]
    updated_at: DateTime<Utc>,
    #[diesel(sql_type = Array<Text>)]
    step_kinds: Vec<String>,
    #[diesel(sql_type = Array<Date>)]
    step_months: Vec<NaiveDate>,
    #[diesel(sql_type = Array<SqlUuid>)]
    referrals: Vec<Uuid>,
    #[diesel(sql_type = Array<Bool>)]
    brought: Vec<bool>,
    #[diesel(sql_type = Array<Text>)]
    link_steps: Vec<String>,
    #[diesel(sql_type = Array<Date>)]
    link_months: Vec<NaiveDate>,
}

impl TryFrom<ViolationRow> for Violation {
    type Error = StoreError;

    fn try_from(row: ViolationRow) -> Result<Self, StoreError> {
        let step = |(kind, month): (&String, &NaiveDate)| {
            Ok::<_, StoreError>(ViolationStep { kind: codes::read(kind)?, month: Month::of(*month) })
        };
        let recorded_steps = row.step_kinds.iter().zip(&row.step_months).map(step).collect::<Result<_, _>>()?;
        let links = row.referrals.into_iter().zip(row.brought);
        let arrivals = row.link_steps.into_iter().zip(row.link_months);
        let links = links.zip(arrivals).map(|((referral, brought), (kind, month))| {
            let step = if kind.is_empty() { None } else { Some(step((&kind, &month))?) };
            Ok(ViolationLink { referral: ReferralId(referral), brought, step })
        });
        Ok(Self {
            id: ViolationId(row.id),
            types: codes::read_all(&row.types)?,
            perpetrators: codes::read_all(&row.perpetrators)?,
            causes: codes::read_all(&row.causes)?,
            populations: codes::read_all(&row.populations)?,
            under_18: codes::read(&row.under_18)?,
            county: codes::county(&row.county_code)?,
            people_affected: row.people_affected,
            occurred_in: Month::of(row.occurred_in),
            documented_in: Month::of(row.documented_in),
            client: row.client,
            consent_given_by: codes::read(&row.consent_given_by)?,
            counted: row.counted,
            not_reported_reasons: codes::read_all(&row.not_reported_reasons)?,
            first_limit: row.act_before,
            status: codes::read(&row.status)?,
            outcome: row.outcome.as_deref().map(codes::read).transpose()?,
            ended_in: row.ended_in.map(Month::of),
            end_reasons: codes::read_all(&row.end_reasons)?,
            forgotten: row.forgotten,
            updated_at: row.updated_at,
            recorded_steps,
            links: links.collect::<Result<_, StoreError>>()?,
        })
    }
}

/// What every reading begins with.
pub(super) fn selected() -> Statement {
    Statement::new(include_str!("select.sql"))
}

/// The violations with these ids that the actor may read, in no particular order.
pub async fn by_ids(tx: &TenantTx, _: Looked, ids: &[ViolationId]) -> Result<Vec<Violation>, StoreError> {
    let rows: Vec<ViolationRow> = with_ids(ids).rows(tx).await?;
    rows.into_iter().map(Violation::try_from).collect()
}

/// The violation with this id, if the actor may read it.
pub async fn find(tx: &TenantTx, looked: Looked, id: ViolationId) -> Result<Option<Violation>, StoreError> {
    Ok(by_ids(tx, looked, &[id]).await?.pop())
}

/// As [`find`], and locked: when two callers change it at once, the second reads what the first left.
pub async fn find_for_update(tx: &TenantTx, looked: Looked, id: ViolationId) -> Result<Option<Violation>, StoreError> {
    let own = violation::table.find((tx.organisation()?.0, id.0));
    tx.execute(own.select(violation::id).for_no_key_update()).await?;
    find(tx, looked, id).await
}

/// Locks those of these violations that the actor may read, in the order of their ids, so that none is withdrawn meanwhile.
pub async fn lock_all(tx: &TenantTx, ids: &[ViolationId]) -> Result<(), StoreError> {
    let own = violation::table
        .filter(violation::organisation_id.eq(tx.organisation()?.0))
        .filter(violation::id.eq_any(ids.iter().map(|id| id.0).collect::<Vec<_>>()));
    tx.execute(own.order(violation::id).select(violation::id).for_no_key_update()).await?;
    Ok(())
}

fn with_ids(ids: &[ViolationId]) -> Statement {
    let mut statement = selected();
    statement.push_sql(" AND violation.id = ANY ($1)");
    statement.bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>())
}

/// All variants of the statement.
pub(crate) fn statements() -> Vec<Statement> {
    vec![with_ids(&[])]
}

/// The sealed notes of those of these violations that the actor may read.
pub async fn notes(tx: &TenantTx, _: Looked, ids: &[ViolationId]) -> Result<Vec<(ViolationId, String)>, StoreError> {
    let rows: Vec<(Uuid, String)> = violation_note::table
        .filter(violation_note::organisation_id.eq(tx.organisation()?.0))
        .filter(violation_note::violation_id.eq_any(ids.iter().map(|id| id.0)))
        .select((violation_note::violation_id, violation_note::sealed_note))
        .load(&mut tx.connection()?)
        .await?;
    Ok(rows.into_iter().map(|(id, note)| (ViolationId(id), note)).collect())
}
