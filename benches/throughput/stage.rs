//! What the benchmark runs on: a private PostgreSQL with the made-up coalition, and the program that serves it.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use pamoja_api::auth;
use pamoja_api::keys::Keys;
use pamoja_demo::coalition::{self, Plan};
use pamoja_demo::private_postgresql::{DATABASE, DatabaseRole, PrivatePostgresql, ServerOptions};
use pamoja_persistence::database::Database;
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, NoTls};
use uuid::Uuid;

use crate::http::Connection;
use crate::processor::{self, Processes};
use crate::{Failure, Options};

/// The members whose caseworkers send requests.
pub const MEMBERS: [&str; 8] = ["jirani", "dada", "pwani", "afya", "malaika", "bandari", "nuru", "mwanga"];
const PASSWORD: &str = "pamoja-bench-only";
/// How long the API may take to start.
const PATIENCE: Duration = Duration::from_secs(20);
/// Makes the table that tells pgbench's scripts about each caller: see callers.sql.
const CALLERS: &str = include_str!("callers.sql");
/// Reads the list on the way to a page of it.
const CURSORS: &str =
    "query ($after: String) { referrals(direction: INCOMING, first: 20, after: $after) { pageInfo { endCursor } } }";

/// A caseworker who sends requests.
pub struct Caller {
    /// The caseworker's access token.
    pub token: String,
    /// An organisation to which the caseworker refers.
    pub receiver: Uuid,
    /// A service of that organisation.
    pub service: Uuid,
    /// The type of that service.
    pub service_type: String,
    /// The county of that service.
    pub county: String,
    /// Referrals to the caseworker's organisation.
    pub referrals: Vec<Uuid>,
    /// The first and the last month of a published table.
    pub months: [String; 2],
    /// The cursor of the last referral before the page of the list that is read. None for the first page.
    pub after: Option<String>,
}

/// What the benchmark runs on.
pub struct Stage {
    /// The API's address.
    pub address: SocketAddr,
    postgres: PrivatePostgresql,
    /// A connection as the superuser.
    pub superuser: Client,
    server: Child,
    directory: PathBuf,
}

impl Stage {
    /// Starts PostgreSQL, fills in what is missing, and serves.
    pub async fn set(options: &Options) -> Result<Self, Failure> {
        let temporary = || std::env::temp_dir().join(format!("pamoja-throughput-{}", std::process::id()));
        let directory = options.data_dir.clone().unwrap_or_else(temporary);
        let choices = ServerOptions { temporary: options.data_dir.is_none(), ..ServerOptions::default() };
        let postgres = PrivatePostgresql::start(&directory, choices).await?;
        postgres.prepare().await?;
        let keys = directory.join("keys");
        if fill(&postgres, &keys, options).await? {
            publish(options, &postgres, &directory).await?;
        }
        let (superuser, connection) = tokio_postgres::connect(&postgres.connection_url(DatabaseRole::Superuser), NoTls).await?;
        tokio::spawn(connection);
        // Does at once what the server would do some time after that many new rows, so that it disturbs no run.
        superuser.batch_execute("VACUUM (ANALYZE)").await?;
        superuser.batch_execute("CHECKPOINT").await?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let server = serve(options, &postgres, &directory, address)?;
        let stage = Self { address, postgres, superuser, server, directory };
        stage.wait_until_ready().await?;
        Ok(stage)
    }

    /// Stops everything.
    pub async fn clear(mut self) -> Result<(), Failure> {
        self.server.kill().await?;
        drop(self.superuser);
        Ok(self.postgres.stop().await?)
    }

    async fn wait_until_ready(&self) -> Result<(), Failure> {
        let ready = async {
            loop {
                if let Ok(mut connection) = Connection::open(self.address).await
                    && connection.ask("GET", "/health/ready", None, "").await?.status == 200
                {
                    return Ok::<(), Failure>(());
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, ready).await.map_err(|_| "the API does not serve: see serve.log")?
    }

    /// Signs in; returns the access token.
    pub async fn token(&self, username: &str) -> Result<String, Failure> {
        let credentials = json!({ "username": username, "password": PASSWORD }).to_string();
        let mut connection = Connection::open(self.address).await?;
        let answer = connection.ask("POST", "/session", None, &credentials).await?;
        let answer: Value = serde_json::from_slice(answer.body)?;
        let token = answer["accessToken"].as_str().ok_or_else(|| format!("nobody was signed in: {answer}"))?;
        Ok(token.to_owned())
    }

    /// Signs in a caseworker of each member, and makes pgbench's table of callers.
    pub async fn sign_in(&self, page: u64) -> Result<Vec<Arc<Caller>>, Failure> {
        let mut tokens = Vec::new();
        for member in MEMBERS {
            tokens.push(self.token(&format!("caseworker@{member}")).await?);
        }
        self.superuser.batch_execute(CALLERS).await?;
        let mut callers = Vec::new();
        for (member, token) in MEMBERS.into_iter().zip(tokens) {
            let query = "SELECT receiver::text, service::text, service_type, county, referrals::text[], table_from, table_through
                FROM benchmark_caller WHERE slug = $1";
            let row = self.superuser.query_one(query, &[&member]).await?;
            let after = self.end_of_page(&token, page - 1).await?;
            callers.push(Arc::new(Caller {
                token,
                after,
                receiver: Uuid::parse_str(row.get(0))?,
                service: Uuid::parse_str(row.get(1))?,
                service_type: row.get(2),
                county: row.get(3),
                referrals: row.get::<_, Vec<String>>(4).iter().map(|id| Uuid::parse_str(id)).collect::<Result<_, _>>()?,
                months: [row.get(5), row.get(6)],
            }));
        }
        Ok(callers)
    }

    /// Reads the list to the end of that page; returns its last cursor. None for page 0.
    async fn end_of_page(&self, token: &str, page: u64) -> Result<Option<String>, Failure> {
        let mut connection = Connection::open(self.address).await?;
        let mut after: Option<String> = None;
        for number in 1..=page {
            let body = json!({ "query": CURSORS, "variables": { "after": after } }).to_string();
            let answer = connection.ask("POST", "/graphql", Some(token), &body).await?;
            let answer: Value = serde_json::from_slice(answer.body)?;
            let cursor = answer["data"]["referrals"]["pageInfo"]["endCursor"].as_str();
            after = Some(cursor.ok_or_else(|| format!("the list has no page {number}: {answer}"))?.to_owned());
        }
        Ok(after)
    }

    /// The connection URL for that role.
    pub fn url(&self, role: DatabaseRole) -> String {
        self.postgres.connection_url(role)
    }

    /// The file of PostgreSQL's socket.
    pub fn socket(&self) -> Result<PathBuf, Failure> {
        let config: Config = self.url(DatabaseRole::Server).parse()?;
        match (config.get_hosts().first(), config.get_ports().first()) {
            (Some(Host::Unix(folder)), Some(port)) => Ok(folder.join(format!(".s.PGSQL.{port}"))),
            _ => Err("PostgreSQL has no socket".into()),
        }
    }

    /// The keys of the program that serves.
    pub fn keys(&self) -> Result<Keys, Failure> {
        Ok(Keys::read(&self.directory.join("keys"))?)
    }

    /// Who issued the callers' tokens.
    pub fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Makes a folder beside the data.
    pub fn directory(&self, name: &str) -> Result<PathBuf, Failure> {
        let path = self.directory.join(name);
        std::fs::create_dir_all(&path)?;
        Ok(path)
    }

    /// Lets a role log in that nobody logs in as otherwise.
    pub async fn let_in(&self, role: DatabaseRole, password: &str) -> Result<(), Failure> {
        let name = role.name();
        let login = format!("ALTER ROLE {name} LOGIN PASSWORD '{password}'; GRANT CONNECT ON DATABASE {DATABASE} TO {name}");
        Ok(self.superuser.batch_execute(&login).await?)
    }

    /// The folder of the server's programs.
    pub async fn programs(&self) -> Result<PathBuf, Failure> {
        let row = self.superuser.query_one("SELECT setting FROM pg_config WHERE name = 'BINDIR'", &[]).await?;
        Ok(PathBuf::from(row.get::<_, String>(0)))
    }

    /// The server's name and version.
    pub async fn version(&self) -> Result<String, Failure> {
        let row = self.superuser.query_one("SELECT 'PostgreSQL ' || current_setting('server_version')", &[]).await?;
        Ok(row.get(0))
    }

    /// How many referrals there are.
    pub async fn referrals(&self) -> Result<i64, Failure> {
        Ok(self.superuser.query_one("SELECT count(*) FROM referral", &[]).await?.get(0))
    }

    /// The processes whose processor time is measured; nothing where the system doesn't report it.
    pub async fn processes(&self) -> Result<Option<Processes>, Failure> {
        let backend: i32 = self.superuser.query_one("SELECT pg_backend_pid()", &[]).await?.get(0);
        let postgres = processor::parent_of(backend.try_into()?);
        Ok(self.server.id().zip(postgres).map(|(server, postgres)| Processes { server, postgres }))
    }

    /// How much memory the API holds; nothing where the system doesn't report it.
    pub fn resident_megabytes(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.id()?)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kibibytes: f64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kibibytes * 1_024.0 / 1_000_000.0)
    }
}

/// Fills in the coalition, as `pamoja demo` does, unless the database has it. Whether it did.
async fn fill(postgres: &PrivatePostgresql, folder: &Path, options: &Options) -> Result<bool, Failure> {
    let superuser = postgres.connection_url(DatabaseRole::Superuser);
    if coalition::is_filled(&superuser).await? {
        return Ok(false);
    }
    let keys = Keys::create(folder)?;
    let database = Database::new(&postgres.connection_url(DatabaseRole::Worker), 1)?;
    let plan = Plan {
        seed: 1,
        scale: options.scale,
        coalitions: options.coalitions,
        at: database.now(),
        credential: auth::new_credential(PASSWORD)?,
        slip: Arc::new(move |nonce| keys.slip_look_up_hash(keys.slip_code(&nonce))),
    };
    coalition::fill(&superuser, &plan, &|_, _| {}).await?;
    Ok(true)
}

/// Publishes the coalition's figures, with the program itself.
async fn publish(options: &Options, postgres: &PrivatePostgresql, directory: &Path) -> Result<(), Failure> {
    let noise = directory.join("noise.key");
    let url = postgres.connection_url(DatabaseRole::Publisher);
    let run = async |command: &mut Command| -> Result<(), Failure> {
        let done = command.stdin(Stdio::null()).kill_on_drop(true).output().await?;
        if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&done.stderr).into()) }
    };
    run(Command::new(&options.program).args(["keys", "new-noise"]).arg(&noise)).await?;
    run(Command::new(&options.program).args(["publish", "--publisher-database-url", &url]).arg("--noise-key").arg(&noise)).await
}

/// Serves with the program itself, as in production.
fn serve(options: &Options, postgres: &PrivatePostgresql, directory: &Path, address: SocketAddr) -> Result<Child, Failure> {
    Ok(Command::new(&options.program)
        .arg("serve")
        .arg(format!("--listen={address}"))
        .arg(format!("--public-url=http://{address}"))
        .arg(format!("--database-connections={}", options.pool))
        .arg("--keys")
        .arg(directory.join("keys"))
        .env("DATABASE_URL", postgres.connection_url(DatabaseRole::Server))
        .env("PAMOJA_SIGN_IN_DATABASE_URL", postgres.connection_url(DatabaseRole::SignIn))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(directory.join("serve.log"))?)
        .kill_on_drop(true)
        .spawn()?)
}
