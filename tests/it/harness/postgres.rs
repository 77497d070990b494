//! One PostgreSQL for the test process, started when first needed. Its watchdog removes it when the process ends, however it
//! ends.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use pamoja_demo::private_postgresql::{DatabaseRole, PrepareError, PrivatePostgresql, ServerOptions};

use tokio_postgres::Config;

use super::coalition;
use super::database::{Cleaner, TestDatabase};

/// The server of this process.
pub struct Postgres {
    server: PrivatePostgresql,
    databases: AtomicUsize,
    /// Drops the databases of tests that have ended.
    pub cleaner: Cleaner,
}

const TEMPLATE: &str = "pamoja";

/// The server of this process. Its template is a migrated database with the tests' coalition.
pub fn postgres() -> &'static Postgres {
    static POSTGRES: OnceLock<Postgres> = OnceLock::new();
    POSTGRES.get_or_init(|| {
        // In its own runtime, because the runtime of the first test ends with that test.
        std::thread::spawn(|| {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(start())
        })
        .join()
        .expect("PostgreSQL starts")
    })
}

async fn start() -> Postgres {
    let directory = std::env::temp_dir().join(format!("pamoja-test-{}", std::process::id()));
    let server = PrivatePostgresql::start(&directory, ServerOptions::for_tests()).await.expect("PostgreSQL starts");
    server.prepare().await.expect("the database is prepared");
    let_app_in(&server, TEMPLATE, true).await;
    coalition::found(&|role| server.connection_url(role)).await;
    Postgres { server, databases: AtomicUsize::new(0), cleaner: Cleaner::start() }
}

/// Lets the role in that has the rights of the program's statements. The program never logs in as it; tests do, past all functions. On a
/// new server it can't log in at all.
pub async fn let_app_in(server: &PrivatePostgresql, database: &str, is_new: bool) {
    let mut sql = format!("GRANT CONNECT ON DATABASE {database} TO pamoja_app");
    if is_new {
        let config = Config::from_str(&server.connection_url(DatabaseRole::App)).expect("a URL");
        let password = String::from_utf8_lossy(config.get_password().expect("a password"));
        sql.push_str(&format!("; ALTER ROLE pamoja_app LOGIN PASSWORD '{password}'"));
    }
    as_superuser(server, database, &sql).await;
}

async fn as_superuser(server: &PrivatePostgresql, database: &str, sql: &str) {
    let url = server.connection_url_to(DatabaseRole::Superuser, database);
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("a connection");
    let connection = tokio::spawn(connection);
    client.batch_execute(sql).await.expect("it is done");
    drop(client);
    // Nobody may be connected to a database of which copies are made.
    drop(connection.await);
}

impl Postgres {
    /// Makes a database for one test.
    pub async fn create_database(&self) -> TestDatabase {
        self.create("test", Some(TEMPLATE)).await
    }

    /// Makes an empty database.
    pub async fn create_empty_database(&self) -> TestDatabase {
        self.create("empty", None).await
    }

    async fn create(&self, what: &str, template: Option<&str>) -> TestDatabase {
        // Make the value first, so that a half-made database is dropped too.
        let database = TestDatabase { name: format!("{what}_{}", self.databases.fetch_add(1, Ordering::Relaxed)) };
        self.server.create_database(&database.name, template).await.expect("a database is made");
        let_app_in(&self.server, &database.name, false).await;
        database
    }

    /// Drops a database, if it exists, while its test still runs.
    pub async fn drop_database(&self, name: &str) {
        self.try_drop(name).await.expect("a database is dropped");
    }

    /// Drops a database, if it exists.
    pub async fn try_drop(&self, name: &str) -> Result<(), PrepareError> {
        self.server.drop_database(name).await
    }

    /// The URL with which a role connects to a database.
    pub fn url(&self, role: DatabaseRole, database: &str) -> String {
        self.server.connection_url_to(role, database)
    }
}

/// A new folder for a test's files, removed with the value.
pub struct Folder(pub PathBuf);

impl Folder {
    /// A new folder.
    pub fn new(what: &str) -> Self {
        let path = std::env::temp_dir().join(format!("pamoja-{what}-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(&path).expect("a folder is made");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A process that ends at the same moment may still write into it.
        for _ in 0..100 {
            if std::fs::remove_dir_all(&self.0).is_ok() || !self.0.exists() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
