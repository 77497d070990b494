//! Connecting to the demo's private PostgreSQL.

use std::path::PathBuf;

use clap::Subcommand;
use pamoja_demo::private_postgresql::{PrivatePostgresql, ServerOptions};

use super::Problem;
use super::data_directory::Role;

/// Commands about the private PostgreSQL.
#[derive(Subcommand)]
pub(super) enum DatabaseCommand {
    /// Print the URL with which psql can connect while the demo runs.
    Url {
        /// The demo's data directory.
        #[arg(long, value_name = "DIR", default_value = super::demo::DATA_DIRECTORY)]
        data_dir: PathBuf,
        /// The role to connect as.
        #[arg(long, value_enum, default_value_t = Role::Superuser)]
        role: Role,
    },
}

/// Runs a database command.
pub(super) async fn run(command: DatabaseCommand) -> Result<(), Problem> {
    let DatabaseCommand::Url { data_dir, role } = command;
    let postgres = PrivatePostgresql::open(&data_dir, ServerOptions::default()).await?;
    if postgres.is_started_here() {
        postgres.stop().await?;
        return Err(Problem::new(format!(
            "the demo isn't running: start it with `pamoja demo --data-dir {}` and connect then",
            data_dir.display()
        )));
    }
    println!("{}", postgres.connection_url(role.into()));
    postgres.stop().await?;
    Ok(())
}
