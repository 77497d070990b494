//! Settings for serving requests.

use std::time::Duration;

use pamoja_domain::device::SharedHours;

use crate::http::limit;

/// How long a document may be expected to wait until its execution begins.
pub const WAIT: Duration = limit::WAIT.time();

/// Settings for serving requests.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether documents that only introspect are answered.
    pub introspection: bool,
    /// Whether errors in a document are explained in the parser's or the validator's own words; never in production.
    pub explain_documents: bool,
    /// Whether browsers are shown the explorer.
    pub explorer: bool,
    /// Origins that browsers may call from; empty means only our own.
    pub allowed_origins: Vec<String>,
    /// How long a session on a shared device lasts at most.
    pub shared_hours: SharedHours,
    /// How long a document may be expected to wait: [`WAIT`], except in tests, which wait as long as a busy machine takes.
    pub wait: Duration,
}
