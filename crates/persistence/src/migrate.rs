//! Brings a database's tables up to date, as the owner role.

use diesel::migration::MigrationVersion;
use diesel_async::AsyncMigrationHarness;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::connection;
use crate::error::StoreError;
use crate::listed;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// Why the migrations could not be run.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database can't be reached.
    #[error("the database can't be reached: {0}")]
    Connect(#[from] diesel::ConnectionError),
    /// A migration failed and was undone.
    #[error("a migration failed: {0}")]
    Migration(String),
    /// The functions of the listed statements could not be made.
    #[error("the functions of the program's statements could not be made: {0}")]
    Statements(#[from] StoreError),
}

/// Runs the pending migrations and returns their names, and makes the functions of the statements that this program sends.
///
/// # Errors
/// [`MigrateError`] when the database can't be reached, or when a migration fails.
pub async fn up(owner_url: &str) -> Result<Vec<String>, MigrateError> {
    let run = |harness: &mut Harness| harness.run_pending_migrations(MIGRATIONS).map(names).map_err(|error| error.to_string());
    let names = with_harness(owner_url, run).await?;
    listed::install(owner_url).await?;
    Ok(names)
}

/// Reverts all migrations, newest first, and returns their names. All that the tables held is lost.
///
/// # Errors
/// [`MigrateError`] when the database can't be reached, or when a migration can't be reverted.
pub async fn down(owner_url: &str) -> Result<Vec<String>, MigrateError> {
    with_harness(owner_url, |harness| harness.revert_all_migrations(MIGRATIONS).map(names).map_err(|error| error.to_string()))
        .await
}

/// The names of the pending migrations.
///
/// # Errors
/// [`MigrateError`] when the database can't be reached, or when its list of migrations can't be read.
pub async fn pending(owner_url: &str) -> Result<Vec<String>, MigrateError> {
    with_harness(owner_url, |harness| {
        let pending = harness.pending_migrations(MIGRATIONS).map_err(|error| error.to_string())?;
        Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
    })
    .await
}

fn names(versions: Vec<MigrationVersion<'_>>) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}

type Harness = AsyncMigrationHarness<diesel_async::AsyncPgConnection>;

/// Runs the work on a thread of its own, because diesel's migration harness blocks.
async fn with_harness<T: Send + 'static>(
    owner_url: &str,
    work: impl FnOnce(&mut Harness) -> Result<T, String> + Send + 'static,
) -> Result<T, MigrateError> {
    let connection = connection::establish(owner_url.to_owned()).await?;
    tokio::task::spawn_blocking(move || {
        let mut harness = AsyncMigrationHarness::new(connection);
        work(&mut harness)
    })
    .await
    .map_err(|error| MigrateError::Migration(error.to_string()))?
    .map_err(MigrateError::Migration)
}
