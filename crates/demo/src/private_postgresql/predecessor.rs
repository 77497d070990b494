//! A server that an earlier process left behind on the same cluster.

use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
#[cfg(not(target_os = "linux"))]
use std::process::Command;
use std::time::{Duration, Instant};

use super::account::Signal;
use super::layout::Layout;
use super::{IoContext, PrivatePostgresqlError};

/// How long to wait for an earlier server and its watchdog.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long an earlier server may take to stop in order; after that it is stopped at once.
const ORDERLY: Duration = Duration::from_secs(10);

/// Waits until no process works on the cluster any more, and takes the log's lock. It stops a server whose program is gone.
///
/// The lock belongs to the open file, which the server's processes and the watchdog inherit: it becomes free exactly when the
/// last of them has ended. It is more reliable than the server's pid file: the id in that file may belong to another process by
/// now, or the server may have left children behind.
pub(super) fn wait_until_gone(layout: &Layout, log: &File) -> Result<(), PrivatePostgresqlError> {
    let begin = Instant::now();
    let mut last = None;
    loop {
        let free = match log.try_lock() {
            Ok(()) => true,
            Err(std::fs::TryLockError::WouldBlock) => false,
            Err(std::fs::TryLockError::Error(error)) => Err(error).context("lock", &layout.log())?,
        };
        let server = server(&layout.cluster());
        if free && server.is_none() {
            break;
        }
        if begin.elapsed() > PATIENCE {
            let process = server.map(|server| server.process);
            return Err(PrivatePostgresqlError::StillRunning { data_directory: layout.root().into(), process });
        }
        let signal = if begin.elapsed() < ORDERLY { Signal::Fast } else { Signal::Immediate };
        if let Some(server) = server
            && last != Some(signal)
        {
            tracing::info!(process = server.process, "stopping a PostgreSQL server that an earlier run left behind");
            signal.send(server.process, false);
            last = Some(signal);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    remove_pid_file(layout)
}

/// Which folder a cluster is, also after somebody has removed or renamed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    pub(super) fn of(folder: &Path) -> Option<Self> {
        folder.metadata().ok().map(|folder| Self { device: folder.dev(), inode: folder.ino() })
    }
}

/// Ends the processes that a server of this program left behind when it died, and waits until they are gone. The server that they
/// belong to is dead, and the next one recovers from the log whatever they were doing.
pub(super) fn end_orphans(cluster: Identity) {
    let begin = Instant::now();
    loop {
        let orphans = orphans(cluster);
        if orphans.is_empty() {
            return;
        }
        if begin.elapsed() > PATIENCE {
            // PostgreSQL itself refuses to start beside them, and says so.
            tracing::warn!(processes = ?orphans, "processes of a PostgreSQL that has died do not end");
            return;
        }
        for process in orphans {
            Signal::Kill.send(process, false);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The processes that still work on the cluster.
#[cfg(target_os = "linux")]
fn orphans(cluster: Identity) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let processes = processes.filter_map(|entry| entry.file_name().to_string_lossy().parse().ok());
    processes.filter(|process| is_on(*process, cluster) && !has_ended(*process)).collect()
}

/// The processes that still work on the cluster. Nothing tells them here: PostgreSQL itself refuses to start beside them.
#[cfg(not(target_os = "linux"))]
fn orphans(_: Identity) -> Vec<u32> {
    Vec::new()
}

/// Whether a process has ended and nobody has waited for it yet. In a container that may stay so for ever.
#[cfg(target_os = "linux")]
fn has_ended(process: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"));
    stat.is_ok_and(|stat| stat.rsplit_once(')').is_some_and(|(_, rest)| rest.trim_start().starts_with('Z')))
}

/// A server that could not tidy up left this file. PostgreSQL would refuse to start if another process of the same account had
/// been given the same id meanwhile.
pub(super) fn remove_pid_file(layout: &Layout) -> Result<(), PrivatePostgresqlError> {
    let stale = layout.cluster().join("postmaster.pid");
    match std::fs::remove_file(&stale) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).context("remove", &stale),
        _ => Ok(()),
    }
}

/// What a server says about itself in its cluster's file `postmaster.pid`.
#[derive(Debug)]
pub(super) struct PidFile {
    /// The id of its main process.
    pub(super) process: u32,
    /// The folder of its socket, once it listens.
    pub(super) socket: Option<PathBuf>,
    /// Whether it has started and recovered.
    pub(super) ready: bool,
}

impl PidFile {
    /// Reads the file, which a server that has ended may have left behind.
    pub(super) fn read(cluster: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let socket = lines.get(4).filter(|line| !line.is_empty()).map(PathBuf::from);
        let ready = lines.get(7).is_some_and(|status| *status == "ready");
        Some(Self { process: lines.first()?.parse().ok()?, socket, ready })
    }
}

/// The server that runs on a cluster. The pid file names it, and this checks that the process is that server.
pub(super) fn server(cluster: &Path) -> Option<PidFile> {
    PidFile::read(cluster).filter(|server| works_on(server.process, cluster))
}

/// Whether a process is a PostgreSQL server on this cluster: its working directory is then the cluster.
#[cfg(target_os = "linux")]
fn works_on(process: u32, cluster: &Path) -> bool {
    Identity::of(cluster).is_some_and(|cluster| is_on(process, cluster))
}

/// Whether a process is one of PostgreSQL's on this cluster.
#[cfg(target_os = "linux")]
fn is_on(process: u32, cluster: Identity) -> bool {
    let folder = PathBuf::from(format!("/proc/{process}"));
    let named = std::fs::read_to_string(folder.join("comm")).is_ok_and(|name| name.starts_with("postgres"));
    named && Identity::of(&folder.join("cwd")) == Some(cluster)
}

/// Whether a process is a PostgreSQL server on this cluster: one of its arguments is then the cluster.
#[cfg(not(target_os = "linux"))]
fn works_on(process: u32, cluster: &Path) -> bool {
    let output = Command::new("ps").args(["-ww", "-o", "args=", "-p", &process.to_string()]).output();
    output.is_ok_and(|output| {
        let arguments = String::from_utf8_lossy(&output.stdout).into_owned();
        arguments.contains("postgres") && arguments.contains(&*cluster.to_string_lossy())
    })
}
