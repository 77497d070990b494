//! Serving on a PostgreSQL that somebody else runs.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use tokio::net::TcpListener;

use super::Problem;
use super::settings::{DatabaseArguments, stop_signal};
use crate::app::App;
use crate::auth::Authority;
use crate::http::settings::Settings;
use crate::http::telemetry::{self, Level};
use crate::keys::Keys;

/// Settings that other commands know, so that one look at the help shows all of them.
const OTHER_SETTINGS: &str = "Other commands also know PAMOJA_OWNER_DATABASE_URL (migrate, doctor): how to connect as the owner role.\n\
    A variable that begins with PAMOJA_ and isn't one of these is refused, since it would be a misspelt one.";

/// How requests are served.
#[derive(Args)]
#[command(after_help = OTHER_SETTINGS)]
pub(super) struct ServeArguments {
    #[command(flatten)]
    database: DatabaseArguments,
    /// Where to listen; put a proxy with TLS before it.
    #[arg(long, env = "PAMOJA_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where to offer metrics; left out, nowhere.
    #[arg(long, env = "PAMOJA_METRICS_LISTEN")]
    metrics_listen: Option<SocketAddr>,
    /// The folder of keys, from `pamoja keys new`.
    #[arg(long, env = "PAMOJA_KEYS", value_name = "DIR")]
    keys: PathBuf,
    /// The address under which the partners' frontends reach this, such as `https://api.example.org`; it is the tokens' issuer.
    #[arg(long, env = "PAMOJA_PUBLIC_URL")]
    public_url: String,
    /// Origins that browsers may call from, separated by commas.
    #[arg(long, env = "PAMOJA_ALLOWED_ORIGINS", value_delimiter = ',')]
    allowed_origins: Vec<String>,
    /// Whether documents that only introspect are answered.
    #[arg(long, env = "PAMOJA_INTROSPECTION", action = clap::ArgAction::Set, default_value_t = false)]
    introspection: bool,
    /// How much is logged, each level with those before it. Whatever the level, no value of a request or a row is.
    #[arg(long, env = "PAMOJA_LOG", value_enum, default_value_t = Level::Info)]
    log: Level,
}

/// Who access tokens are for.
pub(super) const AUDIENCE: &str = "pamoja";

/// Serves until it is told to stop.
pub(super) async fn run(arguments: ServeArguments) -> Result<(), Problem> {
    let stop = stop_signal()?;
    telemetry::init(arguments.log)?;
    let keys = Arc::new(Keys::read(&arguments.keys)?);
    let opened = arguments.database.open().await?;
    opened.database.ping().await.map_err(|error| Problem::new(format!("{error}; check DATABASE_URL")))?;
    let authority = Authority::new(&keys, &arguments.public_url, AUDIENCE);
    let settings =
        Settings { introspection: arguments.introspection, explain_documents: false, allowed_origins: arguments.allowed_origins };
    let listener = bind(arguments.listen).await?;
    let metrics = match arguments.metrics_listen {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    let app = App::new(opened.database.clone(), keys, authority, settings);
    tracing::info!(address = %arguments.listen, "serving");
    app.serve(listener, metrics, stop.cancelled()).await?;
    opened.close().await
}

/// Listens there.
pub(super) async fn bind(address: SocketAddr) -> Result<TcpListener, Problem> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Problem::new(format!("{address} can't be listened on ({error}): choose another with --listen")))
}
