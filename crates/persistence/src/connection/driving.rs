//! What every connection of tokio-postgres needs: somebody who runs its traffic, a limit on waiting, and errors with their cause.

use std::time::Duration;

use diesel::ConnectionError;

use crate::pooler::SETTING;

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
    let mut words = reason.map_or_else(|| error.to_string(), |reason| format!("{error}: {reason}"));
    // PostgreSQL knows every parameter that the program begins with, and pgbouncer only a few. Each of its versions says so in other words.
    if words.contains("startup parameter") {
        words.push_str(&format!("; a pooler stands before the database: set {SETTING}"));
    }
    ConnectionError::BadConnection(words)
}
