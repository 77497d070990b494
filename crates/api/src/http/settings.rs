//! Settings for serving requests.

use pamoja_domain::device::SharedHours;

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
}
