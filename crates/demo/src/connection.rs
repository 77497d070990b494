//! How the superuser connects to the private PostgreSQL: through its UNIX socket, without TLS.

use std::str::FromStr;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, Error, NoTls};

/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Makes one connection. Its task ends when the client is dropped; wait for the task to know that the server has closed the
/// session.
#[expect(clippy::disallowed_methods, reason = "the task of a connection ends by itself when its client is dropped")]
pub(crate) async fn connect(url: &str) -> Result<(Client, JoinHandle<Result<(), Error>>), Error> {
    let mut config = Config::from_str(url)?;
    config.connect_timeout(CONNECT_TIMEOUT).application_name("pamoja");
    let (client, connection) = config.connect(NoTls).await?;
    Ok((client, tokio::spawn(connection)))
}

/// The server's message, without its detail, which could hold values.
pub(crate) fn described(error: &Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |refusal| refusal.message().to_owned())
}
