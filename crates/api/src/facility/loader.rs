//! The loader of facilities: it reads many ids in one statement.

use std::collections::HashMap;
use std::sync::Arc;

use pamoja_domain::id::FacilityId;
use pamoja_persistence::facility::{self, Facility};

use crate::graphql::loader::{LoadError, Loader, Loaders};

impl Loader<FacilityId> for Loaders {
    type Value = Arc<Facility>;

    async fn load(&self, ids: &[FacilityId]) -> Result<HashMap<FacilityId, Arc<Facility>>, LoadError> {
        let found = facility::by_ids(&self.tx, ids).await?;
        Ok(self.keep(&self.state.directory.facilities, found, |found| found.id))
    }
}
