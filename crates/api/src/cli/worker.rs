//! Running the jobs, apart from the exposed process.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::Problem;
use super::publish::PublicationArguments;
use super::settings::{WorkerDatabase, stop_signal};
use crate::http::telemetry::{self, Level};
use crate::jobs::upkeep;
use crate::keys::Keys;

/// Which database the jobs work on, and with which keys.
#[derive(Args)]
pub(super) struct WorkerArguments {
    #[command(flatten)]
    database: WorkerDatabase,
    /// The folder of keys, from `pamoja keys new`.
    #[arg(long, env = "PAMOJA_KEYS", value_name = "DIR")]
    keys: PathBuf,
    #[command(flatten)]
    publication: PublicationArguments,
    /// How much to log; each level includes those before it. No level logs a value from a request or a row.
    #[arg(long, env = "PAMOJA_LOG", value_enum, default_value_t = Level::Info)]
    log: Level,
    /// Run every job once and end.
    #[arg(long)]
    once: bool,
}

/// Runs the jobs until Ctrl-C or SIGTERM.
pub(super) async fn run(arguments: WorkerArguments) -> Result<(), Problem> {
    let stop = stop_signal()?;
    telemetry::init(arguments.log)?;
    let keys = Arc::new(Keys::read(&arguments.keys)?);
    let opened = arguments.database.open().await?;
    let outcome = async {
        let publication = arguments.publication.resolve(&opened.private)?;
        if arguments.once {
            // What fails in the one doesn't keep the other from being done.
            let upkeep = upkeep::run_once(&opened.database, &keys).await.map_err(Problem::from);
            return upkeep.and(publication.run(None, &|_| ()).await.map(drop).map_err(Problem::from));
        }
        opened.database.ping().await?;
        tracing::info!("the jobs run");
        tokio::select! {
            () = upkeep::run(opened.database.clone(), keys) => {}
            () = publication.run_daily() => {}
            () = stop.cancelled() => {}
        }
        Ok(())
    }
    .await;
    opened.close().await?;
    outcome
}
