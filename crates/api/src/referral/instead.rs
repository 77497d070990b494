//! A better place: the receiver names one when it declines, and the sender refers the client there.

use async_graphql::{ID, InputObject};
use pamoja_domain::access::Permission;
use pamoja_domain::id::ReferralId;
use pamoja_domain::referral::{NewReferral, ReferralAction, ReferralDraft, SharedField, decide};
use pamoja_domain::refusal::Refusal;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{referral, service};

use super::agreeing::{agreed, counted_before};
use super::creating::{send_made, with_slip};
use super::input::ReferralConsentInput;
use super::payload::CreateReferralPayload;
use crate::graphql::enumeration::{Enumeration, decoded};
use crate::graphql::error::{Failure, Fault};
use crate::graphql::global_id;
use crate::graphql::open_to_all;
use crate::graphql::scalar::SealedText;
use crate::graphql::scope::Scope;
use crate::keys::Keys;

/// Names a declined referral whose receiver named a better place, and says that the client agrees to go there.
#[derive(InputObject)]
pub(super) struct ReferInsteadInput {
    /// The global id of the declined referral.
    pub referral_id: ID,
    /// Whether the client has agreed to be referred there. false is always refused; there is no override.
    pub consent_given: bool,
    /// How the client agreed. Leave it out to record only that they did.
    pub consent: Option<ReferralConsentInput>,
    /// Which answers the client agreed to show the new receiver. Left out: those that were shared with the one that declined.
    pub shared_with_receiver: Option<Vec<Enumeration<SharedField>>>,
    /// A note that only the new receiver's device can open. The note of the declined referral is never passed on: it was sealed for
    /// another device.
    pub sealed_note: Option<SealedText>,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect, and the answer shows the
    /// slip again.
    pub client_mutation_id: Option<String>,
}

/// Refers the client of a declined referral to the place that its receiver named.
pub(super) async fn refer(scope: &Scope, input: &ReferInsteadInput) -> Result<CreateReferralPayload, Fault> {
    let keys = scope.state().keys.clone();
    let referred = scope
        .mutate(
            "referInstead",
            input,
            Permission::SendReferrals,
            async |tx: &TenantTx| make(tx, &keys, input).await,
            async |tx: &TenantTx, id: ReferralId| with_slip(tx, &keys, id).await,
        )
        .await?;
    Ok(referred.into())
}

async fn make(tx: &TenantTx, keys: &Keys, input: &ReferInsteadInput) -> Result<ReferralId, Failure> {
    let id: ReferralId = global_id::decode(&input.referral_id).ok_or_else(|| Refusal::not_found("referralId"))?;
    // The receiver doesn't wait for it: it must not notice what becomes of the client.
    let found = match referral::find_for_update_unnoticed(tx, id).await? {
        Some(found) => found,
        None => return Err(open_to_all::not_there(tx, id).await),
    };
    decide(found.state, ReferralAction::ReferInstead, found.allowed(tx.actor()?), tx.at())?;
    let (Some(place), Some(client)) = (found.instead_service, found.client.as_deref()) else {
        return Err(StoreError::Inconsistent("a referral without its client or place can be referred on".to_owned()).into());
    };
    let service = service::by_ids(tx, &[place]).await?.into_iter().next().ok_or_else(|| Refusal::not_found("referralId"))?;
    let shared = match &input.shared_with_receiver {
        Some(shared) => decoded(Some(shared)),
        None => found.shared.clone(),
    };
    let draft = ReferralDraft {
        sender: found.sender,
        receiver: Some(service.organisation),
        service_type: found.service_type,
        service: Some(place),
        client,
        populations: &found.populations,
        age_band: found.age_band,
        under_18: found.under_18,
        county_code: found.county.as_str(),
        shared: &shared,
        urgency: found.urgency,
        hours_since_exposure: None,
        written_at: None,
        consent_given: input.consent_given,
        consent: agreed(input.consent.as_ref(), counted_before(tx, id).await?),
        sealed_note: input.sealed_note.as_ref().map(|note| note.0.as_str()),
    };
    let new = NewReferral::parse(draft)?.instead_of(id, found.act_before);
    // What the receiver could take back it still can: it must not notice what the sender makes of its no.
    let after = send_made(tx, keys, new).await.map_err(of_the_declined)?;
    referral::announce_within(tx, id).await?;
    Ok(after)
}

/// What is wrong with the place is said of the declined referral: the input has no field of its own for the place.
fn of_the_declined(failure: Failure) -> Failure {
    match failure {
        Failure::Refused(refusals) => {
            let named = |refusal: Refusal| Refusal { field: refusal.field.map(|_| vec!["referralId".to_owned()]), ..refusal };
            Failure::Refused(refusals.into_iter().map(named).collect())
        }
        failure => failure,
    }
}
