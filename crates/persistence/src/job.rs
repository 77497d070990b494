//! The jobs that run by the clock. A job works in batches: each is a transaction of its own that touches a bounded number of rows,
//! so that no statement takes long and whoever is interrupted goes on where it was. `retention` holds the jobs that delete.

use std::fmt;

use pamoja_domain::access::Permit;
use pamoja_domain::id::OrganisationId;
use pamoja_domain::retention::RetentionSubject;

use crate::audit::Link;
use crate::batch::{Batch, Place};
use crate::database::Database;
use crate::error::StoreError;
use crate::statistic::kept;
use crate::{audit, client_report, organisation, referral, retention, training, violation};

/// One transaction of the expiry job records at most this many referrals.
pub const EXPIRY_BATCH: usize = 200;

/// What runs by the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// Records which of the referrals that an organisation sent have expired.
    Expire,
    /// Asks the sender to follow up what had expired, was taken up, and expired after all.
    AskAgain,
    /// Records as steps of violations that clients have arrived where they were referred to because of them.
    RecordArrivals,
    /// Adds the next seals to an organisation's audit chain.
    SealAudit,
    /// Deletes what is of this kind and whose time is over.
    Delete(RetentionSubject),
    /// Publishes, once a month, how friendly clients found the services of an organisation.
    PublishFriendliness,
    /// Publishes, once a month, how satisfied people were with the trainings of an organisation.
    PublishSatisfaction,
    /// Counts an organisation's own figures of closed months, and keeps them.
    KeepFigures,
}

impl fmt::Display for Job {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self:?}")
    }
}

/// A job for one organisation, or for what belongs to nobody, and how far it has come.
pub struct Work {
    /// The job.
    pub job: Job,
    /// Whose it is.
    pub organisation: Option<OrganisationId>,
    place: Place,
}

impl Work {
    /// The job from its beginning.
    pub fn new(job: Job, organisation: Option<OrganisationId>) -> Self {
        Self { job, organisation, place: Place::BEFORE_ALL }
    }

    /// What is done often: expiries, arrivals and seals.
    pub fn often(organisations: &[OrganisationId]) -> Vec<Self> {
        let jobs = [Job::Expire, Job::AskAgain, Job::RecordArrivals, Job::SealAudit];
        jobs.into_iter().flat_map(|job| organisations.iter().map(move |of| Self::new(job, Some(*of)))).collect()
    }

    /// What is done seldom: deletions, the monthly means and the figures of closed months.
    pub fn seldom(organisations: &[OrganisationId]) -> Vec<Self> {
        let of_each = retention::subjects(false).map(Job::Delete).chain([
            Job::PublishFriendliness,
            Job::PublishSatisfaction,
            Job::KeepFigures,
        ]);
        let of_each = of_each.flat_map(|job| organisations.iter().map(move |of| Self::new(job, Some(*of))));
        retention::subjects(true).map(|subject| Self::new(Job::Delete(subject), None)).chain(of_each).collect()
    }

    /// Does the next batch, in one transaction. Call it again when there may be more.
    ///
    /// # Errors
    /// The batch is undone. Those before it stay done, and it can be tried again.
    pub async fn batch(&mut self, database: &Database, link: Link<'_>) -> Result<Batch, StoreError> {
        let permit = self.organisation.map_or_else(Permit::housekeeping, Permit::job);
        match self.job {
            Job::Expire => record_expiries(database, &permit).await,
            Job::AskAgain => ask_again(database, &permit, &mut self.place).await,
            Job::RecordArrivals => database.tenant(&permit, async |tx| violation::record_arrivals(tx).await).await,
            Job::SealAudit => database.tenant(&permit, async |tx| audit::seal(tx, link).await).await,
            Job::Delete(subject) => retention::delete(database, &permit, subject, &mut self.place).await,
            Job::PublishFriendliness => {
                database.tenant(&permit, async |tx| client_report::publish_friendliness(tx).await).await?;
                Ok(Batch::NOTHING)
            }
            Job::PublishSatisfaction => {
                database.tenant(&permit, async |tx| training::publish_satisfaction(tx).await).await?;
                Ok(Batch::NOTHING)
            }
            Job::KeepFigures => database.tenant(&permit, async |tx| kept::keep(tx).await).await,
        }
    }
}

/// The ids of all organisations.
pub async fn organisations(database: &Database) -> Result<Vec<OrganisationId>, StoreError> {
    database.tenant(&Permit::housekeeping(), async |tx| organisation::ids(tx).await).await
}

/// Records all expiries of the referrals that an organisation sent, and asks again about those that expired after all; returns how
/// many have expired.
///
/// # Errors
/// What was recorded before a failure stays recorded.
pub async fn expire(database: &Database, organisation: OrganisationId) -> Result<usize, StoreError> {
    let permit = Permit::job(organisation);
    let (mut expired, mut place) = (0, Place::BEFORE_ALL);
    loop {
        let batch = record_expiries(database, &permit).await?;
        expired += batch.rows;
        if !batch.more {
            break;
        }
    }
    while ask_again(database, &permit, &mut place).await?.more {}
    Ok(expired)
}

async fn record_expiries(database: &Database, permit: &Permit) -> Result<Batch, StoreError> {
    let rows = database.tenant(permit, async |tx| referral::expire_due(tx, EXPIRY_BATCH as i64).await).await?;
    Ok(Batch { rows, more: rows >= EXPIRY_BATCH })
}

/// Records as steps of an organisation's violations that clients have arrived where they were referred to because of them. Returns how many
/// arrived.
///
/// # Errors
/// What was recorded before a failure stays recorded.
pub async fn record_arrivals(database: &Database, organisation: OrganisationId) -> Result<usize, StoreError> {
    let mut arrived = 0;
    loop {
        let batch = database.tenant(&Permit::job(organisation), async |tx| violation::record_arrivals(tx).await).await?;
        arrived += batch.rows;
        if !batch.more {
            return Ok(arrived);
        }
    }
}

async fn ask_again(database: &Database, permit: &Permit, place: &mut Place) -> Result<Batch, StoreError> {
    let begins = *place;
    let (batch, reached) = database.tenant(permit, async |tx| referral::follow_up::ask_again(tx, begins).await).await?;
    *place = reached;
    Ok(batch)
}

/// Publishes, once a month, how friendly clients found the services of an organisation.
pub async fn publish_friendliness(database: &Database, organisation: OrganisationId) -> Result<(), StoreError> {
    database.tenant(&Permit::job(organisation), async |tx| client_report::publish_friendliness(tx).await).await
}

/// Publishes, once a month, how satisfied people were with the trainings of an organisation.
pub async fn publish_satisfaction(database: &Database, organisation: OrganisationId) -> Result<(), StoreError> {
    database.tenant(&Permit::job(organisation), async |tx| training::publish_satisfaction(tx).await).await
}

/// Counts all that isn't kept of an organisation's own figures of closed months, and keeps it. Returns how many months it counted, each
/// side by itself.
///
/// # Errors
/// What was kept before a failure stays kept.
pub async fn keep_figures(database: &Database, organisation: OrganisationId) -> Result<usize, StoreError> {
    let mut months = 0;
    loop {
        let batch = database.tenant(&Permit::job(organisation), async |tx| kept::keep(tx).await).await?;
        months += batch.rows;
        if !batch.more {
            return Ok(months);
        }
    }
}

/// Adds the next seal to an organisation's audit chain. Returns false when there is nothing to seal.
pub async fn seal_audit(database: &Database, organisation: OrganisationId, link: Link<'_>) -> Result<bool, StoreError> {
    Ok(database.tenant(&Permit::job(organisation), async |tx| audit::seal(tx, link).await).await?.rows > 0)
}
