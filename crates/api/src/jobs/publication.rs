//! Publishing the figures over all members, month by month.

use std::path::PathBuf;
use std::time::Duration;

use pamoja_domain::month::Month;
use pamoja_persistence::clock;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::publication::{self, PublishedMonth, Publisher, UtilityLine};

use crate::keys::{KeysError, noise};

/// How often to check for newly closed months.
const DAY: Duration = Duration::from_secs(86_400);
/// When to try again after a failure.
const RETRY: Duration = Duration::from_secs(600);

/// Publishing in a database with a key.
pub(crate) struct Publication {
    /// How to connect as the publisher role.
    pub url: String,
    /// The file of the noise key.
    pub noise_key: PathBuf,
    /// Whether to go on with another noise key than the one of the months before.
    pub replaces_noise_key: bool,
}

/// How far a publication is.
pub(crate) struct Progress {
    /// The month that is being counted.
    pub month: Month,
    /// How many months are published.
    pub done: usize,
    /// How many there are to publish.
    pub due: usize,
    /// How many records of the month are counted.
    pub records: u64,
}

/// Why nothing, or nothing more, was published.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PublicationError {
    /// The noise key can't be read.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The database refuses or fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database is another, or its figures were published with another key.
    #[error(transparent)]
    Publisher(#[from] publication::PublicationError),
}

impl Publication {
    /// In the database at that address, with the key of that file.
    pub(crate) fn new(url: String, noise_key: PathBuf) -> Self {
        Self { url, noise_key, replaces_noise_key: false }
    }

    async fn publisher(&self) -> Result<Publisher, PublicationError> {
        let noise_key = noise::read(&self.noise_key)?;
        Ok(Publisher::connect(&self.url, noise_key, self.replaces_noise_key, clock::now()).await?)
    }

    /// Publishes what is closed through that month; each month is all there or not at all. `report` hears how far it is.
    ///
    /// # Errors
    /// When the key can't be read or the database fails; the months before stay published.
    pub(crate) async fn run(
        &self,
        through: Option<Month>,
        report: &(dyn Fn(Progress) + Sync),
    ) -> Result<Vec<PublishedMonth>, PublicationError> {
        let mut publisher = self.publisher().await?;
        let mut months = publisher.due().await?;
        months.retain(|month| through.is_none_or(|through| *month <= through));
        let mut published = Vec::new();
        for (done, month) in months.iter().enumerate() {
            let progress = |records| Progress { month: *month, done, due: months.len(), records };
            report(progress(0));
            let outcome = publisher.publish(*month, &|records| report(progress(records))).await?;
            tracing::info!(%month, figures = outcome.figures, suppressed = outcome.suppressed, "figures are published");
            published.push(outcome);
        }
        Ok(published)
    }

    /// Counts anew what publication costs each table, and publishes nothing.
    ///
    /// # Errors
    /// When the key can't be read or the database fails.
    pub(crate) async fn costs(&self, report: &(dyn Fn(Month, u64) + Sync)) -> Result<Vec<UtilityLine>, PublicationError> {
        Ok(self.publisher().await?.report(report).await?)
    }

    /// Publishes what is closed, once a day, for ever.
    pub(crate) async fn run_daily(self) {
        loop {
            let next = match self.run(None, &|_| ()).await {
                Ok(_) => DAY,
                Err(problem) => {
                    tracing::warn!(%problem, "figures were not published; it is tried again");
                    RETRY
                }
            };
            tokio::time::sleep(next).await;
        }
    }
}
