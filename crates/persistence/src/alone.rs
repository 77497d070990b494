//! A statement by itself, on a connection of a pool.

use diesel::QueryResult;
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};

use crate::connection;
use crate::error::StoreError;
use crate::pooler::Pooler;
use crate::trouble::Trouble;

/// A connection for one statement by itself. Behind a pooler the statement has a transaction around it: to prepare and to execute it
/// are two messages.
pub(crate) struct Alone {
    /// None once the end of the transaction was acknowledged, or the connection dropped.
    connection: Option<Object<AsyncPgConnection>>,
    pooler: Pooler,
}

impl Alone {
    /// Takes a connection from the pool.
    ///
    /// # Errors
    /// As [`connection::take`].
    pub(crate) async fn begin(pool: &Pool<AsyncPgConnection>, trouble: &Trouble, pooler: Pooler) -> Result<Self, StoreError> {
        let mut alone = Self { connection: Some(connection::take(pool, trouble).await?), pooler };
        if pooler != Pooler::None {
            alone.connection()?.batch_execute(&pooler.begin("BEGIN ISOLATION LEVEL READ COMMITTED")).await?;
        }
        Ok(alone)
    }

    /// The connection, for the statement.
    pub(crate) fn connection(&mut self) -> Result<&mut AsyncPgConnection, StoreError> {
        self.connection.as_deref_mut().ok_or_else(|| StoreError::Inconsistent("the statement has ended".to_owned()))
    }

    /// Ends the statement as it went, and gives the connection back.
    ///
    /// # Errors
    /// The statement's own, or that of the commit.
    pub(crate) async fn end<T>(mut self, outcome: QueryResult<T>) -> Result<T, StoreError> {
        if self.pooler != Pooler::None {
            let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
            if let Err(error) = self.connection()?.batch_execute(end).await {
                // What went wrong first says more.
                return Err(outcome.err().unwrap_or(error).into());
            }
        }
        drop(self.connection.take());
        Ok(outcome?)
    }
}

/// A connection never returns to the pool with an open transaction, nor with a statement that is under way: the next would wait for it.
impl Drop for Alone {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(Object::take(connection));
        }
    }
}
