//! A private PostgreSQL server that this program starts itself, for the demo and for tests.
//!
//! The server belongs to one data directory and listens on no network port. It stops together with the program that started it,
//! however that program ends. A data directory contains:
//!
//! - `postgres/`: the cluster, PostgreSQL's own files;
//! - `postgres.log`: the server's log;
//! - `postgres-passwords.json`: the database roles' passwords, which only the owner can read;
//! - `pamoja.lock`: locked by the process that runs the server.
//!
//! After the first start only the superuser and the database `postgres` exist. [`PrivatePostgresql::prepare`] makes the other
//! roles and the database [`DATABASE`].

#![expect(
    clippy::disallowed_methods,
    reason = "it works on threads that may wait, and finds what is installed as the environment says"
)]

mod account;
mod binaries;
mod database;
mod download;
mod error;
mod layout;
mod options;
mod predecessor;
mod process;
mod role;
mod server;
mod socket;
mod watchdog;

use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub use database::PrepareError;
pub use error::PrivatePostgresqlError;
pub use options::ServerOptions;
pub use role::DatabaseRole;

use error::IoContext;
use layout::{Layout, Passwords};
use server::Server;

/// The name of the application's database, to which [`PrivatePostgresql::connection_url`] connects.
pub const DATABASE: &str = "pamoja";

/// How long [`PrivatePostgresql::open`] waits for a server that another process is starting or stopping.
const OPENING: Duration = Duration::from_secs(30);

/// How often to look whether the server has died.
const LOOKING: Duration = Duration::from_millis(50);
/// How often a server that dies is started again within [`MINUTE`].
const REVIVALS: usize = 3;
const MINUTE: Duration = Duration::from_secs(60);

/// A private PostgreSQL server that accepts connections.
///
/// End it with [`stop`](Self::stop). Dropping it stops the server too, but blocks the thread and hides errors.
#[derive(Debug)]
pub struct PrivatePostgresql {
    running: Running,
    passwords: Passwords,
    socket: PathBuf,
}

#[derive(Debug)]
enum Running {
    /// This process runs the server. Other processes may join when it was only opened.
    Here(Arc<Mutex<Server>>),
    /// Another process runs the server, and keeps it running while this file is locked.
    Elsewhere(File),
}

impl PrivatePostgresql {
    /// Starts the server of a data directory and waits until it accepts connections. Makes the data directory if it doesn't
    /// exist. Stops a server that a crashed run left behind first, and recovers its data.
    ///
    /// # Errors
    ///
    /// - [`PrivatePostgresqlError::InUse`] when another process, or this one, already runs it.
    /// - [`PrivatePostgresqlError::NotFound`] or [`PrivatePostgresqlError::VersionNotFound`] when PostgreSQL must be installed.
    /// - [`PrivatePostgresqlError::Failed`], with the end of the log, when the server doesn't start.
    /// - Others as described there.
    pub async fn start(data_directory: &Path, options: ServerOptions) -> Result<Self, PrivatePostgresqlError> {
        let data_directory = data_directory.to_path_buf();
        blocking(move || Self::start_here(&data_directory, &options, false)).await
    }

    /// Uses the server of a data directory that another process runs, or else starts it like [`start`](Self::start). The options
    /// count only when it starts the server. End it with [`stop`](Self::stop).
    ///
    /// This is for short work on a data directory, whether its server runs or not. A server that was only opened waits for the
    /// processes that have joined it before it stops; a server that was started doesn't.
    ///
    /// # Errors
    ///
    /// Those of [`start`](Self::start). [`PrivatePostgresqlError::InUse`] only when another process holds the data directory and
    /// its server accepts no connections for half a minute.
    pub async fn open(data_directory: &Path, options: ServerOptions) -> Result<Self, PrivatePostgresqlError> {
        let data_directory = data_directory.to_path_buf();
        blocking(move || {
            let deadline = Instant::now() + OPENING;
            loop {
                match Self::start_here(&data_directory, &options, true) {
                    Err(PrivatePostgresqlError::InUse { .. }) if Instant::now() < deadline => {}
                    result => return result,
                }
                if let Some(joined) = Self::join(&data_directory, options.temporary)? {
                    return Ok(joined);
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        })
        .await
    }

    fn start_here(data_directory: &Path, options: &ServerOptions, shared: bool) -> Result<Self, PrivatePostgresqlError> {
        let (server, passwords) = Server::start(data_directory, options, shared)?;
        let socket = server.socket().to_path_buf();
        Ok(Self { running: Running::Here(Arc::new(Mutex::new(server))), passwords, socket })
    }

    fn join(data_directory: &Path, temporary: bool) -> Result<Option<Self>, PrivatePostgresqlError> {
        let layout = Layout::prepare(data_directory, temporary)?;
        // Join first, so that the process that runs the server doesn't stop it between the check and the use.
        let Some(joined) = layout.join()? else { return Ok(None) };
        let server = predecessor::server(&layout.cluster()).filter(|server| server.ready);
        let socket = server.and_then(|server| server.socket).filter(|socket| socket::accepts_connections(socket));
        let Some(socket) = socket else { return Ok(None) };
        Ok(Some(Self { running: Running::Elsewhere(joined), passwords: layout.passwords()?, socket }))
    }

    /// Whether this process started the server, rather than joining another process's.
    pub fn is_started_here(&self) -> bool {
        matches!(self.running, Running::Here(_))
    }

    /// The URL with which a role connects to the database [`DATABASE`], for tokio-postgres and psql. It contains the role's
    /// password.
    pub fn connection_url(&self, role: DatabaseRole) -> String {
        self.connection_url_to(role, DATABASE)
    }

    /// The URL with which a role connects to a database, for tokio-postgres and psql. It contains the role's password. Right
    /// after the first start, only the superuser can connect, and only to `postgres`.
    pub fn connection_url_to(&self, role: DatabaseRole, database: &str) -> String {
        format!(
            "postgresql://{}:{}@/{}?host={}&port={}",
            role.name(),
            self.password(role),
            percent_encoded(database.as_bytes()),
            percent_encoded(self.socket.as_os_str().as_encoded_bytes()),
            socket::PORT
        )
    }

    /// The password of a role, made up at the first start: 32 letters and digits. [`prepare`](Self::prepare) sets those of the
    /// roles other than the superuser.
    fn password(&self, role: DatabaseRole) -> &str {
        self.passwords.of(role)
    }

    /// Looks after a server that this process started, until this future is dropped: when it dies, it is started again, on the same
    /// address. Never ends while that works, nor for a server that another process runs.
    ///
    /// # Errors
    ///
    /// - [`PrivatePostgresqlError::KeepsDying`] when it has died more than three times within a minute.
    /// - [`PrivatePostgresqlError::Gone`] when its data are gone.
    /// - Others when it can't be started again.
    pub async fn keep_running(&self) -> PrivatePostgresqlError {
        let Running::Here(server) = &self.running else { return std::future::pending().await };
        let mut died: VecDeque<Instant> = VecDeque::new();
        loop {
            tokio::time::sleep(LOOKING).await;
            if !locked(server).has_died() {
                continue;
            }
            let now = Instant::now();
            died.retain(|before| now.duration_since(*before) < MINUTE);
            died.push_back(now);
            if died.len() > REVIVALS {
                return PrivatePostgresqlError::KeepsDying { times: died.len(), log: locked(server).log() };
            }
            tracing::warn!("PostgreSQL has died and is started again");
            let dead = Arc::clone(server);
            match blocking(move || locked(&dead).revive()).await {
                Ok(()) => tracing::warn!("PostgreSQL runs again"),
                // It counts as if it had died once more.
                Err(PrivatePostgresqlError::Failed { .. }) => {
                    tracing::warn!("PostgreSQL could not be started again; its log says why")
                }
                Err(error) => return error,
            }
        }
    }

    /// Stops the server in order, within some 20 seconds, and gives the data directory back. A server that was
    /// [opened](Self::open) first waits up to half a minute for other processes that use it. A server that another process runs
    /// keeps running.
    ///
    /// # Errors
    ///
    /// [`PrivatePostgresqlError::Io`] when the socket's folder or a temporary data directory can't be removed. The server has
    /// stopped all the same.
    pub async fn stop(self) -> Result<(), PrivatePostgresqlError> {
        match self.running {
            Running::Here(server) => {
                blocking(move || {
                    let mut server = locked(&server);
                    let _alone = server.wait_for_others();
                    server.stop()
                })
                .await
            }
            Running::Elsewhere(joined) => {
                drop(joined.unlock());
                Ok(())
            }
        }
    }
}

/// The server, which nothing that panics leaves half changed.
fn locked(server: &Mutex<Server>) -> MutexGuard<'_, Server> {
    server.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs blocking work on a thread for blocking work.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PrivatePostgresqlError> + Send + 'static,
) -> Result<T, PrivatePostgresqlError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => Err(std::io::Error::other(error)).context("run", Path::new("PostgreSQL")),
        },
    }
}

fn percent_encoded(bytes: &[u8]) -> String {
    let encode = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => char::from(*byte).to_string(),
        other => format!("%{other:02X}"),
    };
    bytes.iter().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::percent_encoded;

    #[test]
    fn only_what_could_be_misread_in_a_url_is_encoded() {
        assert_eq!(percent_encoded(b"/tmp/pamoja-0123456789abcdef"), "/tmp/pamoja-0123456789abcdef");
        assert_eq!(percent_encoded("/a b&c/\u{e9}".as_bytes()), "/a%20b%26c/%C3%A9");
    }
}
