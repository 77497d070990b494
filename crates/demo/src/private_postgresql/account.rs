//! The account that PostgreSQL runs as, and signals to its processes.
//!
//! PostgreSQL refuses to run as root. When this program runs as root, the server runs as an unprivileged account. That account
//! often can't reach the data directory by its path (a home of mode 0700, a private temporary folder). Nobody's permissions are
//! changed for that: root opens the cluster's folder and hands it over as an open file. The server finds it below
//! `/proc/self/fd`, which leads straight to the folder without passing through its parents.

use std::fs::File;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{IoContext, PrivatePostgresqlError};

/// The account that owns the cluster and runs the server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    user: u32,
    group: u32,
    /// Whether this process is root and runs the server as another account.
    switch: bool,
}

impl Account {
    /// The account for a cluster: the owner of an existing cluster, otherwise this process's own account. For root, `postgres` or
    /// `nobody`.
    pub(super) fn for_cluster(cluster: &Path) -> Result<Self, PrivatePostgresqlError> {
        let user = id(&["-u"]).ok_or(PrivatePostgresqlError::NoAccount)?;
        let group = id(&["-g"]).ok_or(PrivatePostgresqlError::NoAccount)?;
        let owner = cluster.metadata().ok().map(|metadata| (metadata.uid(), metadata.gid()));
        match owner {
            None if user == 0 => Self::unprivileged().ok_or(PrivatePostgresqlError::NoAccount),
            Some((owner, _)) if owner == 0 || (user != 0 && owner != user) => {
                Err(PrivatePostgresqlError::NotOwner { cluster: cluster.into() })
            }
            Some((user_of_cluster, group)) if user == 0 => Ok(Self { user: user_of_cluster, group, switch: true }),
            _ => Ok(Self { user, group, switch: false }),
        }
    }

    fn unprivileged() -> Option<Self> {
        ["postgres", "nobody"].into_iter().find_map(|name| {
            let user = id(&["-u", name]).filter(|user| *user != 0)?;
            Some(Self { user, group: id(&["-g", name])?, switch: true })
        })
    }

    /// Whether the server runs as another account than this process.
    pub(super) fn is_switched(&self) -> bool {
        self.switch
    }

    /// The user id of the account.
    pub(super) fn user(&self) -> u32 {
        self.user
    }

    /// A command that runs as this account, in its own process group, so that a terminal's Ctrl-C doesn't reach it.
    ///
    /// The command gets an empty environment: the caller's PG* variables would change where PostgreSQL looks, and the others
    /// don't concern it. Its working directory is `/`. PostgreSQL 15 changes directories while it looks for its own installation,
    /// and the account may not be able to return to the caller's directory.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir("/").process_group(0);
        for kept in ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command.env("LC_ALL", "C").env("TZ", "UTC");
        if self.switch {
            command.gid(self.group).uid(self.user);
        }
        command
    }

    /// Makes a folder that only this account can enter.
    pub(super) fn create_folder(&self, path: &Path) -> Result<(), PrivatePostgresqlError> {
        std::fs::DirBuilder::new().mode(0o700).create(path).context("create", path)?;
        self.own(path)
    }

    /// Makes this account the owner of a folder.
    pub(super) fn own(&self, path: &Path) -> Result<(), PrivatePostgresqlError> {
        if self.switch {
            chown(path, Some(self.user), Some(self.group)).context("change the owner of", path)?;
        }
        Ok(())
    }

    /// Opens a folder to hand over to a process of this account. Nothing when the process uses the path itself.
    pub(super) fn hand_over(&self, folder: &Path) -> Result<Option<File>, PrivatePostgresqlError> {
        if self.switch && cfg!(target_os = "linux") {
            return File::open(folder).context("open", folder).map(Some);
        }
        Ok(None)
    }
}

/// Asks the program `id` for a number.
fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// A signal, and what a PostgreSQL server does on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// End all sessions, write everything to disk, stop.
    Fast,
    /// Stop at once; the next start recovers from the log.
    Immediate,
    /// Not PostgreSQL's: the system ends the process at once.
    Kill,
}

impl Signal {
    fn name(self) -> &'static str {
        match self {
            Self::Fast => "INT",
            Self::Immediate => "QUIT",
            Self::Kill => "KILL",
        }
    }

    /// Sends the signal to a process, or with `group` to its whole process group.
    ///
    /// It uses the shell's own `kill`: the standard library can only send SIGKILL, and small systems have no program `kill`.
    pub(super) fn send(self, process: u32, group: bool) -> bool {
        let target = if group { format!("-{process}") } else { process.to_string() };
        Command::new("/bin/sh")
            .args(["-c", "kill -s \"$1\" -- \"$2\"", "sh", self.name(), &target])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }
}
