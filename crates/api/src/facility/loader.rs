//! The loader of facilities: it reads many ids in one statement.

use std::collections::HashMap;

use async_graphql::dataloader::Loader;
use pamoja_domain::id::FacilityId;
use pamoja_persistence::facility::{self, Facility};

use crate::graphql::loader::{LoadError, Loaders, by_key};

impl Loader<FacilityId> for Loaders {
    type Value = Facility;
    type Error = LoadError;

    async fn load(&self, ids: &[FacilityId]) -> Result<HashMap<FacilityId, Facility>, LoadError> {
        Ok(by_key(facility::by_ids(&self.tx, ids).await?, |found| found.id))
    }
}
