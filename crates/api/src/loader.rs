//! What is asked for by id, read together. One set of loaders a request: under row-level security a shared one would mix tenants.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use pamoja_domain::client_report::ClientReport;
use pamoja_domain::id::{
    FacilityId, OrganisationId, ReferralId, ServiceId, TrainingOfferId, TrainingRequestId, TrainingSessionId, UserId,
};
use pamoja_domain::referral::Consent;
use pamoja_domain::service::ServiceType;
use pamoja_domain::training::{CadreCount, FollowUp, TrainingTopic};
use pamoja_persistence::client_report;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::facility::{self, Facility};
use pamoja_persistence::organisation::{self, Organisation};
use pamoja_persistence::referral::{self, Event, Referral};
use pamoja_persistence::service::{self, Service};
use pamoja_persistence::training::{self, TrainingEvent, TrainingOffer, TrainingRequest, TrainingSession};
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::user::{self, User};

use crate::error::Fault;
use crate::scope::Reading;
use crate::service::suggestion::{self, ServiceSuggestion};

/// Reads by id in the request's transaction.
pub struct Loaders {
    tx: Arc<TenantTx>,
}

impl Loaders {
    /// The loaders of that transaction.
    pub fn new(tx: Arc<TenantTx>) -> Self {
        Self { tx }
    }
}

/// The events of that referral.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventsOf(pub ReferralId);

/// The sealed note of that referral.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct NoteOf(pub ReferralId);

/// What the client of that referral told the own organisation.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ReportOf(pub ReferralId);

/// How friendly clients found that service, where it is published.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FriendlinessOf(pub ServiceId);

/// What the client of that referral agreed to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConsentOf(pub ReferralId);

/// What else there is for the client of that referral.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AlternativesTo(pub ReferralId);

/// What there is for such a client.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SuggestedFor(pub suggestion::Request);

/// What that organisation offers of that type.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OfferedBy(pub OrganisationId, pub ServiceType);

/// The events of that request for a training.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TrainingEventsOf(pub TrainingRequestId);

/// Who came to that session, in numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ParticipantsOf(pub TrainingSessionId);

/// How many still use what they learned at that session.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FollowUpsOf(pub TrainingSessionId);

/// How satisfied people were with that organisation's trainings on that topic, where it is published.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SatisfactionWith(pub OrganisationId, pub TrainingTopic);

/// One error for all who wait for the same read.
#[derive(Clone, Debug)]
pub struct LoadError(Arc<StoreError>);

impl From<StoreError> for LoadError {
    fn from(error: StoreError) -> Self {
        Self(Arc::new(error))
    }
}

impl From<LoadError> for Fault {
    fn from(error: LoadError) -> Self {
        // The error itself stays with whoever asked first; the others are told what it was.
        Arc::try_unwrap(error.0).unwrap_or_else(|shared| StoreError::Fault(shared.to_string())).into()
    }
}

macro_rules! by_id {
    ($($id:ty => $value:ty, $by_ids:path);+ $(;)?) => {$(
        impl Loader<$id> for Loaders {
            type Value = $value;
            type Error = LoadError;

            async fn load(&self, ids: &[$id]) -> Result<HashMap<$id, $value>, LoadError> {
                Ok($by_ids(&self.tx, ids).await?.into_iter().map(|found| (found.id, found)).collect())
            }
        }
    )+};
}

by_id! {
    OrganisationId => Organisation, organisation::by_ids;
    ServiceId => Service, service::by_ids;
    FacilityId => Facility, facility::by_ids;
    UserId => User, user::by_ids;
    ReferralId => Referral, referral::by_ids;
    TrainingOfferId => TrainingOffer, training::offers_by_ids;
    TrainingRequestId => TrainingRequest, training::requests_by_ids;
    TrainingSessionId => TrainingSession, training::sessions_by_ids;
}

impl Loader<EventsOf> for Loaders {
    type Value = Vec<Event>;
    type Error = LoadError;

    async fn load(&self, keys: &[EventsOf]) -> Result<HashMap<EventsOf, Vec<Event>>, LoadError> {
        let ids: Vec<ReferralId> = keys.iter().map(|key| key.0).collect();
        let mut events: HashMap<EventsOf, Vec<Event>> = HashMap::new();
        for event in referral::events(&self.tx, &ids).await? {
            events.entry(EventsOf(event.referral)).or_default().push(event);
        }
        Ok(events)
    }
}

impl Loader<NoteOf> for Loaders {
    type Value = String;
    type Error = LoadError;

    async fn load(&self, keys: &[NoteOf]) -> Result<HashMap<NoteOf, String>, LoadError> {
        let ids: Vec<ReferralId> = keys.iter().map(|key| key.0).collect();
        Ok(referral::notes(&self.tx, &ids).await?.into_iter().map(|(id, note)| (NoteOf(id), note)).collect())
    }
}

impl Loader<ReportOf> for Loaders {
    type Value = ClientReport;
    type Error = LoadError;

    async fn load(&self, keys: &[ReportOf]) -> Result<HashMap<ReportOf, ClientReport>, LoadError> {
        let ids: Vec<ReferralId> = keys.iter().map(|key| key.0).collect();
        let reports = client_report::by_referrals(&self.tx, &ids).await?;
        Ok(reports.into_iter().map(|(id, report)| (ReportOf(id), report)).collect())
    }
}

impl Loader<FriendlinessOf> for Loaders {
    type Value = f64;
    type Error = LoadError;

    async fn load(&self, keys: &[FriendlinessOf]) -> Result<HashMap<FriendlinessOf, f64>, LoadError> {
        let ids: Vec<ServiceId> = keys.iter().map(|key| key.0).collect();
        let published = client_report::friendliness(&self.tx, &ids).await?;
        Ok(published.into_iter().map(|(id, friendliness)| (FriendlinessOf(id), friendliness)).collect())
    }
}

impl Loader<ConsentOf> for Loaders {
    type Value = Consent;
    type Error = LoadError;

    async fn load(&self, keys: &[ConsentOf]) -> Result<HashMap<ConsentOf, Consent>, LoadError> {
        let ids: Vec<ReferralId> = keys.iter().map(|key| key.0).collect();
        let consents = referral::consents(&self.tx, &ids).await?;
        Ok(consents.into_iter().map(|(id, consent)| (ConsentOf(id), consent)).collect())
    }
}

impl Loader<AlternativesTo> for Loaders {
    type Value = Vec<ServiceSuggestion>;
    type Error = LoadError;

    async fn load(&self, keys: &[AlternativesTo]) -> Result<HashMap<AlternativesTo, Vec<ServiceSuggestion>>, LoadError> {
        let ids: Vec<ReferralId> = keys.iter().map(|key| key.0).collect();
        let referrals = referral::by_ids(&self.tx, &ids).await?;
        let requests: Vec<suggestion::Request> = referrals.iter().map(suggestion::Request::instead_of).collect();
        let suggested = suggestion::suggest_all(&self.tx, &requests).await?;
        Ok(referrals.iter().map(|referral| AlternativesTo(referral.id)).zip(suggested).collect())
    }
}

impl Loader<SuggestedFor> for Loaders {
    type Value = Vec<ServiceSuggestion>;
    type Error = LoadError;

    async fn load(&self, keys: &[SuggestedFor]) -> Result<HashMap<SuggestedFor, Vec<ServiceSuggestion>>, LoadError> {
        let requests: Vec<suggestion::Request> = keys.iter().map(|key| key.0.clone()).collect();
        let suggested = suggestion::suggest_all(&self.tx, &requests).await?;
        Ok(requests.into_iter().map(SuggestedFor).zip(suggested).collect())
    }
}

impl Loader<OfferedBy> for Loaders {
    type Value = Vec<Service>;
    type Error = LoadError;

    async fn load(&self, keys: &[OfferedBy]) -> Result<HashMap<OfferedBy, Vec<Service>>, LoadError> {
        let sought: Vec<(OrganisationId, ServiceType)> = keys.iter().map(|key| (key.0, key.1)).collect();
        let mut offered: HashMap<OfferedBy, Vec<Service>> = HashMap::new();
        for found in service::offered_by(&self.tx, &sought).await? {
            offered.entry(OfferedBy(found.organisation, found.service_type)).or_default().push(found);
        }
        Ok(offered)
    }
}

impl Loader<TrainingEventsOf> for Loaders {
    type Value = Vec<TrainingEvent>;
    type Error = LoadError;

    async fn load(&self, keys: &[TrainingEventsOf]) -> Result<HashMap<TrainingEventsOf, Vec<TrainingEvent>>, LoadError> {
        let ids: Vec<TrainingRequestId> = keys.iter().map(|key| key.0).collect();
        let events = training::events(&self.tx, &ids).await?;
        Ok(grouped(events.into_iter().map(|event| (TrainingEventsOf(event.request), event))))
    }
}

impl Loader<ParticipantsOf> for Loaders {
    type Value = Vec<CadreCount>;
    type Error = LoadError;

    async fn load(&self, keys: &[ParticipantsOf]) -> Result<HashMap<ParticipantsOf, Vec<CadreCount>>, LoadError> {
        let ids: Vec<TrainingSessionId> = keys.iter().map(|key| key.0).collect();
        let counts = training::participants(&self.tx, &ids).await?;
        Ok(grouped(counts.into_iter().map(|(session, count)| (ParticipantsOf(session), count))))
    }
}

impl Loader<FollowUpsOf> for Loaders {
    type Value = Vec<FollowUp>;
    type Error = LoadError;

    async fn load(&self, keys: &[FollowUpsOf]) -> Result<HashMap<FollowUpsOf, Vec<FollowUp>>, LoadError> {
        let ids: Vec<TrainingSessionId> = keys.iter().map(|key| key.0).collect();
        let follow_ups = training::follow_ups(&self.tx, &ids).await?;
        Ok(grouped(follow_ups.into_iter().map(|(session, follow_up)| (FollowUpsOf(session), follow_up))))
    }
}

impl Loader<SatisfactionWith> for Loaders {
    type Value = f64;
    type Error = LoadError;

    async fn load(&self, keys: &[SatisfactionWith]) -> Result<HashMap<SatisfactionWith, f64>, LoadError> {
        let organisations: Vec<OrganisationId> = keys.iter().map(|key| key.0).collect();
        let published = training::satisfaction(&self.tx, &organisations).await?;
        Ok(published.into_iter().map(|((organisation, topic), mean)| (SatisfactionWith(organisation, topic), mean)).collect())
    }
}

/// What belongs to the same key, together and in its order.
fn grouped<K: std::hash::Hash + Eq, V>(pairs: impl Iterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in pairs {
        groups.entry(key).or_default().push(value);
    }
    groups
}

impl Reading {
    /// An organisation that a row of ours names.
    ///
    /// # Errors
    /// [`Fault::Store`] when the database fails or the organisation isn't there.
    pub async fn organisation(&self, id: OrganisationId) -> Result<Organisation, Fault> {
        let found = self.load.load_one(id).await?;
        found.ok_or_else(|| StoreError::Inconsistent("a row names an organisation that isn't there".to_owned()).into())
    }
}
