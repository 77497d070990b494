//! Reading many ids in one statement. A feature says what can be read in this way (`impl Loader<…> for Loaders`). Every request
//! has its own loaders: under row-level security, shared loaders would mix tenants.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use pamoja_persistence::error::StoreError;
use pamoja_persistence::transaction::TenantTx;

use crate::graphql::error::Fault;

/// Reads by id in the request's transaction.
pub(crate) struct Loaders {
    /// The transaction.
    pub tx: Arc<TenantTx>,
}

impl Loaders {
    /// The loaders of that transaction.
    pub(crate) fn new(tx: Arc<TenantTx>) -> Self {
        Self { tx }
    }
}

/// The error of a read, for all resolvers that wait for it.
#[derive(Clone, Debug)]
pub struct LoadError(Arc<StoreError>);

impl From<StoreError> for LoadError {
    fn from(error: StoreError) -> Self {
        Self(Arc::new(error))
    }
}

impl From<LoadError> for Fault {
    fn from(error: LoadError) -> Self {
        // One resolver, which holds the last reference, gets the error itself; the others get its text.
        Arc::try_unwrap(error.0).unwrap_or_else(|shared| StoreError::Fault(shared.to_string())).into()
    }
}

/// Each row by its key.
pub(crate) fn by_key<K: Hash + Eq, V>(rows: Vec<V>, key: impl Fn(&V) -> K) -> HashMap<K, V> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}

/// All values by their key, in the order in which they came.
pub(crate) fn grouped<K: Hash + Eq, V>(pairs: impl Iterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in pairs {
        groups.entry(key).or_default().push(value);
    }
    groups
}
