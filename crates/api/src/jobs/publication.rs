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
/// How long to wait before trying again after a failure.
const RETRY: Duration = Duration::from_secs(600);

/// Where to publish, and with which key.
pub(crate) struct Publication {
    /// The URL with which to connect as the publisher role.
    pub url: String,
    /// The file of the noise key.
    pub noise_key: PathBuf,
    /// Whether to continue with a different noise key than the one of earlier months.
    pub replaces_noise_key: bool,
}

/// How far a publication has come.
pub(crate) struct Progress {
    /// The month that is being counted.
    pub month: Month,
    /// How many months are published so far.
    pub done: usize,
    /// How many months are to be published.
    pub due: usize,
    /// How many records of the month are counted so far.
    pub records: u64,
}

/// Why the publication stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PublicationError {
    /// The noise key can't be read.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The database refuses or fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The connection's role isn't the publisher, or earlier months were published with a different key.
    #[error(transparent)]
    Publisher(#[from] publication::PublicationError),
}

impl Publication {
    /// Publishes in the database at that URL, with the key in that file.
    pub(crate) fn new(url: String, noise_key: PathBuf) -> Self {
        Self { url, noise_key, replaces_noise_key: false }
    }

    async fn publisher(&self) -> Result<Publisher, PublicationError> {
        let noise_key = noise::read(&self.noise_key)?;
        Ok(Publisher::connect(&self.url, noise_key, self.replaces_noise_key, clock::now()).await?)
    }

    /// Publishes the closed months through that month, each in full or not at all. `report` is called with the progress.
    ///
    /// # Errors
    /// When the key can't be read, or isn't the one of earlier months. Months that were already published stay published.
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

    /// Counts anew what publication costs each table in accuracy. Publishes nothing.
    ///
    /// # Errors
    /// When the key can't be read, or isn't the one of earlier months.
    pub(crate) async fn costs(&self, report: &(dyn Fn(Month, u64) + Sync)) -> Result<Vec<UtilityLine>, PublicationError> {
        Ok(self.publisher().await?.report(report).await?)
    }

    /// Publishes the closed months once a day, for ever.
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
