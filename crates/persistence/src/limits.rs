//! What a connection is held to, whatever its role says by then. A role may change settings of its own with `ALTER ROLE … SET`, so that
//! whoever takes one process over could lift the limits of all that connect as the same role later. These values are stronger: they
//! come with the connection, or with each transaction where a pooler stands between.

use std::fmt::Write as _;
use std::sync::LazyLock;

use Extent::{Connection, Transaction};

/// How far a setting reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// It has a meaning in a transaction that has begun.
    Transaction,
    /// It only has one before.
    Connection,
}

/// The settings. Those that docker/roles.sql gives the roles too have the same value there, for connections past these: a test
/// compares them. `default_transaction_read_only` isn't among them: an operator may set it for a while, and it lets nobody do more.
pub const LIMITS: [(&str, &str, Extent); 17] = [
    ("statement_timeout", "5s", Transaction),
    ("idle_in_transaction_session_timeout", "10s", Transaction),
    ("lock_timeout", "4s", Transaction),
    ("search_path", "public, pg_temp", Transaction),
    ("max_parallel_workers_per_gather", "0", Transaction),
    ("plan_cache_mode", "force_generic_plan", Transaction),
    // Compiling a plan takes longer than the few rows that it reads.
    ("jit", "off", Transaction),
    ("row_security", "on", Transaction),
    ("client_min_messages", "notice", Transaction),
    // It would leave rows out of what an index finds.
    ("gin_fuzzy_search_limit", "0", Transaction),
    ("transform_null_equals", "off", Transaction),
    ("TimeZone", "UTC", Transaction),
    ("DateStyle", "ISO, MDY", Transaction),
    ("idle_session_timeout", "0", Connection),
    ("local_preload_libraries", "", Connection),
    ("default_transaction_isolation", "read committed", Connection),
    ("default_transaction_deferrable", "off", Connection),
];

/// The settings as `options` of a startup packet.
pub fn startup_options() -> &'static str {
    static OPTIONS: LazyLock<String> = LazyLock::new(|| {
        // A space would end the value.
        let option = |(name, value, _): (&str, &str, Extent)| format!("-c {name}={}", value.replace(' ', "\\ "));
        LIMITS.map(option).join(" ")
    });
    &OPTIONS
}

/// The statements that give a transaction its settings.
pub(crate) fn within_transaction() -> String {
    let mut text = String::new();
    for (name, value, _) in LIMITS.into_iter().filter(|(_, _, extent)| *extent == Transaction) {
        let values: Vec<String> = value.split(", ").map(|value| format!("'{value}'")).collect();
        let _never_fails = write!(text, "; SET LOCAL {name} = {}", values.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_one_value() {
        assert!(startup_options().starts_with("-c statement_timeout=5s -c "), "{}", startup_options());
        assert!(startup_options().contains("-c search_path=public,\\ pg_temp -c "), "{}", startup_options());
        let text = within_transaction();
        assert!(text.contains("; SET LOCAL search_path = 'public', 'pg_temp'; SET LOCAL "), "{text}");
        assert!(!text.contains("local_preload_libraries"), "{text}");
    }
}
