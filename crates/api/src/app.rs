//! What the whole process shares.

use std::sync::Arc;

use pamoja_persistence::database::Database;

use crate::auth::Authority;
use crate::keys::Keys;
pub use crate::settings::Settings;

/// What every request is served with. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of an [`App`].
pub struct Parts {
    /// The door to the database.
    pub database: Database,
    /// The secrets that live outside the database.
    pub keys: Arc<Keys>,
    /// Makes and verifies access tokens.
    pub authority: Authority,
    /// Changes on their way to subscribers.
    pub hub: crate::hub::Hub,
    /// What can be set.
    pub settings: Settings,
}

impl App {
    /// Puts the parts together and begins to listen for changes.
    pub fn new(database: Database, keys: Arc<Keys>, authority: Authority, settings: Settings) -> Self {
        let hub = crate::hub::Hub::start(&database);
        Self(Arc::new(Parts { database, keys, authority, hub, settings }))
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
