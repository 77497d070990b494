//! A clock that tests move: for what a frontend sees as minutes pass. Only a database whose name begins with `test_` follows it, so it works
//! for a demo that was begun with it and for no other.

use std::path::PathBuf;
use std::time::Duration;

use pamoja_persistence::database::Database;
use tokio::time::sleep;

/// The name of the database of a demo whose clock can be moved.
pub(super) const DATABASE: &str = "test_demo";

/// How often the file is read.
const LOOK: Duration = Duration::from_millis(100);

/// Moves the clock by as many seconds as stand in the file, whenever they change. Without the file, or a number in it, the clock stays as
/// it is.
pub(super) async fn follow(file: PathBuf, database: Database) {
    loop {
        let seconds = std::fs::read_to_string(&file).ok().and_then(|text| text.trim().parse::<u32>().ok());
        if let Some(seconds) = seconds {
            database.set_clock_offset(i64::from(seconds));
        }
        sleep(LOOK).await;
    }
}
