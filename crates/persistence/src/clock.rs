//! The machine's clock.

use chrono::{DateTime, Utc};

/// The machine's time, for what happens before a transaction tells PostgreSQL's.
#[expect(clippy::disallowed_methods, reason = "the one place where the program reads the machine's clock")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}
