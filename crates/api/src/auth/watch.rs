//! Learning that a session is over while nobody asks anything: for what stays open, such as a WebSocket.

use std::time::Duration;

use chrono::{DateTime, Utc};
use pamoja_domain::access::Caller;
use pamoja_domain::device::Device;
use pamoja_persistence::database::Database;
use pamoja_persistence::gate::{Gate, Standing};
use tokio::time::sleep;

/// How often the clock is looked at. A long sleep would outlast its end where the machine slept meanwhile, or its clock was set.
const LOOK: Duration = Duration::from_secs(5);
/// How long to wait before the next question when the database gives no answer.
const TROUBLE: Duration = Duration::from_secs(30);

/// Waits until a session is over, and says on which kind of device it was. Watching doesn't count as use. The database is asked at the
/// beginning, and again when the session ends unless it was used: for what stays open that is one read in fifteen minutes.
pub async fn until_over(database: Database, gate: Gate, caller: Caller) -> Device {
    loop {
        // Boxed, so that a socket that waits keeps no room for it.
        match Box::pin(gate.standing(caller)).await {
            Ok(Some(Standing { until: Some(until), .. })) => until_then(&database, until).await,
            Ok(Some(Standing { device, until: None })) => return device,
            Ok(None) => return Device::Own,
            Err(error) => {
                tracing::warn!(%error, "whether a session is over could not be read; each request is checked all the same");
                sleep(TROUBLE).await;
            }
        }
    }
}

async fn until_then(database: &Database, until: DateTime<Utc>) {
    loop {
        sleep(LOOK).await;
        if database.now() >= until {
            return;
        }
    }
}
