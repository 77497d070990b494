//! Brings changes from the outbox to this process's subscribers: each organisation's changes to its own subscribers, and changes
//! that concern every member to all subscribers. They are read in the name of one of the subscribers: the process may not by itself.
//! Before they are handed on, the sessions of all who hear of them are proved together.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use futures_util::StreamExt;
use futures_util::stream::iter;
use pamoja_domain::access::Caller;
use pamoja_domain::change::ChangeKind;
use pamoja_domain::id::OrganisationId;
use pamoja_persistence::database::Database;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::follower;
use pamoja_persistence::outbox::{self, BATCH, Changed, Position, Reached};
use tokio::sync::{Mutex, broadcast, watch};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::graphql::directory::Directory;
use crate::graphql::news::{Ended, Kept, News, Proof, Recent};

/// How many pieces of news a subscriber may be behind before its stream ends and it has to catch up by itself. This is more than one
/// read brings, even if each piece were a single change, so a burst cuts off no subscriber that keeps up.
const BACKLOG: usize = 2 * BATCH as usize;
/// For how many audiences changes are read at once.
const AT_ONCE: usize = 4;

/// Reads the outbox and hands the changes to subscribers. Cheap to clone.
#[derive(Clone)]
pub struct ChangeFeed(Arc<Inner>);

struct Inner {
    database: Database,
    directory: Arc<Directory>,
    kept: Kept,
    recent: Recent,
    topics: Mutex<HashMap<Audience, Topic>>,
    _in_use: DropGuard,
}

/// Who is notified of a change.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Audience {
    /// One organisation: changes to what it sent, received or could take.
    Organisation(OrganisationId),
    /// One session: what changed and isn't each colleague's to know.
    Session([Uuid; 2]),
    /// Every member. Such a change is one row, and each process reads it once.
    Everybody,
}

/// The changes for one audience. A topic lasts as long as it has subscribers.
struct Topic {
    sender: broadcast::Sender<Arc<News>>,
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

/// The changes that one subscriber is notified of, from its subscription on.
pub struct Changes {
    follower: Arc<Follower>,
    own: broadcast::Receiver<Arc<News>>,
    of_all: broadcast::Receiver<Arc<News>>,
}

impl Changes {
    /// The next changes.
    ///
    /// # Errors
    /// [`Ended`] when no more come.
    pub async fn next(&mut self) -> Result<Arc<News>, Ended> {
        tokio::select! {
            news = self.own.recv() => Ok(news?),
            news = self.of_all.recv() => Ok(news?),
            () = self.follower.refused.cancelled() => Err(Ended::Session),
        }
    }

    /// Who is notified.
    pub(crate) fn caller(&self) -> Caller {
        self.follower.caller
    }
}

impl ChangeFeed {
    /// Starts to look for changes. The feed ends by itself when its last clone is dropped.
    #[expect(clippy::disallowed_methods, reason = "it ends by itself when the last clone of the feed is dropped")]
    pub fn start(database: &Database, directory: Arc<Directory>) -> Self {
        let unused = CancellationToken::new();
        let in_use = unused.clone().drop_guard();
        let wake_ups = outbox::wake_ups(database);
        let inner = Arc::new(Inner {
            database: database.clone(),
            directory,
            kept: Kept::default(),
            recent: Recent::default(),
            topics: Mutex::default(),
            _in_use: in_use,
        });
        tokio::spawn(unused.run_until_cancelled_owned(run(Arc::downgrade(&inner), wake_ups)));
        Self(inner)
    }

    /// Subscribes to the changes of the caller's organisation from that position on, which [`outbox::now`] told a moment ago. Every change that
    /// is committed after this function returns is among them. The subscriber reads the position, in the turn of its organisation:
    /// the feed's own turns are for the changes of all.
    ///
    /// What is changed of that kind may not be each colleague's to know. Then the changes are read in the name of the subscriber alone.
    pub async fn subscribe(&self, caller: Caller, kind: ChangeKind, position: Position) -> Changes {
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
        let audience = match kind {
            ChangeKind::Violation => Audience::Session([caller.session.0, caller.secret.0]),
            ChangeKind::Referral | ChangeKind::TrainingRequest | ChangeKind::Service => {
                Audience::Organisation(caller.organisation)
            }
        };
        let (own, of_all) = (receiver(audience), receiver(Audience::Everybody));
        Changes { follower, own, of_all }
    }
}

async fn run(feed: Weak<Inner>, mut wake_up: watch::Receiver<u64>) {
    while wake_up.changed().await.is_ok() {
        let Some(feed) = feed.upgrade() else {
            return;
        };
        feed.recent.forget_old();
        // The positions stay where they are when something fails, so that nothing is overlooked.
        let deliveries = match feed.with_news().await {
            Ok(audiences) => iter(audiences).map(|audience| feed.deliver(audience)).buffer_unordered(AT_ONCE).collect().await,
            Err(error) => vec![Err(error)],
        };
        for error in deliveries.into_iter().filter_map(Result::err) {
            // The database's trouble is said once, elsewhere.
            if !matches!(error, StoreError::Unavailable(_)) {
                tracing::warn!(%error, "changes could not be read; they are read at the next wake-up");
            }
        }
    }
}

impl Inner {
    /// The audiences that something is to be read for: everybody, and each organisation that has news. The topics without subscribers are
    /// closed. However many organisations there are, they are asked for in one statement, in the name of a subscriber of each.
    async fn with_news(&self) -> Result<Vec<Audience>, StoreError> {
        let audiences: Vec<Audience> = {
            let mut topics = self.topics.lock().await;
            for topic in topics.values_mut() {
                topic.followers.retain(|follower| follower.strong_count() > 0);
            }
            topics.retain(|_, topic| topic.sender.receiver_count() > 0);
            topics.keys().copied().filter(|audience| *audience != Audience::Everybody).collect()
        };
        let mut asked = Vec::new();
        for audience in audiences {
            if let Some((position, follower)) = self.next(audience).await {
                asked.push((audience, follower, position));
            }
        }
        let Some((_, asking, _)) = asked.first() else { return Ok(Vec::new()) };
        let callers: Vec<(Caller, Position)> = asked.iter().map(|(_, follower, position)| (follower.caller, *position)).collect();
        let news = match self.database.follow(asking.caller).await {
            Ok(tx) => {
                let news = follower::news(&tx, &callers).await;
                tx.end().await;
                news?
            }
            // Whoever asked has no session any more, which `deliver` finds out.
            Err(StoreError::SessionEnded) => vec![None; callers.len()],
            Err(error) => return Err(error),
        };
        // Where the one who was asked for has no session any more, `deliver` reads in the name of another.
        let due = asked.into_iter().zip(news).filter(|(_, news)| *news != Some(false));
        Ok(due.map(|((audience, ..), _)| audience).chain([Audience::Everybody]).collect())
    }

    async fn deliver(&self, audience: Audience) -> Result<(), StoreError> {
        loop {
            let Some((position, follower)) = self.next(audience).await else { return Ok(()) };
            let (changes, reached, proof) = match self.read(audience, follower.caller, position).await {
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
                for news in News::of(&changes, &Arc::new(proof), &self.kept) {
                    let news = Arc::new(news);
                    self.recent.note(Arc::clone(&news));
                    // An error means that the last subscriber has gone; `with_news` closes the topic at the next wake-up.
                    drop(topic.sender.send(news));
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

    /// The callers of all who hear of the changes for an audience.
    async fn callers(&self, audience: Audience) -> Vec<Caller> {
        let topics = self.topics.lock().await;
        let followers = topics.get(&audience).into_iter().flat_map(|topic| &topic.followers);
        followers.filter_map(Weak::upgrade).map(|follower| follower.caller).collect()
    }

    /// The changes, how far they reach, and what those who hear of them may see. That is read last, after all of the changes were committed.
    async fn read(
        &self,
        audience: Audience,
        follower: Caller,
        position: Position,
    ) -> Result<(Vec<Changed>, Reached, Proof), StoreError> {
        let tx = self.database.follow(follower).await?;
        let read = async {
            let (changes, reached) = match audience {
                Audience::Organisation(_) | Audience::Session(..) => outbox::after(&tx, position).await?,
                Audience::Everybody => outbox::after_for_all(&tx, position).await?,
            };
            let callers = if changes.is_empty() { Vec::new() } else { self.callers(audience).await };
            Ok((changes, reached, Proof::read(&tx, &callers).await?))
        };
        let read = read.await;
        tx.end().await;
        read
    }
}
