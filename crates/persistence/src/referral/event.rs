//! The timeline of a referral.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::id::{OrganisationId, ReferralId, UserId};
use pamoja_domain::referral::ReferralStatus;
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::{Event, EventKey};
use crate::codes;
use crate::error::StoreError;
use crate::row::row;
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// What marks an event among others.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct EventMarks {
    /// It is a check-in without a slip, for which the receiver vouched.
    pub without_slip: bool,
    /// It takes back the move before it.
    pub takes_back: bool,
    /// The sender amended the referral.
    pub amended: bool,
}

/// Adds an event of the tenant's, and returns its position.
pub(super) async fn insert_event(
    tx: &TenantTx,
    sender: OrganisationId,
    id: ReferralId,
    receiver: Option<OrganisationId>,
    status: ReferralStatus,
    marks: EventMarks,
) -> Result<i64, StoreError> {
    #[derive(QueryableByName)]
    struct Made {
        #[diesel(sql_type = BigInt)]
        position: i64,
    }
    let made: Vec<Made> = Statement::new(include_str!("insert_event.sql"))
        .bind::<SqlUuid, _>(sender.0)
        .bind::<SqlUuid, _>(id.0)
        .bind::<Nullable<SqlUuid>, _>(receiver.map(|receiver| receiver.0))
        .bind::<Text, _>(status.code())
        .bind::<Bool, _>(marks.without_slip)
        .bind::<Bool, _>(marks.takes_back)
        .bind::<Bool, _>(marks.amended)
        .rows(tx)
        .await?;
    let made = made.into_iter().next().ok_or_else(|| StoreError::Inconsistent("an event was not added".to_owned()))?;
    Ok(made.position)
}

row! {
    struct EventRow {
        from_organisation_id: Uuid as SqlUuid,
        referral_id: Uuid as SqlUuid,
        position: i64 as BigInt,
        status: String as Text,
        at: DateTime<Utc> as Timestamptz,
        by_organisation_id: Option<Uuid> as Nullable<SqlUuid>,
        without_slip: bool as Bool,
        takes_back: bool as Bool,
        taken_back: bool as Bool,
        amended: bool as Bool,
    }
}

impl TryFrom<EventRow> for Event {
    type Error = StoreError;

    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        let referral = ReferralId(row.referral_id);
        Ok(Self {
            referral,
            key: Some(EventKey { sender: OrganisationId(row.from_organisation_id), referral, position: row.position }),
            status: codes::read(&row.status)?,
            at: row.at,
            by: row.by_organisation_id.map(OrganisationId),
            without_slip: row.without_slip,
            takes_back: row.takes_back,
            taken_back: row.taken_back,
            amended: row.amended,
        })
    }
}

/// The recorded events of these referrals, those of each referral in order.
pub async fn events(tx: &TenantTx, ids: &[ReferralId]) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<EventRow> = Statement::new(include_str!("events.sql"))
        .bind::<Array<SqlUuid>, _>(ids.iter().map(|id| id.0).collect::<Vec<_>>())
        .rows(tx)
        .await?;
    rows.into_iter().map(Event::try_from).collect()
}

/// Who made these moves, where it was one of the tenant's own people.
pub async fn users(tx: &TenantTx, events: &[EventKey]) -> Result<Vec<(EventKey, UserId)>, StoreError> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        from_organisation_id: Uuid,
        #[diesel(sql_type = SqlUuid)]
        referral_id: Uuid,
        #[diesel(sql_type = BigInt)]
        position: i64,
        #[diesel(sql_type = SqlUuid)]
        user_id: Uuid,
    }
    let rows: Vec<Row> = Statement::new(include_str!("event_users.sql"))
        .bind::<Array<SqlUuid>, _>(events.iter().map(|key| key.sender.0).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(events.iter().map(|key| key.referral.0).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(events.iter().map(|key| key.position).collect::<Vec<_>>())
        .rows(tx)
        .await?;
    let key = |row: &Row| EventKey {
        sender: OrganisationId(row.from_organisation_id),
        referral: ReferralId(row.referral_id),
        position: row.position,
    };
    Ok(rows.iter().map(|row| (key(row), UserId(row.user_id))).collect())
}
