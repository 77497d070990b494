//! Sending a referral, and a new slip for one.

use async_graphql::SimpleObject;
use futures_util::{join, try_join};
use pamoja_domain::access::Permission;
use pamoja_domain::id::{OrganisationId, ReferralId, ServiceId};
use pamoja_domain::referral::{MinorStatus, NewReferral, ReferralAction, ReferralDraft, check_receiver, decide};
use pamoja_domain::refusal::Refusal;
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{audit, organisation, referral, service, slip};
use uuid::Uuid;

use super::input::{CreateReferralInput, ReferralInput};
use super::object::Referral;
use crate::coded::decoded;
use crate::error::{Failure, Fault, UserError, user_errors};
use crate::idempotency::ClientMutation;
use crate::keys::Keys;
use crate::node_id;
use crate::scalar::SlipCode;
use crate::scope::Scope;

/// What came of it.
#[derive(SimpleObject)]
pub struct CreateReferralPayload {
    /// The referral as it is now; null when it was refused.
    referral: Option<Referral>,
    /// The slip to give the client. It is shown here alone: the server keeps what it needs to make it again for a repeat of this
    /// mutation, and nothing readable. Null when it was refused, and for a repeat after consent was withdrawn.
    slip_code: Option<SlipCode>,
    /// What to put right; empty when it worked.
    user_errors: Vec<UserError>,
}

impl CreateReferralPayload {
    fn refused(refusals: Vec<Refusal>) -> Self {
        Self { referral: None, slip_code: None, user_errors: user_errors(refusals) }
    }
}

/// Sends a referral.
pub async fn create(scope: &Scope, input: &CreateReferralInput) -> Result<CreateReferralPayload, Fault> {
    let keys = scope.app().keys.clone();
    let key = match ClientMutation::read("createReferral", input.client_mutation_id.as_ref(), input, &keys) {
        Ok(key) => key,
        Err(refusal) => return Ok(CreateReferralPayload::refused(vec![refusal])),
    };
    let sender = scope.caller().organisation;
    let created = scope
        .change(Permission::SendReferrals, async |tx: &TenantTx| {
            let new = parse(sender, input);
            let checked = async {
                match &new {
                    Ok(new) => check_directory(tx, new).await,
                    Err(_) => Ok(()),
                }
            };
            // The directory is asked at once, but what it answers matters only when this is no repeat.
            let id = match join!(key.claim(tx), checked) {
                (Ok(Some(node)), _) => ReferralId(node),
                (Ok(None), checked) => {
                    let new = new?;
                    checked?;
                    let id = ReferralId(Uuid::new_v4());
                    let (_, slip) = keys.new_slip();
                    try_join!(
                        async { Ok::<_, Failure>(referral::insert(tx, id, &new, &slip).await?) },
                        key.settle(tx, id.0),
                        async { Ok(audit::record(tx, key.operation(), Some(id.0)).await?) },
                    )?;
                    id
                }
                (Err(failure), _) => return Err(failure),
            };
            with_slip(tx, &keys, id).await
        })
        .await?;
    Ok(payload(created))
}

/// Gives a referral of the own organisation a new slip; the old one is dead.
pub async fn reissue(scope: &Scope, input: &ReferralInput) -> Result<CreateReferralPayload, Fault> {
    let keys = scope.app().keys.clone();
    let key = match ClientMutation::read("reissueReferralSlip", input.client_mutation_id.as_ref(), input, &keys) {
        Ok(key) => key,
        Err(refusal) => return Ok(CreateReferralPayload::refused(vec![refusal])),
    };
    let reissued = scope
        .change(Permission::SendReferrals, async |tx: &TenantTx| {
            let id = match key.claim(tx).await? {
                Some(node) => ReferralId(node),
                None => {
                    let not_found = || Refusal::not_found("referralId");
                    let id: ReferralId = node_id::decode(&input.referral_id).ok_or_else(not_found)?;
                    let found = referral::find_for_update(tx, id).await?.ok_or_else(not_found)?;
                    decide(found.state, ReferralAction::ReissueSlip, found.allowed(tx.actor()?), tx.at())?;
                    let (_, slip) = keys.new_slip();
                    slip::replace(tx, id, found.receiver.0, &slip).await?;
                    referral::update(tx, &found, referral::Change::default()).await?;
                    key.settle(tx, id.0).await?;
                    audit::record(tx, key.operation(), Some(id.0)).await?;
                    id
                }
            };
            with_slip(tx, &keys, id).await
        })
        .await?;
    Ok(payload(reissued))
}

fn payload(done: Result<(Option<Referral>, Option<SlipCode>), Vec<Refusal>>) -> CreateReferralPayload {
    match done {
        Ok((referral, slip_code)) => CreateReferralPayload { referral, slip_code, user_errors: Vec::new() },
        Err(refusals) => CreateReferralPayload::refused(refusals),
    }
}

/// The referral as it is now with its slip as it is now, so that a repeat answers what the first time did.
async fn with_slip(tx: &TenantTx, keys: &Keys, id: ReferralId) -> Result<(Option<Referral>, Option<SlipCode>), Failure> {
    let (found, nonce) = try_join!(referral::find(tx, id), slip::nonce(tx, id))?;
    let Some(found) = found else {
        return Ok((None, None));
    };
    let nonce: Option<[u8; 16]> = nonce.and_then(|nonce| nonce.try_into().ok());
    let slip_code = nonce.map(|nonce| SlipCode(keys.slip_code(&nonce).to_string()));
    Ok((Some(Referral::new(found, tx)?), slip_code))
}

fn parse(sender: OrganisationId, input: &CreateReferralInput) -> Result<NewReferral, Failure> {
    let receiver = match &input.to_organisation_id {
        Some(id) => Some(node_id::decode::<OrganisationId>(id).ok_or_else(|| Refusal::not_found("toOrganisationId"))?),
        None => None,
    };
    let service = match &input.service_id {
        Some(id) => Some(node_id::decode::<ServiceId>(id).ok_or_else(|| Refusal::not_found("serviceId"))?),
        None => None,
    };
    Ok(NewReferral::parse(ReferralDraft {
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
        consent_given: input.consent_given,
        sealed_note: input.sealed_note.as_ref().map(|note| note.0.as_str()),
    })?)
}

/// What only the directory tells: whether the receiver takes referrals, and offers what is sought to whom it is sought for.
async fn check_directory(tx: &TenantTx, new: &NewReferral) -> Result<(), Failure> {
    let receivers = [new.receiver];
    let (receivers, offered) =
        try_join!(organisation::by_ids(tx, &receivers), service::offered(tx, new.receiver, new.service_type))?;
    check_receiver(receivers.first().ok_or_else(|| Refusal::not_found("toOrganisationId"))?.status)?;
    if offered.is_empty() {
        return Err(
            Refusal::invalid("serviceType", "This organisation doesn't offer this: search services for one that does.").into()
        );
    }
    let candidates = match new.service {
        None => offered,
        Some(id) => match offered.into_iter().find(|service| service.id == id) {
            Some(chosen) => vec![chosen],
            None if service::by_ids(tx, &[id]).await?.is_empty() => return Err(Refusal::not_found("serviceId").into()),
            None => {
                return Err(Refusal::invalid(
                    "serviceId",
                    "This organisation doesn't offer this service, or no longer: choose one that it offers, or none.",
                )
                .into());
            }
        },
    };
    if new.under_18 == MinorStatus::Yes && !candidates.iter().any(|service| service.accepts_minors) {
        return Err(Refusal::invalid("under18", "This service takes nobody under 18: choose one with acceptsMinors.").into());
    }
    Ok(())
}
