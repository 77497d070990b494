//! What is asked for by id, read together. One set of loaders a request: under row-level security a shared one would mix tenants.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use pamoja_domain::id::{FacilityId, OrganisationId, ReferralId, ServiceId, UserId};
use pamoja_persistence::error::StoreError;
use pamoja_persistence::facility::{self, Facility};
use pamoja_persistence::organisation::{self, Organisation};
use pamoja_persistence::referral::{self, Event, Referral};
use pamoja_persistence::service::{self, Service};
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::user::{self, User};

use crate::error::Fault;
use crate::scope::Reading;

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
    ($($id:ty => $value:ty, $module:ident);+ $(;)?) => {$(
        impl Loader<$id> for Loaders {
            type Value = $value;
            type Error = LoadError;

            async fn load(&self, ids: &[$id]) -> Result<HashMap<$id, $value>, LoadError> {
                Ok($module::by_ids(&self.tx, ids).await?.into_iter().map(|found| (found.id, found)).collect())
            }
        }
    )+};
}

by_id! {
    OrganisationId => Organisation, organisation;
    ServiceId => Service, service;
    FacilityId => Facility, facility;
    UserId => User, user;
    ReferralId => Referral, referral;
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
