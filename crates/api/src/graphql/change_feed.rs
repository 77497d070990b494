//! Brings changes from the outbox to this process's subscribers: each organisation's changes to its own subscribers, and changes
//! that concern every member to all subscribers. They are read in the name of one of the subscribers: the process may not by itself.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use pamoja_domain::access::Caller;
use pamoja_domain::id::OrganisationId;
use pamoja_persistence::database::Database;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::outbox::{self, BATCH, Changed, Position};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Mutex, broadcast, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::graphql::directory::Directory;

/// How many changes a subscriber may be behind before its stream ends and it has to catch up by itself. This is more than one
/// read brings, so a burst cuts off no subscriber that keeps up.
const BACKLOG: usize = 2 * BATCH as usize;

/// Reads the outbox and hands the changes to subscribers. Cheap to clone.
#[derive(Clone)]
pub struct ChangeFeed(Arc<Inner>);

struct Inner {
    database: Database,
    directory: Arc<Directory>,
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
    /// On whose behalf the changes are read: subscribers, as long as they take changes.
    followers: Vec<Weak<Follower>>,
    position: Position,
}

/// A subscriber, in whose name changes are read.
struct Follower {
    caller: Caller,
    /// Cancelled when the database has refused the caller's session.
    refused: CancellationToken,
}

/// Why no more changes come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The subscriber has fallen behind, and changes were lost; or the feed has ended.
    Behind,
    /// The subscriber's session is over.
    Session,
}

impl From<RecvError> for Ended {
    fn from(_: RecvError) -> Self {
        Self::Behind
    }
}

/// The changes that one subscriber is notified of, from its subscription on.
pub struct Changes {
    follower: Arc<Follower>,
    own: broadcast::Receiver<Changed>,
    of_all: broadcast::Receiver<Changed>,
}

impl Changes {
    /// The next change.
    ///
    /// # Errors
    /// [`Ended`] when no more come.
    pub async fn next(&mut self) -> Result<Changed, Ended> {
        tokio::select! {
            change = self.own.recv() => Ok(change?),
            change = self.of_all.recv() => Ok(change?),
            () = self.follower.refused.cancelled() => Err(Ended::Session),
        }
    }
}

impl ChangeFeed {
    /// Starts to look for changes. The feed ends by itself when its last clone is dropped.
    #[expect(clippy::disallowed_methods, reason = "it ends by itself when the last clone of the feed is dropped")]
    pub fn start(database: &Database, directory: Arc<Directory>) -> Self {
        let unused = CancellationToken::new();
        let in_use = unused.clone().drop_guard();
        let inner = Arc::new(Inner { database: database.clone(), directory, topics: Mutex::default(), _in_use: in_use });
        tokio::spawn(unused.run_until_cancelled_owned(run(Arc::downgrade(&inner), outbox::wake_ups(database))));
        Self(inner)
    }

    /// Subscribes to the changes of the caller's organisation from that position on, which [`outbox::now`] told a moment ago. Every change that
    /// is committed after this function returns is among them. The subscriber reads the position, in the turn of its organisation:
    /// the feed's own turns are for the changes of all.
    pub async fn subscribe(&self, caller: Caller, position: Position) -> Changes {
        let follower = Arc::new(Follower { caller, refused: CancellationToken::new() });
        // A topic that exists already has sent what it has passed, and continues from there, so no later change is skipped.
        let mut topics = self.0.topics.lock().await;
        let mut receiver = |audience| {
            let topic = topics.entry(audience).or_insert_with(|| Topic {
                sender: broadcast::channel(BACKLOG).0,
                followers: Vec::new(),
                position,
            });
            topic.followers.push(Arc::downgrade(&follower));
            topic.sender.subscribe()
        };
        let (own, of_all) = (receiver(Audience::Organisation(caller.organisation)), receiver(Audience::Everybody));
        Changes { follower, own, of_all }
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
        for topic in topics.values_mut() {
            topic.followers.retain(|follower| follower.strong_count() > 0);
        }
        topics.retain(|_, topic| topic.sender.receiver_count() > 0);
        topics.keys().copied().collect()
    }

    async fn deliver(&self, audience: Audience) -> Result<(), StoreError> {
        loop {
            let Some((position, follower)) = self.next(audience).await else { return Ok(()) };
            let (changes, reached) = match self.read(audience, follower.caller, position).await {
                Ok(read) => read,
                // The changes are read on behalf of another.
                Err(StoreError::SessionEnded) => {
                    follower.refused.cancel();
                    continue;
                }
                Err(error) => return Err(error),
            };
            // Whoever hears of a change, and asks, is told what is there now.
            if audience == Audience::Everybody && !changes.is_empty() {
                self.directory.has_changed();
            }
            if let Some(topic) = self.topics.lock().await.get_mut(&audience) {
                for change in changes {
                    // An error means that the last subscriber has gone; `wanted` closes the topic at the next wake-up.
                    drop(topic.sender.send(change));
                }
                topic.position = reached.position;
            }
            if !reached.more || reached.position == position {
                return Ok(());
            }
        }
    }

    /// How far the changes for an audience were read, and on whose behalf they are read. Nobody when no subscriber is left.
    async fn next(&self, audience: Audience) -> Option<(Position, Arc<Follower>)> {
        let topics = self.topics.lock().await;
        let topic = topics.get(&audience)?;
        // The newest one's token expires last.
        let mut followers = topic.followers.iter().rev().filter_map(Weak::upgrade);
        let follower = followers.find(|follower| !follower.refused.is_cancelled())?;
        Some((topic.position, follower))
    }

    async fn read(
        &self,
        audience: Audience,
        follower: Caller,
        position: Position,
    ) -> Result<(Vec<Changed>, outbox::Reached), StoreError> {
        let tx = self.database.follow(follower).await?;
        let read = match audience {
            Audience::Organisation(_) => outbox::after(&tx, position).await,
            Audience::Everybody => outbox::after_for_all(&tx, position).await,
        };
        tx.end().await;
        read
    }
}
