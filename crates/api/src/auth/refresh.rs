//! New access tokens for a session: for a refresh token or, on a shared device, for the access token itself.

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use pamoja_domain::access::{Caller, Permit};
use pamoja_domain::device::Device;
use pamoja_domain::id::OrganisationId;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::session::{Refresh, SHARED_IDLE_MINUTES};
use pamoja_persistence::{audit, session};
use serde::Deserialize;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::errors::{AuthError, Tokens};
use super::state::AuthState;
use super::token::LIFETIME;
use crate::keys::{Keys, random_bytes};

/// How long after its expiry an access token may still renew or end its session.
pub(super) const EXCUSED: TimeDelta = TimeDelta::minutes(SHARED_IDLE_MINUTES);

const ORGANISATION_LENGTH: usize = 16;
const LENGTH: usize = ORGANISATION_LENGTH + 32;

/// The body that renews a session; empty on a shared device.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Renewal {
    refresh_token: Option<String>,
}

/// The organisation's id, which names the tenant to look the token up in, and 256 random bits.
pub(super) struct RefreshToken(Zeroizing<[u8; LENGTH]>);

impl RefreshToken {
    pub(super) fn new(organisation: OrganisationId) -> Self {
        let mut bytes = Zeroizing::new(random_bytes());
        bytes[..ORGANISATION_LENGTH].copy_from_slice(organisation.0.as_bytes());
        Self(bytes)
    }

    fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE64URL_NOPAD.decode(text.as_bytes()).ok()?);
        let bytes: [u8; LENGTH] = bytes.as_slice().try_into().ok()?;
        Some(Self(Zeroizing::new(bytes)))
    }

    fn organisation(&self) -> Option<OrganisationId> {
        Uuid::from_slice(&self.0[..ORGANISATION_LENGTH]).ok().map(OrganisationId)
    }

    /// The hash that the database keeps in place of the token.
    pub(super) fn hash(&self, keys: &Keys) -> [u8; 32] {
        keys.refresh_token_hash(self.0.as_slice())
    }

    pub(super) fn to_text(&self) -> String {
        BASE64URL_NOPAD.encode(self.0.as_slice())
    }
}

/// Renews a session for a refresh token or, on a shared device, for its access token.
///
/// # Errors
/// [`AuthError::SignInAgain`] when the token isn't valid; [`AuthError::NoToken`] when there is none; faults.
pub async fn refresh(state: &AuthState, renewal: Renewal, access_token: Option<&str>) -> Result<Tokens, AuthError> {
    match (renewal.refresh_token, access_token) {
        (Some(token), _) => rotate(state, &Zeroizing::new(token)).await,
        (None, Some(token)) => renew_shared(state, token).await,
        (None, None) => Err(AuthError::NoToken),
    }
}

/// Uses a refresh token up and gives the next one. When a token is used a second time, somebody has a copy of it: its session
/// ends.
async fn rotate(state: &AuthState, token: &str) -> Result<Tokens, AuthError> {
    let token = RefreshToken::parse(token).ok_or(AuthError::SignInAgain)?;
    let organisation = token.organisation().ok_or(AuthError::SignInAgain)?;
    let hash = token.hash(&state.keys);
    let next = RefreshToken::new(organisation);
    let (outcome, at) = state
        .database
        .tenant(&Permit::sign_in(organisation), async |tx| {
            let outcome = session::rotate(tx, &hash).await?;
            match outcome {
                Refresh::Rotated(session) => {
                    session::insert_refresh_token(tx, session.id, &next.hash(&state.keys)).await?;
                }
                Refresh::Reused(session) => audit::record(tx, "refreshTokenReused", Some(session.user.0)).await?,
                Refresh::Refused => {}
            }
            Ok::<_, StoreError>((outcome, tx.at()))
        })
        .await?;
    match outcome {
        Refresh::Rotated(session) => {
            let caller = Caller { organisation, user: session.user, session: session.id };
            Ok(answer(state, caller, at, Some(&next)))
        }
        Refresh::Reused(session) => {
            tracing::warn!(session = %session.id, "a refresh token was used again: its session is revoked");
            Err(AuthError::SignInAgain)
        }
        Refresh::Refused => Err(refused()),
    }
}

/// Renews a session on a shared device by its access token, even some time after the token expired.
async fn renew_shared(state: &AuthState, token: &str) -> Result<Tokens, AuthError> {
    let verified = state.authority.verify_excusing(token, state.database.now(), EXCUSED).map_err(|_| refused())?;
    let caller = verified.caller;
    let (found, at) = state
        .database
        .tenant(&Permit::sign_in(caller.organisation), async |tx| {
            let found = session::find(tx, caller.session, Device::Shared).await?.filter(|found| found.user == caller.user);
            if found.is_some() {
                session::touch(tx, caller.session).await?;
            }
            Ok::<_, StoreError>((found, tx.at()))
        })
        .await?;
    found.map(|_| answer(state, caller, at, None)).ok_or_else(refused)
}

fn answer(state: &AuthState, caller: Caller, at: DateTime<Utc>, refresh_token: Option<&RefreshToken>) -> Tokens {
    tracing::info!(session = %caller.session, "a session was renewed");
    Tokens::new(state.authority.issue(caller, at, LIFETIME), refresh_token.map(RefreshToken::to_text))
}

fn refused() -> AuthError {
    tracing::info!("the renewal of a session was refused");
    AuthError::SignInAgain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_carries_its_organisation_and_is_read_again() {
        let organisation = OrganisationId(Uuid::from_u128(7));
        let keys = Keys::generate();
        let token = RefreshToken::new(organisation);
        let read = RefreshToken::parse(&token.to_text()).expect("read");
        assert_eq!(read.organisation(), Some(organisation));
        assert_eq!(read.hash(&keys), token.hash(&keys));
        assert_ne!(RefreshToken::new(organisation).hash(&keys), token.hash(&keys));
        assert_eq!(token.to_text().len(), 64);
    }

    #[test]
    fn whatever_else_is_no_refresh_token() {
        let text = RefreshToken::new(OrganisationId(Uuid::from_u128(7))).to_text();
        for bad in ["", "abc", &text[1..], &format!("{text}="), &format!("{text}AAAA"), &"+".repeat(64), "é"] {
            assert!(RefreshToken::parse(bad).is_none(), "{bad}");
        }
    }
}
