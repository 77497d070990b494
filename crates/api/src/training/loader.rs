//! Loaders of trainings: each reads many ids in one statement.

use std::collections::HashMap;

use pamoja_domain::id::{OrganisationId, TrainingOfferId, TrainingRequestId, TrainingSessionId};
use pamoja_domain::training::{CadreCount, FollowUp, TrainingTopic};
use pamoja_persistence::training::{self, SeenEvaluation, TrainingEvent, TrainingOffer, TrainingRequest, TrainingSession};

use crate::graphql::loader::{LoadError, Loader, Loaders, by_key, grouped};

/// Loads the events of a request for a training.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TrainingEventsOf(pub TrainingRequestId);

/// Loads who came to a session, in numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ParticipantsOf(pub TrainingSessionId);

/// Loads what people thought and learned at a session, as far as the viewer may read it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct EvaluationOf(pub TrainingSessionId);

/// Loads how many people still use what they learned at a session.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FollowUpsOf(pub TrainingSessionId);

/// Loads how satisfied people were with an organisation's trainings on a topic, where that is published.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SatisfactionWith(pub OrganisationId, pub TrainingTopic);

impl Loader<TrainingOfferId> for Loaders {
    type Value = TrainingOffer;

    async fn load(&self, ids: &[TrainingOfferId]) -> Result<HashMap<TrainingOfferId, TrainingOffer>, LoadError> {
        Ok(by_key(training::offers_by_ids(&self.tx, ids).await?, |found| found.id))
    }
}

impl Loader<TrainingRequestId> for Loaders {
    type Value = TrainingRequest;

    async fn load(&self, ids: &[TrainingRequestId]) -> Result<HashMap<TrainingRequestId, TrainingRequest>, LoadError> {
        Ok(by_key(training::requests_by_ids(&self.tx, ids).await?, |found| found.id))
    }
}

impl Loader<TrainingSessionId> for Loaders {
    type Value = TrainingSession;

    async fn load(&self, ids: &[TrainingSessionId]) -> Result<HashMap<TrainingSessionId, TrainingSession>, LoadError> {
        Ok(by_key(training::sessions_by_ids(&self.tx, ids).await?, |found| found.id))
    }
}

impl Loader<TrainingEventsOf> for Loaders {
    type Value = Vec<TrainingEvent>;

    async fn load(&self, keys: &[TrainingEventsOf]) -> Result<HashMap<TrainingEventsOf, Vec<TrainingEvent>>, LoadError> {
        let ids: Vec<TrainingRequestId> = keys.iter().map(|key| key.0).collect();
        let events = training::events(&self.tx, &ids).await?;
        Ok(grouped(events.into_iter().map(|event| (TrainingEventsOf(event.request), event))))
    }
}

impl Loader<ParticipantsOf> for Loaders {
    type Value = Vec<CadreCount>;

    async fn load(&self, keys: &[ParticipantsOf]) -> Result<HashMap<ParticipantsOf, Vec<CadreCount>>, LoadError> {
        let ids: Vec<TrainingSessionId> = keys.iter().map(|key| key.0).collect();
        let counts = training::participants(&self.tx, &ids).await?;
        Ok(grouped(counts.into_iter().map(|(session, count)| (ParticipantsOf(session), count))))
    }
}

impl Loader<EvaluationOf> for Loaders {
    type Value = SeenEvaluation;

    async fn load(&self, keys: &[EvaluationOf]) -> Result<HashMap<EvaluationOf, SeenEvaluation>, LoadError> {
        let ids: Vec<TrainingSessionId> = keys.iter().map(|key| key.0).collect();
        let evaluations = training::evaluations(&self.tx, &ids).await?;
        Ok(evaluations.into_iter().map(|(session, evaluation)| (EvaluationOf(session), evaluation)).collect())
    }
}

impl Loader<FollowUpsOf> for Loaders {
    type Value = Vec<FollowUp>;

    async fn load(&self, keys: &[FollowUpsOf]) -> Result<HashMap<FollowUpsOf, Vec<FollowUp>>, LoadError> {
        let ids: Vec<TrainingSessionId> = keys.iter().map(|key| key.0).collect();
        let follow_ups = training::follow_ups(&self.tx, &ids).await?;
        Ok(grouped(follow_ups.into_iter().map(|(session, follow_up)| (FollowUpsOf(session), follow_up))))
    }
}

impl Loader<SatisfactionWith> for Loaders {
    type Value = f64;

    async fn load(&self, keys: &[SatisfactionWith]) -> Result<HashMap<SatisfactionWith, f64>, LoadError> {
        let organisations: Vec<OrganisationId> = keys.iter().map(|key| key.0).collect();
        let published = training::satisfaction(&self.tx, &organisations).await?;
        Ok(published.into_iter().map(|((organisation, topic), mean)| (SatisfactionWith(organisation, topic), mean)).collect())
    }
}
