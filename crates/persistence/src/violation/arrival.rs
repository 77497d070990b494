//! The arrival of a client who was referred because of a violation is a step of it. A job records it: whoever receives the client can't
//! write the sender's row, and must not know that there is one.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Date, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::month::Month;
use pamoja_domain::referral::ReferralStatus;
use pamoja_domain::service::ServiceType;
use pamoja_domain::violation::ViolationStepKind;
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::batch::Batch;
use crate::codes;
use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// One transaction records at most this many arrivals.
const ARRIVAL_BATCH: i64 = 200;

#[derive(QueryableByName)]
struct ArrivedRow {
    #[diesel(sql_type = SqlUuid)]
    violation_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    referral_id: Uuid,
    #[diesel(sql_type = Text)]
    service_type: String,
    #[diesel(sql_type = Timestamptz)]
    status_at: DateTime<Utc>,
}

/// Takes back the steps of arrivals that whoever received the client has undone: nobody has arrived, and what the step had answered waits
/// again.
async fn retract_arrivals(tx: &TenantTx) -> Result<usize, StoreError> {
    let to_come = ReferralStatus::ALL.iter().filter(|status| status.can_expire());
    let rows = Statement::new(include_str!("retract_arrivals.sql"))
        .bind::<Array<Text>, _>(to_come.map(|status| status.code().to_owned()).collect::<Vec<_>>())
        .bind::<BigInt, _>(ARRIVAL_BATCH)
        .run(tx)
        .await?;
    if rows > 0 {
        tx.note_announced();
    }
    Ok(rows)
}

/// Records, as steps of the tenant's open violations, that clients have arrived where they were referred to because of them; and takes back
/// what was undone.
pub async fn record_arrivals(tx: &TenantTx) -> Result<Batch, StoreError> {
    let retracted = retract_arrivals(tx).await?;
    let of_step = |kind: &&ServiceType| ViolationStepKind::of_arrival(**kind).is_some();
    let types: Vec<ServiceType> = ServiceType::ALL.iter().filter(of_step).copied().collect();
    let arrived: Vec<ArrivedRow> = Statement::new(include_str!("arrived.sql"))
        .bind::<Array<Text>, _>(codes::write_all(&types))
        .bind::<BigInt, _>(ARRIVAL_BATCH)
        .rows(tx)
        .await?;
    let (mut violations, mut referrals) = (Vec::<Uuid>::new(), Vec::<Uuid>::new());
    let (mut months, mut kinds) = (Vec::<NaiveDate>::new(), Vec::<String>::new());
    for row in &arrived {
        let Some(kind) = ViolationStepKind::of_arrival(codes::read(&row.service_type)?) else { continue };
        violations.push(row.violation_id);
        referrals.push(row.referral_id);
        months.push(Month::at(row.status_at).first_day());
        kinds.push(kind.code().to_owned());
    }
    if !violations.is_empty() {
        Statement::new(include_str!("record_arrivals.sql"))
            .bind::<Array<SqlUuid>, _>(violations)
            .bind::<Array<SqlUuid>, _>(referrals)
            .bind::<Array<Date>, _>(months)
            .bind::<Array<Text>, _>(kinds)
            .run(tx)
            .await?;
        tx.note_announced();
    }
    Ok(Batch { rows: retracted + arrived.len(), more: arrived.len() as i64 >= ARRIVAL_BATCH })
}
