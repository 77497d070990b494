//! Creating, changing and closing the offers of the viewer's organisation.

use async_graphql::ID;
use pamoja_domain::id::TrainingOfferId;
use pamoja_domain::refusal::Refusal;
use pamoja_domain::training::{NewTrainingOffer, TrainingOfferDraft, TrainingTopic};
use pamoja_persistence::training;
use pamoja_persistence::transaction::TenantTx;
use uuid::Uuid;

use super::TrainingOffer;
use super::input::{CreateTrainingOfferInput, TrainingOfferDescription, TrainingOfferInput, UpdateTrainingOfferInput};
use crate::graphql::enumeration::decoded;
use crate::graphql::error::Failure;
use crate::graphql::global_id;

/// Creates an offer.
pub(super) async fn create(tx: &TenantTx, input: &CreateTrainingOfferInput) -> Result<TrainingOfferId, Failure> {
    let new = parse(tx, input.topic.0, &input.described)?;
    let id = TrainingOfferId(Uuid::new_v4());
    training::insert_offer(tx, id, &new).await?;
    Ok(id)
}

/// Replaces the text and the terms of an offer.
pub(super) async fn update(tx: &TenantTx, input: &UpdateTrainingOfferInput) -> Result<TrainingOfferId, Failure> {
    let (id, topic) = find_own(tx, &input.training_offer_id).await?;
    let new = parse(tx, topic, &input.described)?;
    if training::update_offer(tx, id, &new).await? {
        Ok(id)
    } else {
        Err(Refusal::invalid("trainingOfferId", "training-own-offer-closed").into())
    }
}

/// Closes an offer for good.
pub(super) async fn close(tx: &TenantTx, input: &TrainingOfferInput) -> Result<TrainingOfferId, Failure> {
    let (id, _) = find_own(tx, &input.training_offer_id).await?;
    training::close(tx, id).await?;
    Ok(id)
}

fn parse(tx: &TenantTx, topic: TrainingTopic, described: &TrainingOfferDescription) -> Result<NewTrainingOffer, Vec<Refusal>> {
    let modes = decoded(Some(&described.modes));
    let draft = TrainingOfferDraft {
        topic,
        title: &described.title,
        description: &described.description,
        modes: &modes,
        county_codes: &described.county_codes,
        languages: &described.languages,
        duration_hours: described.duration_hours,
        maximum_participants: described.maximum_participants,
        open_until: described.open_until.as_ref().map(|day| day.0.as_str()),
    };
    NewTrainingOffer::parse(draft, tx.at())
}

/// Finds an offer of the viewer's organisation. An offer of another organisation is NOT_FOUND.
async fn find_own(tx: &TenantTx, id: &ID) -> Result<(TrainingOfferId, TrainingTopic), Failure> {
    let not_found = || Refusal::not_found("trainingOfferId");
    let id: TrainingOfferId = global_id::decode(id).ok_or_else(not_found)?;
    let own = tx.organisation()?;
    let found = training::offers_by_ids(tx, &[id]).await?.into_iter().find(|found| found.organisation == own);
    Ok(found.map(|found| (found.id, found.topic)).ok_or_else(not_found)?)
}

/// Reads the offer after the change, for the payload.
pub(super) async fn as_it_is_now(tx: &TenantTx, id: TrainingOfferId) -> Result<Option<TrainingOffer>, Failure> {
    let found = training::offers_by_ids(tx, &[id]).await?.into_iter().next();
    Ok(found.map(|found| TrainingOffer::new(found, tx)))
}
