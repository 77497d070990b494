//! A test's own database, which is dropped with the value, however the test ends.

use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use pamoja_demo::private_postgresql::DatabaseRole;

use super::postgres::postgres;

/// How many databases may wait to be dropped. When more wait, a test that ends waits too, because each takes disk space.
const WAITING: usize = 8;

/// How long dropping a database may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A database that is dropped with the value.
pub struct TestDatabase {
    /// Its name.
    pub name: String,
}

impl TestDatabase {
    /// The connection URL for a role.
    pub fn url(&self, role: DatabaseRole) -> String {
        postgres().url(role, &self.name)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let name = std::mem::take(&mut self.name);
        let handed_over = postgres().cleaner.drop_soon(name);
        // A second panic while a test fails would end the process, and all other tests with it.
        if !std::thread::panicking() {
            handed_over.expect("databases of tests are dropped");
        }
    }
}

/// Drops databases in a thread with its own runtime: `drop` can't wait for a future, and a test's runtime ends with the test.
///
/// When the process ends, nobody waits for the last databases: the watchdog removes the server with all of them.
pub struct Cleaner {
    databases: SyncSender<String>,
    failure: OnceLock<String>,
}

impl Cleaner {
    /// Starts the thread.
    pub fn start() -> Self {
        let (databases, to_drop) = sync_channel(WAITING);
        std::thread::Builder::new().name("cleaner".to_owned()).spawn(move || drop_all(&to_drop)).expect("a thread");
        Self { databases, failure: OnceLock::new() }
    }

    /// Has a database dropped while other tests run. Returns the error when an earlier one could not be dropped.
    fn drop_soon(&self, name: String) -> Result<(), String> {
        let sent = self.databases.send(name).map_err(|error| error.to_string());
        self.failure.get().map_or(sent, |failure| Err(failure.clone()))
    }
}

fn drop_all(databases: &Receiver<String>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for name in databases {
        let deadline = Instant::now() + PATIENCE;
        // A connection pool that still exists may reconnect while its connections are ended.
        while let Err(error) = runtime.block_on(async { tokio::time::timeout(PATIENCE, postgres().try_drop(&name)).await }) {
            if Instant::now() > deadline {
                drop(postgres().cleaner.failure.set(format!("{name} could not be dropped: {error}")));
                break;
            }
        }
    }
}
