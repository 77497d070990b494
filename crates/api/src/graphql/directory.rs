//! The directory in memory: organisations, services and facilities, which every member may read.
//!
//! Almost every answer names some of them, and they seldom change. What is kept is shown where something else refers to it. It is never
//! older than [`LASTS`], an organisation that has just changed something never sees what stood there before, and nothing is decided by
//! it. Whoever asks for one of them by its id is told what the database says.

use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;
use pamoja_domain::id::{FacilityId, OrganisationId, ServiceId};
use pamoja_persistence::facility::Facility;
use pamoja_persistence::organisation::Organisation;
use pamoja_persistence::service::Service;
use pamoja_persistence::transaction::TenantTx;

/// How long what was read is shown.
pub const LASTS: Duration = Duration::from_secs(2);
/// How many of each kind are kept.
const KEPT: NonZeroUsize = NonZeroUsize::new(4_096).unwrap();

/// What every member may read, as it was read in somebody's transaction.
#[derive(Debug)]
pub struct Directory {
    pub(crate) organisations: Shelf<OrganisationId, Organisation>,
    pub(crate) services: Shelf<ServiceId, Service>,
    pub(crate) facilities: Shelf<FacilityId, Facility>,
    /// What each organisation had announced to all when it last asked, and since when this is known.
    announced: Mutex<LruCache<OrganisationId, (i64, Instant)>>,
    /// When the process last heard of a change that concerns every member.
    heard: Mutex<Instant>,
}

impl Default for Directory {
    fn default() -> Self {
        Self {
            organisations: Shelf::default(),
            services: Shelf::default(),
            facilities: Shelf::default(),
            announced: Mutex::new(LruCache::new(KEPT)),
            heard: Mutex::new(Instant::now()),
        }
    }
}

impl Directory {
    /// What was read before that moment isn't shown in this transaction.
    pub(super) fn since(&self, tx: &TenantTx) -> Instant {
        let lasts = tx.began().checked_sub(LASTS).unwrap_or_else(|| tx.began());
        lasts.max(self.announced_by(tx)).max(*self.heard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Nothing that was read until now is shown any more: somebody is about to be told of a change.
    pub fn has_changed(&self) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Since when this process knows of all that the transaction's organisation has announced.
    fn announced_by(&self, tx: &TenantTx) -> Instant {
        let now = Instant::now();
        let (Some(announced), Ok(organisation)) = (tx.announced(), tx.organisation()) else { return now };
        let mut known = self.announced.lock().unwrap_or_else(PoisonError::into_inner);
        match known.get(&organisation) {
            Some((before, since)) if *before == announced => *since,
            _ => {
                known.put(organisation, (announced, now));
                now
            }
        }
    }
}

/// What is kept of one kind: each with a moment before its transaction began.
#[derive(Debug)]
pub(crate) struct Shelf<K: Hash + Eq, V>(Mutex<LruCache<K, (Arc<V>, Instant)>>);

impl<K: Hash + Eq, V> Default for Shelf<K, V> {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl<K: Hash + Eq, V> Shelf<K, V> {
    /// What is kept under that key, if it was read since that moment.
    pub(crate) fn get(&self, key: &K, since: Instant) -> Option<Arc<V>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).filter(|(_, began)| *began >= since).map(|(value, _)| Arc::clone(value))
    }

    /// Keeps what that transaction read, where nothing newer is kept.
    pub(super) fn keep<'v>(&self, tx: &TenantTx, values: impl Iterator<Item = (K, &'v Arc<V>)>)
    where
        V: 'v,
    {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, value) in values {
            if kept.peek(&key).is_none_or(|(_, began)| *began < tx.began()) {
                kept.put(key, (Arc::clone(value), tx.began()));
            }
        }
    }
}
