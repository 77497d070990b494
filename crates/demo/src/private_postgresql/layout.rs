//! Where things are in a data directory, who may use it, and the passwords kept there.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rand::Rng;
use rand::distr::Alphanumeric;
use serde::{Deserialize, Serialize};

use super::{DatabaseRole, IoContext, PrivatePostgresqlError};

/// The paths in one data directory.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    root: PathBuf,
}

impl Layout {
    /// Makes the data directory if it doesn't exist, closed to other accounts. An existing one keeps its permissions.
    pub(super) fn prepare(root: &Path, temporary: bool) -> Result<Self, PrivatePostgresqlError> {
        if let Some(parent) = root.parent() {
            std::fs::create_dir_all(parent).context("create", parent)?;
        }
        match DirBuilder::new().mode(0o700).create(root) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error).context("create", root)?,
            _ => {}
        }
        let layout = Self { root: root.canonicalize().context("open", root)? };
        let mut entries = std::fs::read_dir(&layout.root).context("read", &layout.root)?;
        // A temporary data directory will be removed with its contents, and those must be only our own files.
        if temporary && entries.next().is_some() && !layout.lock_path().exists() {
            return Err(PrivatePostgresqlError::NotEmpty { data_directory: layout.root });
        }
        Ok(layout)
    }

    /// The data directory itself, without symlinks.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// PostgreSQL's own data directory.
    pub(super) fn cluster(&self) -> PathBuf {
        self.root.join("postgres")
    }

    /// Where a cluster is made before it gets its name, so that an interrupted attempt never passes for a cluster.
    pub(super) fn staging(&self) -> PathBuf {
        self.root.join("postgres.new")
    }

    /// PostgreSQL's log.
    pub(super) fn log(&self) -> PathBuf {
        self.root.join("postgres.log")
    }

    fn lock_path(&self) -> PathBuf {
        self.root.join("pamoja.lock")
    }

    fn passwords_path(&self) -> PathBuf {
        self.root.join("postgres-passwords.json")
    }

    /// The major version of the cluster, if there is one.
    pub(super) fn cluster_version(&self) -> Option<u32> {
        std::fs::read_to_string(self.cluster().join("PG_VERSION")).ok()?.trim().parse().ok()
    }

    /// Opens the log for appending.
    pub(super) fn open_log(&self) -> Result<File, PrivatePostgresqlError> {
        let path = self.log();
        private().append(true).create(true).open(&path).context("open", &path)
    }

    /// The last lines of the log from `offset` bytes on, as one line.
    pub(super) fn log_tail(&self, offset: u64) -> String {
        let text = std::fs::read(self.log()).unwrap_or_default();
        let from = usize::try_from(offset).unwrap_or_default().min(text.len());
        let text = String::from_utf8_lossy(&text[from..]).into_owned();
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        lines[lines.len().saturating_sub(8)..].join(" | ")
    }

    /// Takes the data directory for this process, until the file is closed or unlocked.
    pub(super) fn take(&self) -> Result<File, PrivatePostgresqlError> {
        let path = self.lock_path();
        // While another thread starts a process, that process holds copies of our files until it becomes its program. A lock that
        // was given back a moment ago may therefore live on for some milliseconds.
        let deadline = Instant::now() + Duration::from_millis(100);
        loop {
            let mut file = private().read(true).write(true).create(true).open(&path).context("open", &path)?;
            match file.try_lock() {
                // The file may have been removed with a temporary data directory before we got the lock.
                Ok(()) if same_file(&file, &path) => {
                    file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).context("write", &path)?;
                    return Ok(file);
                }
                Ok(()) => self.recreate()?,
                Err(std::fs::TryLockError::Error(error)) => Err(error).context("lock", &path)?,
                Err(std::fs::TryLockError::WouldBlock) if Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Err(std::fs::TryLockError::WouldBlock) => {
                    let mut holder = String::new();
                    drop(file.read_to_string(&mut holder));
                    let process = holder.trim().parse().ok();
                    return Err(PrivatePostgresqlError::InUse { data_directory: self.root.clone(), process });
                }
            }
        }
    }

    fn recreate(&self) -> Result<(), PrivatePostgresqlError> {
        DirBuilder::new().mode(0o700).recursive(true).create(&self.root).context("create", &self.root)
    }

    /// Joins the processes that use a server of another process. The server keeps running until the returned file is closed.
    /// Nothing when the server is about to stop.
    ///
    /// The lock is on the file with the passwords, which every process that uses the server can read.
    pub(super) fn join(&self) -> Result<Option<File>, PrivatePostgresqlError> {
        let path = self.passwords_path();
        let file = match File::open(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            opened => opened.context("open", &path)?,
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(Some(file)),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(error).context("lock", &path),
        }
    }

    /// Waits until all processes that joined have left. From then on, none can join until the returned file is closed.
    pub(super) fn wait_until_left(&self, patience: Duration) -> Option<File> {
        let file = File::open(self.passwords_path()).ok()?;
        let deadline = Instant::now() + patience;
        while file.try_lock().is_err() {
            if Instant::now() > deadline {
                return None;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(file)
    }

    /// Reads the passwords.
    pub(super) fn passwords(&self) -> Result<Passwords, PrivatePostgresqlError> {
        let path = self.passwords_path();
        let text = match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(PrivatePostgresqlError::NoPasswords { path });
            }
            read => read.context("read", &path)?,
        };
        serde_json::from_slice(&text).map_err(std::io::Error::other).context("read", &path)
    }

    /// Reads the passwords, or makes them up when there are none and no cluster needs the old ones.
    pub(super) fn passwords_or_new(&self) -> Result<Passwords, PrivatePostgresqlError> {
        let path = self.passwords_path();
        let known = path.exists() || self.cluster_version().is_some();
        let passwords = if known { self.passwords()? } else { Passwords::random() };
        let text = serde_json::to_vec_pretty(&passwords).map_err(std::io::Error::other).context("write", &path)?;
        // Written anew where the file is of before and lacks a role's.
        if known && std::fs::read(&path).context("read", &path)? == text {
            return Ok(passwords);
        }
        let unfinished = path.with_extension("json.new");
        let write = || {
            let mut file = private().write(true).create(true).truncate(true).open(&unfinished)?;
            file.write_all(&text)?;
            file.sync_all()?;
            std::fs::rename(&unfinished, &path)
        };
        write().context("write", &path)?;
        Ok(passwords)
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

fn same_file(file: &File, path: &Path) -> bool {
    match (file.metadata(), path.metadata()) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

/// The passwords of the database roles.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Passwords {
    superuser: String,
    owner: String,
    app: String,
    publisher: String,
    // Those that a data directory of before doesn't have.
    #[serde(default = "password")]
    server: String,
    #[serde(default = "password")]
    sign_in: String,
    #[serde(default = "password")]
    worker: String,
    #[serde(default = "password")]
    operator: String,
}

/// Only letters and digits: they need no quoting in URLs, SQL and shells. 32 of them are 190 bits.
fn password() -> String {
    rand::rng().sample_iter(Alphanumeric).take(32).map(char::from).collect()
}

impl Passwords {
    fn random() -> Self {
        Self {
            superuser: password(),
            owner: password(),
            app: password(),
            server: password(),
            publisher: password(),
            sign_in: password(),
            worker: password(),
            operator: password(),
        }
    }

    /// The password of a role.
    pub(super) fn of(&self, role: DatabaseRole) -> &str {
        match role {
            DatabaseRole::Superuser => &self.superuser,
            DatabaseRole::Owner => &self.owner,
            DatabaseRole::Server => &self.server,
            DatabaseRole::App => &self.app,
            DatabaseRole::SignIn => &self.sign_in,
            DatabaseRole::Worker => &self.worker,
            DatabaseRole::Operator => &self.operator,
            DatabaseRole::Publisher => &self.publisher,
        }
    }
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Passwords(..)")
    }
}
