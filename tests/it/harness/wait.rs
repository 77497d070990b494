//! Waiting for an event, instead of for a fixed time.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Longer than anything here takes, and shorter than PostgreSQL's own timeouts.
const PATIENCE: Duration = Duration::from_secs(8);

/// How long a change may take to reach a subscriber on a busy machine.
pub const UNTIL_HEARD: Duration = Duration::from_secs(30);

/// How long a request may be expected to wait before it is refused, for what doesn't test that: a busy machine takes long.
pub const PATIENT: Duration = Duration::from_secs(600);

/// Calls `look` until it finds something.
pub async fn until<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    until_within(PATIENCE, what, look).await
}

/// Calls `look` until it finds something, for at most that time.
pub async fn until_within<T>(patience: Duration, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}
