//! Making connections, pooled or single: with TLS when the address asks for it, and with a limit on every wait.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use diesel::ConnectionError;
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use futures_util::FutureExt;
use rustls::ClientConfig;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::StoreError;

/// A request waits this long for a free connection before it is refused and may be sent again.
const CHECKOUT_TIMEOUT: Duration = Duration::from_secs(3);
/// Making a connection may take this long.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Makes a pool of at most `size` connections. It opens a connection only when one is needed.
pub(crate) fn pool(url: &str, size: usize) -> Result<Pool<AsyncPgConnection>, StoreError> {
    let mut manager = ManagerConfig::default();
    // The pool takes a connection back only after the end of its transaction was acknowledged, so no ping is needed: see
    // TenantTx.
    manager.recycling_method = RecyclingMethod::Fast;
    manager.custom_setup = Box::new(|url| establish(url.to_owned()).boxed());
    Pool::builder(AsyncDieselConnectionManager::new_with_config(url, manager))
        .max_size(size)
        .wait_timeout(Some(CHECKOUT_TIMEOUT))
        .create_timeout(Some(CONNECT_TIMEOUT))
        .recycle_timeout(Some(CONNECT_TIMEOUT))
        .runtime(deadpool::Runtime::Tokio1)
        .build()
        .map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// Makes one connection.
pub(crate) async fn establish(url: String) -> Result<AsyncPgConnection, ConnectionError> {
    let config = config(&url).map_err(|error| ConnectionError::InvalidConnectionUrl(error.to_string()))?;
    match tls(&config).map_err(ConnectionError::BadConnection)? {
        None => {
            let (client, connection) = config.connect(tokio_postgres::NoTls).await.map_err(refused)?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await
        }
        Some(tls) => {
            let (client, connection) = config.connect(tls).await.map_err(refused)?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await
        }
    }
}

/// Makes one connection of tokio-postgres itself, which can read an answer row by row. It closes when the client is dropped.
pub(crate) async fn driver(url: &str) -> Result<tokio_postgres::Client, StoreError> {
    let unavailable = |error: tokio_postgres::Error| StoreError::Unavailable(refused(error).to_string());
    let config = config(url).map_err(unavailable)?;
    match tls(&config).map_err(StoreError::Unavailable)? {
        None => {
            let (client, connection) = config.connect(tokio_postgres::NoTls).await.map_err(unavailable)?;
            drive(connection);
            Ok(client)
        }
        Some(tls) => {
            let (client, connection) = config.connect(tls).await.map_err(unavailable)?;
            drive(connection);
            Ok(client)
        }
    }
}

/// Runs the connection's traffic in a task of its own.
#[expect(clippy::disallowed_methods, reason = "a connection's task ends by itself when its client is dropped")]
fn drive<C>(connection: C)
where
    C: Future<Output: Send> + Send + 'static,
{
    tokio::spawn(connection);
}

fn config(url: &str) -> Result<tokio_postgres::Config, tokio_postgres::Error> {
    let mut config = tokio_postgres::Config::from_str(url)?;
    config.connect_timeout(CONNECT_TIMEOUT);
    config.application_name("pamoja");
    Ok(config)
}

/// A UNIX socket needs no TLS.
fn is_local(host: &tokio_postgres::config::Host) -> bool {
    #[cfg(unix)]
    return matches!(host, tokio_postgres::config::Host::Unix(_));
    #[cfg(not(unix))]
    return false;
}

/// The TLS configuration. None when the address disables TLS or every host is a UNIX socket; a host can also stand as a number alone. The server's certificate is checked
/// against the system's root certificates.
fn tls(config: &tokio_postgres::Config) -> Result<Option<MakeRustlsConnect>, String> {
    if config.get_ssl_mode() == SslMode::Disable || (config.get_hostaddrs().is_empty() && config.get_hosts().iter().all(is_local))
    {
        return Ok(None);
    }
    let mut roots = rustls::RootCertStore::empty();
    for certificate in rustls_native_certs::load_native_certs().certs {
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Some(MakeRustlsConnect::new(config)))
}

/// The driver's error with its cause. It names the address and the reason, never a password.
fn refused(error: tokio_postgres::Error) -> ConnectionError {
    let reason = std::error::Error::source(&error).map(ToString::to_string);
    ConnectionError::BadConnection(reason.map_or_else(|| error.to_string(), |reason| format!("{error}: {reason}")))
}
