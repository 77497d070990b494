//! Amending a referral that the tenant sent.

use diesel::{ExpressionMethods, QueryDsl};
use pamoja_domain::change::ChangeKind;
use pamoja_domain::county::CountyCode;
use pamoja_domain::referral::{Amendment, ReferralStatus, Urgency, answer_by, expiry, listed_at};
use pamoja_domain::service::ServiceType;
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::event::{EventMarks, insert_event};
use super::shared::{self, Answers};
use super::{Referral, consent, open, undo};
use crate::error::StoreError;
use crate::outbox;
use crate::schema::{referral, referral_note, referral_progress, referral_sender};
use crate::transaction::TenantTx;

/// Amends a locked referral of the tenant, and announces it to everybody who sees it. `service_type` is that of the service that
/// it is for from now on. A referral that was declined is asked for again: its time begins anew. What either party could have taken
/// back they can no longer.
pub async fn amend(
    tx: &TenantTx,
    found: &Referral,
    amendment: &Amendment,
    service_type: ServiceType,
    status: ReferralStatus,
) -> Result<(), StoreError> {
    let urgency = amendment.urgency.unwrap_or(found.urgency);
    write_asked_for(tx, found, service_type, amendment.county.unwrap_or(found.county), urgency).await?;
    write_progress(tx, found, amendment, urgency, status).await?;
    if let Some(service) = amendment.service {
        let named = referral_sender::service_id.eq(service.0);
        one(tx.execute(diesel::update(referral_sender::table.find((found.sender.0, found.id.0))).set(named)).await?)?;
    }
    if let Some(shared) = &amendment.shared {
        let answers =
            Answers { agreed: shared, populations: &found.populations, age_band: found.age_band, under_18: found.under_18 };
        shared::replace(tx, found.id, found.receiver, answers).await?;
    }
    if let Some(note) = &amendment.sealed_note {
        write_note(tx, found, note.as_str()).await?;
    }
    if let Some(agreed) = &amendment.consent {
        consent::insert(tx, found.id, agreed).await?;
    }
    let marks = EventMarks { amended: true, ..EventMarks::default() };
    insert_event(tx, found.sender, found.id, found.receiver, status, marks).await?;
    undo::forget(tx, &[found.id]).await?;
    let mut recipients = found.sides().parties();
    if found.receiver.is_none() {
        open::set_urgency(tx, found.id, urgency).await?;
        recipients.extend(open::offered_to(tx, found.id).await?);
    }
    outbox::announce(tx, ChangeKind::Referral, found.id.0, &recipients).await
}

async fn write_asked_for(
    tx: &TenantTx,
    found: &Referral,
    service_type: ServiceType,
    county: CountyCode,
    urgency: Urgency,
) -> Result<(), StoreError> {
    let asked_for = diesel::update(referral::table.find((found.sender.0, found.id.0))).set((
        referral::service_type.eq(service_type.code()),
        referral::county_code.eq(county.as_str()),
        referral::urgency.eq(urgency.code()),
    ));
    one(tx.execute(asked_for).await?)
}

async fn write_progress(
    tx: &TenantTx,
    found: &Referral,
    amendment: &Amendment,
    urgency: Urgency,
    status: ReferralStatus,
) -> Result<(), StoreError> {
    let asked_again = status != found.state.status;
    let (opened_at, status_at, scheduled_on, expires_at) = if asked_again {
        (tx.at(), tx.at(), None, expiry(tx.at(), None))
    } else {
        (found.opened_at, found.state.status_at, found.scheduled_on, found.state.expires_at)
    };
    let decline_reason = found.decline_reason.filter(|_| status == ReferralStatus::Declined).map(Vocabulary::code);
    let instead_service = found.instead_service.filter(|_| status == ReferralStatus::Declined);
    let progress = diesel::update(referral_progress::table.find((found.sender.0, found.id.0))).set((
        referral_progress::status.eq(status.code()),
        referral_progress::status_at.eq(status_at),
        referral_progress::opened_at.eq(opened_at),
        referral_progress::scheduled_on.eq(scheduled_on),
        referral_progress::decline_reason.eq(decline_reason),
        referral_progress::instead_service_id.eq(instead_service.map(|service| service.0)),
        referral_progress::service_id.eq(amendment.service.or(found.service).map(|service| service.0)),
        referral_progress::expires_at.eq(expires_at),
        referral_progress::updated_at.eq(tx.at()),
        referral_progress::listed_at.eq(listed_at(found.state.created_at, found.act_before, status)),
        referral_progress::answer_by.eq(answer_by(opened_at, found.act_before, urgency)),
    ));
    one(tx.execute(progress).await?)
}

/// Writes the note in place of the one before.
async fn write_note(tx: &TenantTx, found: &Referral, sealed: &str) -> Result<(), StoreError> {
    tx.execute(diesel::delete(referral_note::table.find((found.sender.0, found.id.0)))).await?;
    let row = diesel::insert_into(referral_note::table).values((
        referral_note::from_organisation_id.eq(found.sender.0),
        referral_note::referral_id.eq(found.id.0),
        referral_note::to_organisation_id.eq(receiver(found)),
        referral_note::sealed.eq(sealed),
    ));
    one(tx.execute(row).await?)
}

fn receiver(found: &Referral) -> Option<Uuid> {
    found.receiver.map(|receiver| receiver.0)
}

fn one(rows: usize) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Inconsistent("a referral has no row where it must have one".to_owned())) }
}
