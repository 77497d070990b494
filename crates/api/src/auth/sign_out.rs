//! The end of a session.

use pamoja_persistence::error::StoreError;

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
    match state.gate.end(caller).await {
        Ok(true) => tracing::info!(session = %caller.session, "signed out"),
        // Where the session is gone, or the secret was deleted after the token expired, there is nothing left to end.
        Ok(false) | Err(StoreError::SessionEnded) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
