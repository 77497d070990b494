//! The only door to the database: whoever has a [`Permit`] gets a transaction in which PostgreSQL itself knows the tenant.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use pamoja_domain::access::Permit;
use tokio::sync::Notify;

use crate::error::StoreError;
use crate::transaction::{Mode, TenantTx};
use crate::{clock, connection};

/// The channel on which processes wake each other; a message on it says only that something changed.
pub(crate) const WAKE_CHANNEL: &str = "pamoja_outbox";
/// Wake-ups that come within this time are sent as one.
const WAKE_COALESCING: Duration = Duration::from_millis(10);

/// A database that the program works on, as the app role. Cheap to clone.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    url: String,
    pool: Pool<AsyncPgConnection>,
    changed: Arc<Notify>,
    clock_offset_seconds: AtomicI64,
    transactions: AtomicU64,
    statements: Arc<AtomicU64>,
}

/// What is done in a transaction: an `async |tx| …` whose future can move between threads.
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
    /// A database at that address with at most `pool_size` connections. Nothing is connected before it is needed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when there is no runtime to wait on.
    #[expect(
        clippy::disallowed_methods,
        reason = "it ends by itself when nobody holds the database; a wake-up that is lost with the process is made up for within a second"
    )]
    pub fn new(url: &str, pool_size: usize) -> Result<Self, StoreError> {
        let inner = Arc::new(Inner {
            url: url.to_owned(),
            pool: connection::pool(url, pool_size)?,
            changed: Arc::new(Notify::new()),
            clock_offset_seconds: AtomicI64::new(0),
            transactions: AtomicU64::new(0),
            statements: Arc::default(),
        });
        tokio::spawn(send_wake_ups(inner.changed.clone(), inner.pool.clone(), Arc::downgrade(&inner)));
        Ok(Self(inner))
    }

    /// Opens a transaction for that permit, runs the body in it and commits when the body ends well. When it does not, or when
    /// whoever waits for it goes away, nothing of it remains.
    ///
    /// # Errors
    /// What the body ends with; [`StoreError`] when the permit doesn't hold, or the database can't be reached or refuses.
    pub async fn tenant<T, E, F>(&self, permit: &Permit, body: F) -> Result<T, E>
    where
        F: for<'t> Body<&'t TenantTx, Result<T, E>> + for<'t> AsyncFnOnce(&'t TenantTx) -> Result<T, E>,
        E: From<StoreError>,
    {
        let transaction = self.open(*permit, Mode::Write).await?;
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

    /// Opens a transaction that only reads and sees one snapshot, for all reads of a request. End it with [`TenantTx::end`].
    ///
    /// # Errors
    /// [`StoreError`] when the permit doesn't hold or the database can't be reached.
    pub async fn read(&self, permit: Permit) -> Result<Arc<TenantTx>, StoreError> {
        Ok(Arc::new(self.open(permit, Mode::Read).await?))
    }

    async fn open(&self, permit: Permit, mode: Mode) -> Result<TenantTx, StoreError> {
        let connection = self.0.pool.get().await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        self.0.transactions.fetch_add(1, Ordering::Relaxed);
        let clock_offset_seconds = self.0.clock_offset_seconds.load(Ordering::Relaxed);
        TenantTx::open(connection, permit, mode, clock_offset_seconds, self.0.statements.clone()).await
    }

    /// How many transactions have been opened and how many statements sent in them, beginnings and ends included.
    pub fn counted(&self) -> (u64, u64) {
        (self.0.transactions.load(Ordering::Relaxed), self.0.statements.load(Ordering::Relaxed))
    }

    /// Whether the database answers, for readiness.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it doesn't.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let connection = self.0.pool.get().await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let mut reference: &AsyncPgConnection = &connection;
        reference.batch_execute("SELECT 1").await.map_err(StoreError::from)
    }

    /// The time by this process's clock, for what is looked at before a transaction tells PostgreSQL's.
    pub fn now(&self) -> DateTime<Utc> {
        clock::now() + TimeDelta::seconds(self.0.clock_offset_seconds.load(Ordering::Relaxed))
    }

    /// Moves the time that this process reads by so many seconds. For tests of what the clock does.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.0.clock_offset_seconds.store(seconds, Ordering::Relaxed);
    }

    pub(crate) fn url(&self) -> &str {
        &self.0.url
    }
}

/// Tells the other processes that something changed: apart from the transactions that changed it, so that no writer waits for
/// the lock that NOTIFY takes at commit.
async fn send_wake_ups(changed: Arc<Notify>, pool: Pool<AsyncPgConnection>, database: std::sync::Weak<Inner>) {
    loop {
        // A database that nobody holds any more has nothing to tell.
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
