//! What can be chosen about a server.

/// How a server is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerOptions {
    /// Whether committed data survive a crash of the machine. Without, everything is faster, and a crash of the
    /// machine (not of this program) may spoil the whole cluster.
    pub durable: bool,
    /// Whether the whole data directory is removed when the server stops or this program dies. The directory must
    /// be missing, empty, or one of an earlier run.
    pub temporary: bool,
    /// The number of connections the server takes, of which PostgreSQL keeps three for superusers; at least 4.
    pub max_connections: u32,
    /// Whether PostgreSQL may be downloaded where none is installed. Only a build with the cargo feature `download`
    /// can.
    pub allow_download: bool,
}

impl Default for ServerOptions {
    /// A durable server whose data stay.
    fn default() -> Self {
        Self { durable: true, temporary: false, max_connections: 100, allow_download: true }
    }
}

impl ServerOptions {
    /// A server for one test run: fast, not durable, its data directory removed at the end, nothing downloaded.
    pub fn for_tests() -> Self {
        Self { durable: false, temporary: true, max_connections: 100, allow_download: false }
    }
}
