//! A pooler between the program and PostgreSQL, such as pgbouncer in transaction mode.
//!
//! Such a pooler lends a connection of its own for one transaction at a time. Nothing may therefore be expected of a connection
//! outside a transaction: neither its settings nor its prepared statements, and least of all that two messages reach the same one.

use std::sync::LazyLock;

use crate::limits;

/// The setting's name, for what the program says about it.
pub(crate) const SETTING: &str = "PAMOJA_DATABASE_POOLER";

/// What stands between the program and PostgreSQL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pooler {
    /// Nothing, or a pooler that keeps a connection for each of the program's.
    #[default]
    None,
    /// A pooler in transaction mode that prepares named statements again wherever they are needed: pgbouncer from 1.21.
    Caching,
    /// A pooler in transaction mode that knows nothing of named statements.
    Plain,
}

impl Pooler {
    /// A transaction's first statement, with what must come before all others. It is one message, so that it costs no round trip.
    pub(crate) fn begin(self, begin: &'static str) -> String {
        static LIMITS: LazyLock<String> = LazyLock::new(limits::within_transaction);
        match self {
            Self::None => begin.to_owned(),
            Self::Caching => format!("{begin}{}", *LIMITS),
            // The driver numbers its statements, and so does each other process. What another left behind on the pooler's connection
            // could have the name that comes next here. It must have been answered before ours follow: a pooler that keeps statements after
            // all forgets then what it keeps for us.
            Self::Plain => format!("{begin}; DEALLOCATE ALL{}", *LIMITS),
        }
    }
}
