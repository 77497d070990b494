//! Reading many ids in one statement. A feature says what can be read in this way (`impl Loader<…> for Loaders`). Every request
//! has its own loaders: under row-level security, shared loaders would mix tenants.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use pamoja_persistence::error::StoreError;
use pamoja_persistence::transaction::TenantTx;

use crate::graphql::directory::Shelf;
use crate::graphql::error::Fault;
use crate::graphql::state::State;

/// Reads many ids of one kind in one statement.
pub(crate) trait Loader<K>: Send + Sync {
    /// What is read.
    type Value: Clone + Send + Sync + 'static;

    /// What is found under these ids.
    fn load(&self, keys: &[K]) -> impl Future<Output = Result<HashMap<K, Self::Value>, LoadError>> + Send;
}

/// Reads by id in the request's transaction.
pub(crate) struct Loaders {
    /// The transaction.
    pub tx: Arc<TenantTx>,
    /// What the whole process shares.
    pub state: State,
}

impl Loaders {
    /// Keeps what was read of the directory; each by its key.
    pub(crate) fn keep<K: Hash + Eq + Copy, V>(
        &self,
        shelf: &Shelf<K, V>,
        read: Vec<V>,
        key: impl Fn(&V) -> K,
    ) -> HashMap<K, Arc<V>> {
        let read: HashMap<K, Arc<V>> = read.into_iter().map(|value| (key(&value), Arc::new(value))).collect();
        shelf.keep(&self.tx, read.iter().map(|(key, value)| (*key, value)));
        read
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
