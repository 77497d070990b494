//! Writing the files of tables and indexes anew. PostgreSQL leaves what was deleted in them until something else needs the room.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::sleep;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::connection;
use crate::error::StoreError;

/// How long a rewrite waits for those who use the table. Whoever comes after waits behind it for as long.
const LOCK: &str = "2s";
/// How long one table may take.
const PATIENCE: &str = "30min";
/// How often a table that is in use is tried.
const ATTEMPTS: u32 = 5;
/// How long the others go first after an attempt.
const PAUSE: Duration = Duration::from_secs(2);

/// How old what was erased and may still be in the files can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Oldest {
    /// It was erased after this moment: the oldest of the tables' last rewrites, or the setting up of the database.
    pub since: DateTime<Utc>,
    /// Whether a table was never rewritten.
    pub never: bool,
}

/// What became of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rewrite {
    /// Its files and those of its indexes are new.
    Done,
    /// It was in use the whole time, and is as it was.
    InUse,
}

/// A connection as the owner role.
pub struct Rewriter(Client);

impl Rewriter {
    /// Connects as the owner role.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database can't be reached, and a fault when it refuses.
    pub async fn connect(owner_url: &str) -> Result<Self, StoreError> {
        let client = connection::driver(owner_url).await?;
        let limits =
            format!("SET lock_timeout = '{LOCK}'; SET statement_timeout = '{PATIENCE}'; SET search_path = public, pg_temp");
        client.batch_execute(&limits).await?;
        Ok(Self(client))
    }

    /// The tables from which the program erases. None when this role doesn't own them.
    pub async fn tables(&self) -> Result<Vec<String>, StoreError> {
        let rows = self.0.query(include_str!("rewrite/tables.sql"), &[]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// How old what was erased from these tables and may still be in their files can be. None without tables.
    pub async fn oldest(&self, tables: &[String]) -> Result<Option<Oldest>, StoreError> {
        let row = self.0.query_one(include_str!("rewrite/oldest.sql"), &[&tables]).await?;
        let since: Option<DateTime<Utc>> = row.get(0);
        Ok(since.map(|since| Oldest { since, never: row.get::<_, Option<bool>>(1) == Some(true) }))
    }

    /// Writes the files of one of [`Self::tables`] and of its indexes anew, and records that. Nobody can use the table meanwhile.
    /// `now` is the time before it begins.
    ///
    /// # Errors
    /// When the connection is lost, or the database refuses for another reason than that the table is in use.
    pub async fn rewrite(&self, table: &str, now: DateTime<Utc>) -> Result<Rewrite, StoreError> {
        // The name is from the catalogue; a quotation mark in it would be doubled.
        let vacuum = format!("VACUUM (FULL) \"{}\"", table.replace('"', "\"\""));
        for attempt in 1..=ATTEMPTS {
            match self.0.batch_execute(&vacuum).await {
                Ok(()) => {
                    self.0.execute(include_str!("rewrite/record.sql"), &[&table, &now]).await?;
                    return Ok(Rewrite::Done);
                }
                Err(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                    if attempt < ATTEMPTS {
                        sleep(PAUSE).await;
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Rewrite::InUse)
    }
}
