//! The machine's clock.

use chrono::{DateTime, Utc};

use crate::connection;
use crate::error::StoreError;

/// The machine's time. Use it only before a transaction is open: a transaction has PostgreSQL's time.
#[expect(clippy::disallowed_methods, reason = "the one place where the program reads the machine's clock")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Moves the clock of a database by so many seconds, for a test or a demo. Only the owner can.
pub async fn set_ahead(owner_url: &str, seconds: i64) -> Result<(), StoreError> {
    let client = connection::driver(owner_url).await?;
    client.execute(include_str!("clock/set_ahead.sql"), &[&seconds]).await?;
    Ok(())
}
