//! What is needed to take back the last move, and taking it back.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::ReferralId;
use pamoja_domain::referral::{ReferralStatus, listed_at, restored_expiry};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::event::{EventMarks, insert_event};
use super::{Referral, open, people};
use crate::codes;
use crate::error::StoreError;
use crate::function;
use crate::outbox;
use crate::schema::{referral_event, referral_non_completion, referral_progress, referral_sender, referral_undo};
use crate::transaction::TenantTx;

/// What a move that was just made leaves to be taken back.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    /// The state that it led to.
    pub led_to: ReferralStatus,
    /// The position of its event; none when it reached no new state.
    pub event: Option<i64>,
    /// Whether it took a referral that was open to all.
    pub took: bool,
    /// Whether it did something for good, so that it can't be taken back.
    pub for_good: bool,
}

#[derive(Insertable)]
#[diesel(table_name = referral_undo, treat_none_as_default_value = false)]
struct NewUndoRow {
    organisation_id: Uuid,
    from_organisation_id: Uuid,
    referral_id: Uuid,
    user_id: Uuid,
    led_to: &'static str,
    event_position: Option<i64>,
    took: bool,
    for_good: bool,
    took_up: bool,
    status: &'static str,
    status_at: DateTime<Utc>,
    opened_at: DateTime<Utc>,
    scheduled_on: Option<NaiveDate>,
    decline_reason: Option<&'static str>,
    service_id: Option<Uuid>,
    expires_at: DateTime<Utc>,
    instead_service_id: Option<Uuid>,
}

/// Keeps how a referral stood before the move that the caller has just made. Call it after [`super::update`].
pub async fn keep(tx: &TenantTx, before: &Referral, made: Made) -> Result<(), StoreError> {
    let caller = tx.caller()?;
    let row = NewUndoRow {
        organisation_id: caller.organisation.0,
        from_organisation_id: before.sender.0,
        referral_id: before.id.0,
        user_id: caller.user.0,
        led_to: made.led_to.code(),
        event_position: made.event,
        took: made.took,
        for_good: made.for_good,
        took_up: before.handled_by.is_none(),
        status: before.state.status.code(),
        status_at: before.state.status_at,
        opened_at: before.opened_at,
        scheduled_on: before.scheduled_on,
        decline_reason: before.decline_reason.map(Vocabulary::code),
        service_id: before.service.map(|service| service.0),
        expires_at: before.state.expires_at,
        instead_service_id: before.instead_service.map(|service| service.0),
    };
    tx.execute(diesel::insert_into(referral_undo::table).values(row)).await?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = referral_undo, check_for_backend(Pg))]
struct UndoRow {
    led_to: String,
    event_position: Option<i64>,
    took: bool,
    took_up: bool,
    status: String,
    status_at: DateTime<Utc>,
    opened_at: DateTime<Utc>,
    scheduled_on: Option<NaiveDate>,
    decline_reason: Option<String>,
    service_id: Option<Uuid>,
    expires_at: DateTime<Utc>,
    instead_service_id: Option<Uuid>,
}

/// Takes back the tenant's last move of a locked referral: it stands as before, with an event that says so, and both parties hear
/// of it. What was taken is given back to all to whom it was offered. Whether it may be taken back the domain has decided.
///
/// # Errors
/// [`StoreError::Inconsistent`] when there is no move to take back.
pub async fn take_back(tx: &TenantTx, referral: &Referral) -> Result<(), StoreError> {
    let own = tx.organisation()?;
    let row: Option<UndoRow> = referral_undo::table
        .find((own.0, referral.sender.0, referral.id.0))
        .select(UndoRow::as_select())
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    let row = row.ok_or_else(|| StoreError::Inconsistent("there is no move to take back".to_owned()))?;
    let (led_to, status): (ReferralStatus, ReferralStatus) = (codes::read(&row.led_to)?, codes::read(&row.status)?);
    match led_to {
        ReferralStatus::NotCompleted => forget_non_completion(tx, referral).await?,
        ReferralStatus::Cancelled => forget_cancel_reason(tx, referral.id).await?,
        _ => {}
    }
    let expires_at = restored_expiry(status, row.expires_at, tx.at());
    let changed = diesel::update(referral_progress::table.find((referral.sender.0, referral.id.0)))
        .set((
            referral_progress::status.eq(status.code()),
            referral_progress::status_at.eq(row.status_at),
            referral_progress::opened_at.eq(row.opened_at),
            referral_progress::scheduled_on.eq(row.scheduled_on),
            referral_progress::decline_reason.eq(row.decline_reason),
            referral_progress::service_id.eq(row.service_id),
            referral_progress::instead_service_id.eq(row.instead_service_id),
            referral_progress::expires_at.eq(expires_at),
            referral_progress::updated_at.eq(tx.at()),
            referral_progress::listed_at.eq(listed_at(referral.state.created_at, referral.act_before, status)),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if changed != 1 {
        return Err(StoreError::Inconsistent("a referral has no progress row".to_owned()));
    }
    if let Some(position) = row.event_position {
        let event = referral_event::table.find((referral.sender.0, referral.id.0, position));
        tx.execute(diesel::update(event).set(referral_event::taken_back.eq(true))).await?;
        let marks = EventMarks { takes_back: true, ..EventMarks::default() };
        insert_event(tx, referral.sender, referral.id, referral.receiver, status, marks).await?;
    }
    if row.took_up {
        people::leave(tx, referral.sender, referral.id).await?;
    }
    forget(tx, &[referral.id]).await?;
    let mut recipients = referral.sides().parties();
    if referral.receiver.is_none() && status == ReferralStatus::Requested {
        open::open_again(tx, referral.id, expires_at).await?;
        recipients.extend(open::offered_to(tx, referral.id).await?);
    }
    outbox::announce(tx, ChangeKind::Referral, referral.id.0, &recipients).await?;
    if row.took {
        give_back(tx, referral.id).await?;
    }
    Ok(())
}

/// Opens again what the tenant took, and announces it to all others to whom it is offered.
async fn give_back(tx: &TenantTx, id: ReferralId) -> Result<(), StoreError> {
    let given_back: bool = diesel::select(function::give_back_open_referral(id.0)).get_result(&mut tx.connection()?).await?;
    if given_back { Ok(()) } else { Err(StoreError::Inconsistent("what was taken can't be given back".to_owned())) }
}

/// Deletes the reason for which the tenant has just ended the referral.
async fn forget_non_completion(tx: &TenantTx, referral: &Referral) -> Result<(), StoreError> {
    let key = (referral.sender.0, referral.id.0, referral.state.status_at);
    let own =
        referral_non_completion::table.find(key).filter(referral_non_completion::by_organisation_id.eq(tx.organisation()?.0));
    tx.execute(diesel::delete(own)).await?;
    Ok(())
}

async fn forget_cancel_reason(tx: &TenantTx, id: ReferralId) -> Result<(), StoreError> {
    let own = referral_sender::table.find((tx.organisation()?.0, id.0));
    tx.execute(diesel::update(own).set(referral_sender::cancel_reason.eq(None::<String>))).await?;
    Ok(())
}

/// Deletes what either party of these referrals could have taken back: something else has happened since.
pub async fn forget(tx: &TenantTx, ids: &[ReferralId]) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    tx.execute(diesel::select(function::forget_undo(ids))).await?;
    Ok(())
}
