//! The transaction that a request reads in, and the objects that it has read by id.

use std::sync::Arc;
use std::time::Instant;

use pamoja_domain::id::{FacilityId, OrganisationId, ServiceId};
use pamoja_persistence::error::StoreError;
use pamoja_persistence::facility::Facility;
use pamoja_persistence::organisation::Organisation;
use pamoja_persistence::service::Service;
use pamoja_persistence::transaction::TenantTx;

use crate::graphql::batch::Batch;
use crate::graphql::directory::Directory;
use crate::graphql::error::Fault;
use crate::graphql::loader::Loaders;
use crate::graphql::loading::Loading;
use crate::graphql::state::State;

/// One read-only transaction for all reads of a request: they see one snapshot.
pub(crate) struct Reading {
    /// The transaction.
    pub tx: Arc<TenantTx>,
    /// Reads by id: ids that are asked for together are read in one statement, and each id once.
    pub load: Loading,
    directory: Arc<Directory>,
    /// What was kept of the directory before isn't shown.
    since: Instant,
}

impl Reading {
    /// Reads in that transaction. Reads by id are left to `batch` until the execution can't go on without them, so no resolver
    /// waits longer than it must. What was read stays true as long as the snapshot lasts, so it is cached that long.
    pub(crate) fn new(tx: Arc<TenantTx>, batch: Batch, state: State) -> Self {
        let directory = Arc::clone(&state.directory);
        let since = directory.since(&tx);
        let loaders = Loaders { tx: tx.clone(), state };
        Self { tx, load: Loading::new(loaders, batch), directory, since }
    }

    /// The organisation that something names.
    ///
    /// # Errors
    /// [`Fault::Store`] when no such organisation exists.
    pub(crate) async fn organisation(&self, id: OrganisationId) -> Result<Arc<Organisation>, Fault> {
        let found = match self.directory.organisations.get(&id, self.since) {
            // Boxed: see `nullable`. Nearly all are kept.
            None => Box::pin(self.load.load_one(id)).await?,
            kept => kept,
        };
        found.ok_or_else(|| StoreError::Inconsistent("a row names an organisation that isn't there".to_owned()).into())
    }

    /// The service that something names.
    pub(crate) async fn service(&self, id: ServiceId) -> Result<Option<Arc<Service>>, Fault> {
        match self.directory.services.get(&id, self.since) {
            None => Ok(Box::pin(self.load.load_one(id)).await?),
            kept => Ok(kept),
        }
    }

    /// The facility that something names.
    pub(crate) async fn facility(&self, id: FacilityId) -> Result<Option<Arc<Facility>>, Fault> {
        match self.directory.facilities.get(&id, self.since) {
            None => Ok(Box::pin(self.load.load_one(id)).await?),
            kept => Ok(kept),
        }
    }
}
