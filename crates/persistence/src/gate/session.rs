//! Sessions that have begun: the tokens that renew them, their use, and their end. A session is the family of its tokens.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use pamoja_domain::access::Caller;
use pamoja_domain::device::Device;
use pamoja_domain::id::{OrganisationId, SessionId, UserId};
use pamoja_domain::session_secret::SessionSecret;
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use super::{DoneRow, Gate};
use crate::error::StoreError;
use crate::statement::Statement;

/// A session that is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The user whose session it is.
    pub user: UserId,
}

/// How a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The kind of device that it is on.
    pub device: Device,
    /// Until when it is in force unless it is used meanwhile. None when it is over.
    pub until: Option<DateTime<Utc>>,
}

/// The result of presenting a token to renew a session with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// The token was good and is now used up. Its successor was issued at that moment.
    Renewed(Session, DateTime<Utc>),
    /// The token had been used a moment before, and its successor not yet: the answer was lost. The successor was issued at that moment.
    Repeated(Session, DateTime<Utc>),
    /// The token had been used before, so somebody has a copy. Its session was in force, and is now revoked.
    Reused(Session),
    /// The token is unknown, or was idle for too long, or belongs to another session than the one it came with, or its session has ended.
    Refused,
}

/// What is presented to renew a session with. Tokens are keyed hashes, so that a token alone, without the program's key, renews nothing.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    /// The organisation of the session.
    pub organisation: OrganisationId,
    /// The kind of device that the token is for.
    pub device: Device,
    /// The token.
    pub token: &'a [u8],
    /// The token that follows it. It is always the same for the same token.
    pub successor: &'a [u8],
    /// The session that the client says it has, if it says so.
    pub session: Option<SessionId>,
    /// The secret of the next access token. It is always the same for the same token.
    pub secret: SessionSecret,
}

#[derive(QueryableByName)]
struct RenewalRow {
    #[diesel(sql_type = Text)]
    outcome: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    session: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    member: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    issued_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct StandingRow {
    #[diesel(sql_type = Nullable<Text>)]
    device: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    until: Option<DateTime<Utc>>,
}

impl Gate {
    /// Renews a session: uses up the token and puts its successor in its place. Also answers the time.
    pub async fn renew(&self, presented: Presented<'_>) -> Result<(Renewal, DateTime<Utc>), StoreError> {
        let statement = Statement::new(include_str!("renew.sql"))
            .bind::<SqlUuid, _>(presented.organisation.0)
            .bind::<Text, _>(presented.device.code())
            .bind::<Binary, _>(presented.token.to_vec())
            .bind::<Nullable<SqlUuid>, _>(presented.session.map(|session| session.0))
            .bind::<Binary, _>(presented.successor.to_vec())
            .bind::<SqlUuid, _>(presented.secret.0);
        let row: RenewalRow = self.one(statement).await?;
        let session = row.session.zip(row.member).map(|(id, user)| Session { id: SessionId(id), user: UserId(user) });
        let renewal = match (row.outcome.as_str(), session, row.issued_at) {
            ("RENEWED", Some(session), Some(issued_at)) => Renewal::Renewed(session, issued_at),
            ("REPEATED", Some(session), Some(issued_at)) => Renewal::Repeated(session, issued_at),
            ("REUSED", Some(session), _) => Renewal::Reused(session),
            _ => Renewal::Refused,
        };
        Ok((renewal, row.at))
    }

    /// Ends the caller's session for good. False when it had already ended.
    ///
    /// # Errors
    /// [`StoreError::SessionEnded`] when the secret is none of the session's.
    pub async fn end(&self, caller: Caller) -> Result<bool, StoreError> {
        let row: DoneRow = self.one(of_caller(Statement::new(include_str!("end.sql")), caller)).await?;
        row.done.ok_or(StoreError::SessionEnded)
    }

    /// Notes that a person uses the caller's session now, if it is on a shared device and not over.
    pub async fn note_use(&self, caller: Caller) -> Result<(), StoreError> {
        self.run(of_caller(Statement::new(include_str!("note_use.sql")), caller)).await
    }

    /// How the caller's session stands. None when there is no such session.
    pub async fn standing(&self, caller: Caller) -> Result<Option<Standing>, StoreError> {
        let row: StandingRow = self.one(of_caller(Statement::new(include_str!("standing.sql")), caller)).await?;
        let Some(device) = row.device else { return Ok(None) };
        let device = Device::from_code(&device).ok_or_else(|| StoreError::unknown_code("Device"))?;
        Ok(Some(Standing { device, until: row.until }))
    }
}

fn of_caller(statement: Statement, caller: Caller) -> Statement {
    statement.bind::<SqlUuid, _>(caller.organisation.0).bind::<SqlUuid, _>(caller.session.0).bind::<SqlUuid, _>(caller.secret.0)
}
