//! The options of a server.

/// How to run a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerOptions {
    /// Whether committed data survive a crash of the machine. Without this, everything is faster, but a crash of the machine (not
    /// of this program) may corrupt the whole cluster.
    pub durable: bool,
    /// Whether to remove the whole data directory when the server stops or this program dies. The directory must be missing,
    /// empty, or from an earlier run.
    pub temporary: bool,
    /// How many connections the server accepts; PostgreSQL reserves three of them for superusers. At least 4.
    pub max_connections: u32,
    /// Whether to download PostgreSQL when none is installed. Only a build with the cargo feature `download` can.
    pub allow_download: bool,
}

impl Default for ServerOptions {
    /// A durable server that keeps its data.
    fn default() -> Self {
        Self { durable: true, temporary: false, max_connections: 100, allow_download: true }
    }
}

impl ServerOptions {
    /// A server for one test run: fast, not durable, removed at the end, never downloaded.
    pub fn for_tests() -> Self {
        Self { durable: false, temporary: true, max_connections: 100, allow_download: false }
    }
}
