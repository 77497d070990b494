//! The other side: pgbench, PostgreSQL's own load generator, with statements that do what the API does.

use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::str::FromStr;
use std::time::Duration;

use pamoja_demo::private_postgresql::{DATABASE, DatabaseRole};
use tokio::process::Command;
use tokio_postgres::config::Host;

use crate::Failure;
use crate::figures::Figures;
use crate::load::Work;
use crate::stage::Stage;

/// A script that does the same work as a request.
#[derive(Clone, Copy)]
pub enum Script {
    /// As many statements as the API sends for a list, for the same facts.
    List,
    /// The same facts, read by one joined statement.
    ListJoined,
    /// One referral with its timeline, read by one joined statement.
    OneJoined,
    /// The cells of a table, and what is published.
    Table,
    /// As many statements as the API sends for a new referral, for the same rows.
    Create,
}

impl Script {
    /// The scripts for that work.
    pub fn of(work: Work) -> &'static [Self] {
        match work {
            Work::List => &[Self::List, Self::ListJoined],
            Work::One => &[Self::OneJoined],
            Work::Table => &[Self::Table],
            Work::Create => &[Self::Create],
            Work::Nothing => &[],
        }
    }

    fn file(self) -> &'static str {
        match self {
            Self::List => concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/throughput/list.sql"),
            Self::ListJoined => concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/throughput/list_joined.sql"),
            Self::OneJoined => concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/throughput/one_joined.sql"),
            Self::Table => concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/throughput/table.sql"),
            Self::Create => concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/throughput/create.sql"),
        }
    }
}

impl fmt::Display for Script {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::List | Self::Table | Self::Create => "by statements",
            Self::ListJoined | Self::OneJoined => "one joined",
        })
    }
}

/// pgbench, and how it connects.
pub struct Pgbench {
    program: PathBuf,
    socket: PathBuf,
    port: u16,
    user: String,
    password: Vec<u8>,
    logs: PathBuf,
}

impl Pgbench {
    /// Finds the pgbench of the server's installation, if it has one. pgbench sends the statements themselves, as the role whose rights
    /// their functions have. Nobody else logs in as it.
    pub async fn find(stage: &Stage) -> Result<Option<Self>, Failure> {
        let program = stage.programs().await?.join("pgbench");
        if !program.is_file() {
            return Ok(None);
        }
        let config = tokio_postgres::Config::from_str(&stage.url(DatabaseRole::App))?;
        let password = config.get_password().unwrap_or_default().to_owned();
        stage.let_in(DatabaseRole::App, &String::from_utf8_lossy(&password)).await?;
        let Some(Host::Unix(socket)) = config.get_hosts().first() else {
            return Err("the private PostgreSQL has no socket".into());
        };
        Ok(Some(Self {
            program,
            socket: socket.clone(),
            port: config.get_ports().first().copied().unwrap_or(5432),
            user: config.get_user().unwrap_or_default().to_owned(),
            password,
            logs: stage.directory("pgbench")?,
        }))
    }

    /// Runs a script over that many connections for that time.
    pub async fn run(&self, script: Script, connections: usize, time: Duration) -> Result<Figures, Failure> {
        let output = Command::new(&self.program)
            .args(["--no-vacuum", "--protocol=prepared", "--jobs=2", "--define=known=0", "--log"])
            .arg(format!("--client={connections}"))
            .arg(format!("--time={}", time.as_secs()))
            .arg(format!("--file={}", script.file()))
            .arg(format!("--log-prefix={}", self.logs.join("run").display()))
            .env("PGHOST", &self.socket)
            .env("PGPORT", self.port.to_string())
            .env("PGUSER", &self.user)
            .env("PGOPTIONS", pamoja_persistence::limits::startup_options())
            .env("PGPASSWORD", OsStr::from_bytes(&self.password))
            .arg(DATABASE)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await?;
        let report = String::from_utf8_lossy(&output.stdout);
        let rate = report.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse::<f64>().ok());
        match rate {
            Some(rate) if output.status.success() => Ok(Figures::with_rate(rate, take_times(&self.logs)?)),
            _ => Err(format!("pgbench failed: {}", String::from_utf8_lossy(&output.stderr)).into()),
        }
    }
}

/// Reads from pgbench's logs how long each transaction took, and removes the logs.
fn take_times(logs: &Path) -> Result<Vec<Duration>, Failure> {
    let mut times = Vec::new();
    for log in std::fs::read_dir(logs)? {
        let path = log?.path();
        let text = std::fs::read_to_string(&path)?;
        let microseconds = text.lines().filter_map(|line| line.split(' ').nth(2)?.parse().ok());
        times.extend(microseconds.map(Duration::from_micros));
        std::fs::remove_file(&path)?;
    }
    Ok(times)
}
