//! Settings that several commands share, and the refusal of misspelt ones.

mod pooler;

use clap::Args;
use pamoja_persistence::database::Database;
use pamoja_persistence::gate::Gate;
use pamoja_persistence::pooler::Pooler;
use tokio_util::sync::CancellationToken;

use self::pooler::PoolerSetting;
use super::Problem;
use super::data_directory::{DataDirectory, PrivateServer, Role, nowhere};

/// How many connections sign people in, at most: each is held for some milliseconds.
const SIGN_IN_CONNECTIONS: usize = 4;
/// How many connections a command or the jobs use at most.
const FEW_CONNECTIONS: usize = 4;

/// How many connections serve members, unless a setting says.
fn connections() -> u16 {
    let processors = std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get);
    u16::try_from(2 * processors + 1).unwrap_or(200).clamp(5, 200)
}

/// Which database the API works on.
#[derive(Args, Clone, Debug)]
pub(super) struct ServingDatabase {
    /// How to connect as the role that serves, such as postgresql://pamoja_server:…@host/pamoja?sslmode=require
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    #[cfg_attr(feature = "demo", arg(conflicts_with = "data_dir"))]
    pub database_url: Option<String>,
    /// How to connect as the role that signs people in.
    #[arg(long, env = "PAMOJA_SIGN_IN_DATABASE_URL", hide_env_values = true)]
    #[cfg_attr(feature = "demo", arg(conflicts_with = "data_dir"))]
    pub sign_in_database_url: Option<String>,
    #[command(flatten)]
    pooler: PoolerSetting,
    /// How to connect as the role that serves past the pooler, to hear of changes at once. Without it, they are looked for once a second where there is
    /// a pooler.
    #[arg(long, env = "PAMOJA_DIRECT_DATABASE_URL", hide_env_values = true)]
    #[cfg_attr(feature = "demo", arg(conflicts_with = "data_dir"))]
    pub direct_database_url: Option<String>,
    #[command(flatten)]
    data_directory: DataDirectory,
    /// The largest number of connections as the role that serves; four more sign people in. Left out, it is twice the number of processors and
    /// one more: with more, whoever asks for much keeps the processors from the others.
    #[arg(long, env = "PAMOJA_DATABASE_CONNECTIONS", default_value_t = connections(), value_parser = clap::value_parser!(u16).range(1..=200))]
    pub database_connections: u16,
}

/// Which database the jobs work on.
#[derive(Args, Clone, Debug)]
pub(super) struct WorkerDatabase {
    /// How to connect as the worker role.
    #[arg(long, env = "PAMOJA_WORKER_DATABASE_URL", hide_env_values = true)]
    #[cfg_attr(feature = "demo", arg(conflicts_with = "data_dir"))]
    pub worker_database_url: Option<String>,
    #[command(flatten)]
    pooler: PoolerSetting,
    #[command(flatten)]
    data_directory: DataDirectory,
}

/// Which database a command of the operator works on.
#[derive(Args, Clone, Debug)]
pub(super) struct OperatorDatabase {
    /// How to connect as the operator role.
    #[arg(long, env = "PAMOJA_OPERATOR_DATABASE_URL", hide_env_values = true)]
    #[cfg_attr(feature = "demo", arg(conflicts_with = "data_dir"))]
    pub operator_database_url: Option<String>,
    #[command(flatten)]
    data_directory: DataDirectory,
}

/// An open database, and what must be closed afterwards.
pub(super) struct Opened {
    /// The database, as the role of the command.
    pub database: Database,
    /// The private PostgreSQL, when the database is in it.
    pub private: PrivateServer,
}

impl ServingDatabase {
    /// Opens the database and the way to sign in.
    ///
    /// # Errors
    /// When no setting names a database, or the private PostgreSQL can't be started.
    pub(super) async fn open(&self) -> Result<(Opened, Gate), Problem> {
        let size = usize::from(self.database_connections);
        let behind = (self.pooler.pooler(), self.direct_database_url.as_deref());
        let opened = open(&self.data_directory, Role::Server, ("DATABASE_URL", &self.database_url), behind, size).await?;
        let url = opened.private.url(Role::SignIn).or_else(|| self.sign_in_database_url.clone());
        let url = url.ok_or_else(|| nowhere("PAMOJA_SIGN_IN_DATABASE_URL", "sign-in"))?;
        let gate = Gate::new(&url, SIGN_IN_CONNECTIONS, &opened.database)?;
        Ok((opened, gate))
    }
}

impl WorkerDatabase {
    /// Opens the database.
    ///
    /// # Errors
    /// As [`ServingDatabase::open`].
    pub(super) async fn open(&self) -> Result<Opened, Problem> {
        let setting = ("PAMOJA_WORKER_DATABASE_URL", &self.worker_database_url);
        open(&self.data_directory, Role::Worker, setting, (self.pooler.pooler(), None), FEW_CONNECTIONS).await
    }
}

impl OperatorDatabase {
    /// Opens the database.
    ///
    /// # Errors
    /// As [`ServingDatabase::open`].
    pub(super) async fn open(&self) -> Result<Opened, Problem> {
        let setting = ("PAMOJA_OPERATOR_DATABASE_URL", &self.operator_database_url);
        open(&self.data_directory, Role::Operator, setting, (Pooler::None, None), FEW_CONNECTIONS).await
    }
}

async fn open(
    data_directory: &DataDirectory,
    role: Role,
    (setting, url): (&str, &Option<String>),
    (pooler, past_it): (Pooler, Option<&str>),
    size: usize,
) -> Result<Opened, Problem> {
    let private = data_directory.open().await?;
    let url = private.url(role).or_else(|| url.clone()).ok_or_else(|| nowhere(setting, role.name()))?;
    Ok(Opened { database: Database::behind(pooler, past_it, &url, size)?, private })
}

impl Opened {
    /// Closes the private PostgreSQL, if there is one.
    ///
    /// # Errors
    /// When this command started a private PostgreSQL and it doesn't stop.
    pub(super) async fn close(self) -> Result<(), Problem> {
        self.private.close().await
    }
}

/// Refuses PAMOJA_ variables that no command knows: a misspelt setting would silently not apply.
///
/// # Errors
/// A problem that names those variables.
#[expect(clippy::disallowed_methods, reason = "these are the settings")]
pub(super) fn refuse_unknown(command: &clap::Command) -> Result<(), Problem> {
    let mut known = Vec::new();
    collect(command, &mut known);
    let unknown: Vec<String> = std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with("PAMOJA_") && !known.contains(name))
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Problem::new(format!("unknown settings {}: `pamoja serve --help` lists those that there are", unknown.join(", "))))
}

fn collect(command: &clap::Command, known: &mut Vec<String>) {
    known.extend(command.get_arguments().filter_map(|argument| argument.get_env()?.to_str().map(str::to_owned)));
    for subcommand in command.get_subcommands() {
        collect(subcommand, known);
    }
}

/// A token that Ctrl-C or SIGTERM cancels. Make it once, when the program begins: then a signal that comes while nothing waits
/// for it is not lost.
///
/// # Errors
/// When the process can't listen for signals.
#[expect(clippy::disallowed_methods, reason = "it lasts as long as the process")]
pub(super) fn stop_signal() -> std::io::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let told = stop.clone();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            told.cancel();
        });
    }
    #[cfg(not(unix))]
    tokio::spawn(async move {
        drop(tokio::signal::ctrl_c().await);
        told.cancel();
    });
    Ok(stop)
}
