//! The accounts of the tenant's users.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, PgArrayExpressionMethods, QueryDsl, Queryable, Selectable, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use pamoja_domain::id::UserId;
use pamoja_domain::user::Role;
use uuid::Uuid;

use crate::codes;
use crate::error::StoreError;
use crate::gate::PasswordParameters;
use crate::schema::{user_account, user_credential};
use crate::transaction::TenantTx;

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The name that colleagues see.
    pub display_name: String,
    /// The roles that decide what it may do.
    pub roles: Vec<Role>,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Its id.
    pub id: UserId,
    /// The part of the username before the `@`.
    pub handle: String,
    /// The name that colleagues see. It must not be a person's name.
    pub display_name: String,
    /// Its roles, at least one.
    pub roles: Vec<Role>,
    /// What its password is recognised by.
    pub credential: NewCredential,
}

/// What a password is recognised by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCredential {
    /// How it was hashed.
    pub parameters: PasswordParameters,
    /// The SHA-256 of what Argon2id made of it.
    pub output_hash: [u8; 32],
}

#[derive(Insertable)]
#[diesel(table_name = user_account)]
struct NewAccountRow<'a> {
    organisation_id: Uuid,
    id: Uuid,
    handle: &'a str,
    display_name: &'a str,
    roles: Vec<String>,
}

/// Adds an account with its password hash. Operators call it.
///
/// # Errors
/// [`StoreError::Conflict`] when the handle is taken.
pub async fn insert(tx: &TenantTx, user: &NewUser) -> Result<(), StoreError> {
    let organisation_id = tx.organisation()?.0;
    let account = NewAccountRow {
        organisation_id,
        id: user.id.0,
        handle: &user.handle,
        display_name: &user.display_name,
        roles: codes::write_all(&user.roles),
    };
    diesel::insert_into(user_account::table).values(account).execute(&mut tx.connection()?).await?;
    let parameters = &user.credential.parameters;
    let number = |number: u32| i32::try_from(number).map_err(|_| StoreError::Inconsistent("a parameter is too large".to_owned()));
    diesel::insert_into(user_credential::table)
        .values((
            user_credential::organisation_id.eq(organisation_id),
            user_credential::user_id.eq(user.id.0),
            user_credential::salt.eq(&parameters.salt),
            user_credential::memory_kib.eq(number(parameters.memory_kib)?),
            user_credential::passes.eq(number(parameters.passes)?),
            user_credential::lanes.eq(number(parameters.lanes)?),
            user_credential::output_hash.eq(&user.credential.output_hash[..]),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = user_account, check_for_backend(Pg))]
struct UserRow {
    id: Uuid,
    display_name: String,
    roles: Vec<String>,
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        Ok(Self { id: UserId(row.id), display_name: row.display_name, roles: codes::read_all(&row.roles)? })
    }
}

/// The tenant's accounts with these ids, as far as they exist.
pub async fn by_ids(tx: &TenantTx, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<UserRow> = user_account::table
        .filter(user_account::organisation_id.eq(tx.organisation()?.0))
        .filter(user_account::id.eq_any(ids))
        .select(UserRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(User::try_from).collect()
}

/// Whether the tenant's account with this id is disabled; also when there is no such account.
pub async fn is_disabled(tx: &TenantTx, id: UserId) -> Result<bool, StoreError> {
    let found: Option<Option<DateTime<Utc>>> = user_account::table
        .find((tx.organisation()?.0, id.0))
        .select(user_account::disabled_at)
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    Ok(!matches!(found, Some(None)))
}

/// The most accounts that are listed at once: several times what the largest organisation has.
const MOST: i64 = 500;

/// The tenant's accounts in use that have one of these roles, by their display names: at most 500.
pub async fn with_roles(tx: &TenantTx, roles: &[Role]) -> Result<Vec<User>, StoreError> {
    let rows: Vec<UserRow> = user_account::table
        .filter(user_account::organisation_id.eq(tx.organisation()?.0))
        .filter(user_account::disabled_at.is_null())
        .filter(user_account::roles.overlaps_with(codes::write_all(roles)))
        .order_by((user_account::display_name, user_account::id))
        .limit(MOST)
        .select(UserRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(User::try_from).collect()
}
