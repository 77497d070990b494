//! Asking for a training.

use async_graphql::ID;
use pamoja_domain::id::{OrganisationId, TrainingOfferId, TrainingRequestId};
use pamoja_domain::message::Message;
use pamoja_domain::refusal::Refusal;
use pamoja_domain::training::{NewTrainingRequest, RequestAddressee, TrainingRequestDraft, TrainingTopic, check_addressee};
use pamoja_persistence::organisation;
use pamoja_persistence::training::{self, TrainingOffer as Offer};
use pamoja_persistence::transaction::TenantTx;
use uuid::Uuid;

use super::input::RequestTrainingInput;
use crate::graphql::enumeration::decoded;
use crate::graphql::error::Failure;
use crate::graphql::global_id;

/// Sends a request.
pub(super) async fn send(tx: &TenantTx, input: &RequestTrainingInput) -> Result<TrainingRequestId, Failure> {
    let offer = match &input.offer_id {
        Some(id) => Some(find_offer(tx, id).await?),
        None => None,
    };
    let (addressee, topic) = addressed(input, offer.as_ref())?;
    let months: Vec<String> = input.preferred_months.iter().map(|month| month.0.clone()).collect();
    let audience = decoded(Some(&input.audience));
    let draft = TrainingRequestDraft {
        sender: tx.organisation()?,
        addressee,
        topic,
        audience: &audience,
        expected_participants: input.expected_participants,
        preferred_months: &months,
        county_code: &input.county_code,
        languages: &input.languages,
    };
    let new = checked(tx, draft).await?;
    if let Some(offer) = &offer {
        check_offer(tx, offer, &new)?;
    }
    insert(tx, &new).await
}

/// Sends a request that names no offer.
///
/// # Errors
/// INVALID for every field that is wrong, NOT_FOUND for an organisation that isn't there.
pub(crate) async fn send_draft(tx: &TenantTx, draft: TrainingRequestDraft<'_>) -> Result<TrainingRequestId, Failure> {
    let new = checked(tx, draft).await?;
    insert(tx, &new).await
}

async fn checked(tx: &TenantTx, draft: TrainingRequestDraft<'_>) -> Result<NewTrainingRequest, Failure> {
    let new = NewTrainingRequest::parse(draft, tx.at())?;
    if let Some(organisation) = new.addressee.organisation() {
        let field = if new.addressee.offer().is_some() { "offerId" } else { "toOrganisationId" };
        let found = organisation::by_ids(tx, &[organisation]).await?.into_iter().next();
        check_addressee(field, found.ok_or_else(|| Refusal::not_found(field))?.status)?;
    }
    Ok(new)
}

async fn insert(tx: &TenantTx, new: &NewTrainingRequest) -> Result<TrainingRequestId, Failure> {
    let id = TrainingRequestId(Uuid::new_v4());
    training::insert_request(tx, id, new).await?;
    Ok(id)
}

async fn find_offer(tx: &TenantTx, id: &ID) -> Result<Offer, Failure> {
    let not_found = || Refusal::not_found("offerId");
    let id: TrainingOfferId = global_id::decode(id).ok_or_else(not_found)?;
    Ok(training::offers_by_ids(tx, &[id]).await?.into_iter().next().ok_or_else(not_found)?)
}

/// Finds out whom the request goes to, and what it is about.
fn addressed(input: &RequestTrainingInput, offer: Option<&Offer>) -> Result<(RequestAddressee, TrainingTopic), Refusal> {
    let organisation: Option<OrganisationId> = match &input.to_organisation_id {
        Some(id) => Some(global_id::decode(id).ok_or_else(|| Refusal::not_found("toOrganisationId"))?),
        None => None,
    };
    let topic = input.topic.map(|topic| topic.0);
    match (offer, organisation) {
        (Some(offer), organisation) => {
            if organisation.is_some_and(|organisation| organisation != offer.organisation) {
                return Err(Refusal::invalid("toOrganisationId", "training-offer-of-another"));
            }
            if topic.is_some_and(|topic| topic != offer.topic) {
                return Err(Refusal::invalid("topic", Message::of("training-offer-on-another-topic").with("topic", offer.topic)));
            }
            Ok((RequestAddressee::Offer(offer.id, offer.organisation), offer.topic))
        }
        (None, organisation) => {
            let topic = topic.ok_or_else(|| Refusal::invalid("topic", "training-topic-missing"))?;
            Ok((organisation.map_or(RequestAddressee::Everyone, RequestAddressee::Organisation), topic))
        }
    }
}

/// Checks that the offer can serve the request: it is open, can be held in the county or online, and has room for all.
fn check_offer(tx: &TenantTx, offer: &Offer, new: &NewTrainingRequest) -> Result<(), Vec<Refusal>> {
    let mut refusals = Vec::new();
    if !offer.is_open(tx.at()) {
        let paused = offer.paused && offer.closed_at.is_none();
        refusals.push(Refusal::invalid("offerId", if paused { "training-offer-paused" } else { "training-offer-closed" }));
    }
    let remote = offer.counties.is_empty() || offer.modes.iter().any(|mode| mode.is_remote());
    if !remote && !offer.counties.contains(&new.county) {
        refusals.push(Refusal::invalid("countyCode", "training-offer-elsewhere"));
    }
    if new.expected_participants > offer.maximum_participants {
        let message = Message::of("training-offer-too-small").with("maximum", offer.maximum_participants);
        refusals.push(Refusal::invalid("expectedParticipants", message));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}
