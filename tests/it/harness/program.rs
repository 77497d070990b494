//! The real program, run as a person who tries it out runs it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::client::Client;
use super::wait::until_within;

/// How long a start may take on a slow machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// A running demo. Dropping the value kills it, and waits for the processes that it started.
pub struct Program {
    child: Child,
    /// The address that it listens on.
    pub address: SocketAddr,
    /// What it printed before that, line by line.
    pub said: Vec<String>,
}

/// The demo's command on that data directory, with very little data.
pub fn demo(data_directory: &Path) -> Command {
    demo_at("0.01", data_directory)
}

/// The demo's command on that data directory, at that scale.
pub fn demo_at(scale: &str, data_directory: &Path) -> Command {
    let mut command = command(&["demo", "--listen", "127.0.0.1:0", "--scale", scale, "--data-dir"]);
    command.arg(data_directory);
    command
}

/// The program with those arguments.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pamoja"));
    command.args(arguments);
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

impl Program {
    /// Starts the demo, and waits until it says where it listens.
    pub async fn start(data_directory: &Path) -> Self {
        Self::run(demo(data_directory)).await
    }

    /// Starts the demo with a command that the test made, and waits until it says where it listens.
    pub async fn run(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut said = Vec::new();
        let address = timeout(PATIENCE, async {
            loop {
                let line = lines.next_line().await.expect("text").expect("it says where it listens before it ends");
                if let Some((_, rest)) = line.split_once(" on http://") {
                    let end = rest.find('/').expect("a path");
                    return rest[..end].parse().expect("an address");
                }
                said.push(line);
            }
        })
        .await
        .expect("it is ready in time");
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { child, address, said }
    }

    /// A signed-in user of the made-up coalition.
    pub async fn client(&self, username: &str) -> Client {
        let anonymous = Client::new(self.address, None);
        let body = json!({ "username": username, "password": "pamoja-demo-only" });
        let answer = anonymous.request(reqwest::Method::POST, "/session").json(&body).send().await.expect("an answer");
        let answer: Value = answer.json().await.expect("JSON");
        Client::new(self.address, Some(answer["accessToken"].as_str().unwrap_or_else(|| panic!("{answer:#}")).to_owned()))
    }

    /// The id of its process.
    pub fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// The ids of its process and of all processes that it has started.
    pub fn family(&self) -> Vec<u32> {
        let mut parents = HashMap::new();
        for entry in std::fs::read_dir("/proc").expect("processes").flatten() {
            if let Ok(id) = entry.file_name().to_string_lossy().parse::<u32>()
                && let Some((_, parent)) = state_and_parent(id)
            {
                parents.insert(id, parent);
            }
        }
        let mut family = vec![self.id()];
        let mut at = 0;
        while at < family.len() {
            let of = family[at];
            family.extend(parents.iter().filter(|(_, parent)| **parent == of).map(|(id, _)| *id));
            at += 1;
        }
        family
    }

    /// Waits for its end; returns whether it succeeded.
    pub async fn ended(&mut self) -> bool {
        timeout(PATIENCE, self.child.wait()).await.expect("it ends in time").expect("it is waited for").success()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        let family = self.family();
        drop(self.child.start_kill());
        // Its watchdog then stops its PostgreSQL. The folder of both may only be removed after that.
        let deadline = Instant::now() + PATIENCE;
        while family.iter().any(|id| runs(*id)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Sends a signal to one process.
pub async fn signal(name: &str, process: u32) {
    let sent = Command::new("kill").args(["-s", name, &process.to_string()]).status().await.expect("kill runs");
    assert!(sent.success(), "no process {process}");
}

/// Waits until all of the processes have ended.
pub async fn gone(processes: &[u32]) {
    until_within(PATIENCE, "all processes have ended", async || (!processes.iter().any(|id| runs(*id))).then_some(())).await;
}

/// Whether the process exists and hasn't ended.
pub fn runs(process: u32) -> bool {
    state_and_parent(process).is_some_and(|(state, _)| state != 'Z')
}

fn state_and_parent(process: u32) -> Option<(char, u32)> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before it is in brackets, and may contain anything.
    let mut rest = text.rsplit_once(')')?.1.split_whitespace();
    Some((rest.next()?.chars().next()?, rest.next()?.parse().ok()?))
}

/// The id of the demo's PostgreSQL, from its pid file.
pub fn postmaster(data_directory: &Path) -> u32 {
    let text = std::fs::read_to_string(data_directory.join("postgres/postmaster.pid")).expect("it runs");
    text.lines().next().expect("a line").parse().expect("a number")
}
