//! What every request's scope is made from, and the whole process shares.

use std::sync::Arc;

use pamoja_persistence::database::Database;

use crate::graphql::change_feed::ChangeFeed;
use crate::graphql::session_activity::SessionActivity;
use crate::keys::Keys;

/// What resolvers need of the process. Cheap to clone.
#[derive(Clone)]
pub struct State(Arc<Parts>);

/// The parts of a [`State`].
pub struct Parts {
    /// The door to the database.
    pub database: Database,
    /// The secrets that live outside the database.
    pub keys: Arc<Keys>,
    /// Changes on their way to subscribers.
    pub change_feed: ChangeFeed,
    /// When the use of sessions was last noted.
    pub session_activity: SessionActivity,
}

impl State {
    /// Puts the parts together and begins to listen for changes.
    pub fn new(database: Database, keys: Arc<Keys>) -> Self {
        let change_feed = ChangeFeed::start(&database);
        let session_activity = SessionActivity::default();
        Self(Arc::new(Parts { database, keys, change_feed, session_activity }))
    }
}

impl std::ops::Deref for State {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
