//! How many files the process may have open. Each connection and each WebSocket is one.

#[cfg(unix)]
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

#[cfg(unix)]
use crate::http::limit;

/// What the process has open besides: connections to PostgreSQL, its log, its listeners.
#[cfg(unix)]
const OTHERS: u64 = 256;

/// Lets the process have as many files open as its limits take, if the system allows it. Many systems allow 1,024 unless a process asks.
/// Otherwise it says so in the log, and connections past what is allowed wait until others close.
#[cfg(unix)]
pub(super) fn allow() {
    let wanted = (limit::CONNECTIONS.allowed + limit::SOCKETS.allowed) as u64 + OTHERS;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // No number means that there is no limit.
    if current.is_none_or(|current| current >= wanted) {
        return;
    }
    let possible = maximum.map_or(wanted, |maximum| maximum.min(wanted));
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: Some(possible), maximum }) {
        tracing::warn!(%error, "the number of open files could not be raised");
    } else if possible < wanted {
        tracing::warn!(
            possible,
            wanted,
            "the system allows fewer open files than there may be connections: raise its hard limit"
        );
    }
}

/// Other systems have no such limit.
#[cfg(not(unix))]
pub(super) fn allow() {}
