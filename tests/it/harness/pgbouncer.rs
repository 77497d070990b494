//! A pgbouncer in transaction mode before the tests' PostgreSQL, with two connections for each role.

use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::Stdio;

use pamoja_demo::private_postgresql::DatabaseRole;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use super::postgres::Folder;
use super::wait::until;
use super::world::World;

/// The pgbouncer of Debian 12.
pub const OLDEST: (u32, u32) = (1, 18);
/// The first pgbouncer that keeps statements.
pub const CACHING: (u32, u32) = (1, 21);

/// An installed pgbouncer.
pub struct Installed {
    program: PathBuf,
    version: (u32, u32),
}

/// A running pgbouncer, which ends with the value.
pub struct Pgbouncer {
    port: u16,
    _child: Child,
    _folder: Folder,
}

/// The pgbouncer that is installed, or that the variable PGBOUNCER names, if its version is at least that. Where there is none, the
/// test is left out, and says so; the checks of a commit fail instead.
pub async fn pgbouncer(test: &str, version: (u32, u32)) -> Option<Installed> {
    let named = std::env::var_os("PGBOUNCER").map(PathBuf::from);
    let candidates = named.map_or_else(|| vec!["pgbouncer".into(), "/usr/sbin/pgbouncer".into()], |named| vec![named]);
    for candidate in candidates {
        if let Some(found) = found(candidate).await
            && found.version >= version
        {
            return Some(found);
        }
    }
    let (major, minor) = version;
    let missing = format!(
        "{test} was left out: it needs pgbouncer {major}.{minor} or later; `apt-get install pgbouncer`, or set PGBOUNCER to its file\n"
    );
    assert!(std::env::var_os("CI_RUN_MARK").is_none() || version > OLDEST, "{missing}");
    // Not by a macro, whose output is only shown when a test fails.
    std::io::stderr().write_all(missing.as_bytes()).expect("it is said");
    None
}

/// That program with its version, if it runs.
async fn found(program: PathBuf) -> Option<Installed> {
    let output = Command::new(&program).arg("--version").output().await.ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut numbers = text.strip_prefix("PgBouncer ")?.split('.');
    let version = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    Some(Installed { program, version })
}

impl Installed {
    /// The setting with which it keeps no statements. The oldest has none, and never does.
    pub fn keeping_none(&self) -> &'static str {
        if self.version >= CACHING { "max_prepared_statements = 0" } else { "" }
    }
}

impl Pgbouncer {
    /// Starts one before the world's database, with further settings, one a line.
    pub async fn start(installed: &Installed, world: &World, settings: &str) -> Self {
        let folder = Folder::new("pgbouncer");
        let configs: Vec<Config> = DatabaseRole::CONNECTING.iter().map(|role| world.url(*role).parse().expect("a URL")).collect();
        let users: String = configs.iter().map(|config| format!("\"{}\" \"{}\"\n", user(config), password(config))).collect();
        let Some(Host::Unix(socket)) = configs[0].get_hosts().first() else { panic!("the tests' PostgreSQL has a socket") };
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let text = format!(
            "[databases]\n{} = host={} port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = scram-sha-256\nauth_file = {}\npool_mode = transaction\ndefault_pool_size = 2\nmax_client_conn = 200\n{settings}\n",
            world.database.name,
            socket.display(),
            configs[0].get_ports()[0],
            folder.0.join("users").display(),
        );
        std::fs::write(folder.0.join("users"), users).expect("it is written");
        std::fs::write(folder.0.join("settings"), text).expect("it is written");
        let mut command = Command::new(&installed.program);
        // It refuses to run as root.
        if folder.0.metadata().expect("a folder").uid() == 0 {
            command.args(["-u", "postgres"]);
        }
        let log = std::fs::File::create(folder.0.join("log")).expect("a file");
        command.arg(folder.0.join("settings")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::from(log));
        let child = command.kill_on_drop(true).spawn().expect("it starts");
        until("pgbouncer listens", async || TcpStream::connect(("127.0.0.1", port)).await.ok()).await;
        Self { port, _child: child, _folder: folder }
    }

    /// The URL that leads over it to where the other leads.
    pub fn url(&self, direct: &str) -> String {
        let config: Config = direct.parse().expect("a URL");
        let database = config.get_dbname().expect("a database");
        format!("postgresql://{}:{}@127.0.0.1:{}/{database}?sslmode=disable", user(&config), password(&config), self.port)
    }

    /// Connects over it as a role.
    pub async fn connect(&self, world: &World, role: DatabaseRole) -> tokio_postgres::Client {
        let url = self.url(&world.url(role));
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("a connection");
        tokio::spawn(connection);
        client
    }
}

fn user(config: &Config) -> &str {
    config.get_user().expect("a user")
}

fn password(config: &Config) -> &str {
    std::str::from_utf8(config.get_password().expect("a password")).expect("text")
}
