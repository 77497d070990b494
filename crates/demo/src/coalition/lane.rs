//! Writing the referrals over several connections at once, each of which has some of the tables.

use std::io::Cursor;

use futures_util::SinkExt;
use futures_util::future::try_join_all;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::{JoinHandle, JoinSet};
use tokio_postgres::{Client, Error};

use super::copy::Rows;
use crate::connection;

/// The tables of each connection, so that each has about as much to do.
const LANES: [&[&str]; 4] = [
    &["referral", "referral_progress", "referral_non_completion"],
    &["referral_event", "referral_slip"],
    &["referral_event_user", "referral_handler", "referral_follow_up"],
    &[
        "referral_sender",
        "referral_client",
        "referral_shared",
        "referral_consent",
        "client_report",
        "open_referral",
        "open_referral_offer",
    ],
];
/// How many chapters may wait for a connection.
const WAITING: usize = 2;
/// Skips the check of foreign keys row by row, which would double the time. They are checked once at the end, for all rows.
pub(super) const BEGIN: &str =
    "BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL work_mem = '64MB'";
/// What an attempt left that was interrupted between the lanes' commits and the last one, which brings the organisations.
pub(super) const CLEAR: &str =
    "DO $$ BEGIN IF NOT EXISTS (SELECT FROM organisation) THEN TRUNCATE referral CASCADE; END IF; END $$";

/// The lane of that table.
fn lane_of(table: &str) -> Option<usize> {
    LANES.iter().position(|tables| tables.contains(&table))
}

/// A connection that has written.
pub(super) struct Lane {
    client: Client,
    connection: JoinHandle<Result<(), Error>>,
}

impl Lane {
    /// Commits what it has written.
    pub(super) async fn commit(self) -> Result<(), Error> {
        let committed = self.client.batch_execute("COMMIT").await;
        self.end().await;
        committed
    }

    /// Ends the connection, which rolls back what isn't committed.
    async fn end(self) {
        drop(self.client);
        drop(self.connection.await);
    }
}

/// Connections that write.
pub(super) struct Lanes {
    chapters: Vec<Sender<Vec<Rows>>>,
    writing: JoinSet<Result<Lane, Error>>,
}

impl Lanes {
    /// Connects as the superuser at that URL, and begins a transaction on each connection.
    pub(super) async fn open(url: &str) -> Result<Self, Error> {
        let (mut chapters, mut writing) = (Vec::new(), JoinSet::new());
        for tables in LANES {
            let (client, connection) = connection::connect(url).await?;
            let (sender, receiver) = channel(WAITING);
            chapters.push(sender);
            writing.spawn(async move {
                let lane = Lane { client, connection };
                match write(&lane.client, tables, receiver).await {
                    Ok(()) => Ok(lane),
                    Err(error) => {
                        lane.end().await;
                        Err(error)
                    }
                }
            });
        }
        Ok(Self { chapters, writing })
    }

    /// Hands the rows over, each to the connection of its table. False when one has failed.
    pub(super) async fn write(&self, rows: Vec<Rows>) -> bool {
        let mut shares: Vec<Vec<Rows>> = self.chapters.iter().map(|_| Vec::new()).collect();
        for rows in rows {
            let lane = lane_of(rows.table()).unwrap_or_default();
            shares[lane].push(rows);
        }
        let handed_over = self.chapters.iter().zip(shares).map(|(chapters, share)| chapters.send(share));
        try_join_all(handed_over).await.is_ok()
    }

    /// Waits until all rows are written and indexed; returns the connections, which are yet to commit it.
    pub(super) async fn finish(mut self) -> Result<Vec<Lane>, Error> {
        self.chapters.clear();
        let mut lanes = Vec::new();
        while let Some(written) = self.writing.join_next().await {
            // Nobody aborts a task: it can only have panicked.
            lanes.push(written.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?);
        }
        Ok(lanes)
    }
}

/// Writes what comes into these tables, and then makes their indexes: row by row that takes several times as long.
async fn write(client: &Client, tables: &[&str], mut chapters: Receiver<Vec<Rows>>) -> Result<(), Error> {
    client.batch_execute(BEGIN).await?;
    for table in tables {
        begin_anew(client, table).await?;
    }
    // An index that isn't ready gets no rows. It is made anew below, and then it finds what is there twice.
    let list = tables.join(",");
    let put_down =
        format!("UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = ANY ('{{{list}}}'::regclass[])");
    client.batch_execute(&put_down).await?;
    while let Some(chapter) = chapters.recv().await {
        for rows in chapter {
            copy_frozen(client, rows).await?;
        }
    }
    for table in tables {
        client.batch_execute(&format!("REINDEX TABLE {table}; ANALYZE {table}")).await?;
    }
    Ok(())
}

/// Gives an empty table a new file. What a transaction writes into a file of its own is kept out of the log, and needs no second look
/// later at whether it was committed. TRUNCATE would do it, too, if no other table referred to this one.
async fn begin_anew(client: &Client, table: &str) -> Result<(), Error> {
    const KEY: &str = "SELECT quote_ident(relname) FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid
        WHERE indrelid = $1::text::regclass AND indisprimary";
    let key: String = client.query_one(KEY, &[&table]).await?.get(0);
    client.batch_execute(&format!("CLUSTER {table} USING {key}; ALTER TABLE {table} SET WITHOUT CLUSTER")).await
}

/// Writes rows by COPY.
pub(super) async fn copy(client: &Client, rows: Rows) -> Result<(), Error> {
    copy_with(client, rows, "").await
}

/// Writes rows by COPY into a table that was begun anew.
async fn copy_frozen(client: &Client, rows: Rows) -> Result<(), Error> {
    copy_with(client, rows, " (FREEZE)").await
}

async fn copy_with(client: &Client, rows: Rows, options: &str) -> Result<(), Error> {
    if rows.text.is_empty() {
        return Ok(());
    }
    let sink = client.copy_in(&format!("COPY {} FROM STDIN{options}", rows.target)).await?;
    let mut sink = std::pin::pin!(sink);
    sink.send(Cursor::new(rows.text.into_bytes())).await?;
    sink.finish().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::super::referral::Chapter;
    use super::*;

    #[test]
    fn each_table_of_a_chapter_has_a_connection() {
        let chapter = Chapter::new(DateTime::UNIX_EPOCH, Default::default());
        let tables: Vec<&str> = chapter.into_rows().map(|rows| rows.table()).collect();
        assert!(tables.iter().all(|table| lane_of(table).is_some()), "{tables:?}");
        assert_eq!(tables.len(), LANES.iter().map(|tables| tables.len()).sum::<usize>());
    }
}
