//! What can go wrong, and what to do about it.

use std::path::{Path, PathBuf};

/// Why the private PostgreSQL could not be started or used. Each message is one line that says what to put right.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrivatePostgresqlError {
    /// Another process holds the data directory.
    #[error(
        "another pamoja{} is running on the data directory {}: stop it first or choose another data directory",
        .process.map(|process| format!(" (process {process})")).unwrap_or_default(),
        .data_directory.display()
    )]
    InUse {
        /// The data directory.
        data_directory: PathBuf,
        /// The id of the process that holds it, if known.
        process: Option<u32>,
    },
    /// No suitable PostgreSQL is installed.
    #[error(
        "PostgreSQL 15 or newer was not found: install it with `apt-get install postgresql` (Debian, Ubuntu), \
         `dnf install postgresql-server postgresql-contrib` (Fedora) or `brew install postgresql@17` (macOS){passed_over}"
    )]
    NotFound {
        /// What was found instead and why it isn't suitable, in parentheses; or empty.
        passed_over: String,
    },
    /// The cluster needs a PostgreSQL of another major version than those installed.
    #[error(
        "the data directory {} was made by PostgreSQL {major}, which was not found: install that version or choose \
         another data directory{passed_over}",
        .data_directory.display()
    )]
    VersionNotFound {
        /// The data directory.
        data_directory: PathBuf,
        /// The major version that is needed.
        major: u32,
        /// What was found instead and why it isn't suitable, in parentheses; or empty.
        passed_over: String,
    },
    /// A server of an earlier run doesn't stop.
    #[error(
        "an earlier PostgreSQL{} on the data directory {} does not stop: end it by hand",
        .process.map(|process| format!(" (process {process})")).unwrap_or_default(),
        .data_directory.display()
    )]
    StillRunning {
        /// The data directory.
        data_directory: PathBuf,
        /// The id of the server's main process, if known.
        process: Option<u32>,
    },
    /// The server, or making its cluster, failed.
    #[error("PostgreSQL {what}; see {}, which ends with: {tail}", .log.display())]
    Failed {
        /// What happened.
        what: String,
        /// The server's log.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// The server died again and again.
    #[error(
        "PostgreSQL died {times} times within a minute and is not started any more: see {}, put right what it says and start pamoja again",
        .log.display()
    )]
    KeepsDying {
        /// How often.
        times: usize,
        /// The server's log.
        log: PathBuf,
    },
    /// The server died, and its data are gone.
    #[error(
        "PostgreSQL died and its data in {} are gone: restore them from a backup, or choose another data directory, and start pamoja again",
        .cluster.display()
    )]
    Gone {
        /// The cluster's folder.
        cluster: PathBuf,
    },
    /// The program runs as root, and there is no other account to run the server.
    #[error(
        "PostgreSQL does not run as root, and there is no account `postgres` or `nobody`: create one or run pamoja as an ordinary user"
    )]
    NoAccount,
    /// The cluster belongs to another account.
    #[error("the database {} belongs to another account: run pamoja as that account or choose another data directory", .cluster.display())]
    NotOwner {
        /// The cluster's folder.
        cluster: PathBuf,
    },
    /// The cluster exists, but its passwords are missing.
    #[error("the passwords of the database are missing: restore {} from a backup or choose another data directory", .path.display())]
    NoPasswords {
        /// The file with the passwords.
        path: PathBuf,
    },
    /// A temporary data directory contains other files, which would be removed with it.
    #[error("the data directory {} is not empty, and a temporary one is removed at the end: choose an empty one", .data_directory.display())]
    NotEmpty {
        /// The data directory.
        data_directory: PathBuf,
    },
    /// Another account made the folder in which the socket should lie.
    #[error("the folder {} for PostgreSQL's socket belongs to somebody else or is open to others: remove it", .folder.display())]
    SocketFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// A file could not be used or a program could not be run.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// What was tried, such as `open`.
        action: &'static str,
        /// The file, folder or program.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
}

/// Adds what was tried to a failure of the operating system.
pub(super) trait IoContext<T> {
    /// Turns the system's error into one that names what was tried, and the file.
    fn context(self, action: &'static str, path: &Path) -> Result<T, PrivatePostgresqlError>;
}

impl<T> IoContext<T> for std::io::Result<T> {
    fn context(self, action: &'static str, path: &Path) -> Result<T, PrivatePostgresqlError> {
        self.map_err(|source| PrivatePostgresqlError::Io { action, path: path.into(), source })
    }
}
