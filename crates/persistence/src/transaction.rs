//! A transaction of one tenant. Only this module begins a transaction, commits it or rolls it back.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Instant;

use chrono::{DateTime, Utc};
use diesel::QueryResult;
use diesel::deserialize::QueryableByName;
use diesel::pg::Pg;
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use futures_util::future::join;
use futures_util::{TryFutureExt, poll};
use pamoja_domain::access::{Actor, Caller, Door, Permit};
use pamoja_domain::device::Device;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;

use crate::error::StoreError;
use crate::listed::Sender;
use crate::places::Place;
use crate::pooler::Pooler;
use crate::statement::Statement;

/// Whether a transaction may write.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It reads one snapshot and changes nothing.
    Read,
    /// Each statement reads what was committed before it. It changes nothing.
    Follow,
    /// It may change things. A member's needs an audit entry.
    Write,
}

impl Mode {
    fn begin(self) -> &'static str {
        match self {
            Self::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            Self::Follow => "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY",
            // Not READ WRITE: that would override a server that is set to read-only, and fail as a fault of ours on a standby. There
            // the first write fails instead, and is answered as the database's trouble.
            Self::Write => "BEGIN ISOLATION LEVEL READ COMMITTED",
        }
    }
}

/// A transaction in which PostgreSQL knows the tenant. Every function of this crate that reads or writes rows takes one.
pub struct TenantTx {
    /// None once the connection has been dropped.
    connection: Option<Object<AsyncPgConnection>>,
    ended: AtomicBool,
    mode: Mode,
    pooler: Pooler,
    permit: Permit,
    actor: Option<Actor>,
    at: DateTime<Utc>,
    began: Instant,
    own_announcements: Option<i64>,
    audited: AtomicBool,
    announced: AtomicBool,
    /// How many statements were sent and have not been answered yet, as far as that is known: see [`Self::end`].
    unanswered: AtomicUsize,
    /// The process's count of statements, over all transactions.
    statements: Arc<AtomicU64>,
    /// Given back after the connection: fields are dropped in this order.
    _place: Place,
}

impl TenantTx {
    /// Opens the transaction. What begins it is sent together with what opens the door: a function of the database, which lets nobody in
    /// without a proof, says whose transaction this is, and answers the time and the roles.
    pub(crate) async fn open(
        (connection, place): (Object<AsyncPgConnection>, Place),
        permit: Permit,
        mode: Mode,
        pooler: Pooler,
        statements: Arc<AtomicU64>,
    ) -> Result<Self, StoreError> {
        let mut transaction = Self {
            connection: Some(connection),
            ended: AtomicBool::new(false),
            mode,
            pooler,
            permit,
            actor: None,
            at: DateTime::UNIX_EPOCH,
            began: Instant::now(),
            own_announcements: None,
            audited: AtomicBool::new(false),
            announced: AtomicBool::new(false),
            unanswered: AtomicUsize::new(0),
            statements,
            _place: place,
        };
        let opened: Result<Opening, StoreError> = {
            let begin = pooler.begin(mode.begin());
            let mut for_begin = transaction.connection()?;
            let mut for_door = transaction.connection()?;
            let door = diesel_async::RunQueryDsl::get_result(opening(permit.door()), &mut for_door);
            let begun = for_begin.batch_execute(&begin);
            // What clears a connection of others' statements must be over before there is one of ours: see Pooler::begin.
            let opened = if pooler == Pooler::Plain {
                begun.and_then(|()| door).await
            } else {
                let (begun, door) = join(begun, door).await;
                begun.and(door)
            };
            opened.map_err(StoreError::from)
        };
        let Opening { at, roles, announced, own_device } = match opened {
            Ok(opening) => opening,
            Err(error) => {
                transaction.roll_back().await;
                return Err(error);
            }
        };
        transaction.unanswered.store(0, Ordering::Relaxed);
        transaction.at = at;
        transaction.own_announcements = announced;
        if let Some(caller) = permit.caller() {
            let roles = roles.unwrap_or_default().iter().filter_map(|code| Role::from_code(code)).collect();
            let device = if own_device.unwrap_or(false) { Device::Own } else { Device::Shared };
            transaction.actor = Some(Actor { caller, roles, device });
        }
        if let (Door::Member(_, permission), Some(actor)) = (permit.door(), &transaction.actor)
            && actor.reach(permission).is_none()
        {
            transaction.roll_back().await;
            return Err(StoreError::Forbidden);
        }
        Ok(transaction)
    }

    /// The time of this transaction, by PostgreSQL's clock.
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// A moment of this process's before the transaction began: it sees all that was committed until then.
    pub fn began(&self) -> Instant {
        self.began
    }

    /// A number that changes whenever the tenant announces something to all members; none when that was very much of late, and when no
    /// signed-in user opened the transaction.
    pub fn announced(&self) -> Option<i64> {
        self.own_announcements
    }

    /// The signed-in user, with the roles that they have now.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when no signed-in user opened the transaction.
    pub fn actor(&self) -> Result<&Actor, StoreError> {
        self.actor.as_ref().ok_or_else(|| StoreError::Inconsistent("no signed-in user opened this transaction".to_owned()))
    }

    /// The signed-in user.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when no signed-in user opened the transaction.
    pub fn caller(&self) -> Result<Caller, StoreError> {
        self.actor().map(|actor| actor.caller)
    }

    /// The organisation that the transaction was opened for.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] when the transaction has no tenant.
    pub fn organisation(&self) -> Result<OrganisationId, StoreError> {
        self.permit.organisation().ok_or_else(|| StoreError::Inconsistent("this transaction has no tenant".to_owned()))
    }

    /// The connection, for one statement. It is a shared reference, so that independent statements can be sent together. A member's
    /// transaction sends listed statements alone.
    pub(crate) fn connection(&self) -> Result<Sender<'_>, StoreError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        self.unanswered.fetch_add(1, Ordering::Relaxed);
        let ended = || StoreError::Inconsistent("the transaction has ended".to_owned());
        if self.ended.load(Ordering::Acquire) {
            return Err(ended());
        }
        let connection = self.connection.as_deref().ok_or_else(ended)?;
        Ok(match self.permit.door() {
            Door::Member(..) | Door::Reader(_) | Door::Follower(_) => Sender::of_listed(connection),
            Door::Job(_) | Door::Housekeeping | Door::Operator(_) => Sender::of_any(connection),
        })
    }

    /// Runs one statement and returns how many rows it touched. When joined with other statements, it is sent together with them.
    pub(crate) async fn execute(&self, statement: impl QueryFragment<Pg> + QueryId + Send) -> Result<usize, StoreError> {
        self.answered(diesel_async::RunQueryDsl::execute(statement, &mut self.connection()?).await)
    }

    /// Notes that a statement has been answered.
    pub(crate) fn answered<T>(&self, answer: QueryResult<T>) -> Result<T, StoreError> {
        self.unanswered.fetch_sub(1, Ordering::Relaxed);
        Ok(answer?)
    }

    /// Whether it can change something, and so isn't committed without an audit entry where it is a member's.
    pub(crate) fn changes(&self) -> bool {
        self.mode == Mode::Write && matches!(self.permit.door(), Door::Member(..))
    }

    /// Notes that this transaction has its audit entry.
    pub(crate) fn note_audited(&self) {
        self.audited.store(true, Ordering::Relaxed);
    }

    /// Notes that this transaction wrote a change into the outbox.
    pub(crate) fn note_announced(&self) {
        self.announced.store(true, Ordering::Relaxed);
    }

    pub(crate) fn has_announced(&self) -> bool {
        self.announced.load(Ordering::Relaxed)
    }

    /// Commits. A member's transaction without an audit entry is rolled back instead.
    pub(crate) async fn commit(&self) -> Result<(), StoreError> {
        if self.changes() && !self.audited.load(Ordering::Relaxed) {
            self.roll_back().await;
            return Err(StoreError::Inconsistent("a member's transaction wrote no audit entry".to_owned()));
        }
        // After a failed statement, COMMIT alone would report success and save nothing. The SELECT before it fails instead.
        let mut connection = self.connection()?;
        connection.batch_execute("SELECT; COMMIT").await?;
        self.ended.store(true, Ordering::Release);
        Ok(())
    }

    /// Rolls back. If even that fails, the connection is not used again.
    pub(crate) async fn roll_back(&self) {
        if let Ok(mut connection) = self.connection() {
            match connection.batch_execute("ROLLBACK").await {
                Ok(()) => self.ended.store(true, Ordering::Release),
                Err(error) => tracing::debug!(error = %StoreError::from(error), "a rollback failed; its connection is closed"),
            }
        }
    }

    /// Ends a read-only transaction. Where all statements have been answered, it sends the end and waits for nothing: what the connection's
    /// next transaction sends comes after it, often in the same message, and PostgreSQL lets nobody into a transaction that has a tenant.
    /// Behind a pooler it waits, since what comes next may be sent to another connection.
    pub async fn end(&self) {
        if self.ended.load(Ordering::Acquire) {
            return;
        }
        if self.unanswered.load(Ordering::Relaxed) > 0 || self.pooler != Pooler::None {
            return self.roll_back().await;
        }
        let Ok(mut connection) = self.connection() else { return };
        // Its first step sends it.
        match poll!(pin!(connection.batch_execute("ROLLBACK"))) {
            Poll::Ready(Err(error)) => {
                tracing::debug!(error = %StoreError::from(error), "an end was not sent; its connection is closed")
            }
            Poll::Ready(Ok(())) | Poll::Pending => self.ended.store(true, Ordering::Release),
        }
    }
}

impl Statement {
    /// Runs the statement and reads its rows.
    pub(crate) async fn rows<T>(self, tx: &TenantTx) -> Result<Vec<T>, StoreError>
    where
        T: QueryableByName<Pg> + Send + 'static,
    {
        tx.answered(diesel_async::RunQueryDsl::load(self, &mut tx.connection()?).await)
    }

    /// Runs the statement and returns how many rows it touched.
    pub(crate) async fn run(self, tx: &TenantTx) -> Result<usize, StoreError> {
        tx.execute(self).await
    }
}

/// A connection never returns to the pool before the end of its transaction was sent: otherwise the next tenant's statements would run
/// inside it.
impl Drop for TenantTx {
    fn drop(&mut self) {
        if !self.ended.load(Ordering::Acquire)
            && let Some(connection) = self.connection.take()
        {
            drop(Object::take(connection));
        }
    }
}

/// What a door answers when it is opened.
#[derive(QueryableByName)]
struct Opening {
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Array<Text>>)]
    roles: Option<Vec<String>>,
    #[diesel(sql_type = Nullable<BigInt>)]
    announced: Option<i64>,
    #[diesel(sql_type = Nullable<Bool>)]
    own_device: Option<bool>,
}

/// What opens a door. The secret is a parameter and never part of the text, which others of the same role could read.
fn opening(door: Door) -> Statement {
    match door {
        Door::Member(caller, _) | Door::Reader(caller) | Door::Follower(caller) => {
            Statement::new(include_str!("transaction/open_member.sql"))
                .bind::<SqlUuid, _>(caller.organisation.0)
                .bind::<SqlUuid, _>(caller.user.0)
                .bind::<SqlUuid, _>(caller.session.0)
                .bind::<SqlUuid, _>(caller.secret.0)
        }
        Door::Job(organisation) => for_organisation(Statement::new(include_str!("transaction/open_job.sql")), Some(organisation)),
        Door::Housekeeping => for_organisation(Statement::new(include_str!("transaction/open_job.sql")), None),
        Door::Operator(organisation) => {
            for_organisation(Statement::new(include_str!("transaction/open_operator.sql")), organisation)
        }
    }
}

fn for_organisation(statement: Statement, organisation: Option<OrganisationId>) -> Statement {
    statement.bind::<Nullable<SqlUuid>, _>(organisation.map(|organisation| organisation.0))
}
