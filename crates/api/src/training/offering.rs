//! Keeping the own offers.

use async_graphql::{ID, InputType};
use pamoja_domain::access::Permission;
use pamoja_domain::id::TrainingOfferId;
use pamoja_domain::refusal::Refusal;
use pamoja_domain::training::{NewTrainingOffer, TrainingOfferDraft, TrainingTopic};
use pamoja_persistence::training;
use pamoja_persistence::transaction::TenantTx;
use uuid::Uuid;

use super::TrainingOffer;
use super::input::{CreateTrainingOfferInput, TrainingOfferDescription, TrainingOfferInput, UpdateTrainingOfferInput};
use super::payload::TrainingOfferPayload;
use crate::graphql::enumeration::decoded;
use crate::graphql::error::{Failure, Fault};
use crate::graphql::global_id;
use crate::graphql::mutation::ClientMutation;
use crate::graphql::scope::Scope;

/// Adds an offer.
pub async fn create(scope: &Scope, input: &CreateTrainingOfferInput) -> Result<TrainingOfferPayload, Fault> {
    let id = input.client_mutation_id.as_ref();
    change(scope, "createTrainingOffer", input, id, async |tx: &TenantTx| -> Result<Uuid, Failure> {
        let new = parse(tx, input.topic.0, &input.described)?;
        let id = TrainingOfferId(Uuid::new_v4());
        training::insert_offer(tx, id, &new).await?;
        Ok(id.0)
    })
    .await
}

/// Changes an offer.
pub async fn update(scope: &Scope, input: &UpdateTrainingOfferInput) -> Result<TrainingOfferPayload, Fault> {
    let id = input.client_mutation_id.as_ref();
    change(scope, "updateTrainingOffer", input, id, async |tx: &TenantTx| -> Result<Uuid, Failure> {
        let known = find_own(tx, &input.training_offer_id).await?;
        let new = parse(tx, known.1, &input.described)?;
        if training::update_offer(tx, known.0, &new).await? {
            Ok(known.0.0)
        } else {
            Err(Refusal::invalid("trainingOfferId", "training-own-offer-closed").into())
        }
    })
    .await
}

/// Closes an offer.
pub async fn close(scope: &Scope, input: &TrainingOfferInput) -> Result<TrainingOfferPayload, Fault> {
    let id = input.client_mutation_id.as_ref();
    change(scope, "closeTrainingOffer", input, id, async |tx: &TenantTx| -> Result<Uuid, Failure> {
        let known = find_own(tx, &input.training_offer_id).await?;
        training::close(tx, known.0).await?;
        Ok(known.0.0)
    })
    .await
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

/// One offer of the own organisation; everybody else's do not exist here.
async fn find_own(tx: &TenantTx, id: &ID) -> Result<(TrainingOfferId, TrainingTopic), Failure> {
    let not_found = || Refusal::not_found("trainingOfferId");
    let id: TrainingOfferId = global_id::decode(id).ok_or_else(not_found)?;
    let own = tx.organisation()?;
    let found = training::offers_by_ids(tx, &[id]).await?.into_iter().find(|found| found.organisation == own);
    Ok(found.map(|found| (found.id, found.topic)).ok_or_else(not_found)?)
}

async fn change<I, F>(
    scope: &Scope,
    operation: &'static str,
    input: &I,
    client_mutation_id: Option<&String>,
    body: F,
) -> Result<TrainingOfferPayload, Fault>
where
    I: InputType,
    F: for<'t> pamoja_persistence::database::Body<&'t TenantTx, Result<Uuid, Failure>, Running: Send>
        + for<'t> AsyncFnOnce(&'t TenantTx) -> Result<Uuid, Failure>
        + Send,
{
    let key = match ClientMutation::read(operation, client_mutation_id, input, &scope.state().keys) {
        Ok(key) => key,
        Err(refusal) => return Ok(Err(vec![refusal]).into()),
    };
    let changed = scope
        .change(Permission::ManageTraining, async |tx: &TenantTx| {
            let id = key.once(tx, body(tx)).await?;
            let found = training::offers_by_ids(tx, &[TrainingOfferId(id)]).await?.into_iter().next();
            Ok(found.map(|found| TrainingOffer::new(found, tx)))
        })
        .await?;
    Ok(changed.into())
}
