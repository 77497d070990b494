//! Puts right what a referral asks for.

use async_graphql::{ID, InputObject};
use pamoja_domain::id::{ReferralId, ServiceId};
use pamoja_domain::referral::{
    Amendment, AmendmentDraft, AskedFor, MAXIMUM_UNANSWERED, MinorStatus, ReferralAction, SharedField, Urgency, check_receiver,
    check_unanswered, decide,
};
use pamoja_domain::refusal::Refusal;
use pamoja_domain::service::ServiceType;
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{organisation, referral, service};

use super::agreeing::{agreed, counted_before};
use super::input::ReferralConsentInput;
use super::moving::locked;
use crate::graphql::enumeration::{Enumeration, decoded};
use crate::graphql::error::Failure;
use crate::graphql::global_id;
use crate::graphql::scalar::SealedText;

/// Names a referral, and what to put right in it. What you leave out stays as it is.
#[derive(InputObject)]
pub(super) struct AmendReferralInput {
    /// The global id of the referral.
    pub referral_id: ID,
    /// How soon the client must be seen.
    pub urgency: Option<Enumeration<Urgency>>,
    /// The county where the client is, from 001 (Mombasa) to 047 (Nairobi).
    pub county_code: Option<String>,
    /// Another service of the same receiver's. The service type becomes that of the service.
    pub service_id: Option<ID>,
    /// Which answers the client agreed to show the receiver: all that was shared before, and what is added.
    pub shared_with_receiver: Option<Vec<Enumeration<SharedField>>>,
    /// A note that only the receiver's device can open, in place of the one before.
    pub sealed_note: Option<SealedText>,
    /// Whether the client has agreed to the change. Needed with serviceId and sealedNote, and where the receiver sees more; false
    /// is always refused.
    pub consent_given: Option<bool>,
    /// How the client agreed. Leave it out to record only that they did.
    pub consent: Option<ReferralConsentInput>,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// Amends the referral.
///
/// # Errors
/// NOT_FOUND when the viewer can't see the referral or nothing is known of the service, and the refusals of the rules.
pub(super) async fn amend(tx: &TenantTx, input: &AmendReferralInput) -> Result<ReferralId, Failure> {
    let id: ReferralId = global_id::decode(&input.referral_id).ok_or_else(|| Refusal::not_found("referralId"))?;
    let found = referral::record_expiry(tx, locked(tx, id).await?).await?;
    let status = decide(found.state, ReferralAction::Amend, found.allowed(tx.actor()?), tx.at())?;
    let service = input.service_id.as_ref().map(|id| global_id::decode(id).ok_or_else(|| Refusal::not_found("serviceId")));
    let shared = input.shared_with_receiver.as_ref().map(|shared| decoded(Some(shared)));
    let draft = AmendmentDraft {
        urgency: input.urgency.map(|urgency| urgency.0),
        county_code: input.county_code.as_deref(),
        service: service.transpose()?,
        shared: shared.as_deref(),
        sealed_note: input.sealed_note.as_ref().map(|note| note.0.as_str()),
        consent_given: input.consent_given,
        says_how: input.consent.is_some(),
        consent: agreed(input.consent.as_ref(), counted_before(tx, id).await?),
    };
    let asked_for = AskedFor {
        open: found.receiver.is_none(),
        service: found.service,
        county: found.county,
        urgency: found.urgency,
        has_clock: found.act_before.is_some(),
        shared: &found.shared,
        under_18: found.under_18,
    };
    let amendment = Amendment::parse(draft, asked_for)?;
    let service_type = match amendment.service {
        Some(id) => offered(tx, &found, id).await?,
        None => found.service_type,
    };
    if status != found.state.status && found.act_before.is_some() && !found.is_accompanied() {
        // It stands before those of others again.
        check_unanswered(referral::unanswered(tx, MAXIMUM_UNANSWERED).await?)?;
    }
    referral::amend(tx, &found, &amendment, service_type, status).await?;
    Ok(id)
}

/// The type of a service that a referral is for from now on. The receiver must offer it, to this client, as to a new referral.
async fn offered(tx: &TenantTx, found: &referral::Referral, id: ServiceId) -> Result<ServiceType, Failure> {
    let service = service::by_ids(tx, &[id]).await?.into_iter().next().ok_or_else(|| Refusal::not_found("serviceId"))?;
    let invalid = |key: &'static str| Err(Refusal::invalid("serviceId", key).into());
    if Some(service.organisation) != found.receiver || service.closed_at.is_some() {
        return invalid(if found.is_accompanied() { "sending-not-your-service" } else { "referral-service-not-offered" });
    }
    let receiver = organisation::by_ids(tx, &[service.organisation]).await?.into_iter().next();
    let status = receiver.ok_or_else(|| Refusal::not_found("serviceId"))?.status;
    check_receiver(status).map_err(|refusal| Refusal { field: Some(vec!["serviceId".to_owned()]), ..refusal })?;
    if service.paused {
        return invalid("referral-service-paused");
    }
    if found.is_accompanied() && service.facility.is_none() {
        return invalid("sending-no-facility");
    }
    if found.under_18 == MinorStatus::Yes && !service.accepts_minors {
        return invalid("referral-service-adults-only");
    }
    if found.act_before.is_some() && !service.service_type.has_exposure_clock() {
        return invalid("referral-amend-clock");
    }
    Ok(service.service_type)
}
