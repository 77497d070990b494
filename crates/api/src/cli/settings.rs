//! Settings that several commands share, and the refusal of misspelt ones.

use clap::Args;
use pamoja_persistence::database::Database;
use tokio_util::sync::CancellationToken;

use super::Problem;
use super::data_directory::{DataDirectory, PrivateServer, Role, nowhere};

/// Which database a command works on.
#[derive(Args, Clone, Debug)]
pub(super) struct DatabaseArguments {
    /// How to connect as the app role, such as postgresql://pamoja_app:…@host/pamoja?sslmode=require
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    #[cfg_attr(feature = "demo", arg(conflicts_with = "data_dir"))]
    pub database_url: Option<String>,
    #[command(flatten)]
    data_directory: DataDirectory,
    /// The largest number of connections.
    #[arg(long, env = "PAMOJA_DATABASE_CONNECTIONS", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=200))]
    pub database_connections: u16,
}

/// An open database, and what must be closed afterwards.
pub(super) struct Opened {
    /// The database, as the app role.
    pub database: Database,
    /// The private PostgreSQL, when the database is in it.
    pub private: PrivateServer,
}

impl DatabaseArguments {
    /// Opens the database.
    ///
    /// # Errors
    /// When no setting names a database, or the private PostgreSQL can't be started.
    pub(super) async fn open(&self) -> Result<Opened, Problem> {
        let size = usize::from(self.database_connections);
        let private = self.data_directory.open().await?;
        let url = private.url(Role::App).or_else(|| self.database_url.clone());
        let url = url.ok_or_else(|| nowhere("DATABASE_URL", "app"))?;
        Ok(Opened { database: Database::new(&url, size)?, private })
    }
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
