//! Sessions: sign-ins and their refresh tokens. A session is the family of its refresh tokens.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::exists;
use diesel::pg::Pg;
use diesel::{ExpressionMethods, Insertable, JoinOnDsl, OptionalExtension, QueryDsl, Queryable, Selectable, SelectableHelper};
use diesel_async::RunQueryDsl;
use pamoja_domain::device::Device;
use pamoja_domain::id::{SessionId, UserId};
use pamoja_domain::organisation::MembershipStatus;
use pamoja_domain::vocabulary::Vocabulary;
use uuid::Uuid;

use crate::error::StoreError;
use crate::schema::{organisation, refresh_token, user_account, user_session};
use crate::transaction::TenantTx;

/// A refresh token is refused this many hours after it was issued, at sign-in or at the last refresh.
pub const IDLE_HOURS: i64 = 12;
/// A session ends after this many days, however much it is used.
pub const ABSOLUTE_DAYS: i64 = 7;
/// A session on a shared device ends after this many minutes without a request.
pub const SHARED_IDLE_MINUTES: i64 = 15;

/// A session that is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The user whose session it is.
    pub user: UserId,
    /// The latest moment at which it ends.
    pub ends_at: DateTime<Utc>,
}

/// The result of presenting a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// The token was good and is now used up.
    Rotated(Session),
    /// The token had been used before, so somebody has a copy. Its session was in force, and is now revoked.
    Reused(Session),
    /// The token is unknown, or was idle for too long, or its session has ended.
    Refused,
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

/// Begins a session of a user of the tenant.
pub async fn insert(tx: &TenantTx, id: SessionId, user: UserId, device: Device) -> Result<Session, StoreError> {
    let ends_at = tx.at() + TimeDelta::days(ABSOLUTE_DAYS);
    let row = NewSessionRow { organisation_id: tx.organisation()?.0, id: id.0, user_id: user.0, device: device.code(), ends_at };
    tx.execute(diesel::insert_into(user_session::table).values(row)).await?;
    Ok(Session { id, user, ends_at })
}

/// Adds a refresh token to a session; only its hash is stored.
pub async fn insert_refresh_token(tx: &TenantTx, session: SessionId, token_hash: &[u8]) -> Result<(), StoreError> {
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

/// Uses up a refresh token. It locks the token's row: when two callers present the token at once, one of them counts as a reuse.
pub async fn rotate(tx: &TenantTx, token_hash: &[u8]) -> Result<Refresh, StoreError> {
    let tenant = tx.organisation()?.0;
    let token = refresh_token::table.find((tenant, token_hash));
    let row: Option<TokenRow> = token.select(TokenRow::as_select()).for_update().first(&mut tx.connection()?).await.optional()?;
    let Some(TokenRow { session_id, issued_at, used_at }) = row else {
        return Ok(Refresh::Refused);
    };
    if used_at.is_some() {
        return Ok(revoke(tx, SessionId(session_id)).await?.map_or(Refresh::Refused, Refresh::Reused));
    }
    let Some(session) = find(tx, SessionId(session_id), Device::Own).await? else {
        return Ok(Refresh::Refused);
    };
    if tx.at() - issued_at > TimeDelta::hours(IDLE_HOURS) {
        return Ok(Refresh::Refused);
    }
    tx.execute(diesel::update(token).set(refresh_token::used_at.eq(tx.at()))).await?;
    touch(tx, session.id).await?;
    Ok(Refresh::Rotated(session))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = user_session, check_for_backend(Pg))]
struct SessionRow {
    user_id: Uuid,
    ends_at: DateTime<Utc>,
    last_used_at: DateTime<Utc>,
}

/// The session on that kind of device, while the session, its account and the organisation's membership are in force.
pub async fn find(tx: &TenantTx, id: SessionId, device: Device) -> Result<Option<Session>, StoreError> {
    let row: Option<SessionRow> = user_session::table
        .filter(user_session::organisation_id.eq(tx.organisation()?.0))
        .filter(user_session::id.eq(id.0))
        .filter(user_session::device.eq(device.code()))
        .filter(user_session::revoked_at.is_null())
        .filter(user_session::ends_at.gt(tx.at()))
        .filter(exists(
            user_account::table
                .inner_join(organisation::table.on(organisation::id.eq(user_account::organisation_id)))
                .filter(user_account::organisation_id.eq(user_session::organisation_id))
                .filter(user_account::id.eq(user_session::user_id))
                .filter(user_account::disabled_at.is_null())
                .filter(organisation::status.eq(MembershipStatus::Active.code())),
        ))
        .select(SessionRow::as_select())
        .for_update()
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    Ok(row.and_then(|SessionRow { user_id, ends_at, last_used_at }| {
        let idle = device == Device::Shared && tx.at() - last_used_at > TimeDelta::minutes(SHARED_IDLE_MINUTES);
        (!idle).then_some(Session { id, user: UserId(user_id), ends_at })
    }))
}

/// Records that a session was used now.
pub async fn touch(tx: &TenantTx, id: SessionId) -> Result<(), StoreError> {
    diesel::update(
        user_session::table.filter(user_session::organisation_id.eq(tx.organisation()?.0)).filter(user_session::id.eq(id.0)),
    )
    .set(user_session::last_used_at.eq(tx.at()))
    .execute(&mut tx.connection()?)
    .await?;
    Ok(())
}

/// Records that a session on a shared device was used now, unless it was revoked or has been idle for too long.
pub async fn touch_shared(tx: &TenantTx, id: SessionId) -> Result<(), StoreError> {
    let session = user_session::table
        .filter(user_session::organisation_id.eq(tx.organisation()?.0))
        .filter(user_session::id.eq(id.0))
        .filter(user_session::device.eq(Device::Shared.code()))
        .filter(user_session::revoked_at.is_null())
        .filter(user_session::last_used_at.gt(tx.at() - TimeDelta::minutes(SHARED_IDLE_MINUTES)));
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
    let ended: Option<(Uuid, DateTime<Utc>)> = diesel::update(session)
        .set(user_session::revoked_at.eq(tx.at()))
        .returning((user_session::user_id, user_session::ends_at))
        .get_result(&mut tx.connection()?)
        .await
        .optional()?;
    Ok(ended.map(|(user, ends_at)| Session { id, user: UserId(user), ends_at }))
}
