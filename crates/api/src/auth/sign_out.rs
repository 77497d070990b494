//! The end of a session.

use pamoja_domain::access::Permit;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::{audit, session};

use super::answer::AuthError;
use super::http::AuthState;
use super::refresh::EXCUSED;

/// Ends the session of an access token; one that has ended already is as good. The token may have expired a while ago: nobody
/// should have to sign in to sign out.
pub(super) async fn sign_out(state: &AuthState, bearer: Option<&str>) -> Result<(), AuthError> {
    let token = bearer.ok_or(AuthError::SignInAgain)?;
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
