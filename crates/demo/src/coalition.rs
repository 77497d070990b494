//! The made-up coalition that `demo` shows: sixteen organisations, and two years of referrals and trainings between them.
//!
//! A seeded random source makes it up, so that the same seed, scale and moment give the same coalition. Every referral and every
//! training moves only as the domain's rules allow. None of its people, places and services exists.

mod client;
mod client_report;
mod contact;
mod copy;
mod error;
mod facility;
mod follow_up;
mod members;
mod profile;
mod random;
mod referral;
mod rows;
mod season;
mod service;
#[cfg(test)]
mod tests;
mod training;

use std::io::Cursor;

use chrono::{DateTime, Utc};
use futures_util::SinkExt;
use pamoja_domain::id::OrganisationId;
use pamoja_persistence::database::Database;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::job;
use pamoja_persistence::user::NewCredential;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio_postgres::Client;

use crate::connection::{self, described};
use copy::Rows;
pub use error::GenerateError;
use members::Coalition;
pub use referral::SlipHash;
use referral::{Chapter, Stories};
use season::MONTHS;
use training::Trainings;

/// How many referrals there are at scale 1.
const REFERRALS: f64 = 20_000.0;
/// How many referrals are written at once: enough to be quick, and few enough to need little memory.
const CHAPTER: usize = 1_000;
/// Gives the referrals a random stream apart from the coalition's, so that the coalition is the same at every scale.
const REFERRALS_STREAM: u64 = 0x7265_6665_7272_616c;

/// Skips the check of foreign keys row by row, which would double the time. They are checked once at the end, for all rows.
const BEGIN: &str = "BEGIN; SET LOCAL session_replication_role = replica";
/// Says who of each party handles each referral, and who made each move.
const PEOPLE: &str = include_str!("coalition/people.sql");
/// Fails when a row of any table refers to a row that doesn't exist.
const CHECK_REFERENCES: &str = include_str!("coalition/check_references.sql");

/// What to make up.
pub struct Plan<'a> {
    /// The seed of the random source.
    pub seed: u64,
    /// 1 for 20,000 referrals and 300 trainings.
    pub scale: f64,
    /// The present: nothing made up happens after it.
    pub at: DateTime<Utc>,
    /// What the password that all accounts share is recognised by.
    pub credential: NewCredential,
    /// Makes the hash by which the program finds a slip.
    pub slip: &'a SlipHash,
}

/// How much was made up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Organisations, including the secretariat.
    pub organisations: u64,
    /// Accounts.
    pub users: u64,
    /// Services.
    pub services: u64,
    /// Referrals.
    pub referrals: u64,
    /// Requests for trainings.
    pub trainings: u64,
}

/// Why the made-up coalition could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// PostgreSQL can't be reached or refuses a statement; also when the database already has the coalition.
    #[error("the demo data could not be written: {}", described(.0))]
    Database(#[from] tokio_postgres::Error),
    /// The means of what clients and hosts said could not be published; the worker's job does it later.
    #[error(transparent)]
    Publish(#[from] StoreError),
    /// The program is at fault.
    #[error(transparent)]
    Generate(#[from] GenerateError),
}

/// Whether the database has the made-up coalition.
///
/// # Errors
/// [`FillError::Database`].
pub async fn is_filled(superuser_url: &str) -> Result<bool, FillError> {
    let (client, connection) = connection::connect(superuser_url).await?;
    let first = profile::MEMBERS.first().map(|profile| profile.slug);
    let row = client.query_one("SELECT EXISTS (SELECT FROM organisation WHERE slug = $1)", &[&first]).await;
    drop(client);
    drop(connection.await);
    Ok(row?.get(0))
}

/// Writes the made-up coalition into a migrated database without organisations: all of it or nothing. It connects as the
/// superuser of a private PostgreSQL, whom row-level security doesn't restrict. `progress` is called with the number of referrals
/// written and with their total.
///
/// Then it publishes the means of what clients and hosts said in the same `database`, connected as the worker role, as the job does, so
/// that they are there from the start.
///
/// # Errors
/// [`FillError`].
pub async fn fill(
    superuser_url: &str,
    database: &Database,
    plan: &Plan<'_>,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Filled, FillError> {
    let coalition = Coalition::new(&mut StdRng::seed_from_u64(plan.seed), plan.at)?;
    let (client, connection) = connection::connect(superuser_url).await?;
    let filled = write(&client, &coalition, plan, progress).await;
    // Ending the connection rolls back what isn't committed.
    drop(client);
    drop(connection.await);
    let filled = filled?;
    for member in &coalition.members {
        job::publish_friendliness(database, OrganisationId(member.id)).await?;
        job::publish_satisfaction(database, OrganisationId(member.id)).await?;
    }
    Ok(filled)
}

async fn write(
    client: &Client,
    coalition: &Coalition,
    plan: &Plan<'_>,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Filled, FillError> {
    let total = (REFERRALS * plan.scale.max(0.0)).round() as u64;
    client.batch_execute(BEGIN).await?;
    for rows in rows::of_coalition(coalition, &plan.credential) {
        copy(client, rows).await?;
    }
    let rng = StdRng::seed_from_u64(plan.seed ^ REFERRALS_STREAM);
    let mut stories = Stories::new(coalition, rng, plan.at, total);
    let mut done = 0;
    progress(done, total);
    while done < total {
        let mut chapter = Chapter::new(plan.at, done);
        let before = done;
        for story in stories.by_ref().take(CHAPTER) {
            chapter.push(&story?, plan.slip);
            done += 1;
        }
        for rows in chapter.into_rows() {
            copy(client, rows).await?;
        }
        progress(done, total);
        if done == before {
            break;
        }
    }
    let trainings = Trainings::new(coalition, plan.seed, plan.at, plan.scale)?;
    for rows in training::of_trainings(coalition, &trainings.offers, &trainings.stories) {
        copy(client, rows).await?;
    }
    client.batch_execute(PEOPLE).await?;
    client.batch_execute("ANALYZE").await?;
    client.batch_execute(CHECK_REFERENCES).await?;
    client.batch_execute("COMMIT").await?;
    Ok(Filled {
        organisations: coalition.members.len() as u64,
        users: coalition.accounts() as u64,
        services: coalition.offers() as u64,
        referrals: done,
        trainings: trainings.requests(),
    })
}

async fn copy(client: &Client, rows: Rows) -> Result<(), tokio_postgres::Error> {
    if rows.text.is_empty() {
        return Ok(());
    }
    let sink = client.copy_in(&format!("COPY {} FROM STDIN", rows.target)).await?;
    let mut sink = std::pin::pin!(sink);
    sink.send(Cursor::new(rows.text.into_bytes())).await?;
    sink.finish().await?;
    Ok(())
}
