//! Waiting for what will happen, instead of for a while.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Longer than anything takes here, and shorter than what PostgreSQL ends by itself.
const PATIENCE: Duration = Duration::from_secs(8);

/// How long a change may take to reach whoever subscribes, on a busy machine.
pub const UNTIL_HEARD: Duration = Duration::from_secs(30);

/// Looks until there is something to see.
pub async fn until<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    until_within(PATIENCE, what, look).await
}

/// Looks until there is something to see, for so long at the most.
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
