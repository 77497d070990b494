//! A server that this process has started: making its cluster, starting it, stopping it.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::account::{Account, Signal};
use super::binaries::Binaries;
use super::layout::{Layout, Passwords};
use super::predecessor::{self, Identity, PidFile};
use super::process::wait;
use super::watchdog::Watchdog;
use super::{DatabaseRole, IoContext, PrivatePostgresqlError, ServerOptions, socket};

/// How long making a cluster may take.
const INITIALISATION: Duration = Duration::from_secs(60);

/// How long a start may take, including recovery after a crash.
const START: Duration = Duration::from_secs(30);

/// How long to wait for other processes that use the server.
const OTHERS: Duration = Duration::from_secs(30);

/// How long the server may take to stop in order, and then to stop at once.
const STOP: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(7)];

/// Runs the command in its arguments. The password comes in on standard input and reaches the command through a pipe, so that it
/// is in no file and in no argument list. What comes in as standard output stays open as number 3: for root on Linux, that is the
/// cluster's folder.
const INITDB: &str = r#"
IFS= read -r password
exec 3>&1 1>&2
printf '%s\n' "$password" | "$@" --pwfile=/dev/stdin
"#;

/// A running server and everything that belongs to it. Dropping it stops the server.
#[derive(Debug)]
pub(super) struct Server {
    layout: Layout,
    lock: File,
    log: File,
    socket: PathBuf,
    watchdog: Watchdog,
    process: Option<Child>,
    /// Which folder the cluster was when the server was started.
    cluster: Option<Identity>,
    account: Account,
    binaries: Binaries,
    options: ServerOptions,
    shared: bool,
    stopped: bool,
}

impl Server {
    /// Takes the data directory, makes a cluster if there is none, and starts its server. A `shared` server waits for other
    /// processes before it stops.
    pub(super) fn start(root: &Path, options: &ServerOptions, shared: bool) -> Result<(Self, Passwords), PrivatePostgresqlError> {
        let layout = Layout::prepare(root, options.temporary)?;
        let lock = layout.take()?;
        let account = Account::for_cluster(&layout.cluster())?;
        let log = layout.open_log()?;
        predecessor::wait_until_gone(&layout, &log)?;
        let version = layout.cluster_version();
        let binaries = Binaries::find(&account, version, layout.root(), options.allow_download)?;
        let socket = socket::prepare(&account, layout.root())?;
        let watchdog = Watchdog::start(&layout, &socket, options.temporary, &log)?;
        let options = options.clone();
        let (process, cluster, stopped) = (None, None, false);
        let mut server =
            Self { layout, lock, log, socket, watchdog, process, cluster, account, binaries, options, shared, stopped };
        let passwords = server.layout.passwords_or_new()?;
        if version.is_none() {
            server.initialise(passwords.of(DatabaseRole::Superuser))?;
        }
        server.launch()?;
        Ok((server, passwords))
    }

    /// The file of its log.
    pub(super) fn log(&self) -> PathBuf {
        self.layout.log()
    }

    /// Whether the server's main process has ended, although nobody stopped it here.
    pub(super) fn has_died(&mut self) -> bool {
        if self.stopped {
            return false;
        }
        self.process.as_mut().is_none_or(|process| !matches!(process.try_wait(), Ok(None)))
    }

    /// Starts a server that has died again, on the same socket and with the same data, and waits until it accepts connections. Blocks.
    ///
    /// # Errors
    /// [`PrivatePostgresqlError::Gone`] when its data are gone. Others when it doesn't start.
    pub(super) fn revive(&mut self) -> Result<(), PrivatePostgresqlError> {
        // Its sessions end by themselves when they notice, which may be after a long statement. No new server starts before.
        self.stop_process();
        if self.layout.cluster_version().is_none() {
            return Err(PrivatePostgresqlError::Gone { cluster: self.layout.cluster() });
        }
        predecessor::remove_pid_file(&self.layout)?;
        self.socket = socket::prepare(&self.account, self.layout.root())?;
        let launched = self.launch();
        if launched.is_err() {
            self.stop_process();
        }
        launched
    }

    /// The folder of the server's socket.
    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    fn initialise(&self, password: &str) -> Result<(), PrivatePostgresqlError> {
        let Self { account, binaries, options, .. } = self;
        let staging = self.layout.staging();
        if staging.exists() {
            std::fs::remove_dir_all(&staging).context("remove", &staging)?;
        }
        account.create_folder(&staging)?;
        let before = self.log_length();
        let shell = Path::new("/bin/sh");
        let mut command = account.command(shell);
        command.args(["-c", INITDB, "initdb"]).arg(binaries.program("initdb"));
        match account.hand_over(&staging)? {
            Some(folder) => command.args(["-D", "/proc/self/fd/3"]).stdout(folder),
            None => command.arg("-D").arg(&staging).stdout(self.share_log()?),
        };
        command.args(["--encoding=UTF8", "--auth=scram-sha-256", "--no-instructions"]);
        command.arg(format!("--username={}", DatabaseRole::Superuser.name()));
        command.args(locale(binaries.major));
        if !options.durable {
            command.arg("--no-sync");
        }
        let mut process = command.stdin(Stdio::piped()).stderr(self.share_log()?).spawn().context("run", shell)?;
        if let Some(mut input) = process.stdin.take() {
            writeln!(input, "{password}").context("speak to", shell)?;
        }
        match wait(&mut process, INITIALISATION).context("wait for", shell)? {
            Some(status) if status.success() => {}
            Some(status) => return Err(self.failed(format!("could not make a new cluster ({status})"), before)),
            None => {
                Signal::Kill.send(process.id(), true);
                drop(process.wait());
                return Err(self.failed(format!("took more than {INITIALISATION:?} to make a new cluster"), before));
            }
        }
        std::fs::rename(&staging, self.layout.cluster()).context("rename", &staging)?;
        if options.durable {
            let root = self.layout.root();
            File::open(root).and_then(|folder| folder.sync_all()).context("write", root)?;
        }
        Ok(())
    }

    fn launch(&mut self) -> Result<(), PrivatePostgresqlError> {
        let Self { account, binaries, options, .. } = self;
        let cluster = self.layout.cluster();
        let program = binaries.program("postgres");
        let mut command = account.command(&program);
        match account.hand_over(&cluster)? {
            Some(folder) => command.args(["-D", "/proc/self/fd/0"]).stdin(folder),
            None => command.arg("-D").arg(&cluster).stdin(Stdio::null()),
        };
        for setting in settings(&self.socket, options) {
            command.arg("-c").arg(setting);
        }
        let before = self.log_length();
        command.stdout(self.share_log()?).stderr(self.share_log()?);
        self.cluster = Identity::of(&cluster);
        let process = self.process.insert(command.spawn().context("run", &program)?);
        self.watchdog.announce(process.id());

        let deadline = Instant::now() + START;
        loop {
            if let Some(status) = process.try_wait().context("wait for", &program)? {
                self.process = None;
                return Err(self.failed(format!("ended while it started ({status})"), before));
            }
            // Connecting before the server is ready would fill the log with refusals.
            let ready = PidFile::read(&cluster).is_some_and(|server| server.ready);
            if ready && socket::accepts_connections(&self.socket) {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(self.failed(format!("did not take connections within {START:?}"), before));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// For a shared server, waits until no other process uses it. No process can join while the returned file is open. Blocks.
    pub(super) fn wait_for_others(&self) -> Option<File> {
        if !self.shared {
            return None;
        }
        let alone = self.layout.wait_until_left(OTHERS);
        if alone.is_none() {
            tracing::warn!("stopping PostgreSQL although another process still uses it");
        }
        alone
    }

    /// Stops the server and everything that belongs to it, and gives the data directory back. Blocks.
    pub(super) fn stop(&mut self) -> Result<(), PrivatePostgresqlError> {
        if std::mem::replace(&mut self.stopped, true) {
            return Ok(());
        }
        self.stop_process();
        let mut removed = remove(&self.socket);
        if self.options.temporary {
            removed = removed.and(remove(self.layout.root()));
        }
        self.watchdog.dismiss();
        // Closing the files is not enough: while another thread starts a process, that process holds copies of them, and with
        // them the locks, for some milliseconds.
        drop(self.log.unlock());
        drop(self.lock.unlock());
        removed
    }

    /// Stops the server, and ends what is left of it.
    fn stop_process(&mut self) {
        if let Some(process) = self.process.take() {
            self.stop_in_order(process);
        }
        if let Some(cluster) = self.cluster.take() {
            predecessor::end_orphans(cluster);
        }
    }

    fn stop_in_order(&self, mut process: Child) {
        // Nobody reads the data of a temporary server again, so there is no need to write them to disk.
        let signals = if self.options.temporary { [Signal::Immediate; 2] } else { [Signal::Fast, Signal::Immediate] };
        for (signal, patience) in signals.into_iter().zip(STOP) {
            // A process that has ended keeps its id until this process waits for it, so the signal can't hit another one.
            if let Ok(None) = process.try_wait() {
                signal.send(process.id(), false);
            }
            if matches!(wait(&mut process, patience), Ok(Some(_))) {
                return;
            }
        }
        tracing::warn!("PostgreSQL does not stop: killing it; its next start will recover");
        drop(process.kill());
        drop(process.wait());
    }

    fn share_log(&self) -> Result<File, PrivatePostgresqlError> {
        self.log.try_clone().context("share", &self.layout.log())
    }

    fn log_length(&self) -> u64 {
        self.log.metadata().map_or(0, |metadata| metadata.len())
    }

    fn failed(&self, what: String, before: u64) -> PrivatePostgresqlError {
        PrivatePostgresqlError::Failed { what, log: self.layout.log(), tail: self.layout.log_tail(before) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::warn!(%error, "PostgreSQL was stopped, but something of it stayed behind");
        }
    }
}

/// Sorts by bytes and knows all of Unicode's letters, the same on every machine.
fn locale(major: u32) -> &'static [&'static str] {
    match (cfg!(target_os = "macos"), major) {
        (false, _) => &["--locale=C.UTF-8"],
        (true, 17..) => &["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
        (true, _) => &["--locale=C", "--lc-ctype=en_US.UTF-8"],
    }
}

fn settings(socket: &Path, options: &ServerOptions) -> Vec<String> {
    let mut settings = vec![
        "listen_addresses=".to_owned(),
        format!("port={}", socket::PORT),
        // This setting is a list: the quotes keep commas and spaces from separating its elements.
        format!("unix_socket_directories=\"{}\"", socket.to_string_lossy().replace('"', "\"\"")),
        "unix_socket_permissions=0700".to_owned(),
        format!("max_connections={}", options.max_connections),
        "max_wal_senders=0".to_owned(),
        // Nobody reads the log but this server after a crash. So an index that a transaction makes anew is written to its file alone.
        "wal_level=minimal".to_owned(),
        // While a large coalition is filled in, the default would write everything to disk once more every few seconds.
        "max_wal_size=4GB".to_owned(),
        // What was filled in has been analysed, and has nothing to clean up: the first look at it may wait until the demo is ready.
        "autovacuum_naptime=5min".to_owned(),
        "logging_collector=off".to_owned(),
        "log_destination=stderr".to_owned(),
    ];
    if cfg!(target_os = "linux") {
        // After a crash of the server alone, writing file by file what the system has written already takes seconds.
        settings.push("recovery_init_sync_method=syncfs".to_owned());
    }
    if options.durable {
        // A large coalition is read over and over while it is indexed, checked and counted. Only what is used takes memory.
        settings.push("shared_buffers=512MB".to_owned());
    } else {
        settings.extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off"].map(str::to_owned));
    }
    settings
}

/// Removes a folder with its contents, if it exists.
fn remove(folder: &Path) -> Result<(), PrivatePostgresqlError> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error).context("remove", folder),
        _ => Ok(()),
    }
}
