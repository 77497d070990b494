//! From a username and a password to a session.

use pamoja_domain::access::Caller;
use pamoja_domain::device::Device;
use pamoja_domain::id::{OrganisationId, SessionId};
use pamoja_domain::message::Message;
use pamoja_domain::session_secret::SessionSecret;
use pamoja_domain::user::Username;
use pamoja_persistence::gate::{Begun, NewSession};
use serde::Deserialize;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::errors::{AuthError, Tokens};
use super::password::{MAX_BYTES, PasswordError};
use super::refresh::RefreshToken;
use super::state::AuthState;
use super::token::LIFETIME;

/// A username is never longer, in characters.
const LONGEST: usize = 100;

/// Username and password, as the client sent them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    username: String,
    password: String,
    #[serde(default)]
    device: DeviceKind,
}

impl Credentials {
    /// The name of the account, as it counts.
    pub fn name(&self) -> String {
        canonical(&self.username)
    }
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
    let Some((attempt, parameters)) = state.gate.begin(&canonical(&username)).await? else {
        tracing::info!("a sign-in was refused: too many failures");
        return Err(AuthError::RateLimited);
    };
    let output = state.passwords.output(password, parameters).await;
    if output.as_ref().err() == Some(&PasswordError::Busy) {
        tracing::warn!("a sign-in was put off: too many passwords to look at");
        state.gate.withdraw(attempt).await?;
    }
    let output = output?;
    let (id, new) = (SessionId(Uuid::new_v4()), Issued::new(state, attempt.organisation, device));
    let new_session = NewSession {
        id,
        device: new.device,
        lifetime: new.device.lifetime(state.shared_hours),
        renewal: &new.renewal,
        secret: new.secret,
    };
    let Some(Begun { organisation, user, at }) = state.gate.conclude(attempt, output.as_slice(), &new_session).await? else {
        tracing::info!("a sign-in was refused");
        return Err(AuthError::WrongPassword);
    };
    tracing::info!(session = %id, "signed in");
    let access_token = state.authority.issue(Caller { organisation, user, session: id, secret: new.secret }, at, LIFETIME);
    Ok(Tokens::new(access_token, new.refresh_token.map(|token| token.to_text())))
}

/// The username as failures are counted by it: upper and lower case count as one, whether it can be one or not. It is cut where no
/// username reaches.
fn canonical(username: &str) -> String {
    match Username::parse(username) {
        Some(Username { handle, slug }) => format!("{handle}@{slug}"),
        None => username.trim().to_lowercase().chars().filter(|character| *character != '\0').take(LONGEST).collect(),
    }
}

/// What is issued at a sign-in.
struct Issued {
    device: Device,
    /// On a person's own device.
    refresh_token: Option<RefreshToken>,
    /// What renews the session: on a person's own device the refresh token, on a shared one the newest access token.
    renewal: [u8; 32],
    secret: SessionSecret,
}

impl Issued {
    fn new(state: &AuthState, organisation: OrganisationId, device: DeviceKind) -> Self {
        match device {
            DeviceKind::Own => {
                let token = RefreshToken::new(organisation);
                let (renewal, secret) = (token.hash(&state.keys), token.secret(&state.keys));
                Self { device: Device::Own, refresh_token: Some(token), renewal, secret }
            }
            DeviceKind::Shared => {
                let secret = SessionSecret(Uuid::new_v4());
                Self { device: Device::Shared, refresh_token: None, renewal: state.keys.access_token_hash(secret), secret }
            }
        }
    }
}
