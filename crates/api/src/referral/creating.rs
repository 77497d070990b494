//! Sends a referral, and makes a new slip for one.

use async_graphql::ID;
use futures_util::try_join;
use pamoja_domain::access::Permission;
use pamoja_domain::id::{OrganisationId, ReferralId, ServiceId};
use pamoja_domain::organisation::OrganisationKind;
use pamoja_domain::referral::slip::{SlipCode as Slip, not_blank};
use pamoja_domain::referral::{
    MAXIMUM_UNANSWERED, MinorStatus, NewReferral, ReferralAction, ReferralDraft, check_receiver, check_unanswered, decide,
    written_at,
};
use pamoja_domain::refusal::{Refusal, Refusals, UserErrorCode};
use pamoja_persistence::error::StoreError;
use pamoja_persistence::referral::slip::blank::Waiting;
use pamoja_persistence::referral::undo::{self, Made};
use pamoja_persistence::referral::{check_in, slip};
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{organisation, referral, service, violation};
use uuid::Uuid;

use super::agreeing::agreed;
use super::because::violation_of;
use super::input::CreateReferralInput;
use super::object::Referral;
use super::payload::{CreateReferralPayload, WithSlip};
use crate::graphql::enumeration::decoded;
use crate::graphql::error::{Failure, Fault};
use crate::graphql::global_id;
use crate::graphql::scalar::SlipCode;
use crate::graphql::scope::Scope;
use crate::keys::Keys;
use crate::service::suggestion;

/// The input's field for the code of a blank slip.
const PREISSUED: &str = "preissuedSlipCode";

/// Sends a referral. createReferral and createReferrals both call this, so an input that comes again through the other mutation
/// is a repeat.
pub(super) async fn create(scope: &Scope, input: &CreateReferralInput) -> Result<CreateReferralPayload, Fault> {
    let keys = scope.state().keys.clone();
    let sender = scope.caller().organisation;
    let created = scope
        .mutate(
            "createReferral",
            input,
            Permission::SendReferrals,
            async |tx: &TenantTx| send(tx, &keys, input).await,
            async |tx: &TenantTx, id: ReferralId| with_slip(tx, &keys, id).await,
        )
        .await?;
    Ok(match created {
        Err(refusals) if refusals.iter().any(is_of_the_addressee) => {
            // The sender chose an organisation or a service that can't take the client: the payload suggests others.
            let sought = parse(sender, input).ok();
            let elsewhere = sought.map(|(new, _)| suggestion::Request::instead_of_new(&new, scope.state().database.now()));
            CreateReferralPayload::refused_with(refusals, elsewhere)
        }
        created => created.into(),
    })
}

async fn send(tx: &TenantTx, keys: &Keys, input: &CreateReferralInput) -> Result<ReferralId, Failure> {
    let (new, preissued) = parse(tx.organisation()?, input)?;
    let violation = violation_of(tx, input.violation_id.as_ref()).await?;
    check_directory(tx, &new).await?;
    let written_at = Some(written_at(new.written_at, tx.at())?);
    let id = insert(tx, keys, NewReferral { written_at, ..new }, preissued).await?;
    if let Some(violation) = violation {
        violation::link(tx, violation, id).await?;
    }
    Ok(id)
}

/// Sends a referral that was made from another one: every rule is that of any new referral.
pub(super) async fn send_made(tx: &TenantTx, keys: &Keys, new: NewReferral) -> Result<ReferralId, Failure> {
    check_directory(tx, &new).await?;
    insert(tx, keys, new, None).await
}

async fn insert(tx: &TenantTx, keys: &Keys, new: NewReferral, preissued: Option<Slip>) -> Result<ReferralId, Failure> {
    let id = ReferralId(Uuid::new_v4());
    let (slip, waiting) = match preissued {
        Some(code) => bind(tx, keys, code).await?,
        None => (keys.new_slip().1, Vec::new()),
    };
    let is_offered = referral::insert(tx, id, &new, &slip).await.map_err(|error| match error {
        // Another slip of the same receiver has this code already. The sender has to take another blank slip.
        StoreError::Conflict(_) if preissued.is_some() => not_blank(PREISSUED).into(),
        error => Failure::from(error),
    })?;
    if !is_offered {
        return Err(Refusal::invalid("toOrganisationId", "sending-nobody-offers").into());
    }
    // Whom the sender named has its client; about anybody else who checked the slip in the sender is asked first.
    if preissued.is_some() && !referral::arrive_if_awaited(tx, id, tx.at()).await? {
        check_in::ask(tx, id, &waiting).await?;
    }
    Ok(id)
}

/// Whether the refusal can be put right by naming another organisation or service.
fn is_of_the_addressee(refusal: &Refusal) -> bool {
    let field = refusal.field.as_ref().and_then(|path| path.first());
    refusal.code == UserErrorCode::Invalid && field.is_some_and(|field| field == "toOrganisationId" || field == "serviceId")
}

/// Uses up a blank slip for a new referral. Returns where somebody has already been checked in with it.
async fn bind(tx: &TenantTx, keys: &Keys, code: Slip) -> Result<(slip::Slip, Vec<Waiting>), Failure> {
    let look_up_hash = keys.slip_look_up_hash(code);
    let bound = slip::blank::bind(tx, &look_up_hash).await?.ok_or_else(|| not_blank(PREISSUED))?;
    Ok((slip::Slip { nonce: bound.nonce, look_up_hash }, bound.waiting))
}

/// Gives a referral of the viewer's organisation a new slip. The old slip is no longer valid, and nobody asks any more about who came
/// with it.
pub(super) async fn reissue(tx: &TenantTx, keys: &Keys, referral_id: &ID) -> Result<ReferralId, Failure> {
    let not_found = || Refusal::not_found("referralId");
    let id: ReferralId = global_id::decode(referral_id).ok_or_else(not_found)?;
    let found = referral::find_for_update(tx, id).await?.ok_or_else(not_found)?;
    decide(found.state, ReferralAction::ReissueSlip, found.allowed(tx.actor()?), tx.at())?;
    let (_, slip) = keys.new_slip();
    slip::replace(tx, id, found.receiver.map(|receiver| receiver.0), &slip).await?;
    check_in::forget_of(tx, id).await?;
    referral::update(tx, &found, referral::Change::default()).await?;
    // The old slip's secret is gone.
    let made = Made { led_to: found.state.status, event: None, took: false, for_good: true };
    undo::keep(tx, &found, made).await?;
    Ok(id)
}

/// The referral and its slip as they are now. The slip's code is made again, so that a repeat shows what the first answer
/// showed.
pub(super) async fn with_slip(tx: &TenantTx, keys: &Keys, id: ReferralId) -> Result<WithSlip, Failure> {
    let (found, nonce) = try_join!(referral::find(tx, id), slip::nonce(tx, id))?;
    let Some(found) = found else {
        return Ok(WithSlip::default());
    };
    let nonce: Option<[u8; 16]> = nonce.and_then(|nonce| nonce.try_into().ok());
    let slip_code = nonce.map(|nonce| SlipCode(keys.slip_code(&nonce).to_string()));
    Ok(WithSlip { referral: Some(Referral::new(found, tx)?), slip_code })
}

fn parse(sender: OrganisationId, input: &CreateReferralInput) -> Result<(NewReferral, Option<Slip>), Failure> {
    let receiver = match &input.to_organisation_id {
        Some(id) => Some(global_id::decode::<OrganisationId>(id).ok_or_else(|| Refusal::not_found("toOrganisationId"))?),
        None => None,
    };
    let service = match &input.service_id {
        Some(id) => Some(global_id::decode::<ServiceId>(id).ok_or_else(|| Refusal::not_found("serviceId"))?),
        None => None,
    };
    let mut refusals = Refusals::default();
    let preissued = input.preissued_slip_code.as_ref().map(|code| Slip::parse(PREISSUED, &code.0)).transpose();
    let preissued = refusals.keep(preissued);
    let unreadable = || Refusal::invalid("writtenAt", "sending-moment");
    let written_at = input.written_at.as_ref().map(|at| at.parse().ok_or_else(unreadable)).transpose();
    let written_at = refusals.keep(written_at).flatten();
    let new = refusals.keep_all(NewReferral::parse(ReferralDraft {
        sender,
        receiver,
        service_type: input.service_type.0,
        service,
        client: &input.client.0,
        populations: &decoded(Some(&input.populations)),
        age_band: input.age_band.0,
        under_18: input.under_18.0,
        county_code: &input.county_code,
        shared: &decoded(Some(&input.shared_with_receiver)),
        urgency: input.urgency.0,
        hours_since_exposure: input.hours_since_exposure,
        written_at,
        consent_given: input.consent_given,
        consent: agreed(input.consent.as_ref(), input.consent_to_be_counted),
        sealed_note: input.sealed_note.as_ref().map(|note| note.0.as_str()),
    }));
    Ok(refusals.finish(new.zip(preissued))?)
}

/// Refuses the secretariat as a sender: it never sees a referral, even if its people have the roles for it.
fn check_sender(sender: Option<&organisation::Organisation>) -> Result<(), Refusal> {
    match sender {
        Some(sender) if sender.kind == OrganisationKind::Secretariat => {
            Err(Refusal::new(UserErrorCode::Forbidden, "sending-secretariat"))
        }
        _ => Ok(()),
    }
}

/// Checks what only the directory knows: whether the receiver takes referrals, and offers to this client what they need. Who could take
/// a referral that is open to all is found when it is sent.
pub(super) async fn check_directory(tx: &TenantTx, new: &NewReferral) -> Result<(), Failure> {
    let sender = tx.organisation()?;
    let Some(receiver) = new.receiver else {
        check_sender(organisation::by_ids(tx, &[sender]).await?.first())?;
        return check_priority(tx, new).await;
    };
    let parties = [sender, receiver];
    let (parties, offered) = try_join!(organisation::by_ids(tx, &parties), service::offered(tx, receiver, new.service_type))?;
    let of = |id| parties.iter().find(|party| party.id == id);
    check_sender(of(sender))?;
    check_receiver(of(receiver).ok_or_else(|| Refusal::not_found("toOrganisationId"))?.status)?;
    let accompanied = new.is_accompanied_by(sender);
    if offered.is_empty() && !accompanied {
        return Err(Refusal::invalid("serviceType", "referral-service-type-not-offered").into());
    }
    let offers_some = !offered.is_empty();
    let candidates = match new.service {
        None => offered,
        Some(id) => match offered.into_iter().find(|service| service.id == id) {
            Some(chosen) => vec![chosen],
            None if service::by_ids(tx, &[id]).await?.is_empty() => return Err(Refusal::not_found("serviceId").into()),
            None if accompanied => return Err(Refusal::invalid("serviceId", "sending-not-your-service").into()),
            None => {
                return Err(Refusal::invalid("serviceId", "referral-service-not-offered").into());
            }
        },
    };
    let candidates: Vec<_> = candidates.into_iter().filter(|service| !service.paused).collect();
    // The sender who goes along and offers nothing of that type at all is told below what is missing.
    if candidates.is_empty() && offers_some {
        return Err(match new.service {
            Some(_) => Refusal::invalid("serviceId", "referral-service-paused"),
            None => Refusal::invalid("toOrganisationId", "referral-receiver-paused"),
        }
        .into());
    }
    if accompanied && !candidates.iter().any(|service| service.facility.is_some()) {
        return Err(Refusal::invalid("serviceId", "sending-no-facility").into());
    }
    if new.under_18 == MinorStatus::Yes && !candidates.iter().any(|service| service.accepts_minors) {
        return Err(match new.service {
            Some(_) => Refusal::invalid("serviceId", "referral-service-adults-only"),
            None => Refusal::invalid("toOrganisationId", "referral-receiver-adults-only"),
        }
        .into());
    }
    check_priority(tx, new).await
}

/// Checks that the account hasn't too many unanswered referrals with priority over those of others. Other referrals aren't
/// counted.
async fn check_priority(tx: &TenantTx, new: &NewReferral) -> Result<(), Failure> {
    if new.has_priority(tx.organisation()?) {
        check_unanswered(referral::unanswered(tx, MAXIMUM_UNANSWERED).await?)?;
    }
    Ok(())
}
