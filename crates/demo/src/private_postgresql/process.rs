//! Waiting for the end of a process.

use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

/// Waits for a process to end; nothing when it hasn't ended in time.
pub(super) fn wait(process: &mut Child, patience: Duration) -> std::io::Result<Option<ExitStatus>> {
    let deadline = Instant::now() + patience;
    loop {
        let status = process.try_wait()?;
        if status.is_some() || Instant::now() > deadline {
            return Ok(status);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
