//! Serving on an existing PostgreSQL.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use pamoja_domain::device::SharedHours;
use tokio::net::TcpListener;

use super::settings::{ServingDatabase, stop_signal};
use super::{Problem, open_files};
use crate::app::App;
use crate::auth::Authority;
use crate::http::origin;
use crate::http::settings::{Settings, WAIT};
use crate::http::telemetry::{self, Level};
use crate::keys::Keys;

/// Settings of other commands, so that the help of `serve` shows every setting.
const OTHER_SETTINGS: &str = "Other commands also know PAMOJA_OWNER_DATABASE_URL (migrate, doctor, forget): how to connect as the owner role;\n\
    PAMOJA_WORKER_DATABASE_URL (worker) and PAMOJA_OPERATOR_DATABASE_URL (organisation, user, import, doctor): how to connect as those roles; and\n\
    PAMOJA_PUBLISHER_DATABASE_URL and PAMOJA_NOISE_KEY (worker, publish): how to connect as the publisher role, and the file of the noise key.\n\
    A variable that begins with PAMOJA_ and isn't one of these is refused, since it would be a misspelt one.";

/// How to serve requests.
#[derive(Args)]
#[command(after_help = OTHER_SETTINGS)]
pub(super) struct ServeArguments {
    #[command(flatten)]
    database: ServingDatabase,
    /// The address to listen on. Put a proxy with TLS in front of it.
    #[arg(long, env = "PAMOJA_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The address to offer metrics on. Without it, there are no metrics.
    #[arg(long, env = "PAMOJA_METRICS_LISTEN")]
    metrics_listen: Option<SocketAddr>,
    /// The folder of keys, from `pamoja keys new`.
    #[arg(long, env = "PAMOJA_KEYS", value_name = "DIR")]
    keys: PathBuf,
    /// The address under which frontends reach the API, such as `https://api.example.org`. It is also the issuer of the tokens.
    #[arg(long, env = "PAMOJA_PUBLIC_URL")]
    public_url: String,
    /// Origins that browsers may call from, separated by commas.
    #[arg(long, env = "PAMOJA_ALLOWED_ORIGINS", value_delimiter = ',')]
    allowed_origins: Vec<String>,
    /// How many hours a session on a shared device lasts at most, from 4 to 24.
    #[arg(long, env = "PAMOJA_SHARED_SESSION_HOURS", default_value_t = SharedHours::default())]
    shared_session_hours: SharedHours,
    /// Whether to answer documents that only introspect.
    #[arg(long, env = "PAMOJA_INTROSPECTION", action = clap::ArgAction::Set, default_value_t = false)]
    introspection: bool,
    /// Show browsers an explorer at /graphql, a page to try documents on. Whoever opens it signs in like any client. With
    /// PAMOJA_INTROSPECTION=true it also shows the schema's documentation.
    #[arg(long, env = "PAMOJA_EXPLORER")]
    explorer: bool,
    /// How much to log; each level includes those before it. No level logs a value from a request or a row, except the origin of a page
    /// that was refused.
    #[arg(long, env = "PAMOJA_LOG", value_enum, default_value_t = Level::Info)]
    log: Level,
}

/// The allowed origins, as browsers write them.
///
/// # Errors
/// A problem that names the one that is none.
pub(super) fn allowed(texts: &[String]) -> Result<Vec<String>, Problem> {
    let parsed = origin::parse_all(texts.iter().map(String::as_str));
    parsed.map_err(|sentence| Problem::new(format!("PAMOJA_ALLOWED_ORIGINS (--allowed-origins): {sentence}")))
}

/// The audience of access tokens.
pub(super) const AUDIENCE: &str = "pamoja";

/// Serves until Ctrl-C or SIGTERM.
pub(super) async fn run(arguments: ServeArguments) -> Result<(), Problem> {
    let stop = stop_signal()?;
    telemetry::init(arguments.log)?;
    open_files::allow();
    let allowed_origins = allowed(&arguments.allowed_origins)?;
    let keys = Arc::new(Keys::read(&arguments.keys)?);
    let (opened, gate) = arguments.database.open().await?;
    opened.database.ping().await.map_err(|error| Problem::new(format!("{error}; check DATABASE_URL")))?;
    match opened.database.lacking_statements().await? {
        0 => {}
        lacking => {
            let sentence =
                format!("the database lacks {lacking} of the program's statements: run `pamoja migrate`, then start again");
            return Err(Problem::new(sentence));
        }
    }
    let authority = Authority::new(&keys, &arguments.public_url, AUDIENCE);
    let settings = Settings {
        introspection: arguments.introspection,
        explain_documents: false,
        explorer: arguments.explorer,
        allowed_origins,
        shared_hours: arguments.shared_session_hours,
        wait: WAIT,
    };
    let listener = bind(arguments.listen).await?;
    let metrics = match arguments.metrics_listen {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    let app = App::new(opened.database.clone(), gate, keys, authority, settings);
    tracing::info!(address = %arguments.listen, "serving");
    app.serve(listener, metrics, stop.cancelled()).await?;
    opened.close().await
}

/// Listens on that address.
pub(super) async fn bind(address: SocketAddr) -> Result<TcpListener, Problem> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Problem::new(format!("{address} can't be listened on ({error}): choose another with --listen")))
}
