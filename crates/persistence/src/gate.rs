//! Signing in, renewing and ending sessions. It happens in functions of the database, which compare passwords and tokens themselves;
//! the role that may call them reads and writes no table. Each call is a transaction of its own.

mod session;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::QueryableByName;
use diesel::deserialize::QueryableByName as Rows;
use diesel::pg::Pg;
use diesel::sql_types::{Binary, Bool, Double, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::Pool;
use pamoja_domain::device::Device;
use pamoja_domain::id::{OrganisationId, SessionId, UserId};
use pamoja_domain::session_secret::SessionSecret;
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::alone::Alone;
use crate::connection;
use crate::database::Database;
use crate::error::StoreError;
use crate::pooler::Pooler;
use crate::statement::Statement;
use crate::trouble::Trouble;

pub use session::{Presented, Renewal, Session, Standing};

/// The functions of signing in, called as the role that may do nothing else. Cheap to clone.
#[derive(Clone)]
pub struct Gate {
    pool: Pool<AsyncPgConnection>,
    pooler: Pooler,
    trouble: Arc<Trouble>,
}

/// How a password is to be hashed with Argon2id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordParameters {
    /// The salt.
    pub salt: Vec<u8>,
    /// How much memory it takes, in KiB.
    pub memory_kib: u32,
    /// How many passes over it are made.
    pub passes: u32,
    /// How many lanes it has.
    pub lanes: u32,
}

/// An attempt to sign in, which counts as a failure until it has succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    id: Uuid,
    /// The organisation that the username names; a made-up one where there is none.
    pub organisation: OrganisationId,
}

/// A session that is to begin.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// Its id.
    pub id: SessionId,
    /// The kind of device that it is on.
    pub device: Device,
    /// How long it lasts at most.
    pub lifetime: TimeDelta,
    /// What renews it, as a keyed hash.
    pub renewal: &'a [u8],
    /// The secret of its first access token.
    pub secret: SessionSecret,
}

/// A session that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The user's organisation.
    pub organisation: OrganisationId,
    /// The user.
    pub user: UserId,
    /// When it began.
    pub at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct BeginRow {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    attempt: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    home: Option<Uuid>,
    #[diesel(sql_type = Nullable<Binary>)]
    salt: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Integer>)]
    memory_kib: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    passes: Option<i32>,
    #[diesel(sql_type = Nullable<Integer>)]
    lanes: Option<i32>,
}

impl BeginRow {
    fn read(self) -> Option<(Attempt, PasswordParameters)> {
        let number = |number: Option<i32>| number.and_then(|number| u32::try_from(number).ok());
        let parameters = PasswordParameters {
            salt: self.salt?,
            memory_kib: number(self.memory_kib)?,
            passes: number(self.passes)?,
            lanes: number(self.lanes)?,
        };
        Some((Attempt { id: self.attempt?, organisation: OrganisationId(self.home?) }, parameters))
    }
}

#[derive(QueryableByName)]
struct ConcludeRow {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    organisation: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    member: Option<Uuid>,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct DoneRow {
    #[diesel(sql_type = Nullable<Bool>)]
    done: Option<bool>,
}

impl Gate {
    /// The gate of the database, over at most `pool_size` connections of the role that signs people in, and the same pooler if there is
    /// one. It connects only when a connection is needed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the pool has no runtime for its timeouts.
    pub fn new(url: &str, pool_size: usize, database: &Database) -> Result<Self, StoreError> {
        let (trouble, pooler) = (Arc::clone(database.trouble()), database.pooler());
        Ok(Self { pool: connection::pool(url, pool_size, pooler, &trouble)?, pooler, trouble })
    }

    /// Counts an attempt to sign in, and says how the password is to be hashed, whether the account exists or not. None when five
    /// failures of the last 15 minutes stand against the username.
    pub async fn begin(&self, username: &str) -> Result<Option<(Attempt, PasswordParameters)>, StoreError> {
        let statement = Statement::new(include_str!("gate/begin.sql")).bind::<Text, _>(username.to_owned());
        Ok(self.one::<BeginRow>(statement).await?.read())
    }

    /// Takes back an attempt whose password was never looked at.
    pub async fn withdraw(&self, attempt: Attempt) -> Result<(), StoreError> {
        self.run(Statement::new(include_str!("gate/withdraw.sql")).bind::<SqlUuid, _>(attempt.id)).await
    }

    /// Shows what the password came to, and begins the session if it is right. None when it is wrong: then the attempt stays counted.
    ///
    /// It takes two transactions. What was shown is committed before it is compared, so that nobody can guess and roll the guess back.
    pub async fn conclude(&self, attempt: Attempt, output: &[u8], new: &NewSession<'_>) -> Result<Option<Begun>, StoreError> {
        let present = Statement::new(include_str!("gate/present.sql"));
        let present = present.bind::<SqlUuid, _>(attempt.id).bind::<Binary, _>(output.to_vec());
        self.one::<DoneRow>(present).await?;
        let statement = Statement::new(include_str!("gate/conclude.sql"))
            .bind::<SqlUuid, _>(attempt.id)
            .bind::<SqlUuid, _>(new.id.0)
            .bind::<Text, _>(new.device.code())
            .bind::<Double, _>(new.lifetime.num_seconds() as f64)
            .bind::<Binary, _>(new.renewal.to_vec())
            .bind::<SqlUuid, _>(new.secret.0);
        let ConcludeRow { organisation, member, at } = self.one(statement).await?;
        let (Some(organisation), Some(member)) = (organisation, member) else { return Ok(None) };
        Ok(Some(Begun { organisation: OrganisationId(organisation), user: UserId(member), at }))
    }

    async fn one<T>(&self, statement: Statement) -> Result<T, StoreError>
    where
        T: Rows<Pg> + Send + 'static,
    {
        let mut alone = Alone::begin(&self.pool, &self.trouble, self.pooler).await?;
        let row = diesel_async::RunQueryDsl::get_result(statement, alone.connection()?).await;
        alone.end(row).await
    }

    async fn run(&self, statement: Statement) -> Result<(), StoreError> {
        let mut alone = Alone::begin(&self.pool, &self.trouble, self.pooler).await?;
        let done = diesel_async::RunQueryDsl::execute(statement, alone.connection()?).await;
        alone.end(done.map(drop)).await
    }
}
