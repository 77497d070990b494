//! Housekeeping: record expiries, seal the audit, delete what is past its retention, publish means.

use std::sync::Arc;
use std::time::Duration;

use pamoja_persistence::database::Database;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::{job, retention};
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::audit_chain::link;
use crate::keys::Keys;

/// How often to record expiries and to seal the audits.
const OFTEN: Duration = Duration::from_secs(30);
/// How often to delete what is past its retention, and to publish means when a month has begun.
const SELDOM: Duration = Duration::from_secs(600);

/// Runs the jobs for ever. A job that fails runs again at the next turn.
pub(crate) async fn run(database: Database, keys: Arc<Keys>) {
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

/// Runs every job once. Stops at the first failure; the jobs before it are done.
pub(crate) async fn run_once(database: &Database, keys: &Keys) -> Result<(), StoreError> {
    often(database, keys).await?;
    seldom(database).await
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
    let mut deleted = retention::retain_of_nobody(database).await?;
    for organisation in job::organisations(database).await? {
        deleted += retention::retain(database, organisation).await?;
        job::publish_friendliness(database, organisation).await?;
        job::publish_satisfaction(database, organisation).await?;
    }
    tracing::info!(deleted, "deleted what need not be kept");
    Ok(())
}
