//! The parts that the whole process shares, and that every request's scope is made from.

use std::sync::Arc;

use pamoja_domain::id::UserId;
use pamoja_persistence::database::Database;
use pamoja_persistence::gate::Gate;

use crate::graphql::change_feed::ChangeFeed;
use crate::graphql::directory::Directory;
use crate::graphql::queue::Queues;
use crate::graphql::session_activity::SessionActivity;
use crate::graphql::written::WrittenParts;
use crate::keys::Keys;

/// How many subscriptions of one user begin at once; `docs/limits.md` says so. Further ones wait.
const BEGINNINGS: usize = 2;

/// The parts of the process that resolvers need. Cheap to clone.
#[derive(Clone)]
pub struct State(Arc<Parts>);

/// The parts of a [`State`].
pub struct Parts {
    /// The database, as the role of members' requests.
    pub database: Database,
    /// Where people sign in.
    pub gate: Gate,
    /// The secrets that live outside the database.
    pub keys: Arc<Keys>,
    /// What every member may read of the directory.
    pub directory: Arc<Directory>,
    /// Parts of answers that never change.
    pub written: WrittenParts,
    /// Changes on their way to subscribers.
    pub change_feed: ChangeFeed,
    /// When the use of each session was last noted.
    pub session_activity: SessionActivity,
    /// Subscriptions that begin, by user.
    pub(crate) beginnings: Queues<UserId>,
}

impl State {
    /// Puts the parts together and starts the change feed.
    pub fn new(database: Database, gate: Gate, keys: Arc<Keys>) -> Self {
        let directory = Arc::<Directory>::default();
        let change_feed = ChangeFeed::start(&database, Arc::clone(&directory));
        let session_activity = SessionActivity::default();
        let (written, beginnings) = (WrittenParts::default(), Queues::of(BEGINNINGS));
        Self(Arc::new(Parts { database, gate, keys, directory, written, change_feed, session_activity, beginnings }))
    }
}

impl std::ops::Deref for State {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
