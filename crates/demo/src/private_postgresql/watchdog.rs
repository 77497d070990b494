//! The watchdog: a small shell process that stops PostgreSQL when this program dies without doing so itself.
//!
//! Its standard input is a pipe that only this program holds open. However the program ends, even by SIGKILL, the system closes
//! the pipe, and the watchdog begins its work.

use std::fs::File;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use super::layout::Layout;
use super::process::wait;
use super::{IoContext, PrivatePostgresqlError};

/// Its arguments: the first signal, the cluster, the socket's folder, and the data directory to remove, or nothing.
///
/// A process that has ended but was never waited for (state Z) counts as gone: in a container it may stay for ever. When the
/// program died before it could announce the server's id, the script reads the server's own pid file. A stale pid file was
/// removed before the watchdog started.
const SCRIPT: &str = r#"
trap '' HUP INT QUIT TERM
signal=$1 cluster=$2 socket=$3 data=$4
pid=
while read -r line; do
    [ "$line" = stopped ] && exit 0
    pid=$line
done
alive() {
    kill -0 "$pid" || return 1
    [ -r "/proc/$pid/stat" ] || return 0
    read -r _ _ state _ <"/proc/$pid/stat" && [ "$state" != Z ]
}
wait_for() {
    tries=$1
    while alive; do
        [ "$tries" -gt 0 ] || return 1
        tries=$((tries - 1))
        sleep 0.1
    done
}
if [ -z "$pid" ]; then
    sleep 1
    read -r pid <"$cluster/postmaster.pid"
fi
if [ -n "$pid" ]; then
    kill -s "$signal" "$pid"
    wait_for 100 || { kill -s QUIT "$pid"; wait_for 70; } || kill -s KILL "$pid"
fi
rm -rf "$socket"
tries=50
while [ -n "$data" ] && [ -e "$data" ] && [ "$tries" -gt 0 ]; do
    rm -rf "$data" || sleep 0.1
    tries=$((tries - 1))
done
"#;

/// The running watchdog.
#[derive(Debug)]
pub(super) struct Watchdog {
    process: Child,
    pipe: Option<ChildStdin>,
}

impl Watchdog {
    /// Starts the watchdog. It holds the log file open, whose lock shows the next start that a process still works on the
    /// cluster.
    pub(super) fn start(layout: &Layout, socket: &Path, temporary: bool, log: &File) -> Result<Self, PrivatePostgresqlError> {
        let shell = Path::new("/bin/sh");
        let mut command = Command::new(shell);
        command
            .args(["-c", SCRIPT, "pamoja-watchdog", if temporary { "QUIT" } else { "INT" }])
            .arg(layout.cluster())
            .arg(socket)
            .arg(if temporary { layout.root() } else { Path::new("") })
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(log.try_clone().context("share", &layout.log())?)
            .stderr(Stdio::null());
        let mut process = command.spawn().context("run", shell)?;
        let pipe = process.stdin.take();
        Ok(Self { process, pipe })
    }

    /// Tells the watchdog which process is the server.
    pub(super) fn announce(&mut self, server: u32) {
        self.say(&server.to_string());
    }

    /// Ends the watchdog after the server has stopped.
    pub(super) fn dismiss(&mut self) {
        self.say("stopped");
        self.pipe = None;
        if !matches!(wait(&mut self.process, Duration::from_secs(5)), Ok(Some(_))) {
            drop(self.process.kill());
            drop(self.process.wait());
        }
    }

    fn say(&mut self, line: &str) {
        let written = self.pipe.as_mut().map(|pipe| writeln!(pipe, "{line}"));
        if let Some(Err(error)) = written {
            tracing::warn!(%error, "PostgreSQL's watchdog has died: a crash of this program would leave the server behind until the next start");
        }
    }
}
