//! Brings changes from the outbox to this process's subscribers: each organisation's changes to its own subscribers, and changes
//! that concern every member to all subscribers.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use pamoja_domain::access::Permit;
use pamoja_domain::id::OrganisationId;
use pamoja_persistence::database::Database;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::outbox::{self, BATCH, Changed, Position};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Mutex, broadcast, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

/// How many changes a subscriber may be behind before its stream ends and it has to catch up by itself. This is more than one
/// read brings, so a burst cuts off no subscriber that keeps up.
const BACKLOG: usize = 2 * BATCH as usize;

/// Reads the outbox and hands the changes to subscribers. Cheap to clone.
#[derive(Clone)]
pub struct ChangeFeed(Arc<Inner>);

struct Inner {
    database: Database,
    topics: Mutex<HashMap<Audience, Topic>>,
    _in_use: DropGuard,
}

/// Who is notified of a change.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Audience {
    /// One organisation: changes to what it sent, received or could take.
    Organisation(OrganisationId),
    /// Every member. Such a change is one row, and each process reads it once.
    Everybody,
}

/// The changes for one audience. A topic lasts as long as it has subscribers.
struct Topic {
    sender: broadcast::Sender<Changed>,
    position: Position,
}

/// The changes that one subscriber is notified of, from its subscription on.
pub struct Changes {
    own: broadcast::Receiver<Changed>,
    of_all: broadcast::Receiver<Changed>,
}

impl Changes {
    /// The next change.
    ///
    /// # Errors
    /// [`RecvError::Lagged`] when the subscriber has fallen behind and changes were lost; [`RecvError::Closed`] when the feed has
    /// ended.
    pub async fn next(&mut self) -> Result<Changed, RecvError> {
        tokio::select! {
            change = self.own.recv() => change,
            change = self.of_all.recv() => change,
        }
    }
}

impl ChangeFeed {
    /// Starts to look for changes. The feed ends by itself when its last clone is dropped.
    #[expect(clippy::disallowed_methods, reason = "it ends by itself when the last clone of the feed is dropped")]
    pub fn start(database: &Database) -> Self {
        let unused = CancellationToken::new();
        let in_use = unused.clone().drop_guard();
        let inner = Arc::new(Inner { database: database.clone(), topics: Mutex::default(), _in_use: in_use });
        tokio::spawn(unused.run_until_cancelled_owned(run(Arc::downgrade(&inner), outbox::wake_ups(database))));
        Self(inner)
    }

    /// Subscribes to the organisation's changes from that position on, which [`outbox::now`] told a moment ago. Every change that
    /// is committed after this function returns is among them. The subscriber reads the position, in the turn of its organisation:
    /// the feed's own turns are for the changes of all.
    pub async fn subscribe(&self, organisation: OrganisationId, position: Position) -> Changes {
        // A topic that exists already has sent what it has passed, and continues from there, so no later change is skipped.
        let mut topics = self.0.topics.lock().await;
        let mut receiver = |audience| {
            let topic = topics.entry(audience).or_insert_with(|| Topic { sender: broadcast::channel(BACKLOG).0, position });
            topic.sender.subscribe()
        };
        Changes { own: receiver(Audience::Organisation(organisation)), of_all: receiver(Audience::Everybody) }
    }
}

async fn run(feed: Weak<Inner>, mut wake_up: watch::Receiver<u64>) {
    while wake_up.changed().await.is_ok() {
        let Some(feed) = feed.upgrade() else {
            return;
        };
        for audience in feed.wanted().await {
            match feed.deliver(audience).await {
                Ok(()) => {}
                // The positions stay where they are, so that nothing is overlooked. The database's trouble is said once, elsewhere.
                Err(StoreError::Unavailable(_)) => break,
                Err(error) => tracing::warn!(%error, "changes could not be read; they are read at the next wake-up"),
            }
        }
    }
}

impl Inner {
    /// The audiences that have subscribers. The topics of all others are closed.
    async fn wanted(&self) -> Vec<Audience> {
        let mut topics = self.topics.lock().await;
        topics.retain(|_, topic| topic.sender.receiver_count() > 0);
        topics.keys().copied().collect()
    }

    async fn deliver(&self, audience: Audience) -> Result<(), StoreError> {
        loop {
            let Some(position) = self.topics.lock().await.get(&audience).map(|topic| topic.position) else {
                return Ok(());
            };
            let before = position;
            let (changes, reached) = self.read(audience, position).await?;
            if let Some(topic) = self.topics.lock().await.get_mut(&audience) {
                for change in changes {
                    // An error means that the last subscriber has gone; `wanted` closes the topic at the next wake-up.
                    drop(topic.sender.send(change));
                }
                topic.position = reached.position;
            }
            if !reached.more || reached.position == before {
                return Ok(());
            }
        }
    }

    async fn read(&self, audience: Audience, position: Position) -> Result<(Vec<Changed>, outbox::Reached), StoreError> {
        match audience {
            Audience::Organisation(organisation) => {
                self.database.tenant(&Permit::job(organisation), async |tx| outbox::after(tx, position).await).await
            }
            Audience::Everybody => {
                self.database.tenant(&Permit::housekeeping(), async |tx| outbox::after_for_all(tx, position).await).await
            }
        }
    }
}
