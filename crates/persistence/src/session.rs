//! Sessions: sign-ins, and the tokens that renew them. A session is the family of these tokens.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::pg::Pg;
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use pamoja_domain::device::Device;
use pamoja_domain::id::{SessionId, UserId};
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::error::StoreError;
use crate::function::session_until;
use crate::schema::{refresh_token, user_session};
use crate::transaction::TenantTx;

/// A token renews no more this long after it was issued, at sign-in or at the last renewal.
const IDLE: TimeDelta = TimeDelta::hours(12);
/// Within this time after a token was used, the same token gives the same successor, as long as that is unused: the answer was lost.
const REPEAT: TimeDelta = TimeDelta::seconds(60);

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

/// What is presented to renew a session with.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    /// The kind of device that the token is for.
    pub device: Device,
    /// The hash of the token.
    pub token_hash: &'a [u8],
    /// The hash of the token that follows it. It is always the same for the same token.
    pub successor_hash: &'a [u8],
    /// The session that the client says it has, if it says so.
    pub session: Option<SessionId>,
}

#[derive(Insertable)]
#[diesel(table_name = user_session)]
struct NewSessionRow {
    organisation_id: Uuid,
    id: Uuid,
    user_id: Uuid,
    device: &'static str,
    ends_at: DateTime<Utc>,
}

/// Begins a session of a user of the tenant, which lasts so long at most.
pub async fn insert(
    tx: &TenantTx,
    id: SessionId,
    user: UserId,
    device: Device,
    lifetime: TimeDelta,
) -> Result<Session, StoreError> {
    let ends_at = tx.at() + lifetime;
    let row = NewSessionRow { organisation_id: tx.organisation()?.0, id: id.0, user_id: user.0, device: device.code(), ends_at };
    tx.execute(diesel::insert_into(user_session::table).values(row)).await?;
    Ok(Session { id, user })
}

/// Adds a token that renews a session; only its hash is stored.
pub async fn insert_token(tx: &TenantTx, session: SessionId, token_hash: &[u8]) -> Result<(), StoreError> {
    diesel::insert_into(refresh_token::table)
        .values((
            refresh_token::organisation_id.eq(tx.organisation()?.0),
            refresh_token::session_id.eq(session.0),
            refresh_token::token_hash.eq(token_hash),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = refresh_token, check_for_backend(Pg))]
struct TokenRow {
    session_id: Uuid,
    issued_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
}

/// Renews a session: uses up the token and issues its successor. The token's row is locked, so that of two callers who present the
/// token at once the second one finds it used, and gets the same successor.
pub async fn renew(tx: &TenantTx, presented: Presented<'_>) -> Result<Renewal, StoreError> {
    let Some(token) = lock_token(tx, presented.token_hash).await? else {
        return Ok(Renewal::Refused);
    };
    let id = SessionId(token.session_id);
    if presented.session.is_some_and(|claimed| claimed != id) {
        return Ok(Renewal::Refused);
    }
    let Some(used_at) = token.used_at else {
        return match find(tx, id, presented.device).await? {
            Some(session) if tx.at() - token.issued_at <= IDLE => {
                use_up(tx, presented.token_hash).await?;
                insert_token(tx, id, presented.successor_hash).await?;
                Ok(Renewal::Renewed(session, tx.at()))
            }
            _ => Ok(Renewal::Refused),
        };
    };
    let successor = lock_token(tx, presented.successor_hash).await?.filter(|successor| successor.used_at.is_none());
    match successor {
        Some(successor) if tx.at() - used_at <= REPEAT => {
            let session = find(tx, id, presented.device).await?;
            Ok(session.map_or(Renewal::Refused, |session| Renewal::Repeated(session, successor.issued_at)))
        }
        _ => Ok(revoke(tx, id).await?.map_or(Renewal::Refused, Renewal::Reused)),
    }
}

async fn lock_token(tx: &TenantTx, hash: &[u8]) -> Result<Option<TokenRow>, StoreError> {
    let token = refresh_token::table.find((tx.organisation()?.0, hash));
    Ok(token.select(TokenRow::as_select()).for_update().first(&mut tx.connection()?).await.optional()?)
}

async fn use_up(tx: &TenantTx, hash: &[u8]) -> Result<(), StoreError> {
    let token = refresh_token::table.find((tx.organisation()?.0, hash));
    tx.execute(diesel::update(token).set(refresh_token::used_at.eq(tx.at()))).await?;
    Ok(())
}

/// The session on that kind of device, while it is in force. It is locked first, so that it isn't ended meanwhile.
async fn find(tx: &TenantTx, id: SessionId, device: Device) -> Result<Option<Session>, StoreError> {
    let user: Option<Uuid> = user_session::table
        .find((tx.organisation()?.0, id.0))
        .filter(user_session::device.eq(device.code()))
        .select(user_session::user_id)
        .for_update()
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    let until: Option<DateTime<Utc>> = diesel::select(session_until(id.0)).get_result(&mut tx.connection()?).await?;
    let in_force = until.is_some_and(|until| until > tx.at());
    Ok(user.filter(|_| in_force).map(|user| Session { id, user: UserId(user) }))
}

/// How a session of the tenant stands. None when there is no such session.
pub async fn standing(tx: &TenantTx, id: SessionId) -> Result<Option<Standing>, StoreError> {
    let found: Option<(String, Option<DateTime<Utc>>)> = user_session::table
        .find((tx.organisation()?.0, id.0))
        .select((user_session::device, session_until(user_session::id)))
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    let Some((device, until)) = found else { return Ok(None) };
    let device = Device::from_code(&device).ok_or_else(|| StoreError::unknown_code("Device"))?;
    Ok(Some(Standing { device, until: until.filter(|until| *until > tx.at()) }))
}

/// Records that a person used a session on a shared device now, unless the session is over.
pub async fn touch_shared(tx: &TenantTx, id: SessionId) -> Result<(), StoreError> {
    let session = user_session::table
        .filter(user_session::organisation_id.eq(tx.organisation()?.0))
        .filter(user_session::id.eq(id.0))
        .filter(user_session::device.eq(Device::Shared.code()))
        .filter(session_until(user_session::id).gt(tx.at()));
    diesel::update(session).set(user_session::last_used_at.eq(tx.at())).execute(&mut tx.connection()?).await?;
    Ok(())
}

/// Ends a session for good and returns it. None when it had already ended.
pub async fn revoke(tx: &TenantTx, id: SessionId) -> Result<Option<Session>, StoreError> {
    let session = user_session::table
        .filter(user_session::organisation_id.eq(tx.organisation()?.0))
        .filter(user_session::id.eq(id.0))
        .filter(user_session::revoked_at.is_null())
        .filter(user_session::ends_at.gt(tx.at()));
    let ended: Option<Uuid> = diesel::update(session)
        .set(user_session::revoked_at.eq(tx.at()))
        .returning(user_session::user_id)
        .get_result(&mut tx.connection()?)
        .await
        .optional()?;
    Ok(ended.map(|user| Session { id, user: UserId(user) }))
}
