//! The transaction that a request reads in, and what it has read by id.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::dataloader::{DataLoader, HashMapCache};
use pamoja_persistence::transaction::TenantTx;

use crate::graphql::batch::Batch;
use crate::graphql::loader::Loaders;

/// One read-only transaction for all reads of a request, so that they see one snapshot.
pub(crate) struct Reading {
    /// The transaction.
    pub tx: Arc<TenantTx>,
    /// What is asked for by id is read together, and once.
    pub load: DataLoader<Loaders, HashMapCache>,
}

impl Reading {
    /// Reads in that transaction. Reads by id are left to `batch` until the execution can't go on without them: nobody waits longer than
    /// that. What was read stays true for as long as the snapshot lasts, so it is kept with it.
    pub(crate) fn new(tx: Arc<TenantTx>, batch: Batch) -> Self {
        let spawner = move |read| batch.leave(read);
        let load = DataLoader::with_cache(Loaders::new(tx.clone()), spawner, HashMapCache::default()).delay(Duration::ZERO);
        Self { tx, load }
    }
}
