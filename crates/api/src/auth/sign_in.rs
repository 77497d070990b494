//! From a username and a password to a session.

use pamoja_domain::access::{Caller, Permit};
use pamoja_domain::device::Device;
use pamoja_domain::id::{OrganisationId, SessionId, UserId};
use pamoja_domain::message::Message;
use pamoja_domain::organisation::MembershipStatus;
use pamoja_domain::user::Username;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::{audit, organisation, session, sign_in, user};
use serde::Deserialize;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::errors::{AuthError, Tokens};
use super::password::{MAX_BYTES, PasswordError};
use super::refresh::RefreshToken;
use super::state::AuthState;
use super::token::{AccessId, LIFETIME};

/// How many failures within 15 minutes an account may have.
const MOST_FAILURES: i64 = 5;

/// Username and password, as the client sent them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    username: String,
    password: String,
    #[serde(default)]
    device: DeviceKind,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum DeviceKind {
    #[default]
    Own,
    Shared,
}

/// Signs a user in. Every wrong username or password costs the same statements and one password hash.
///
/// # Errors
/// [`AuthError::WrongPassword`] without a reason; [`AuthError::RateLimited`] after too many failures; faults.
pub async fn sign_in(state: &AuthState, credentials: Credentials) -> Result<Tokens, AuthError> {
    let Credentials { username, password, device } = credentials;
    let password = Zeroizing::new(password);
    if !(1..=MAX_BYTES).contains(&password.len()) {
        return Err(AuthError::Invalid(Message::of("password-length").with("maximum", MAX_BYTES)));
    }
    let account_hash = state.keys.account_hash(&username);
    let username = Username::parse(&username);
    let organisation = begin(state, &account_hash, username.as_ref()).await?;
    let permit = Permit::sign_in(organisation);
    let handle = username.as_ref().map_or("", |username| &username.handle);
    let credential = state.database.tenant(&permit, async |tx| user::find_credential(tx, handle).await).await?;
    let (user, stored) = credential.map(|credential| (credential.user, credential.password_hash)).unzip();
    let matches = state.passwords.verify(password, stored).await;
    if matches == Err(PasswordError::Busy) {
        withdraw(state, &account_hash).await?;
    }
    let (true, Some(user)) = (matches?, user) else {
        tracing::info!("a sign-in was refused");
        return Err(AuthError::WrongPassword);
    };
    let tokens = open_session(state, organisation, user, device).await?;
    forget_failures(state, &account_hash).await;
    Ok(tokens)
}

/// Counts the attempt and finds the organisation. An organisation that doesn't exist or isn't an active member is replaced by one
/// without data, so that the next steps cost the same.
async fn begin(state: &AuthState, account_hash: &[u8; 32], username: Option<&Username>) -> Result<OrganisationId, AuthError> {
    let slug = username.map_or("", |username| &username.slug);
    let begun: Option<Option<OrganisationId>> = state
        .database
        .tenant(&Permit::threshold(), async |tx| {
            if !sign_in::begin_attempt(tx, account_hash, MOST_FAILURES).await? {
                return Ok::<_, StoreError>(None);
            }
            let found = organisation::find_by_slug(tx, slug).await?;
            let active = found.filter(|organisation| organisation.status == MembershipStatus::Active);
            Ok(Some(active.map(|organisation| organisation.id)))
        })
        .await?;
    let Some(organisation) = begun else {
        tracing::info!("a sign-in was refused: too many failures");
        return Err(AuthError::RateLimited);
    };
    Ok(organisation.unwrap_or(OrganisationId(Uuid::nil())))
}

/// Takes an attempt back when its password was never verified.
async fn withdraw(state: &AuthState, account_hash: &[u8; 32]) -> Result<(), StoreError> {
    tracing::warn!("a sign-in was put off: too many passwords to look at");
    state.database.tenant(&Permit::threshold(), async |tx| sign_in::withdraw_attempt(tx, account_hash).await).await
}

async fn open_session(
    state: &AuthState,
    organisation: OrganisationId,
    user: UserId,
    device: DeviceKind,
) -> Result<Tokens, AuthError> {
    let session = SessionId(Uuid::new_v4());
    let id = AccessId::new();
    // What renews the session: on a person's own device a refresh token, on a shared one the newest access token.
    let (device, refresh_token) = match device {
        DeviceKind::Own => (Device::Own, Some(RefreshToken::new(organisation))),
        DeviceKind::Shared => (Device::Shared, None),
    };
    let token_hash = refresh_token.as_ref().map_or_else(|| id.hash(&state.keys), |token| token.hash(&state.keys));
    let at = state
        .database
        .tenant(&Permit::sign_in(organisation), async |tx| {
            session::insert(tx, session, user, device, device.lifetime(state.shared_hours)).await?;
            session::insert_token(tx, session, &token_hash).await?;
            audit::record(tx, "signIn", Some(user.0)).await?;
            Ok::<_, StoreError>(tx.at())
        })
        .await?;
    tracing::info!(%session, "signed in");
    let access_token = state.authority.issue_as(id, Caller { organisation, user, session }, at, LIFETIME);
    Ok(Tokens::new(access_token, refresh_token.map(|token| token.to_text())))
}

/// The session exists already, so the user gets it even if this fails. Failures expire by themselves.
async fn forget_failures(state: &AuthState, account_hash: &[u8; 32]) {
    let forgotten = state.database.tenant(&Permit::threshold(), async |tx| sign_in::clear(tx, account_hash).await).await;
    if let Err(error) = forgotten {
        tracing::warn!(%error, "the failures before a sign-in were not forgotten");
    }
}
