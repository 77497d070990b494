//! Housekeeping: record expiries, seal the audit, delete what is past its retention, publish means.
//!
//! A turn goes through all jobs of all organisations, one batch of each at a time: whoever has much to do keeps nobody waiting. What
//! fails is left until the next turn, and the others go on.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use pamoja_domain::id::OrganisationId;
use pamoja_persistence::audit::{Entry, Seal};
use pamoja_persistence::database::Database;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::job::{self, Job, Work};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use crate::audit_chain::link;
use crate::keys::Keys;

/// How often to record expiries and to seal the audits.
const OFTEN: Duration = Duration::from_secs(30);
/// How often to delete what is past its retention, and to publish means when a month has begun.
const SELDOM: Duration = Duration::from_secs(600);
/// How often to look for what lasts too long in the database.
const WATCH: Duration = Duration::from_secs(5);
/// After a batch that did something the jobs rest as long as it took, so that others have the database at least half of the time; at
/// most this long, should the database be slow.
const LONGEST_REST: Duration = Duration::from_secs(1);

/// What is to be done in a turn, for these organisations.
type Plan = fn(&[OrganisationId]) -> Vec<Work>;

/// Runs the jobs for ever. What fails runs again at the next turn.
pub(crate) async fn run(database: Database, keys: Arc<Keys>) {
    tokio::join!(repeat(&database, &keys, Work::often, OFTEN), repeat(&database, &keys, Work::seldom, SELDOM), watch(&database));
}

/// Ends what the exposed roles do for too long: a process that was taken over can set its own limits as it likes.
async fn watch(database: &Database) {
    let mut turns = interval(WATCH);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut said = false;
    loop {
        turns.tick().await;
        match database.end_overlong_statements().await {
            Ok(ended) => {
                said = false;
                if ended > 0 {
                    tracing::warn!(ended, "connections to the database were ended that did something for longer than 15 seconds");
                }
            }
            // Said once in the log, as the database's trouble.
            Err(StoreError::Unavailable(_)) => {}
            Err(error) if !said => {
                said = true;
                tracing::warn!(%error, "what lasts too long in the database can't be ended: run docker/catalogue.sql");
            }
            Err(_) => {}
        }
    }
}

async fn repeat(database: &Database, keys: &Keys, plan: Plan, every: Duration) {
    let mut turns = interval(every);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        // Each failure was said in the log.
        drop(turn(database, keys, plan).await);
    }
}

/// Runs every job once.
///
/// # Errors
/// The first failure. Whatever doesn't fail is done all the same.
pub(crate) async fn run_once(database: &Database, keys: &Keys) -> Result<(), StoreError> {
    let often = turn(database, keys, Work::often).await;
    often.and(turn(database, keys, Work::seldom).await)
}

/// Goes through all that is to be done.
async fn turn(database: &Database, keys: &Keys, plan: Plan) -> Result<(), StoreError> {
    let organisations = job::organisations(database).await.inspect_err(|error| log_failure(None, error))?;
    let mut waiting: VecDeque<Work> = plan(&organisations).into();
    let (mut expired, mut deleted, mut outcome) = (0, 0, Ok(()));
    let seal = |last: Option<&Seal>, entries: &[Entry]| link(keys, last, entries);
    while let Some(mut work) = waiting.pop_front() {
        let began = Instant::now();
        match work.batch(database, &seal).await {
            Ok(batch) => {
                match work.job {
                    Job::Expire => expired += batch.rows,
                    Job::Delete(_) => deleted += batch.rows,
                    _ => {}
                }
                if batch.more {
                    waiting.push_back(work);
                }
                if batch.rows > 0 || batch.more {
                    sleep(began.elapsed().min(LONGEST_REST)).await;
                }
            }
            Err(error) => {
                log_failure(Some(&work), &error);
                outcome = outcome.and(Err(error));
                // Nothing else could be done, and each would wait for a connection.
                if database.ping().await.is_err() && database.is_in_trouble() {
                    break;
                }
            }
        }
    }
    if expired > 0 {
        tracing::info!(expired, "recorded expiries");
    }
    if deleted > 0 {
        tracing::info!(deleted, "deleted what need not be kept");
    }
    outcome
}

/// Says that a job failed, by names and ids of no person. The database's own trouble is said elsewhere, once.
fn log_failure(work: Option<&Work>, error: &StoreError) {
    if matches!(error, StoreError::Unavailable(_)) {
        return;
    }
    let job = work.map(|work| work.job.to_string());
    let organisation = work.and_then(|work| work.organisation).map(|organisation| organisation.to_string());
    tracing::warn!(job, organisation, %error, "a job failed; it is tried again at the next turn");
}
