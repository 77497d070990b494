//! The transaction that a request reads in, and the objects that it has read by id.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::dataloader::{DataLoader, HashMapCache};
use pamoja_persistence::transaction::TenantTx;

use crate::graphql::batch::Batch;
use crate::graphql::loader::Loaders;

/// One read-only transaction for all reads of a request: they see one snapshot.
pub(crate) struct Reading {
    /// The transaction.
    pub tx: Arc<TenantTx>,
    /// Reads by id: ids that are asked for together are read in one statement, and each id once.
    pub load: DataLoader<Loaders, HashMapCache>,
}

impl Reading {
    /// Reads in that transaction. Reads by id are left to `batch` until the execution can't go on without them, so no resolver
    /// waits longer than it must. What was read stays true as long as the snapshot lasts, so it is cached that long.
    pub(crate) fn new(tx: Arc<TenantTx>, batch: Batch) -> Self {
        let spawner = move |read| batch.leave(read);
        let load = DataLoader::with_cache(Loaders::new(tx.clone()), spawner, HashMapCache::default()).delay(Duration::ZERO);
        Self { tx, load }
    }
}
