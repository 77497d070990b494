//! Migrations, and how to reach the demo's private PostgreSQL.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use pamoja_persistence::embedded::{DatabaseRole, EmbeddedOptions, EmbeddedPostgres};
use pamoja_persistence::migrate;

use super::Problem;

/// Where to migrate.
#[derive(Args)]
pub struct MigrateArguments {
    /// How to connect as the owner role.
    #[arg(long, env = "PAMOJA_OWNER_DATABASE_URL", hide_env_values = true)]
    owner_database_url: Option<String>,
    /// The demo's data directory: migrate its private PostgreSQL instead.
    #[arg(long, value_name = "DIR", conflicts_with = "owner_database_url")]
    data_dir: Option<PathBuf>,
}

/// Brings the tables up to date.
pub async fn migrate(arguments: MigrateArguments) -> Result<(), Problem> {
    let ran = match (&arguments.owner_database_url, &arguments.data_dir) {
        (_, Some(data_dir)) => {
            let postgres = EmbeddedPostgres::open(data_dir, EmbeddedOptions::default()).await?;
            let ran = migrate::up(&postgres.connection_url(DatabaseRole::Owner)).await;
            postgres.stop().await?;
            ran?
        }
        (Some(url), None) => migrate::up(url).await?,
        (None, None) => {
            return Err(Problem::new(
                "set PAMOJA_OWNER_DATABASE_URL to connect as the owner role, or name the demo's --data-dir",
            ));
        }
    };
    match ran.len() {
        0 => println!("The tables were up to date."),
        count => println!("Ran {count} migrations: {}", ran.join(", ")),
    }
    Ok(())
}

/// Reaching the private PostgreSQL.
#[derive(Subcommand)]
pub enum DatabaseCommand {
    /// Print how to connect to it with psql while the demo runs.
    Url {
        /// The demo's data directory.
        #[arg(long, value_name = "DIR", default_value = super::demo::DATA_DIRECTORY)]
        data_dir: PathBuf,
        /// As which role.
        #[arg(long, value_enum, default_value_t = Role::App)]
        role: Role,
    },
}

/// A role of the database.
#[derive(Clone, Copy, ValueEnum)]
pub enum Role {
    /// What the program serves as.
    App,
    /// What migrations run as.
    Owner,
    /// What publishes figures.
    Publisher,
}

/// Runs a database command.
pub async fn run(command: DatabaseCommand) -> Result<(), Problem> {
    let DatabaseCommand::Url { data_dir, role } = command;
    let postgres = EmbeddedPostgres::open(&data_dir, EmbeddedOptions::default()).await?;
    if postgres.is_started_here() {
        postgres.stop().await?;
        return Err(Problem::new(format!(
            "the demo isn't running: start it with `pamoja demo --data-dir {}` and connect then",
            data_dir.display()
        )));
    }
    println!(
        "{}",
        postgres.connection_url(match role {
            Role::App => DatabaseRole::App,
            Role::Owner => DatabaseRole::Owner,
            Role::Publisher => DatabaseRole::Publisher,
        })
    );
    postgres.stop().await?;
    Ok(())
}
