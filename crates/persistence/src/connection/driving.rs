//! What every connection of tokio-postgres needs: somebody who runs its traffic, a limit on waiting, and errors with their cause.

use std::time::Duration;

use diesel::ConnectionError;

/// Making a connection may take this long.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Runs the connection's traffic in a task of its own.
#[expect(clippy::disallowed_methods, reason = "a connection's task ends by itself when its client is dropped")]
pub(super) fn drive<C>(connection: C)
where
    C: Future<Output: Send> + Send + 'static,
{
    tokio::spawn(connection);
}

/// The driver's error with its cause. It names the address and the reason, never a password.
pub(super) fn refused(error: tokio_postgres::Error) -> ConnectionError {
    let reason = std::error::Error::source(&error).map(ToString::to_string);
    ConnectionError::BadConnection(reason.map_or_else(|| error.to_string(), |reason| format!("{error}: {reason}")))
}
