//! The machine's clock.

use chrono::{DateTime, Utc};

/// The machine's time. Use it only before a transaction is open: a transaction has PostgreSQL's time.
#[expect(clippy::disallowed_methods, reason = "the one place where the program reads the machine's clock")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}
