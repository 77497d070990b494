//! Writing referrals. The rules are the domain's; this module only records their results.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{ExpressionMethods, Insertable, QueryDsl, QueryableByName};
use diesel_async::RunQueryDsl;
use futures_util::try_join;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::{OrganisationId, ReferralId, ServiceId};
use pamoja_domain::referral::{
    CancelReason, DeclineReason, NewReferral, NonCompletionReason, REFERENCE_LENGTHS, ReferralStatus, Urgency, answer_by, expiry,
    listed_at,
};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::event::{EventMarks, insert_event};
use super::shared::{self, Answers};
use super::{Referral, check_in, consent, follow_up, instead, open, people, undo};
use crate::batch::{Batch, Place, look};
use crate::codes;
use crate::error::StoreError;
use crate::function;
use crate::outbox;
use crate::referral::slip::{self, Slip};
use crate::schema::{
    client_report, referral, referral_client, referral_event, referral_non_completion, referral_note, referral_progress,
    referral_sender, referral_shared, referral_slip,
};
use crate::statement::Statement;
use crate::transaction::TenantTx;

/// Sends a referral with its slip, and announces it to the receiver, or to every member that could take it. False when it is for
/// nobody: no member could take it at that moment. Then the caller must let the transaction fail.
///
/// # Errors
/// [`StoreError::Conflict`] when another slip for the same receiver has this code.
pub async fn insert(tx: &TenantTx, id: ReferralId, new: &NewReferral, slip: &Slip) -> Result<bool, StoreError> {
    let caller = tx.caller()?;
    let sender = caller.organisation.0;
    let receiver = new.receiver.map(|receiver| receiver.0);
    let act_before = new.exposure.map(|exposure| exposure.act_before(new.written_at.unwrap_or(tx.at())));
    let expires_at = expiry(tx.at(), None);
    let asked_for = |length: i32| {
        let row = (
            referral::from_organisation_id.eq(sender),
            referral::id.eq(id.0),
            referral::to_organisation_id.eq(receiver),
            referral::service_type.eq(new.service_type.code()),
            referral::county_code.eq(new.county.as_str()),
            referral::urgency.eq(new.urgency.code()),
            referral::act_before.eq(act_before),
            referral::reference.eq(function::random_reference(receiver.map(|_| length))),
        );
        diesel::insert_into(referral::table).values(row).on_conflict_do_nothing()
    };
    let progress = diesel::insert_into(referral_progress::table).values((
        referral_progress::from_organisation_id.eq(sender),
        referral_progress::referral_id.eq(id.0),
        referral_progress::to_organisation_id.eq(receiver),
        referral_progress::service_id.eq(new.service.map(|service| service.0)),
        referral_progress::status.eq(ReferralStatus::Requested.code()),
        referral_progress::expires_at.eq(expires_at),
        referral_progress::listed_at.eq(listed_at(tx.at(), act_before, ReferralStatus::Requested)),
        referral_progress::act_before.eq(act_before),
        referral_progress::answer_by.eq(answer_by(tx.at(), act_before, new.urgency)),
    ));
    let author = diesel::insert_into(referral_sender::table).values((
        referral_sender::from_organisation_id.eq(sender),
        referral_sender::referral_id.eq(id.0),
        referral_sender::user_id.eq(caller.user.0),
        referral_sender::instead_of_referral_id.eq(new.instead_of.map(|referral| referral.0)),
        referral_sender::service_id.eq(new.service.map(|service| service.0)),
    ));
    let client = diesel::insert_into(referral_client::table).values((
        referral_client::from_organisation_id.eq(sender),
        referral_client::referral_id.eq(id.0),
        referral_client::client.eq(new.client.as_str()),
        referral_client::populations.eq(codes::write_all(&new.populations)),
        referral_client::age_band.eq(new.age_band.code()),
    ));
    let answers = Answers { agreed: &new.shared, populations: &new.populations, age_band: new.age_band, under_18: new.under_18 };
    let note = async {
        let Some(note) = &new.sealed_note else { return Ok(0) };
        let note = diesel::insert_into(referral_note::table).values((
            referral_note::from_organisation_id.eq(sender),
            referral_note::referral_id.eq(id.0),
            referral_note::to_organisation_id.eq(receiver),
            referral_note::sealed.eq(note.as_str()),
        ));
        tx.execute(note).await
    };
    let mut inserted = 0;
    for length in REFERENCE_LENGTHS {
        // Nothing is inserted when another referral between the two organisations has the reference that was drawn.
        inserted = tx.execute(asked_for(length)).await?;
        if inserted == 1 {
            break;
        }
    }
    if inserted != 1 {
        return Err(StoreError::Inconsistent("no reference was free".to_owned()));
    }
    // All other rows refer to these two and none of them to another, so they can be sent together after them.
    tx.execute(author).await?;
    let announced = async {
        let mut recipients = vec![caller.organisation];
        match new.receiver {
            Some(receiver) => recipients.extend((receiver != caller.organisation).then_some(receiver)),
            None => recipients.extend(open::insert(tx, id, new, expires_at).await?),
        }
        outbox::announce(tx, ChangeKind::Referral, id.0, &recipients).await?;
        Ok(new.receiver.is_some() || recipients.len() > 1)
    };
    let (.., is_offered) = try_join!(
        tx.execute(progress),
        people::handle(tx, caller.organisation, id),
        tx.execute(client),
        shared::insert(tx, id, new.receiver, answers),
        note,
        slip::insert(tx, id, receiver, slip),
        consent::insert(tx, id, &new.consent),
        announced,
    )?;
    Ok(is_offered)
}

/// Records that the client of a referral that was created at that moment has arrived, if the receiver checked them in with its slip
/// before. False when it didn't.
pub async fn arrive_if_awaited(tx: &TenantTx, id: ReferralId, created_at: DateTime<Utc>) -> Result<bool, StoreError> {
    if !slip::pending::meet(tx, id).await? {
        return Ok(false);
    }
    let arrived = ReferralStatus::Arrived;
    let changed = diesel::update(referral_progress::table.find((tx.organisation()?.0, id.0)))
        .set((
            referral_progress::status.eq(arrived.code()),
            referral_progress::status_at.eq(tx.at()),
            referral_progress::updated_at.eq(tx.at()),
            referral_progress::listed_at.eq(listed_at(created_at, None, arrived)),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if changed != 1 {
        return Err(StoreError::Inconsistent("a referral has no progress row".to_owned()));
    }
    Ok(true)
}

/// What a move changes in a referral.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change {
    /// The new state; none when the state stays.
    pub status: Option<ReferralStatus>,
    /// Whether the move is a check-in without a slip, for which the receiver vouched.
    pub without_slip: bool,
    /// The newly agreed day.
    pub scheduled_on: Option<NaiveDate>,
    /// Why the receiver declines it.
    pub decline_reason: Option<DeclineReason>,
    /// The better place that the receiver names when it declines.
    pub instead_service: Option<ServiceId>,
    /// The service that it is moved to.
    pub service: Option<ServiceId>,
    /// Whether the move reopens the referral, so that its time starts again.
    pub reopens: bool,
    /// Whether the client has withdrawn their consent.
    pub withdraws_consent: bool,
}

/// Records a move of a locked referral, adds an event when it reaches a new state, asks the sender to follow it up when that state
/// leaves the client unserved, and announces the change to both parties. What either of them could have taken back they can no
/// longer. Returns the event's position. Call [`non_completion`] before it.
pub async fn update(tx: &TenantTx, referral: &Referral, change: Change) -> Result<Option<i64>, StoreError> {
    let status = change.status.unwrap_or(referral.state.status);
    let opened_at = if change.reopens { tx.at() } else { referral.opened_at };
    let scheduled_on = if change.reopens { None } else { change.scheduled_on.or(referral.scheduled_on) };
    let status_at = if change.status.is_some() { tx.at() } else { referral.state.status_at };
    let decline_reason =
        if status == ReferralStatus::Declined { change.decline_reason.or(referral.decline_reason) } else { None };
    let instead_service =
        if status == ReferralStatus::Declined { change.instead_service.or(referral.instead_service) } else { None };
    let changed = diesel::update(referral_progress::table.find((referral.sender.0, referral.id.0)))
        .set((
            referral_progress::status.eq(status.code()),
            referral_progress::status_at.eq(status_at),
            referral_progress::opened_at.eq(opened_at),
            referral_progress::scheduled_on.eq(scheduled_on),
            referral_progress::decline_reason.eq(decline_reason.map(Vocabulary::code)),
            referral_progress::instead_service_id.eq(instead_service.map(|service| service.0)),
            referral_progress::service_id.eq(change.service.or(referral.service).map(|service| service.0)),
            referral_progress::consent_withdrawn.eq(referral.state.consent_withdrawn || change.withdraws_consent),
            referral_progress::expires_at.eq(expiry(opened_at, scheduled_on)),
            referral_progress::updated_at.eq(tx.at()),
            referral_progress::listed_at.eq(listed_at(referral.state.created_at, referral.act_before, status)),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if changed != 1 {
        return Err(StoreError::Inconsistent("a referral has no progress row".to_owned()));
    }
    let event = async {
        if change.status.is_none() {
            return Ok(None);
        }
        let marks = EventMarks { without_slip: change.without_slip, ..EventMarks::default() };
        insert_event(tx, referral.sender, referral.id, referral.receiver, status, marks).await.map(Some)
    };
    let unserved = async {
        if change.status.is_some() {
            follow_up::begin(tx, referral, status).await?;
        }
        Ok(())
    };
    let closed = async {
        if referral.receiver.is_none() && status != ReferralStatus::Requested {
            open::close(tx, &[referral.id.0]).await?;
        }
        Ok(())
    };
    let taken_up = async {
        // Whoever makes the organisation's first move handles the referral from then on.
        if referral.handled_by.is_none() {
            people::handle(tx, referral.sender, referral.id).await?;
        }
        Ok(())
    };
    let recipients = referral.sides().parties();
    let announced = outbox::announce(tx, ChangeKind::Referral, referral.id.0, &recipients);
    let changed = [referral.id];
    let (position, (), (), (), (), ()) = try_join!(event, unserved, closed, taken_up, undo::forget(tx, &changed), announced)?;
    Ok(position)
}

/// Records the expiry of a locked referral, if it has expired and nothing has recorded that, so that the next event comes after
/// it.
pub async fn record_expiry(tx: &TenantTx, mut referral: Referral) -> Result<Referral, StoreError> {
    if !referral.has_silently_expired(tx.at()) {
        return Ok(referral);
    }
    referral.state = referral.state.at(tx.at());
    diesel::update(referral_progress::table.find((referral.sender.0, referral.id.0)))
        .set((
            referral_progress::status.eq(referral.state.status.code()),
            referral_progress::status_at.eq(referral.state.status_at),
            referral_progress::listed_at.eq(referral.state.created_at),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    diesel::insert_into(referral_event::table)
        .values((
            referral_event::from_organisation_id.eq(referral.sender.0),
            referral_event::referral_id.eq(referral.id.0),
            referral_event::to_organisation_id.eq(referral.receiver.map(|receiver| receiver.0)),
            referral_event::status.eq(referral.state.status.code()),
            referral_event::at.eq(referral.state.status_at),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(referral)
}

#[derive(Insertable)]
#[diesel(table_name = referral_non_completion, treat_none_as_default_value = false)]
struct NewNonCompletionRow {
    from_organisation_id: Uuid,
    referral_id: Uuid,
    to_organisation_id: Option<Uuid>,
    by_organisation_id: Uuid,
    reason: &'static str,
}

/// Records why a referral ended unserved. Call it before [`update`], which asks for the reason.
///
/// # Errors
/// [`StoreError::Fault`] when the receiver records a reason that only the sender may give: PostgreSQL refuses the row.
pub async fn non_completion(tx: &TenantTx, referral: &Referral, reason: NonCompletionReason) -> Result<(), StoreError> {
    let row = NewNonCompletionRow {
        from_organisation_id: referral.sender.0,
        referral_id: referral.id.0,
        to_organisation_id: referral.receiver.map(|receiver| receiver.0),
        by_organisation_id: tx.organisation()?.0,
        reason: reason.code(),
    };
    tx.execute(diesel::insert_into(referral_non_completion::table).values(row)).await?;
    Ok(())
}

/// Records why the sender called a referral off. Call it together with [`update`].
pub async fn set_cancel_reason(tx: &TenantTx, id: ReferralId, reason: CancelReason) -> Result<(), StoreError> {
    diesel::update(referral_sender::table.find((tx.organisation()?.0, id.0)))
        .set(referral_sender::cancel_reason.eq(reason.code()))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Erases, at once and for good, what the client had agreed to share and what they reported: pseudonym, description, note, slip
/// and report. Call it together with [`update`].
pub async fn withdraw(tx: &TenantTx, id: ReferralId) -> Result<(), StoreError> {
    erase(tx, &[id.0]).await
}

/// Deletes what a withdrawal of consent deletes from these referrals of the tenant, and what reveals an exposure.
pub(crate) async fn erase(tx: &TenantTx, ids: &[Uuid]) -> Result<(), StoreError> {
    let own = tx.organisation()?.0;
    let clients = referral_client::table.filter(referral_client::from_organisation_id.eq(own));
    tx.execute(diesel::delete(clients.filter(referral_client::referral_id.eq_any(ids)))).await?;
    let shared = referral_shared::table.filter(referral_shared::from_organisation_id.eq(own));
    tx.execute(diesel::delete(shared.filter(referral_shared::referral_id.eq_any(ids)))).await?;
    let notes = referral_note::table.filter(referral_note::from_organisation_id.eq(own));
    tx.execute(diesel::delete(notes.filter(referral_note::referral_id.eq_any(ids)))).await?;
    let slips = referral_slip::table.filter(referral_slip::from_organisation_id.eq(own));
    tx.execute(diesel::delete(slips.filter(referral_slip::referral_id.eq_any(ids)))).await?;
    let reports = client_report::table.filter(client_report::from_organisation_id.eq(own));
    tx.execute(diesel::delete(reports.filter(client_report::referral_id.eq_any(ids)))).await?;
    instead::forget(tx, ids).await?;
    follow_up::forget(tx, ids).await?;
    check_in::forget(tx, ids).await?;
    // The time to answer by reveals an exposure too. It is reset to the one that the urgency alone gives.
    Statement::new(include_str!("forget_exposure.sql"))
        .bind::<Array<SqlUuid>, _>(ids.to_vec())
        .bind::<Array<Text>, _>(codes::write_all(Urgency::ALL))
        .bind::<Array<Integer>, _>(Urgency::ALL.iter().map(|urgency| urgency.answer_hours() as i32).collect::<Vec<_>>())
        .run(tx)
        .await?;
    let exposed = referral::table
        .filter(referral::from_organisation_id.eq(own))
        .filter(referral::id.eq_any(ids))
        .filter(referral::act_before.is_not_null());
    tx.execute(diesel::update(exposed).set(referral::act_before.eq(None::<DateTime<Utc>>))).await?;
    open::close(tx, ids).await
}

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    referral_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    to_organisation_id: Option<Uuid>,
}

/// Records the expiry of at most `limit` referrals that the tenant sent. It leaves rows that another worker has locked to that
/// worker. A job calls it.
pub async fn expire_due(tx: &TenantTx, limit: i64) -> Result<usize, StoreError> {
    let due: Vec<Due> = Statement::new(include_str!("expire_due.sql")).bind::<BigInt, _>(limit).rows(tx).await?;
    for due in &due {
        let mut parties = vec![tx.organisation()?];
        parties.extend(due.to_organisation_id.map(OrganisationId).filter(|receiver| *receiver != parties[0]));
        outbox::announce(tx, ChangeKind::Referral, due.referral_id, &parties).await?;
        crate::audit::record(tx, "expireReferral", Some(due.referral_id)).await?;
    }
    Ok(due.len())
}

/// Deletes the slips of the tenant's referrals that ended before that moment, among the next after that place. A job calls it.
pub(crate) async fn delete_ended_slips(tx: &TenantTx, before: DateTime<Utc>, place: Place) -> Result<(Batch, Place), StoreError> {
    let statement = Statement::new(include_str!("delete_ended_slips.sql"));
    look(statement.bind::<Timestamptz, _>(before).bind::<SqlUuid, _>(place.id), tx, place).await
}

/// Deletes the sealed notes of the tenant's referrals that ended before that moment, among the next after that place. A job calls
/// it.
pub(crate) async fn delete_ended_notes(tx: &TenantTx, before: DateTime<Utc>, place: Place) -> Result<(Batch, Place), StoreError> {
    let statement = Statement::new(include_str!("delete_ended_notes.sql"));
    look(statement.bind::<Timestamptz, _>(before).bind::<SqlUuid, _>(place.id), tx, place).await
}
