//! Writing the files of tables and indexes anew. PostgreSQL leaves what was deleted in them until something else needs the room.

use std::time::{Duration, Instant};

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

/// How long transactions that were open at the beginning may take to end. The program's own end within 15 seconds.
const ENDING: Duration = Duration::from_secs(16);
/// How often it is looked whether they have.
const LOOK: Duration = Duration::from_millis(250);

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

    /// Waits until all that was open when this was called is over: what an open transaction may still see is written into the new
    /// files, too. Returns what is still open after 16 seconds, in words for the operator.
    pub async fn wait_for_older(&self) -> Result<Vec<String>, StoreError> {
        let mut older = self.open().await?;
        let begun = Instant::now();
        while !older.is_empty() && begun.elapsed() < ENDING {
            sleep(LOOK).await;
            let open = self.open().await?;
            older.retain(|one| open.contains(one));
        }
        Ok(older)
    }

    async fn open(&self) -> Result<Vec<String>, StoreError> {
        let rows = self.0.query(include_str!("rewrite/open.sql"), &[]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    /// Writes the files of one of [`Self::tables`] and of its indexes anew. Nobody can use the table meanwhile. With the time before
    /// it began it also records that what had been erased by then is in them no longer: give none when [`Self::wait_for_older`]
    /// returned something.
    ///
    /// # Errors
    /// When the connection is lost, or the database refuses for another reason than that the table is in use.
    pub async fn rewrite(&self, table: &str, erased_by: Option<DateTime<Utc>>) -> Result<Rewrite, StoreError> {
        // The name is from the catalogue; a quotation mark in it would be doubled.
        let vacuum = format!("VACUUM (FULL) \"{}\"", table.replace('"', "\"\""));
        for attempt in 1..=ATTEMPTS {
            match self.0.batch_execute(&vacuum).await {
                Ok(()) => {
                    if let Some(moment) = erased_by {
                        self.0.execute(include_str!("rewrite/record.sql"), &[&table, &moment]).await?;
                    }
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
