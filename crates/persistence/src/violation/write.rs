//! Writing violations. The rules are the domain's; this module only records their results. Nothing that another organisation reads is
//! touched: not a row, not a lock, not an outbox.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{Array, Date, Text, Uuid as SqlUuid};
use diesel::{AsChangeset, ExpressionMethods, Insertable, QueryDsl};
use futures_util::try_join;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::{ReferralId, ViolationId};
use pamoja_domain::month::Month;
use pamoja_domain::pseudonym::Pseudonym;
use pamoja_domain::referral::MinorStatus;
use pamoja_domain::sealed_text::SealedText;
use pamoja_domain::violation::{Ending, NewViolation, ViolationCorrection, ViolationStatus, ViolationStep, corrected_limit};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::Violation;
use crate::error::StoreError;
use crate::schema::{violation, violation_author, violation_client, violation_link, violation_note};
use crate::statement::Statement;
use crate::transaction::TenantTx;
use crate::{codes, outbox};

#[derive(Insertable)]
#[diesel(table_name = violation, treat_none_as_default_value = false)]
struct NewRow<'a> {
    id: Uuid,
    types: Vec<String>,
    perpetrators: Vec<String>,
    causes: Vec<String>,
    populations: Vec<String>,
    under_18: &'a str,
    county_code: &'a str,
    people_affected: i32,
    occurred_in: NaiveDate,
    consent_given_by: &'a str,
    counted: bool,
    not_reported_reasons: Vec<String>,
    act_before: Option<DateTime<Utc>>,
}

/// Documents a violation by the acting user, brought by that referral if by one, and announces it to the tenant alone. What is written can't
/// be read back on a shared device.
pub async fn insert(
    tx: &TenantTx,
    id: ViolationId,
    new: &NewViolation,
    brought_by: Option<ReferralId>,
) -> Result<(), StoreError> {
    let row = NewRow {
        id: id.0,
        types: codes::write_all(&new.types),
        perpetrators: codes::write_all(&new.perpetrators),
        causes: codes::write_all(&new.causes),
        populations: codes::write_all(&new.populations),
        under_18: new.under_18.code(),
        county_code: new.county.as_str(),
        people_affected: new.people_affected,
        occurred_in: new.occurred_in.first_day(),
        consent_given_by: new.consent_given_by.code(),
        counted: new.counted,
        not_reported_reasons: codes::write_all(&new.not_reported_reasons),
        act_before: new.first_limit,
    };
    // They go out together, in this order; the policies of the later ones look at what the first wrote.
    try_join!(
        tx.execute(diesel::insert_into(violation::table).values(row)),
        tx.execute(diesel::insert_into(violation_author::table).values(violation_author::violation_id.eq(id.0))),
        insert_client(tx, id, new.client.as_ref()),
        insert_note(tx, id, new.sealed_note.as_ref()),
        insert_steps(tx, id, &new.steps),
        insert_brought(tx, id, brought_by),
        announce(tx, id),
    )?;
    Ok(())
}

async fn insert_client(tx: &TenantTx, id: ViolationId, client: Option<&Pseudonym>) -> Result<(), StoreError> {
    let Some(client) = client else { return Ok(()) };
    let values = (violation_client::violation_id.eq(id.0), violation_client::client.eq(client.as_str()));
    tx.execute(diesel::insert_into(violation_client::table).values(values)).await?;
    Ok(())
}

async fn insert_note(tx: &TenantTx, id: ViolationId, note: Option<&SealedText>) -> Result<(), StoreError> {
    let Some(note) = note else { return Ok(()) };
    let values = (violation_note::violation_id.eq(id.0), violation_note::sealed_note.eq(note.as_str()));
    tx.execute(diesel::insert_into(violation_note::table).values(values)).await?;
    Ok(())
}

async fn insert_steps(tx: &TenantTx, id: ViolationId, steps: &[ViolationStep]) -> Result<(), StoreError> {
    write_steps(tx, Statement::new(include_str!("insert_steps.sql")), id, steps).await
}

async fn delete_steps(tx: &TenantTx, id: ViolationId, steps: &[ViolationStep]) -> Result<(), StoreError> {
    write_steps(tx, Statement::new(include_str!("delete_steps.sql")), id, steps).await
}

/// Sends a statement that takes the violation, and the months and kinds of its steps; none where there are none.
async fn write_steps(tx: &TenantTx, statement: Statement, id: ViolationId, steps: &[ViolationStep]) -> Result<(), StoreError> {
    if steps.is_empty() {
        return Ok(());
    }
    statement
        .bind::<SqlUuid, _>(id.0)
        .bind::<Array<Date>, _>(steps.iter().map(|step| step.month.first_day()).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(steps.iter().map(|step| step.kind.code().to_owned()).collect::<Vec<_>>())
        .run(tx)
        .await?;
    Ok(())
}

async fn insert_brought(tx: &TenantTx, id: ViolationId, referral: Option<ReferralId>) -> Result<(), StoreError> {
    let Some(referral) = referral else { return Ok(()) };
    insert_link(tx, id, referral, true).await
}

async fn insert_link(tx: &TenantTx, id: ViolationId, referral: ReferralId, brought: bool) -> Result<(), StoreError> {
    let values =
        (violation_link::violation_id.eq(id.0), violation_link::referral_id.eq(referral.0), violation_link::brought.eq(brought));
    tx.execute(diesel::insert_into(violation_link::table).values(values)).await?;
    Ok(())
}

/// Links a referral that the tenant has just sent because of a violation. The violation doesn't count as changed.
pub async fn link(tx: &TenantTx, id: ViolationId, referral: ReferralId) -> Result<(), StoreError> {
    try_join!(insert_link(tx, id, referral, false), announce(tx, id))?;
    Ok(())
}

/// All of a violation that can change.
#[derive(AsChangeset)]
#[diesel(table_name = violation, treat_none_as_null = true)]
struct Changing {
    types: Vec<String>,
    perpetrators: Vec<String>,
    causes: Vec<String>,
    populations: Vec<String>,
    under_18: &'static str,
    county_code: &'static str,
    occurred_in: NaiveDate,
    people_affected: i32,
    not_reported_reasons: Vec<String>,
    act_before: Option<DateTime<Utc>>,
    status: &'static str,
    outcome: Option<&'static str>,
    ended_in: Option<NaiveDate>,
    end_reasons: Vec<String>,
    forgotten: bool,
}

impl From<&Violation> for Changing {
    fn from(found: &Violation) -> Self {
        Self {
            types: codes::write_all(&found.types),
            perpetrators: codes::write_all(&found.perpetrators),
            causes: codes::write_all(&found.causes),
            populations: codes::write_all(&found.populations),
            under_18: found.under_18.code(),
            county_code: found.county.as_str(),
            occurred_in: found.occurred_in.first_day(),
            people_affected: found.people_affected,
            not_reported_reasons: codes::write_all(&found.not_reported_reasons),
            act_before: found.first_limit,
            status: found.status.code(),
            outcome: found.outcome.map(Vocabulary::code),
            ended_in: found.ended_in.map(Month::first_day),
            end_reasons: codes::write_all(&found.end_reasons),
            forgotten: found.forgotten,
        }
    }
}

/// Changes a locked violation to what it is to be, and announces it to the tenant alone. PostgreSQL writes down when.
async fn change(tx: &TenantTx, changed: &Violation) -> Result<(), StoreError> {
    let own = violation::table.find((tx.organisation()?.0, changed.id.0));
    if tx.execute(diesel::update(own).set(Changing::from(changed))).await? != 1 {
        return Err(StoreError::Inconsistent("a violation was to be changed and isn't there".to_owned()));
    }
    announce(tx, changed.id).await
}

async fn announce(tx: &TenantTx, id: ViolationId) -> Result<(), StoreError> {
    outbox::announce(tx, ChangeKind::Violation, id.0, &[tx.organisation()?]).await
}

/// Records something that was done about it. What is recorded already changes nothing.
pub async fn record_step(tx: &TenantTx, found: &Violation, step: ViolationStep) -> Result<(), StoreError> {
    if found.recorded_steps.contains(&step) {
        return Ok(());
    }
    insert_steps(tx, found.id, &[step]).await?;
    change(tx, found).await
}

/// Records how it ended.
pub async fn end(tx: &TenantTx, found: Violation, ending: Ending) -> Result<(), StoreError> {
    let Ending { outcome, month, reasons } = ending;
    let (outcome, ended_in) = (Some(outcome), Some(month));
    change(tx, &Violation { status: ViolationStatus::Ended, outcome, ended_in, end_reasons: reasons, ..found }).await
}

/// Records that it goes on after all.
pub async fn reopen(tx: &TenantTx, found: Violation) -> Result<(), StoreError> {
    let end_reasons = Vec::new();
    change(tx, &Violation { status: ViolationStatus::Open, outcome: None, ended_in: None, end_reasons, ..found }).await
}

/// Puts right what was documented. What the correction leaves out stays.
pub async fn correct(tx: &TenantTx, found: Violation, correction: ViolationCorrection) -> Result<(), StoreError> {
    let types = correction.types.unwrap_or_else(|| found.types.clone());
    let first_limit = correction.first_limit.or_else(|| corrected_limit(found.first_limit, &found.types, &types));
    let corrected = Violation {
        types,
        first_limit,
        perpetrators: correction.perpetrators.unwrap_or(found.perpetrators),
        causes: correction.causes.unwrap_or(found.causes),
        populations: correction.populations.unwrap_or(found.populations),
        county: correction.county.unwrap_or(found.county),
        occurred_in: correction.occurred_in.unwrap_or(found.occurred_in),
        people_affected: correction.people_affected.unwrap_or(found.people_affected),
        not_reported_reasons: correction.not_reported_reasons.unwrap_or(found.not_reported_reasons),
        ..found
    };
    delete_steps(tx, corrected.id, &correction.without_steps).await?;
    change(tx, &corrected).await
}

/// Replaces the sealed note.
pub async fn replace_note(tx: &TenantTx, found: &Violation, note: &SealedText) -> Result<(), StoreError> {
    delete_note(tx, found.id).await?;
    insert_note(tx, found.id, Some(note)).await?;
    change(tx, found).await
}

async fn delete_note(tx: &TenantTx, id: ViolationId) -> Result<(), StoreError> {
    tx.execute(diesel::delete(violation_note::table.find((tx.organisation()?.0, id.0)))).await?;
    Ok(())
}

/// Erases what is personal of it, at once and for good, because the survivor no longer agrees. Who documented it stays for a while, so that
/// they can see that it is erased; codes, county and months stay for the figures.
pub async fn withdraw(tx: &TenantTx, found: Violation, status: ViolationStatus) -> Result<(), StoreError> {
    let own = tx.organisation()?.0;
    tx.execute(diesel::delete(violation_client::table.find((own, found.id.0)))).await?;
    delete_note(tx, found.id).await?;
    let links =
        violation_link::table.filter(violation_link::organisation_id.eq(own)).filter(violation_link::violation_id.eq(found.id.0));
    tx.execute(diesel::delete(links)).await?;
    let withdrawn = Violation {
        status,
        ended_in: found.ended_in.or(Some(Month::at(tx.at()))),
        end_reasons: Vec::new(),
        causes: Vec::new(),
        populations: Vec::new(),
        under_18: MinorStatus::NotStated,
        not_reported_reasons: Vec::new(),
        first_limit: None,
        forgotten: true,
        ..found
    };
    change(tx, &withdrawn).await
}

/// Records that it should never have been recorded.
pub async fn mark_entered_in_error(tx: &TenantTx, found: Violation) -> Result<(), StoreError> {
    let ended_in = found.ended_in.or(Some(Month::at(tx.at())));
    change(tx, &Violation { status: ViolationStatus::EnteredInError, ended_in, ..found }).await
}
