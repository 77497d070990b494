//! The loaders of services: each reads many keys in one statement.

use std::collections::HashMap;
use std::sync::Arc;

use pamoja_domain::id::{OrganisationId, ServiceId};
use pamoja_domain::service::ServiceType;
use pamoja_persistence::client_report;
use pamoja_persistence::service::{self, Service};

use crate::graphql::loader::{LoadError, Loader, Loaders};

/// Loads how friendly clients found a service, where that is published.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FriendlinessOf(pub ServiceId);

/// Loads the services of one type that an organisation offers.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct OfferedBy(pub OrganisationId, pub ServiceType);

impl Loader<ServiceId> for Loaders {
    type Value = Arc<Service>;

    async fn load(&self, ids: &[ServiceId]) -> Result<HashMap<ServiceId, Arc<Service>>, LoadError> {
        let found = service::by_ids(&self.tx, ids).await?;
        Ok(self.keep(&self.state.directory.services, found, |found| found.id))
    }
}

impl Loader<FriendlinessOf> for Loaders {
    type Value = f64;

    async fn load(&self, keys: &[FriendlinessOf]) -> Result<HashMap<FriendlinessOf, f64>, LoadError> {
        let ids: Vec<ServiceId> = keys.iter().map(|key| key.0).collect();
        let published = client_report::friendliness(&self.tx, &ids).await?;
        Ok(published.into_iter().map(|(id, friendliness)| (FriendlinessOf(id), friendliness)).collect())
    }
}

impl Loader<OfferedBy> for Loaders {
    type Value = Vec<Service>;

    async fn load(&self, keys: &[OfferedBy]) -> Result<HashMap<OfferedBy, Vec<Service>>, LoadError> {
        let sought: Vec<(OrganisationId, ServiceType)> = keys.iter().map(|key| (key.0, key.1)).collect();
        let mut offered: HashMap<OfferedBy, Vec<Service>> = HashMap::new();
        for found in service::offered_by(&self.tx, &sought).await? {
            offered.entry(OfferedBy(found.organisation, found.service_type)).or_default().push(found);
        }
        Ok(offered)
    }
}
