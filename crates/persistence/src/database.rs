//! The only way into the database: a caller with a [`Permit`] gets a transaction in which PostgreSQL itself knows the tenant.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use pamoja_domain::access::Permit;
use tokio::sync::Notify;

use crate::error::StoreError;
use crate::places::{Effort, Party, Places};
use crate::transaction::{Mode, TenantTx};
use crate::{clock, connection};

/// The channel on which processes wake each other. A message on it says only that something changed.
pub(crate) const WAKE_CHANNEL: &str = "pamoja_outbox";
/// Wake-ups within this time are sent as one.
const WAKE_COALESCING: Duration = Duration::from_millis(10);

/// The database that the program works with, connected as the app role. Cloning it is cheap.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    url: String,
    pool: Pool<AsyncPgConnection>,
    places: Places,
    changed: Arc<Notify>,
    clock_offset_seconds: AtomicI64,
    transactions: AtomicU64,
    statements: Arc<AtomicU64>,
}

/// The work done in a transaction: an `async |tx| …` whose future can move between threads.
pub trait Body<T, R>: AsyncFnOnce(T) -> R + FnOnce(T) -> <Self as Body<T, R>>::Running {
    /// The running body.
    type Running: Future<Output = R>;
}

impl<F, T, R, Running> Body<T, R> for F
where
    F: AsyncFnOnce(T) -> R + FnOnce(T) -> Running,
    Running: Future<Output = R>,
{
    type Running = Running;
}

impl Database {
    /// A database at `url` with at most `pool_size` connections. It connects only when a connection is needed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the pool has no runtime for its timeouts.
    #[expect(
        clippy::disallowed_methods,
        reason = "it ends by itself when nobody holds the database; a wake-up that is lost with the process is made up for within a second"
    )]
    pub fn new(url: &str, pool_size: usize) -> Result<Self, StoreError> {
        let inner = Arc::new(Inner {
            url: url.to_owned(),
            pool: connection::pool(url, pool_size)?,
            places: Places::of(pool_size),
            changed: Arc::new(Notify::new()),
            clock_offset_seconds: AtomicI64::new(0),
            transactions: AtomicU64::new(0),
            statements: Arc::default(),
        });
        tokio::spawn(send_wake_ups(inner.changed.clone(), inner.pool.clone(), Arc::downgrade(&inner)));
        Ok(Self(inner))
    }

    /// Opens a transaction for that permit, runs the body in it, and commits when the body returns `Ok`. When the body fails, or
    /// the caller drops this future, nothing of it remains.
    ///
    /// # Errors
    /// The body's own error. [`StoreError::SessionEnded`] or [`StoreError::Forbidden`] when the permit doesn't hold.
    /// [`StoreError::Inconsistent`] when a member's transaction wrote no audit entry.
    pub async fn tenant<T, E, F>(&self, permit: &Permit, body: F) -> Result<T, E>
    where
        F: for<'t> Body<&'t TenantTx, Result<T, E>> + for<'t> AsyncFnOnce(&'t TenantTx) -> Result<T, E>,
        E: From<StoreError>,
    {
        let transaction = self.open(*permit, Mode::Write, Effort::Ordinary).await?;
        match body(&transaction).await {
            Ok(value) => {
                transaction.commit().await?;
                if transaction.has_announced() {
                    self.0.changed.notify_one();
                }
                Ok(value)
            }
            Err(error) => {
                transaction.roll_back().await;
                Err(error)
            }
        }
    }

    /// Opens a read-only transaction that sees one snapshot, for all reads of a request. End it with [`TenantTx::end`].
    ///
    /// # Errors
    /// [`StoreError::SessionEnded`] or [`StoreError::Forbidden`] when the permit doesn't hold.
    pub async fn read(&self, permit: Permit, effort: Effort) -> Result<Arc<TenantTx>, StoreError> {
        Ok(Arc::new(self.open(permit, Mode::Read, effort).await?))
    }

    async fn open(&self, permit: Permit, mode: Mode, effort: Effort) -> Result<TenantTx, StoreError> {
        let place = self.0.places.place(Party::of(&permit), effort).await?;
        let connection = self.0.pool.get().await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        self.0.transactions.fetch_add(1, Ordering::Relaxed);
        let clock_offset_seconds = self.0.clock_offset_seconds.load(Ordering::Relaxed);
        TenantTx::open((connection, place), permit, mode, clock_offset_seconds, self.0.statements.clone()).await
    }

    /// How many transactions have been opened, and how many statements were sent in them, including each begin and end.
    pub fn counted(&self) -> (u64, u64) {
        (self.0.transactions.load(Ordering::Relaxed), self.0.statements.load(Ordering::Relaxed))
    }

    /// Checks that the database answers. The readiness probe calls it.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let connection = self.0.pool.get().await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let mut reference: &AsyncPgConnection = &connection;
        reference.batch_execute("SELECT 1").await.map_err(StoreError::from)
    }

    /// The time by this process's clock. Use it only before a transaction is open: a transaction has PostgreSQL's time.
    pub fn now(&self) -> DateTime<Utc> {
        clock::now() + TimeDelta::seconds(self.0.clock_offset_seconds.load(Ordering::Relaxed))
    }

    /// Moves the time that this process reads by this many seconds. Tests use it for what happens as time passes.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.0.clock_offset_seconds.store(seconds, Ordering::Relaxed);
    }

    pub(crate) fn url(&self) -> &str {
        &self.0.url
    }
}

/// Notifies the other processes that something changed. It does so outside the transactions that made the change: NOTIFY takes a
/// lock at commit, and no writer may wait for it.
async fn send_wake_ups(changed: Arc<Notify>, pool: Pool<AsyncPgConnection>, database: std::sync::Weak<Inner>) {
    loop {
        // When nobody holds the database any more, this task ends.
        let woken = tokio::time::timeout(Duration::from_secs(60), changed.notified()).await.is_ok();
        if database.strong_count() == 0 {
            return;
        }
        if !woken {
            continue;
        }
        tokio::time::sleep(WAKE_COALESCING).await;
        match pool.get().await {
            Ok(connection) => {
                let mut reference: &AsyncPgConnection = &connection;
                if let Err(error) = reference.batch_execute(&format!("NOTIFY {WAKE_CHANNEL}")).await {
                    tracing::warn!(error = %StoreError::from(error), "a wake-up was not sent; listeners look by themselves within a second");
                }
            }
            Err(error) => tracing::warn!(error = %error, "a wake-up was not sent; listeners look by themselves within a second"),
        }
    }
}
