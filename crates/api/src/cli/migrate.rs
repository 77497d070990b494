//! Brings the database's tables up to date.

use clap::Args;
use pamoja_persistence::migrate;

use super::Problem;
use super::data_directory::{DataDirectory, Role, nowhere};

/// Which database to migrate.
#[derive(Args)]
pub(super) struct MigrateArguments {
    /// How to connect as the owner role.
    #[arg(long, env = "PAMOJA_OWNER_DATABASE_URL", hide_env_values = true)]
    #[cfg_attr(feature = "demo", arg(conflicts_with = "data_dir"))]
    owner_database_url: Option<String>,
    #[command(flatten)]
    data_directory: DataDirectory,
}

/// Brings the database's tables up to date.
pub(super) async fn run(arguments: MigrateArguments) -> Result<(), Problem> {
    let private = arguments.data_directory.open().await?;
    let Some(url) = private.url(Role::Owner).or(arguments.owner_database_url) else {
        return Err(nowhere("PAMOJA_OWNER_DATABASE_URL", "owner"));
    };
    let ran = migrate::up(&url).await;
    private.close().await?;
    let ran = ran?;
    match ran.len() {
        0 => println!("The tables were up to date."),
        count => println!("Ran {count} migrations: {}", ran.join(", ")),
    }
    Ok(())
}
