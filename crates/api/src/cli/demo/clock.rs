//! A clock that tests move: for what a frontend sees as minutes pass. It works for a demo that was begun with it and for no other.

use std::path::PathBuf;
use std::time::Duration;

use pamoja_persistence::clock;
use pamoja_persistence::database::Database;
use tokio::time::sleep;

/// The name of the database of a demo whose clock can be moved.
pub(super) const DATABASE: &str = "test_demo";

/// How often the file is read.
const LOOK: Duration = Duration::from_millis(100);

/// Moves the clock of the database and of these by as many seconds as stand in the file, whenever they change. Without the file, or a
/// number in it, the clock stays as it is.
pub(super) async fn follow<const COUNT: usize>(file: PathBuf, owner_url: String, databases: [Database; COUNT]) {
    let mut ahead = 0;
    loop {
        let seconds = std::fs::read_to_string(&file).ok().and_then(|text| text.trim().parse::<u32>().ok());
        if let Some(seconds) = seconds.filter(|seconds| *seconds != ahead) {
            match clock::set_ahead(&owner_url, i64::from(seconds)).await {
                Ok(()) => {
                    databases.iter().for_each(|database| database.set_clock_offset(i64::from(seconds)));
                    ahead = seconds;
                }
                Err(error) => tracing::warn!(%error, "the clock could not be moved"),
            }
        }
        sleep(LOOK).await;
    }
}
