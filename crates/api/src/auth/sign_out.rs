//! The end of a session.

use pamoja_domain::access::Permit;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::{audit, session};

use super::errors::AuthError;
use super::refresh::EXCUSED;
use super::state::AuthState;

/// Ends the session of an access token; it succeeds too when the session has already ended. The token may have expired a while
/// ago: nobody should have to sign in to sign out.
///
/// # Errors
/// [`AuthError::SignInAgain`] when the token isn't valid; faults.
pub async fn sign_out(state: &AuthState, access_token: Option<&str>) -> Result<(), AuthError> {
    let token = access_token.ok_or(AuthError::SignInAgain)?;
    let now = state.database.now();
    let caller = state.authority.verify_excusing(token, now, EXCUSED).map_err(|_| AuthError::SignInAgain)?.caller;
    let ended = state
        .database
        .tenant(&Permit::sign_in(caller.organisation), async |tx| {
            let ended = session::revoke(tx, caller.session).await?;
            if let Some(session) = ended {
                audit::record(tx, "signOut", Some(session.user.0)).await?;
            }
            Ok::<_, StoreError>(ended)
        })
        .await?;
    if ended.is_some() {
        tracing::info!(session = %caller.session, "signed out");
    }
    Ok(())
}
