//! Makes a private PostgreSQL ready: the database, the roles, who may connect, and the tables.
//!
//! Each step is one statement or one transaction, and is skipped when it has been done. An interrupted run can therefore begin
//! again.

use pamoja_persistence::migrate::{self, MigrateError};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::{DATABASE, DatabaseRole, PrivatePostgresql};
use crate::connection::{self, described};

/// The roles, from the same file that an administrator of a deployment runs.
const ROLES: &str = include_str!("../../../../docker/roles.sql");
/// What is taken from everybody, likewise.
const CATALOGUE: &str = include_str!("../../../../docker/catalogue.sql");
/// The database that exists from the first start on.
const MAINTENANCE: &str = "postgres";
/// The advisory lock that a process holds while it makes the database ready. The number is arbitrary.
const LOCK: i64 = 0x50_61_6d_6f_6a_61;

/// Why a private PostgreSQL could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// PostgreSQL can't be reached or refuses a statement.
    #[error("PostgreSQL could not be set up: {}", described(.0))]
    Database(#[from] tokio_postgres::Error),
    /// The tables could not be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The name isn't allowed for a database.
    #[error("a database is named with a to z, 0 to 9 and _, beginning with a letter, at most 63 characters")]
    Name,
}

impl PrivatePostgresql {
    /// Makes the server's database [`DATABASE`] ready for the program: makes it and its roles, and migrates it. When it is ready
    /// already, this costs two connections.
    ///
    /// # Errors
    /// [`PrepareError`]. The steps before the failure stay done and are not repeated.
    pub async fn prepare(&self) -> Result<(), PrepareError> {
        let url = self.connection_url(DatabaseRole::Superuser);
        let (client, connection) = match connection::connect(&url).await {
            Err(error) if error.code() == Some(&SqlState::INVALID_CATALOG_NAME) => {
                make(self, DATABASE, None).await?;
                connection::connect(&url).await?
            }
            connected => connected?,
        };
        // Held until this connection ends, so that no other process sets up or migrates at the same time.
        client.execute("SELECT pg_advisory_lock($1)", &[&LOCK]).await?;
        let migrated = match set_up(&client, self, DATABASE).await {
            Ok(()) => migrate::up(&self.connection_url(DatabaseRole::Owner)).await.map_err(PrepareError::from),
            Err(error) => Err(error),
        };
        drop(client);
        drop(connection.await);
        migrated.map(drop)
    }

    /// Makes a database with its roles: empty, or a copy of a template. The roles connect to it with
    /// [`connection_url_to`](Self::connection_url_to). Nobody may be connected to the template meanwhile.
    ///
    /// # Errors
    /// [`PrepareError::Name`]; [`PrepareError::Database`] when the database exists already or the template doesn't.
    pub async fn create_database(&self, name: &str, template: Option<&str>) -> Result<(), PrepareError> {
        make(self, name, template).await?;
        let (client, connection) = connection::connect(&self.connection_url_to(DatabaseRole::Superuser, name)).await?;
        let done = set_up(&client, self, name).await;
        drop(client);
        drop(connection.await);
        done
    }

    /// Drops a database if it exists, and ends the connections to it.
    ///
    /// # Errors
    /// [`PrepareError::Name`]; [`PrepareError::Database`] when the server refuses.
    pub async fn drop_database(&self, name: &str) -> Result<(), PrepareError> {
        run_apart(self, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", checked(name)?)).await?;
        Ok(())
    }
}

async fn make(postgres: &PrivatePostgresql, name: &str, template: Option<&str>) -> Result<(), PrepareError> {
    let name = checked(name)?;
    // Not template1, to which another session might be connected.
    let template = checked(template.unwrap_or("template0"))?;
    match run_apart(postgres, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await {
        // Another process was faster.
        Err(error) if name == DATABASE && error.code() == Some(&SqlState::DUPLICATE_DATABASE) => Ok(()),
        done => Ok(done?),
    }
}

/// Runs one statement that can't be part of a transaction.
async fn run_apart(postgres: &PrivatePostgresql, statement: &str) -> Result<(), tokio_postgres::Error> {
    let (client, connection) = connection::connect(&postgres.connection_url_to(DatabaseRole::Superuser, MAINTENANCE)).await?;
    let done = client.batch_execute(statement).await;
    drop(client);
    drop(connection.await);
    done
}

/// Makes the roles, and lets only them connect to the client's database: all of it or nothing.
async fn set_up(client: &Client, postgres: &PrivatePostgresql, name: &str) -> Result<(), PrepareError> {
    let roles: Vec<String> = client
        .query("SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'pamoja\\_%'", &[])
        .await?
        .iter()
        .map(|row| row.get(0))
        .collect();
    let row = client
        .query_one(
            "SELECT pg_get_userbyid(nspowner) = $1 AS owned, NOT has_database_privilege('public', current_database(), 'CONNECT') AS closed,
                 NOT has_function_privilege('public', 'pg_sleep(double precision)', 'EXECUTE') AS judged
             FROM pg_namespace WHERE nspname = 'public'",
            &[&DatabaseRole::Owner.name()],
        )
        .await?;
    let (owned, closed, judged): (bool, bool, bool) = (row.get("owned"), row.get("closed"), row.get("judged"));
    let known = DatabaseRole::CONNECTING.iter().all(|role| roles.iter().any(|known| known == role.name()));
    // A copy of a template has all of it but the last. Several copies can be made at once, but only one transaction at a time can
    // change a role.
    let batch = if owned && known && judged {
        if closed {
            return Ok(());
        }
        doors_of(checked(name)?)
    } else {
        let mut batch = String::from(ROLES);
        for role in DatabaseRole::CONNECTING {
            batch.push_str(&format!("ALTER ROLE {} PASSWORD {};\n", role.name(), quoted(postgres.password(role))));
        }
        batch.push_str(CATALOGUE);
        batch
    };
    client.batch_execute(&format!("BEGIN;\n{batch};\nCOMMIT")).await?;
    Ok(())
}

/// What lets only the roles connect to a database.
fn doors_of(name: &str) -> String {
    let roles: Vec<&str> = DatabaseRole::CONNECTING.iter().map(|role| role.name()).collect();
    format!(
        "GRANT CREATE ON DATABASE {name} TO {}; REVOKE CONNECT, TEMPORARY ON DATABASE {name} FROM PUBLIC; GRANT CONNECT ON DATABASE {name} TO {}",
        DatabaseRole::Owner.name(),
        roles.join(", ")
    )
}

/// Checks a name that goes into a statement unquoted.
fn checked(name: &str) -> Result<&str, PrepareError> {
    let harmless = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    if begins && name.len() <= 63 && name.bytes().all(harmless) { Ok(name) } else { Err(PrepareError::Name) }
}

/// A text as an SQL literal, which is right under any setting of standard_conforming_strings.
fn quoted(text: &str) -> String {
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_a_plain_name_gets_into_a_statement() {
        for name in ["pamoja", "test_1"] {
            assert!(checked(name).is_ok());
        }
        for name in ["", "1a", "a-b", "A", "a\"; DROP", "ä", &"a".repeat(64)] {
            assert!(checked(name).is_err(), "{name}");
        }
        assert_eq!(quoted("a'b\\c"), "E'a''b\\\\c'");
    }
}
