//! Brings changes from the outbox to this process's subscribers, organisation by organisation.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use pamoja_domain::access::Permit;
use pamoja_domain::id::OrganisationId;
use pamoja_persistence::database::Database;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::outbox::{self, BATCH, Changed, Position};
use tokio::sync::{Mutex, broadcast, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

/// How many changes a subscriber may be behind before it is told to catch up by itself: more than are read at once, so that a burst
/// cuts off nobody who keeps up.
const BACKLOG: usize = 2 * BATCH as usize;

/// Where subscribers get their changes from. Cheap to clone.
#[derive(Clone)]
pub struct ChangeFeed(Arc<Inner>);

struct Inner {
    database: Database,
    topics: Mutex<HashMap<OrganisationId, Topic>>,
    _in_use: DropGuard,
}

/// The changes of one organisation, for as long as somebody wants them.
struct Topic {
    sender: broadcast::Sender<Changed>,
    position: Position,
}

impl ChangeFeed {
    /// Begins to look for changes; ends by itself when the last clone is gone.
    #[expect(clippy::disallowed_methods, reason = "it ends by itself when the last clone is gone")]
    pub fn start(database: &Database) -> Self {
        let unused = CancellationToken::new();
        let in_use = unused.clone().drop_guard();
        let inner = Arc::new(Inner { database: database.clone(), topics: Mutex::default(), _in_use: in_use });
        tokio::spawn(unused.run_until_cancelled_owned(run(Arc::downgrade(&inner), outbox::wake_ups(database))));
        Self(inner)
    }

    /// The organisation's changes from now on: whatever is committed after this has answered is among them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn subscribe(&self, organisation: OrganisationId) -> Result<broadcast::Receiver<Changed>, StoreError> {
        let position = self.0.database.tenant(&Permit::job(organisation), async |tx| outbox::now(tx).await).await?;
        // A topic that is there already stands at this position or before it, so nothing falls between.
        let mut topics = self.0.topics.lock().await;
        let topic = topics.entry(organisation).or_insert_with(|| Topic { sender: broadcast::channel(BACKLOG).0, position });
        Ok(topic.sender.subscribe())
    }
}

async fn run(hub: Weak<Inner>, mut wake_up: watch::Receiver<u64>) {
    while wake_up.changed().await.is_ok() {
        let Some(hub) = hub.upgrade() else {
            return;
        };
        for organisation in hub.wanted().await {
            if let Err(error) = hub.deliver(organisation).await {
                tracing::warn!(%error, "changes could not be read; they are read at the next wake-up");
            }
        }
    }
}

impl Inner {
    /// Whose changes somebody wants; the others' topics are closed.
    async fn wanted(&self) -> Vec<OrganisationId> {
        let mut topics = self.topics.lock().await;
        topics.retain(|_, topic| topic.sender.receiver_count() > 0);
        topics.keys().copied().collect()
    }

    async fn deliver(&self, organisation: OrganisationId) -> Result<(), StoreError> {
        loop {
            let Some(position) = self.topics.lock().await.get(&organisation).map(|topic| topic.position) else {
                return Ok(());
            };
            let (changes, reached) =
                self.database.tenant(&Permit::job(organisation), async |tx| outbox::after(tx, position).await).await?;
            let more = changes.len() == BATCH as usize;
            if let Some(topic) = self.topics.lock().await.get_mut(&organisation) {
                for change in changes {
                    // An error says that nobody wants it any more, which is seen at the next wake-up.
                    drop(topic.sender.send(change));
                }
                topic.position = reached;
            }
            if !more {
                return Ok(());
            }
        }
    }
}
