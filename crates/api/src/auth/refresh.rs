//! New access tokens for a session: for a refresh token or, on a shared device, for the newest access token itself.
//!
//! Both are rotated by the same rule (`renew_session` in the database). A successor is computed from the token that it follows, with a key outside the
//! database. So the program can give it again when the answer was lost, and keeps no token that anybody could read.

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use pamoja_domain::access::Caller;
use pamoja_domain::device::Device;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::session_secret::SessionSecret;
use pamoja_persistence::gate::{Presented, Renewal as Renewed, Session};
use serde::Deserialize;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::errors::{AuthError, Tokens};
use super::state::AuthState;
use super::token::LIFETIME;
use crate::keys::{Keys, random_bytes};

/// How long after its expiry an access token may still renew or end its session: on a shared device somebody may come back to the work
/// a few minutes after the token expired. Whether the session is still in force, the database says.
pub(super) const EXCUSED: TimeDelta = TimeDelta::minutes(16);

const ORGANISATION_LENGTH: usize = 16;
const LENGTH: usize = ORGANISATION_LENGTH + 32;

/// The body that renews a session; empty on a shared device.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Renewal {
    refresh_token: Option<String>,
}

impl Renewal {
    /// The refresh token, if there is one.
    pub fn token(&self) -> Option<&str> {
        self.refresh_token.as_deref()
    }
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

    /// The token that follows this one: for the same token always the same.
    fn successor(&self, keys: &Keys) -> Self {
        let mut bytes = self.0.clone();
        bytes[ORGANISATION_LENGTH..].copy_from_slice(keys.refresh_token_successor(self.0.as_slice()).as_slice());
        Self(bytes)
    }

    /// The secret of the access token that is issued together with this token.
    pub(super) fn secret(&self, keys: &Keys) -> SessionSecret {
        keys.access_token_secret(self.0.as_slice())
    }

    /// What the database is shown in place of the token.
    pub(super) fn hash(&self, keys: &Keys) -> [u8; 32] {
        keys.refresh_token_hash(self.0.as_slice())
    }

    pub(super) fn to_text(&self) -> String {
        BASE64URL_NOPAD.encode(self.0.as_slice())
    }
}

/// Renews a session for a refresh token or, on a shared device, for its newest access token.
///
/// # Errors
/// [`AuthError::SignInAgain`] when the token isn't valid; [`AuthError::NoToken`] when there is none; faults.
pub async fn refresh(state: &AuthState, renewal: Renewal, access_token: Option<&str>) -> Result<Tokens, AuthError> {
    match (renewal.refresh_token, access_token) {
        (Some(token), access_token) => renew_own(state, &Zeroizing::new(token), access_token).await,
        (None, Some(token)) => renew_shared(state, token).await,
        (None, None) => Err(AuthError::NoToken),
    }
}

/// Uses a refresh token up and gives the next one. An access token that comes with it must be of the same session: a refresh token in the
/// hands of another device is refused.
async fn renew_own(state: &AuthState, token: &str, access_token: Option<&str>) -> Result<Tokens, AuthError> {
    let token = RefreshToken::parse(token).ok_or(AuthError::SignInAgain)?;
    let organisation = token.organisation().ok_or(AuthError::SignInAgain)?;
    let claimed = access_token.and_then(|token| state.authority.verify_excusing(token, state.database.now(), EXCUSED).ok());
    let next = token.successor(&state.keys);
    let secret = next.secret(&state.keys);
    let presented = Presented {
        organisation,
        device: Device::Own,
        token: &token.hash(&state.keys),
        successor: &next.hash(&state.keys),
        session: claimed.map(|verified| verified.caller.session),
        secret,
    };
    let Renewing { session, at, .. } = renew(state, presented).await?;
    let caller = Caller { organisation, user: session.user, session: session.id, secret };
    let access_token = state.authority.issue(caller, at, LIFETIME);
    Ok(Tokens::new(access_token, Some(next.to_text())))
}

/// Renews a session on a shared device by its newest access token, even some time after the token expired. The next access token is
/// valid from the moment at which it was first issued, so that a repetition gives the very same token.
async fn renew_shared(state: &AuthState, token: &str) -> Result<Tokens, AuthError> {
    let caller = state.authority.verify_excusing(token, state.database.now(), EXCUSED).map_err(|_| refused())?.caller;
    let secret = state.keys.access_token_successor(caller.secret);
    let presented = Presented {
        organisation: caller.organisation,
        device: Device::Shared,
        token: &state.keys.access_token_hash(caller.secret),
        successor: &state.keys.access_token_hash(secret),
        session: Some(caller.session),
        secret,
    };
    let Renewing { issued_at, .. } = renew(state, presented).await?;
    Ok(Tokens::new(state.authority.issue(Caller { secret, ..caller }, issued_at, LIFETIME), None))
}

/// A session that was renewed.
struct Renewing {
    session: Session,
    /// When the successor of its token was issued: a little earlier when the renewal is a repetition.
    issued_at: DateTime<Utc>,
    /// The present time.
    at: DateTime<Utc>,
}

/// Renews a session. When a token comes again without the excuse of a lost answer, somebody has a copy of it: its session ends.
async fn renew(state: &AuthState, presented: Presented<'_>) -> Result<Renewing, AuthError> {
    let (outcome, at) = state.gate.renew(presented).await?;
    match outcome {
        Renewed::Renewed(session, issued_at) => {
            tracing::info!(session = %session.id, "a session was renewed");
            Ok(Renewing { session, issued_at, at })
        }
        Renewed::Repeated(session, issued_at) => {
            tracing::info!(session = %session.id, "the renewal of a session was repeated");
            Ok(Renewing { session, issued_at, at })
        }
        Renewed::Reused(session) => {
            tracing::warn!(session = %session.id, "a token that renews was used again: its session is revoked");
            Err(AuthError::SignInAgain)
        }
        Renewed::Refused => Err(refused()),
    }
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
    fn a_refresh_token_has_one_successor_of_the_same_organisation() {
        let (keys, other_keys) = (Keys::generate(), Keys::generate());
        let token = RefreshToken::new(OrganisationId(Uuid::from_u128(7)));
        let next = token.successor(&keys);
        assert_eq!(token.successor(&keys).to_text(), next.to_text());
        assert_eq!(next.organisation(), token.organisation());
        assert_ne!(next.to_text(), token.to_text());
        assert_ne!(next.successor(&keys).to_text(), next.to_text());
        assert_ne!(token.successor(&other_keys).to_text(), next.to_text(), "the token alone doesn't tell its successor");
    }

    #[test]
    fn whatever_else_is_no_refresh_token() {
        let text = RefreshToken::new(OrganisationId(Uuid::from_u128(7))).to_text();
        for bad in ["", "abc", &text[1..], &format!("{text}="), &format!("{text}AAAA"), &"+".repeat(64), "é"] {
            assert!(RefreshToken::parse(bad).is_none(), "{bad}");
        }
    }
}
