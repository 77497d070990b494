//! The only way into the database: a caller with a [`Permit`] gets a transaction in which PostgreSQL itself knows the tenant.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use pamoja_domain::access::{Caller, Permit};
use tokio::sync::Notify;

use crate::alone::Alone;
use crate::error::StoreError;
use crate::function::end_overlong_statements;
use crate::places::{Effort, Party, Place, Places};
use crate::pooler::Pooler;
use crate::statement::Statement;
use crate::transaction::{Mode, TenantTx};
use crate::trouble::Trouble;
use crate::{clock, connection, listed};

/// The channel on which processes wake each other. A message on it says only that something changed.
pub(crate) const WAKE_CHANNEL: &str = "pamoja_outbox";
/// Wake-ups within this time are sent as one.
const WAKE_COALESCING: Duration = Duration::from_millis(10);
/// How many connections there are for what is written beside a request's reads.
const ASIDE: usize = 2;
/// How often a database that is in trouble is asked whether it is well.
const ASKING: Duration = Duration::from_millis(500);

/// The database that the program works with, connected as the role of one door: members', jobs' or the operator's. PostgreSQL refuses
/// a permit of another door. Cloning it is cheap.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    /// Where to listen for changes; nowhere behind a pooler that was given no way past it.
    listening_url: Option<String>,
    pooler: Pooler,
    pool: Pool<AsyncPgConnection>,
    /// For what somebody must write who holds one of the pool's connections already. Nobody who holds one of these waits for another.
    aside: Pool<AsyncPgConnection>,
    places: Places,
    changed: Arc<Notify>,
    trouble: Arc<Trouble>,
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
    pub fn new(url: &str, pool_size: usize) -> Result<Self, StoreError> {
        Self::behind(Pooler::None, None, url, pool_size)
    }

    /// As [`Self::new`], at a pooler's `url`. Changes are heard of at once over the address past it, and without one looked for once a
    /// second.
    ///
    /// # Errors
    /// As [`Self::new`].
    #[expect(clippy::disallowed_methods, reason = "it ends by itself when nobody holds the database")]
    pub fn behind(pooler: Pooler, past_it: Option<&str>, url: &str, pool_size: usize) -> Result<Self, StoreError> {
        let trouble = Arc::<Trouble>::default();
        let database = Self::noting(Arc::clone(&trouble), pooler, past_it, url, pool_size)?;
        tokio::spawn(see_it_through(trouble, Arc::downgrade(&database.0)));
        Ok(database)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "it ends by itself when nobody holds the database; a wake-up that is lost with the process is made up for within a second"
    )]
    fn noting(
        trouble: Arc<Trouble>,
        pooler: Pooler,
        past_it: Option<&str>,
        url: &str,
        pool_size: usize,
    ) -> Result<Self, StoreError> {
        let inner = Arc::new(Inner {
            listening_url: past_it.or((pooler == Pooler::None).then_some(url)).map(str::to_owned),
            pooler,
            pool: connection::pool(url, pool_size, pooler, &trouble)?,
            aside: connection::pool(url, ASIDE, pooler, &trouble)?,
            places: Places::of(pool_size),
            changed: Arc::new(Notify::new()),
            trouble,
            clock_offset_seconds: AtomicI64::new(0),
            transactions: AtomicU64::new(0),
            statements: Arc::default(),
        });
        tokio::spawn(send_wake_ups(inner.changed.clone(), Arc::downgrade(&inner)));
        Ok(Self(inner))
    }

    /// The same database, as another role and over connections of its own. What goes wrong with either is noted once.
    ///
    /// # Errors
    /// As [`Database::new`].
    pub fn as_another_role(&self, url: &str, pool_size: usize) -> Result<Self, StoreError> {
        Self::noting(Arc::clone(&self.0.trouble), self.0.pooler, None, url, pool_size)
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
        self.run(self.open(*permit, Mode::Write, Effort::Ordinary).await?, body).await
    }

    /// As [`Self::tenant`], over connections of its own: for a few rows that a request writes while it holds the connection of its reads. Were
    /// there none left beside those that requests hold, all would wait for each other.
    ///
    /// # Errors
    /// As [`Self::tenant`].
    pub(crate) async fn aside<T, E, F>(&self, permit: &Permit, body: F) -> Result<T, E>
    where
        F: for<'t> Body<&'t TenantTx, Result<T, E>> + for<'t> AsyncFnOnce(&'t TenantTx) -> Result<T, E>,
        E: From<StoreError>,
    {
        let connection = connection::take(&self.0.aside, &self.0.trouble).await?;
        self.run(self.begin(connection, Place::of_nobody(), *permit, Mode::Write).await?, body).await
    }

    async fn run<T, E, F>(&self, transaction: TenantTx, body: F) -> Result<T, E>
    where
        F: for<'t> Body<&'t TenantTx, Result<T, E>> + for<'t> AsyncFnOnce(&'t TenantTx) -> Result<T, E>,
        E: From<StoreError>,
    {
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

    /// Opens a read-only transaction in which each statement sees what was committed before it, for following changes. End it with
    /// [`TenantTx::end`].
    ///
    /// # Errors
    /// [`StoreError::SessionEnded`] when the permit doesn't hold.
    pub async fn follow(&self, caller: Caller) -> Result<TenantTx, StoreError> {
        self.open(Permit::follower(caller), Mode::Follow, Effort::Ordinary).await
    }

    /// How long a request of that caller would wait until it is begun, if `rounds` of others of the same user come before it: see
    /// [`places`](crate::places). It says nothing of how long it takes then.
    pub fn expected_wait(&self, caller: Caller, effort: Effort, rounds: u32) -> Duration {
        self.0.places.expected_wait(Party::of(&Permit::reader(caller)), effort, rounds)
    }

    async fn open(&self, permit: Permit, mode: Mode, effort: Effort) -> Result<TenantTx, StoreError> {
        let place = self.0.places.place(Party::of(&permit), effort).await.inspect_err(|_| self.0.trouble.busy())?;
        self.begin(connection::take(&self.0.pool, &self.0.trouble).await?, place, permit, mode).await
    }

    async fn begin(
        &self,
        connection: Object<AsyncPgConnection>,
        place: Place,
        permit: Permit,
        mode: Mode,
    ) -> Result<TenantTx, StoreError> {
        self.0.transactions.fetch_add(1, Ordering::Relaxed);
        TenantTx::open((connection, place), permit, mode, self.0.pooler, self.0.statements.clone()).await
    }

    /// Ends the connections of the exposed roles whose transaction or statement lasts longer than 15 seconds, whatever limits they set
    /// for themselves. Returns how many. The worker calls it.
    pub async fn end_overlong_statements(&self) -> Result<i32, StoreError> {
        let mut alone = Alone::begin(&self.0.pool, &self.0.trouble, self.0.pooler).await?;
        let ended = diesel_async::RunQueryDsl::get_result(diesel::select(end_overlong_statements()), alone.connection()?).await;
        alone.end(ended).await
    }

    /// How many of the statements that members' requests send have no function in the database. Whoever serves asks before.
    pub async fn lacking_statements(&self) -> Result<usize, StoreError> {
        #[derive(diesel::QueryableByName)]
        struct Made {
            #[diesel(sql_type = diesel::sql_types::Text)]
            name: String,
        }
        let mut alone = Alone::begin(&self.0.pool, &self.0.trouble, self.0.pooler).await?;
        let made = Statement::new(include_str!("listed/known.sql"));
        let made = diesel_async::RunQueryDsl::load::<Made>(made, alone.connection()?).await;
        let made = alone.end(made).await?;
        Ok(listed::lacking(made.into_iter().map(|made| made.name).collect()))
    }

    /// How many transactions have been opened, and how many statements were sent in them, including each begin and end.
    pub fn counted(&self) -> (u64, u64) {
        (self.0.transactions.load(Ordering::Relaxed), self.0.statements.load(Ordering::Relaxed))
    }

    /// Checks that the database answers and is in no trouble. The readiness probe calls it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] also when it answers, but failed at something a few seconds ago.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.0.answers().await?;
        if self.is_in_trouble() { Err(StoreError::Unavailable("the database is in trouble".to_owned())) } else { Ok(()) }
    }

    /// Whether the database can't be reached, or failed by itself a few seconds ago. The log says so once, when it begins.
    pub fn is_in_trouble(&self) -> bool {
        self.0.trouble.lasts()
    }

    /// The time by this process's clock. Use it only before a transaction is open: a transaction has PostgreSQL's time.
    pub fn now(&self) -> DateTime<Utc> {
        clock::now() + TimeDelta::seconds(self.0.clock_offset_seconds.load(Ordering::Relaxed))
    }

    /// Moves this process's clock by this many seconds: for tests and demos, whose database is moved by as many. It has no effect on the
    /// time in transactions.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.0.clock_offset_seconds.store(seconds, Ordering::Relaxed);
    }

    pub(crate) fn listening_url(&self) -> Option<&str> {
        self.0.listening_url.as_deref()
    }

    pub(crate) fn pooler(&self) -> Pooler {
        self.0.pooler
    }

    pub(crate) fn trouble(&self) -> &Arc<Trouble> {
        &self.0.trouble
    }
}

impl Inner {
    async fn answers(&self) -> Result<(), StoreError> {
        let connection = connection::take(&self.pool, &self.trouble).await?;
        let mut reference: &AsyncPgConnection = &connection;
        reference.batch_execute("SELECT 1").await?;
        self.trouble.answered();
        Ok(())
    }
}

/// Asks a database that is in trouble whether it is well again, until it is. Nobody else might ask: a proxy that is told that the
/// program isn't ready sends it no requests.
async fn see_it_through(trouble: Arc<Trouble>, database: Weak<Inner>) {
    loop {
        let suspected = tokio::time::timeout(Duration::from_secs(60), trouble.suspected.notified()).await.is_ok();
        // When nobody holds the database any more, this task ends.
        if !suspected && database.strong_count() > 0 {
            continue;
        }
        loop {
            let Some(database) = database.upgrade() else { return };
            drop(database.answers().await);
            drop(database);
            if !trouble.lasts() {
                break;
            }
            tokio::time::sleep(ASKING).await;
        }
    }
}

/// Notifies the other processes that something changed. It does so outside the transactions that made the change: NOTIFY takes a
/// lock at commit, and no writer may wait for it. A wake-up that is lost is made up for: listeners look by themselves within a
/// second.
async fn send_wake_ups(changed: Arc<Notify>, database: Weak<Inner>) {
    loop {
        // When nobody holds the database any more, this task ends.
        let woken = tokio::time::timeout(Duration::from_secs(60), changed.notified()).await.is_ok();
        if !woken && database.strong_count() > 0 {
            continue;
        }
        tokio::time::sleep(WAKE_COALESCING).await;
        let Some(database) = database.upgrade() else { return };
        match connection::take(&database.pool, &database.trouble).await {
            Ok(connection) => {
                let mut reference: &AsyncPgConnection = &connection;
                if let Err(error) = reference.batch_execute(&format!("NOTIFY {WAKE_CHANNEL}")).await {
                    tracing::debug!(error = %StoreError::from(error), "a wake-up was not sent");
                }
            }
            Err(error) => tracing::debug!(%error, "a wake-up was not sent"),
        }
    }
}
