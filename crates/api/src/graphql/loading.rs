//! Collects the ids that resolvers ask for, until the execution can't go on without them, and reads each kind in one statement.

use std::any::{Any, TypeId};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use pamoja_persistence::error::StoreError;
use tokio::sync::oneshot;

use crate::graphql::batch::Batch;
use crate::graphql::loader::{LoadError, Loader, Loaders};

/// The most ids that one statement reads.
const MOST: usize = 1_000;

/// The reads by id of a request. What was read stays true as long as the request's snapshot lasts, so it is kept that long, and each id is read
/// once.
pub(crate) struct Loading {
    shared: Arc<Shared>,
    batch: Batch,
}

struct Shared {
    loaders: Loaders,
    /// A [`Kind`] for each type of id.
    kinds: Mutex<HashMap<TypeId, Box<dyn Any + Send>>>,
}

/// Where the answer for an id is awaited.
type Waits<V> = oneshot::Sender<Result<Option<V>, LoadError>>;

/// What was read of one kind, and who waits for more.
struct Kind<K, V> {
    read: HashMap<K, Option<V>>,
    waiting: Vec<(K, Waits<V>)>,
}

impl Loading {
    /// Reads with those loaders, once `batch` does the work that was left to it.
    pub(crate) fn new(loaders: Loaders, batch: Batch) -> Self {
        Self { shared: Arc::new(Shared { loaders, kinds: Mutex::default() }), batch }
    }

    /// What is found under that id.
    ///
    /// # Errors
    /// The error of the read that the id was part of.
    pub(crate) async fn load_one<K>(&self, key: K) -> Result<Option<<Loaders as Loader<K>>::Value>, LoadError>
    where
        K: Clone + Eq + Hash + Send + Sync + 'static,
        Loaders: Loader<K>,
    {
        let (answer, is_first) = {
            let (sender, answer) = oneshot::channel();
            let found = self.shared.with_kind(|kind| {
                let read = kind.read.get(&key).cloned();
                let is_first = kind.waiting.is_empty();
                if read.is_none() {
                    kind.waiting.push((key, sender));
                }
                (read, is_first)
            });
            match found {
                (Some(read), _) => return Ok(read),
                (None, is_first) => (answer, is_first),
            }
        };
        if is_first {
            let shared = Arc::clone(&self.shared);
            self.batch.leave(async move { shared.read::<K>().await }.boxed());
        }
        answer.await.unwrap_or_else(|_| Err(StoreError::Inconsistent("a read was dropped".to_owned()).into()))
    }
}

impl Shared {
    fn with_kind<K, T>(&self, work: impl FnOnce(&mut Kind<K, <Loaders as Loader<K>>::Value>) -> T) -> T
    where
        K: Clone + Eq + Hash + Send + 'static,
        Loaders: Loader<K>,
    {
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        let empty = || Box::new(Kind::<K, <Loaders as Loader<K>>::Value> { read: HashMap::new(), waiting: Vec::new() });
        let kind = kinds.entry(TypeId::of::<K>()).or_insert_with(|| empty());
        work(kind.downcast_mut().expect("each kind stands under the type of its id"))
    }

    /// Reads what is waited for.
    async fn read<K>(&self)
    where
        K: Clone + Eq + Hash + Send + Sync + 'static,
        Loaders: Loader<K>,
    {
        let waiting = self.with_kind(|kind: &mut Kind<K, _>| std::mem::take(&mut kind.waiting));
        // What was asked for again while it was being read is there by now.
        let mut read: HashMap<K, Option<<Loaders as Loader<K>>::Value>> = self.with_kind(|kind| {
            waiting.iter().filter_map(|(key, _)| kind.read.get(key).map(|read| (key.clone(), read.clone()))).collect()
        });
        let mut seen = HashSet::with_capacity(waiting.len());
        let asked = waiting.iter().map(|(key, _)| key);
        let keys: Vec<K> = asked.filter(|key| !read.contains_key(*key) && seen.insert(*key)).cloned().collect();
        for some in keys.chunks(MOST) {
            match self.loaders.load(some).await {
                Ok(mut found) => read.extend(some.iter().map(|key| (key.clone(), found.remove(key)))),
                Err(error) => {
                    for (_, waits) in waiting {
                        drop(waits.send(Err(error.clone())));
                    }
                    return;
                }
            }
        }
        self.with_kind(|kind| kind.read.extend(read.iter().map(|(key, read)| (key.clone(), read.clone()))));
        for (key, waits) in waiting {
            // Whoever no longer waits was dropped with the execution.
            drop(waits.send(Ok(read.get(&key).cloned().flatten())));
        }
    }
}
