//! A transaction of one tenant: the only begin, commit and rollback of the program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::{ExpressionMethods, NullableExpressionMethods, QueryDsl};
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use futures_util::future::join;
use pamoja_domain::access::{Actor, Caller, Door, Permit};
use pamoja_domain::id::OrganisationId;
use pamoja_domain::user::Role;
use pamoja_domain::vocabulary::Vocabulary;

use crate::error::StoreError;
use crate::function::{acting_user, moment, tenant};
use crate::schema::user_account;

/// What the transaction is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Reads one snapshot and changes nothing.
    Read,
    /// May change things, each with its audit entry.
    Write,
}

/// A transaction in which PostgreSQL knows for whom it is. All functions of this crate that touch rows take one.
pub struct TenantTx {
    /// Nothing once the transaction has ended in whatever way.
    connection: Option<Object<AsyncPgConnection>>,
    ended: AtomicBool,
    mode: Mode,
    permit: Permit,
    actor: Option<Actor>,
    at: DateTime<Utc>,
    audited: AtomicBool,
    announced: AtomicBool,
    /// The process's, for all transactions together.
    statements: Arc<AtomicU64>,
}

impl TenantTx {
    /// The batch that begins, names the tenant and checks the session goes out together with the first statement.
    pub(crate) async fn open(
        connection: Object<AsyncPgConnection>,
        permit: Permit,
        mode: Mode,
        clock_offset_seconds: i64,
        statements: Arc<AtomicU64>,
    ) -> Result<Self, StoreError> {
        let mut transaction = Self {
            connection: Some(connection),
            ended: AtomicBool::new(false),
            mode,
            permit,
            actor: None,
            at: DateTime::UNIX_EPOCH,
            audited: AtomicBool::new(false),
            announced: AtomicBool::new(false),
            statements,
        };
        let batch = opening_batch(permit, mode, clock_offset_seconds);
        let roles = user_account::table
            .filter(user_account::organisation_id.nullable().eq(tenant()))
            .filter(user_account::id.nullable().eq(acting_user()))
            .select(user_account::roles)
            .single_value();
        let first = diesel::select((moment(), roles));
        let opened: Result<(DateTime<Utc>, Option<Vec<String>>), StoreError> = {
            let mut for_batch = transaction.connection()?;
            let mut for_first = transaction.connection()?;
            let first = diesel_async::RunQueryDsl::get_result(first, &mut for_first);
            let (began, first) = join(for_batch.batch_execute(&batch), first).await;
            began.and(first).map_err(StoreError::from)
        };
        let (at, roles) = match opened {
            Ok(opening) => opening,
            Err(error) => {
                transaction.roll_back().await;
                return Err(error);
            }
        };
        transaction.at = at;
        if let Some(caller) = permit.caller() {
            let roles = roles.unwrap_or_default().iter().filter_map(|code| Role::from_code(code)).collect();
            transaction.actor = Some(Actor { caller, roles });
        }
        if let (Door::Member(_, permission), Some(actor)) = (permit.door(), &transaction.actor)
            && actor.reach(permission).is_none()
        {
            transaction.roll_back().await;
            return Err(StoreError::Forbidden);
        }
        Ok(transaction)
    }

    /// The time of this transaction, which is PostgreSQL's.
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// Who is asking, with the roles they have now.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] in a transaction that no signed-in user opened.
    pub fn actor(&self) -> Result<&Actor, StoreError> {
        self.actor.as_ref().ok_or_else(|| StoreError::Inconsistent("no signed-in user opened this transaction".to_owned()))
    }

    /// The signed-in user.
    ///
    /// # Errors
    /// As [`TenantTx::actor`].
    pub fn caller(&self) -> Result<Caller, StoreError> {
        self.actor().map(|actor| actor.caller)
    }

    /// The organisation that the transaction was opened for.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] in a transaction without one.
    pub fn organisation(&self) -> Result<OrganisationId, StoreError> {
        self.permit.organisation().ok_or_else(|| StoreError::Inconsistent("this transaction has no tenant".to_owned()))
    }

    /// The connection, for one statement. A shared reference, so that independent reads go out together.
    pub(crate) fn connection(&self) -> Result<&AsyncPgConnection, StoreError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let ended = || StoreError::Inconsistent("the transaction has ended".to_owned());
        if self.ended.load(Ordering::Acquire) {
            return Err(ended());
        }
        self.connection.as_deref().ok_or_else(ended)
    }

    /// Runs one statement and tells how many rows it touched. Joined with others, it goes out together with them.
    pub(crate) async fn execute(&self, statement: impl QueryFragment<Pg> + QueryId + Send) -> Result<usize, StoreError> {
        Ok(diesel_async::RunQueryDsl::execute(statement, &mut self.connection()?).await?)
    }

    /// Notes that the audit entry of this transaction has been written.
    pub(crate) fn note_audited(&self) {
        self.audited.store(true, Ordering::Relaxed);
    }

    /// Notes that this transaction put something into the outbox.
    pub(crate) fn note_announced(&self) {
        self.announced.store(true, Ordering::Relaxed);
    }

    pub(crate) fn has_announced(&self) -> bool {
        self.announced.load(Ordering::Relaxed)
    }

    /// Makes what was done durable. A member's transaction without an audit entry is not committed.
    pub(crate) async fn commit(&self) -> Result<(), StoreError> {
        if self.mode == Mode::Write && matches!(self.permit.door(), Door::Member(..)) && !self.audited.load(Ordering::Relaxed) {
            self.roll_back().await;
            return Err(StoreError::Inconsistent("a member's transaction wrote no audit entry".to_owned()));
        }
        // After a failed statement COMMIT alone would answer well and save nothing; the SELECT before it fails instead.
        let mut connection = self.connection()?;
        connection.batch_execute("SELECT; COMMIT").await?;
        self.ended.store(true, Ordering::Release);
        Ok(())
    }

    /// Undoes all of it. When even that fails the connection is not used again.
    pub(crate) async fn roll_back(&self) {
        if let Ok(mut connection) = self.connection() {
            match connection.batch_execute("ROLLBACK").await {
                Ok(()) => self.ended.store(true, Ordering::Release),
                Err(error) => tracing::debug!(error = %StoreError::from(error), "a rollback failed; its connection is closed"),
            }
        }
    }

    /// Ends a transaction that only read.
    pub async fn end(&self) {
        if !self.ended.load(Ordering::Acquire) {
            self.roll_back().await;
        }
    }
}

/// A connection whose transaction has no acknowledged end never goes back to the pool: the next tenant would be inside it.
impl Drop for TenantTx {
    fn drop(&mut self) {
        if !self.ended.load(Ordering::Acquire)
            && let Some(connection) = self.connection.take()
        {
            drop(Object::take(connection));
        }
    }
}

/// Ids and numbers alone go into the text.
fn opening_batch(permit: Permit, mode: Mode, clock_offset_seconds: i64) -> String {
    let begin = match mode {
        Mode::Read => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        Mode::Write => "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    };
    let door = match permit.door() {
        Door::Member(..) | Door::Reader(_) => "member",
        Door::SignIn(_) => "sign_in",
        Door::Threshold => "threshold",
        Door::Job(_) => "job",
        Door::Housekeeping => "housekeeping",
        Door::Operator(_) => "operator",
    };
    let mut settings = format!("set_config('pamoja.door', '{door}', true)");
    if let Some(organisation) = permit.organisation() {
        settings.push_str(&format!(", set_config('pamoja.organisation_id', '{organisation}', true)"));
    }
    if let Some(caller) = permit.caller() {
        settings.push_str(&format!(", set_config('pamoja.user_id', '{}', true)", caller.user));
    }
    if clock_offset_seconds != 0 {
        settings.push_str(&format!(", set_config('pamoja.clock_offset', '{clock_offset_seconds} seconds', true)"));
    }
    let check = permit.caller().map_or_else(String::new, |caller| format!("; SELECT open_member('{}')", caller.session));
    format!("{begin}; SELECT {settings}{check}")
}
