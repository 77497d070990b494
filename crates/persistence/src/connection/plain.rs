//! Connections without TLS: to a UNIX socket, or over a network when the address says so.

use std::io;
use std::sync::Arc;

use diesel::ConnectionError;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio::time::timeout;
use tokio_postgres::config::{Host, TargetSessionAttrs};
use tokio_postgres::{Client, Config, NoTls};

use super::driving::{CONNECT_TIMEOUT, drive, refused};
use super::marked::Marked;
use crate::trouble::Trouble;

/// The port that PostgreSQL has when the address names none.
const PORT: u16 = 5432;

/// A two-way stream of bytes.
trait Bytes: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Bytes for S {}

/// Connects to the first of the address's hosts that takes the connection and is what the address asks for.
pub(super) async fn client(config: &Config, trouble: Option<Arc<Trouble>>) -> Result<Client, ConnectionError> {
    let (hosts, addresses, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let mut last = ConnectionError::BadConnection("the address names no host".to_owned());
    for index in 0..hosts.len().max(addresses.len()) {
        // An address stands for the host's name, which then isn't looked up.
        let address = addresses.get(index).map(|address| Host::Tcp(address.to_string()));
        let Some(host) = address.or_else(|| hosts.get(index).cloned()) else { continue };
        // One port is for every host.
        let port = ports.get(index).or(ports.first()).copied().unwrap_or(PORT);
        match one(config, &host, port, trouble.clone()).await {
            Ok(client) => return Ok(client),
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn one(config: &Config, host: &Host, port: u16, trouble: Option<Arc<Trouble>>) -> Result<Client, ConnectionError> {
    let broken = |error: io::Error| ConnectionError::BadConnection(format!("error connecting to server: {error}"));
    let late = |_| ConnectionError::BadConnection("error connecting to server: nobody answers".to_owned());
    let connecting = async {
        let stream = stream(host, port).await.map_err(broken)?;
        let (client, connection) = config.connect_raw(Marked::new(stream, trouble), NoTls).await.map_err(refused)?;
        drive(connection);
        if config.get_target_session_attrs() != TargetSessionAttrs::Any {
            let wanted = config.get_target_session_attrs() == TargetSessionAttrs::ReadOnly;
            let read_only = client.query_one("SHOW transaction_read_only", &[]).await.map_err(refused)?;
            if (read_only.try_get::<_, String>(0).map_err(refused)? == "on") != wanted {
                return Err(ConnectionError::BadConnection("the database does not allow what the address asks for".to_owned()));
            }
        }
        Ok(client)
    };
    timeout(CONNECT_TIMEOUT, connecting).await.map_err(late)?
}

async fn stream(host: &Host, port: u16) -> io::Result<Box<dyn Bytes>> {
    match host {
        Host::Tcp(name) => {
            let stream = TcpStream::connect((name.as_str(), port)).await?;
            stream.set_nodelay(true)?;
            Ok(Box::new(stream))
        }
        #[cfg(unix)]
        Host::Unix(folder) => Ok(Box::new(UnixStream::connect(folder.join(format!(".s.PGSQL.{port}"))).await?)),
    }
}
