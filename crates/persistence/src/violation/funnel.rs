//! The justice funnel, counted by PostgreSQL: whoever may read it need not read a violation.

use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Date, Integer, Nullable, Text};
use pamoja_domain::violation::{Funnel, FunnelPart, FunnelQuestion, FunnelStageName, TimeBand};
use pamoja_domain::vocabulary::Vocabulary;

use super::Looked;
use crate::codes;
use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = Text)]
    part: String,
    #[diesel(sql_type = Nullable<Text>)]
    stage: Option<String>,
    #[diesel(sql_type = Nullable<Integer>)]
    band: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    outcome: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = BigInt)]
    cases: i64,
}

impl TryFrom<CountRow> for (FunnelPart, i64) {
    type Error = StoreError;

    fn try_from(row: CountRow) -> Result<Self, StoreError> {
        let stage = row.stage.as_deref().map(codes::read).transpose()?;
        let outcome = row.outcome.as_deref().map(codes::read).transpose()?;
        let reason = row.reason.as_deref().map(codes::read).transpose()?;
        let band = row.band.and_then(|band| usize::try_from(band).ok()).and_then(|band| TimeBand::ALL.get(band)).copied();
        let part = match (row.part.as_str(), stage, band, outcome, reason) {
            ("STAGE", Some(stage), Some(band), None, None) => FunnelPart::Stage(stage, band),
            ("ENDING", Some(stage), None, Some(outcome), None) => FunnelPart::Ending(stage, outcome),
            ("ENDING_REASON", Some(stage), None, Some(outcome), Some(reason)) => FunnelPart::EndingReason(stage, outcome, reason),
            ("NOT_REPORTED", None, None, None, Some(reason)) => FunnelPart::NotReported(reason),
            _ => return Err(StoreError::unknown_code("FunnelPart")),
        };
        Ok((part, row.cases))
    }
}

/// How far the tenant's violations came that the question is about.
///
/// # Errors
/// PostgreSQL refuses it to whoever is neither a paralegal nor an analyst, and on a shared device.
pub async fn funnel(tx: &TenantTx, _: Looked, question: &FunnelQuestion) -> Result<Funnel, StoreError> {
    let counties = question.counties.iter().map(|county| county.as_str().to_owned()).collect::<Vec<_>>();
    let kinds = |stage: FunnelStageName| codes::write_all(&stage.reached_by());
    let rows: Vec<CountRow> = Statement::new(include_str!("funnel.sql"))
        .bind::<Date, _>(question.from.first_day())
        .bind::<Date, _>(question.through.first_day())
        .bind::<Array<Text>, _>(codes::write_all(&question.types))
        .bind::<Array<Text>, _>(codes::write_all(&question.perpetrators))
        .bind::<Array<Text>, _>(counties)
        .bind::<Array<Text>, _>(codes::write_all(&question.populations))
        .bind::<Array<Text>, _>(kinds(FunnelStageName::Reported))
        .bind::<Array<Text>, _>(kinds(FunnelStageName::FollowedUp))
        .bind::<Array<Text>, _>(kinds(FunnelStageName::InCourt))
        .bind::<Array<Text>, _>(kinds(FunnelStageName::Mediation))
        .bind::<Array<Integer>, _>(TimeBand::beginnings())
        .rows(tx)
        .await?;
    let counts = rows.into_iter().map(TryFrom::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(Funnel::of(&counts))
}
