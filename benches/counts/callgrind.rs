//! Counting with valgrind's callgrind: this benchmark is started in it, and what it counts is read from its files.
//!
//! It is not done with gungraun: its runner is a program to be installed in the same version, of thirty dependencies, and counts what a
//! process does from a function's start on. Here one thread counts out of several, and each of its requests by itself.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Failure;

/// The function within which is counted, as callgrind names it.
const COUNTED: &str = "counts::run_counted";

/// Starts this benchmark in callgrind with that argument. Returns what it printed, and the instructions of each time that the function
/// ran: those of its own thread, without the system's.
pub fn count(folder: &Path, argument: &str) -> Result<(String, Vec<u64>), Failure> {
    let (out, log) = (folder.join("callgrind"), folder.join("log"));
    let output = Command::new("valgrind")
        .args(["--quiet", "--tool=callgrind", "--dump-line=no"])
        .args([format!("--toggle-collect={COUNTED}"), format!("--dump-after={COUNTED}")])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(std::env::current_exe()?)
        .arg(argument)
        .stdin(Stdio::null())
        .stderr(File::create(&log)?)
        .output()
        .map_err(|error| format!("valgrind is needed, of the package of that name: {error}"))?;
    if !output.status.success() {
        let log = fs::read_to_string(&log)?;
        return Err(log.lines().last().unwrap_or("valgrind failed").into());
    }
    let mut counted = Vec::new();
    for number in 1.. {
        match fs::read_to_string(format!("{}.{number}", out.display())) {
            Ok(text) => counted.push(read(&text).ok_or("callgrind writes its files in another way by now")?),
            Err(_) => break,
        }
    }
    Ok((String::from_utf8(output.stdout)?, counted))
}

/// Reads the sum of one of callgrind's files.
fn read(text: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix("totals:"))?.trim().parse().ok()
}
