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
mod lane;
mod members;
mod profile;
mod random;
mod references;
mod referral;
mod rows;
mod season;
mod service;
#[cfg(test)]
mod tests;
mod training;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use pamoja_persistence::user::NewCredential;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::sync::mpsc::{Sender, channel};
use tokio_postgres::Client;

use crate::connection::{self, described};
use copy::Rows;
pub use error::GenerateError;
use lane::Lanes;
use members::{Coalition, seed_of};
pub use referral::SlipHash;
use referral::{Chapter, Stories, Story, Told};
use season::MONTHS;
use training::Trainings;

/// How many referrals there are at scale 1.
const REFERRALS: f64 = 20_000.0;
/// How many referrals are written at once: enough to be quick, and few enough to need little memory.
const CHAPTER: usize = 5_000;
/// How many chapters are made up ahead of the writing.
const AHEAD: usize = 2;
/// Gives the referrals a random stream apart from the coalition's, so that the coalition is the same at every scale.
const REFERRALS_STREAM: u64 = 0x7265_6665_7272_616c;

/// What to make up.
pub struct Plan {
    /// The seed of the random source.
    pub seed: u64,
    /// 1 for 20,000 referrals and 300 trainings.
    pub scale: f64,
    /// How many coalitions of sixteen organisations there are side by side, as if they were one, and share the referrals. `pamoja demo`
    /// makes up one; benchmarks see how the program does with many organisations.
    pub coalitions: u64,
    /// The present: nothing made up happens after it.
    pub at: DateTime<Utc>,
    /// What the password that all accounts share is recognised by.
    pub credential: NewCredential,
    /// Makes the hash by which the program finds a slip.
    pub slip: Arc<SlipHash>,
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
    /// A row refers to one that doesn't exist, against that foreign key: the program is at fault.
    #[error("made-up rows stand against the foreign key {0}")]
    Reference(String),
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

/// Writes the made-up coalition into a migrated database without organisations. It connects as the superuser of a private PostgreSQL,
/// whom row-level security doesn't restrict. `progress` is called with the number of referrals written and with their total.
///
/// The referrals are written over several connections, and the organisations are committed last: whoever is interrupted has filled in
/// nothing, or referrals without organisations, which are cleared away the next time.
///
/// # Errors
/// [`FillError`].
pub async fn fill(superuser_url: &str, plan: &Plan, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<Filled, FillError> {
    let first = Coalition::new(&mut StdRng::seed_from_u64(plan.seed), plan.at)?;
    let others = (1..plan.coalitions).map(|number| Coalition::beside(&first, number, plan.seed, plan.at));
    let others = others.collect::<Result<Vec<_>, _>>()?;
    let coalitions: Arc<[Coalition]> = std::iter::once(first).chain(others).collect();
    let (client, connection) = connection::connect(superuser_url).await?;
    client.batch_execute(lane::CLEAR).await?;
    let filled = write(&client, Lanes::open(superuser_url).await?, &coalitions, plan, progress).await;
    // Ending the connection rolls back what isn't committed.
    drop(client);
    drop(connection.await);
    filled
}

async fn write(
    client: &Client,
    lanes: Lanes,
    coalitions: &Arc<[Coalition]>,
    plan: &Plan,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Filled, FillError> {
    let total = (REFERRALS * plan.scale.max(0.0)).round() as u64;
    client.batch_execute(lane::BEGIN).await?;
    let mut tables = Vec::new();
    for rows in coalitions.iter().flat_map(|coalition| rows::of_coalition(coalition, &plan.credential)) {
        tables.push(rows.table());
        lane::copy(client, rows).await?;
    }
    let (sender, mut chapters) = channel(AHEAD);
    let (of, seed, at, slip) = (Arc::clone(coalitions), plan.seed, plan.at, Arc::clone(&plan.slip));
    let telling = tokio::task::spawn_blocking(move || {
        let count = of.len() as u64;
        let stories = (0..).zip(of.iter()).flat_map(|(number, coalition): (u64, _)| {
            let share = total / count + u64::from(number < total % count);
            Stories::new(coalition, StdRng::seed_from_u64(seed_of(seed, number) ^ REFERRALS_STREAM), at, share)
        });
        tell(stories, at, &*slip, &sender);
    });
    let mut told = Told::default();
    progress(told.referrals, total);
    while let Some(chapter) = chapters.recv().await {
        let (so_far, rows) = chapter?;
        told = so_far;
        if !lanes.write(rows).await {
            break;
        }
        progress(told.referrals, total);
    }
    drop(chapters);
    drop(telling.await);
    // The first coalition alone trains.
    let trainings = Trainings::new(&coalitions[0], plan.seed, plan.at, plan.scale)?;
    for rows in training::of_trainings(&coalitions[0], &trainings.offers, &trainings.stories) {
        tables.push(rows.table());
        lane::copy(client, rows).await?;
    }
    for lane in lanes.finish().await? {
        lane.commit().await?;
    }
    client.execute(include_str!("coalition/number_events.sql"), &[&(told.events as i64)]).await?;
    client.batch_execute(&format!("ANALYZE {}", tables.join(", "))).await?;
    if let Some(foreign_key) = references::broken(client).await? {
        return Err(FillError::Reference(foreign_key));
    }
    client.batch_execute("COMMIT").await?;
    Ok(Filled {
        organisations: coalitions.iter().map(|coalition| coalition.members.len() as u64).sum(),
        users: coalitions.iter().map(|coalition| coalition.accounts() as u64).sum(),
        services: coalitions.iter().map(|coalition| coalition.offers() as u64).sum(),
        referrals: told.referrals,
        trainings: trainings.requests(),
    })
}

/// The rows of some referrals, with how much was told until then.
type Telling = Result<(Told, Vec<Rows>), GenerateError>;

/// Makes up the referrals, chapter by chapter, until nobody takes them any more.
fn tell(
    mut stories: impl Iterator<Item = Result<Story, GenerateError>>,
    at: DateTime<Utc>,
    slip: &SlipHash,
    chapters: &Sender<Telling>,
) {
    let mut told = Told::default();
    loop {
        let mut chapter = Chapter::new(at, told);
        for story in stories.by_ref().take(CHAPTER) {
            match story {
                Ok(story) => chapter.push(&story, slip),
                Err(error) => return drop(chapters.blocking_send(Err(error))),
            }
        }
        let before = std::mem::replace(&mut told, chapter.told());
        let is_over = told.referrals == before.referrals;
        if is_over || chapters.blocking_send(Ok((told, chapter.into_rows().collect()))).is_err() {
            return;
        }
    }
}
