//! What runs by the clock: in `pamoja worker`, apart from the exposed process, and inside `pamoja demo`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use pamoja_persistence::database::Database;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::job;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::Problem;
use super::publish::{Publication, PublicationArguments};
use super::settings::{DatabaseArguments, stop_signal};
use crate::keys::Keys;
use crate::seal::link;
use crate::telemetry::{self, Level};

/// How often expiries are recorded and audits sealed.
const OFTEN: Duration = Duration::from_secs(30);
/// How often what need not be kept is deleted, and looked whether a month has begun in which figures are to be published.
const SELDOM: Duration = Duration::from_secs(600);
/// How often it is looked which months are closed.
const DAY: Duration = Duration::from_secs(86_400);

/// Where the jobs work.
#[derive(Args)]
pub struct WorkerArguments {
    #[command(flatten)]
    database: DatabaseArguments,
    /// The folder of keys, from `pamoja keys new`.
    #[arg(long, env = "PAMOJA_KEYS", value_name = "DIR")]
    keys: PathBuf,
    #[command(flatten)]
    publication: PublicationArguments,
    /// How much is logged, each level with those before it. Whatever the level, no value of a request or a row is.
    #[arg(long, env = "PAMOJA_LOG", value_enum, default_value_t = Level::Info)]
    log: Level,
    /// Run every job once and end.
    #[arg(long)]
    once: bool,
}

/// Runs the jobs until it is told to stop.
pub async fn run(arguments: WorkerArguments) -> Result<(), Problem> {
    let stop = stop_signal()?;
    telemetry::init(arguments.log)?;
    let keys = Arc::new(Keys::read(&arguments.keys)?);
    let opened = arguments.database.open().await?;
    let outcome = async {
        let publication = arguments.publication.resolve(&opened.private)?;
        if arguments.once {
            often(&opened.database, &keys).await?;
            seldom(&opened.database).await?;
            publication.run(None, &|_| ()).await?;
            return Ok(());
        }
        opened.database.ping().await?;
        tracing::info!("the jobs run");
        tokio::select! {
            () = jobs(opened.database.clone(), keys) => {}
            () = publishing(publication) => {}
            () = stop.cancelled() => {}
        }
        Ok(())
    }
    .await;
    opened.close().await?;
    outcome
}

/// Publishes what is closed, once a day, for ever.
pub async fn publishing(publication: Publication) {
    loop {
        let next = match publication.run(None, &|_| ()).await {
            Ok(_) => DAY,
            Err(Problem(problem)) => {
                tracing::warn!(%problem, "figures were not published; it is tried again");
                SELDOM
            }
        };
        tokio::time::sleep(next).await;
    }
}

/// Runs the jobs for ever. What fails is tried again at the next turn.
pub async fn jobs(database: Database, keys: Arc<Keys>) {
    let mut turns = interval(OFTEN);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last_seldom: Option<Instant> = None;
    loop {
        turns.tick().await;
        if let Err(error) = often(&database, &keys).await {
            tracing::warn!(%error, "a job failed; it is tried again at the next turn");
        }
        if last_seldom.is_none_or(|last| last.elapsed() >= SELDOM) {
            last_seldom = Some(Instant::now());
            if let Err(error) = seldom(&database).await {
                tracing::warn!(%error, "a job failed; it is tried again at the next turn");
            }
        }
    }
}

async fn often(database: &Database, keys: &Keys) -> Result<(), StoreError> {
    for organisation in job::organisations(database).await? {
        let expired = job::expire(database, organisation).await?;
        if expired > 0 {
            tracing::info!(expired, "recorded expiries");
        }
        while job::seal_audit(database, organisation, |last, entries| link(keys, last, entries)).await? {}
    }
    Ok(())
}

async fn seldom(database: &Database) -> Result<(), StoreError> {
    let mut deleted = job::keep_house(database).await?;
    for organisation in job::organisations(database).await? {
        deleted += job::retain(database, organisation).await?;
        job::publish_friendliness(database, organisation).await?;
        job::publish_satisfaction(database, organisation).await?;
    }
    tracing::info!(deleted, "deleted what need not be kept");
    Ok(())
}
