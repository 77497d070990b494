//! Making connections, pooled or single: with TLS when the address asks for it, and with a limit on every wait.

mod driving;
mod marked;
mod plain;

use std::pin::pin;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use deadpool::managed::TimeoutType;
use diesel::ConnectionError;
use diesel::connection::CacheSize;
use diesel_async::pooled_connection::deadpool::{Object, Pool, PoolError};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use futures_util::stream::poll_fn;
use futures_util::{FutureExt, Stream, StreamExt};
use rustls::ClientConfig;
use tokio::sync::mpsc;
use tokio_postgres::config::SslMode;
use tokio_postgres::{AsyncMessage, Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::StoreError;
use crate::limits;
use crate::pooler::Pooler;
use crate::trouble::Trouble;
use driving::{CONNECT_TIMEOUT, drive, refused};
use marked::MarkedTls;

/// How the driver's error begins when the server has no TLS.
const NO_TLS: &str = "error performing TLS handshake";

/// A request waits this long for a free connection before it is refused and may be sent again.
const CHECKOUT_TIMEOUT: Duration = Duration::from_secs(3);

/// Makes a pool of at most `size` connections, each with its limits. It opens a connection only when one is needed. What goes wrong with
/// them is noted.
pub(crate) fn pool(
    url: &str,
    size: usize,
    pooler: Pooler,
    trouble: &Arc<Trouble>,
) -> Result<Pool<AsyncPgConnection>, StoreError> {
    let mut manager = ManagerConfig::default();
    // The pool takes a connection back only after the end of its transaction was sent, and a connection that is lost is known to be, so no
    // ping is needed: see TenantTx.
    manager.recycling_method = RecyclingMethod::Fast;
    let trouble = Arc::clone(trouble);
    manager.custom_setup = Box::new(move |url| establish_noting(url.to_owned(), pooler, Arc::clone(&trouble)).boxed());
    Pool::builder(AsyncDieselConnectionManager::new_with_config(url, manager))
        .max_size(size)
        .wait_timeout(Some(CHECKOUT_TIMEOUT))
        .create_timeout(Some(CONNECT_TIMEOUT))
        .recycle_timeout(Some(CONNECT_TIMEOUT))
        .runtime(deadpool::Runtime::Tokio1)
        .build()
        .map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// Takes a connection from the pool.
///
/// # Errors
/// [`StoreError::Unavailable`] when none can be made, or none is free for too long.
pub(crate) async fn take(pool: &Pool<AsyncPgConnection>, trouble: &Trouble) -> Result<Object<AsyncPgConnection>, StoreError> {
    pool.get().await.map_err(|error| {
        match &error {
            PoolError::Timeout(TimeoutType::Wait) => trouble.busy(),
            // The pool has given up on a connection that nobody answers.
            PoolError::Timeout(_) => trouble.unreachable("nobody answers"),
            // Noted when it could not be made.
            _ => {}
        }
        StoreError::Unavailable(error.to_string())
    })
}

/// Makes one connection.
pub(crate) async fn establish(url: String) -> Result<AsyncPgConnection, ConnectionError> {
    AsyncPgConnection::try_from(client(read(&url)?, None).await?).await
}

async fn establish_noting(url: String, pooler: Pooler, trouble: Arc<Trouble>) -> Result<AsyncPgConnection, ConnectionError> {
    let mut config = read(&url)?;
    // A pooler takes no options. What they say is said in each transaction then.
    if pooler == Pooler::None {
        // What the address itself says comes last, and counts.
        let options = [limits::startup_options(), config.get_options().unwrap_or_default()].join(" ");
        config.options(options);
    }
    let noted = Some(Arc::clone(&trouble));
    let client = client(config, noted).await.inspect_err(|error| trouble.unreachable(&error.to_string()))?;
    set_up(pooler, client).await
}

/// Makes the driver's connection what diesel works with. Behind a pooler it does so in a transaction, since it prepares statements.
async fn set_up(pooler: Pooler, client: Client) -> Result<AsyncPgConnection, ConnectionError> {
    if pooler == Pooler::None {
        return AsyncPgConnection::try_from(client).await;
    }
    let refused = |error: tokio_postgres::Error| ConnectionError::BadConnection(error.to_string());
    client.batch_execute(&pooler.begin("BEGIN")).await.map_err(refused)?;
    let mut connection = AsyncPgConnection::try_from(client).await?;
    if pooler == Pooler::Plain {
        // Each statement is prepared for its one execution, on the connection that its transaction has, and closed after it.
        connection.set_prepared_statement_cache_size(CacheSize::Disabled);
    }
    connection.batch_execute("COMMIT").await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

fn read(url: &str) -> Result<Config, ConnectionError> {
    config(url).map_err(|error| ConnectionError::InvalidConnectionUrl(error.to_string()))
}

/// Makes one connection whose errors say their SQLSTATE in their message.
async fn client(mut config: Config, trouble: Option<Arc<Trouble>>) -> Result<Client, ConnectionError> {
    let Some(tls) = tls(&config).map_err(ConnectionError::BadConnection)? else {
        return plain::client(&config, trouble).await;
    };
    // Like libpq: a server that has no TLS is reached without, unless the address demands TLS.
    let optional = config.get_ssl_mode() == SslMode::Prefer;
    config.ssl_mode(SslMode::Require);
    match config.connect(MarkedTls { tls, trouble: trouble.clone() }).await {
        Ok((client, connection)) => {
            drive(connection);
            Ok(client)
        }
        Err(error) if optional && error.to_string().starts_with(NO_TLS) => {
            plain::client(config.ssl_mode(SslMode::Disable), trouble).await
        }
        Err(error) => Err(refused(error)),
    }
}

/// A connection that hears NOTIFY: each message on the channel is one value of the receiver, as far as somebody takes them. The
/// receiver ends with the connection, which closes when the client is dropped.
pub(crate) async fn listening(url: &str) -> Result<(Client, mpsc::Receiver<()>), StoreError> {
    let unavailable = |error: tokio_postgres::Error| StoreError::Unavailable(refused(error).to_string());
    let config = config(url).map_err(unavailable)?;
    let (heard, hears) = mpsc::channel(1);
    let client = match tls(&config).map_err(StoreError::Unavailable)? {
        None => {
            let (client, mut connection) = config.connect(tokio_postgres::NoTls).await.map_err(unavailable)?;
            drive(hear(poll_fn(move |context| connection.poll_message(context)), heard));
            client
        }
        Some(tls) => {
            let (client, mut connection) = config.connect(tls).await.map_err(unavailable)?;
            drive(hear(poll_fn(move |context| connection.poll_message(context)), heard));
            client
        }
    };
    Ok((client, hears))
}

async fn hear(messages: impl Stream<Item = Result<AsyncMessage, tokio_postgres::Error>>, heard: mpsc::Sender<()>) {
    let mut messages = pin!(messages);
    while let Some(Ok(message)) = messages.next().await {
        if matches!(message, AsyncMessage::Notification(_)) {
            // A full channel means that a wake-up waits already.
            let _waits = heard.try_send(());
        }
    }
}

/// Makes one connection of tokio-postgres itself, which can read an answer row by row. It closes when the client is dropped.
pub(crate) async fn driver(url: &str) -> Result<Client, StoreError> {
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

fn config(url: &str) -> Result<Config, tokio_postgres::Error> {
    let mut config = Config::from_str(url)?;
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
fn tls(config: &Config) -> Result<Option<MakeRustlsConnect>, String> {
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
