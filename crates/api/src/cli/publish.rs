//! Publishing the figures over all members: as a command, in the worker, and as the demo starts.

use std::path::{Path, PathBuf};

use chrono::Utc;
use clap::Args;
use pamoja_domain::month::Month;
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::embedded::{DatabaseRole, EmbeddedOptions, EmbeddedPostgres};
use pamoja_persistence::publication::{PublishedMonth, Publisher, UtilityLine};

use super::{Problem, progress};
use crate::keys::noise;

/// Where the demo keeps its noise key, in its data directory.
pub const NOISE_KEY: &str = "noise.key";

/// What is published, and where.
#[derive(Args)]
pub struct PublishArguments {
    #[command(flatten)]
    publication: PublicationArguments,
    /// The demo's data directory: publish in its private PostgreSQL, running or not, instead.
    #[arg(long, value_name = "DIR", conflicts_with = "publisher_database_url")]
    data_dir: Option<PathBuf>,
    /// The last month to publish, such as 2026-09. Left out, the last that is closed.
    #[arg(long, value_name = "MONTH", value_parser = month)]
    through: Option<Month>,
    /// Go on with another noise key than the one that the months before were published with.
    #[arg(long)]
    replace_noise_key: bool,
    /// Publish nothing: say of each table how many of its figures are shown, and how far they are off what is recorded now.
    #[arg(long, conflicts_with_all = ["through", "replace_noise_key"])]
    report: bool,
}

/// As whom and with which key is published.
#[derive(Args)]
pub struct PublicationArguments {
    /// How to connect as the publisher role.
    #[arg(long, env = "PAMOJA_PUBLISHER_DATABASE_URL", hide_env_values = true)]
    publisher_database_url: Option<String>,
    /// The file of the noise key, from `pamoja keys new-noise`. Left out, the one in the demo's data directory.
    #[arg(long, env = "PAMOJA_NOISE_KEY", value_name = "FILE")]
    noise_key: Option<PathBuf>,
}

/// Publishing in a database with a key.
pub struct Publication {
    url: String,
    noise_key: PathBuf,
    replaces_noise_key: bool,
}

fn month(text: &str) -> Result<Month, String> {
    Month::parse("through", text).map_err(|_| "a month is written like 2026-09".to_owned())
}

impl PublicationArguments {
    /// Where and with which key, for a private PostgreSQL or another one. A key that can't be read shows at once.
    ///
    /// # Errors
    /// When nothing says where, or the key can't be read.
    pub fn resolve(&self, private: Option<String>, data_dir: Option<&Path>) -> Result<Publication, Problem> {
        let url = private.or_else(|| self.publisher_database_url.clone()).ok_or_else(|| {
            Problem::new("set PAMOJA_PUBLISHER_DATABASE_URL to connect as the publisher role, or name the demo's --data-dir")
        })?;
        let of_demo = || data_dir.map(|directory| directory.join(NOISE_KEY));
        let noise_key = self.noise_key.clone().or_else(of_demo).ok_or_else(|| {
            Problem::new("set PAMOJA_NOISE_KEY to the file of the noise key: without it nothing is published; `pamoja keys new-noise` makes one")
        })?;
        noise::read(&noise_key)?;
        Ok(Publication::new(url, noise_key))
    }
}

/// Publishes, or reports.
pub async fn run(arguments: PublishArguments) -> Result<(), Problem> {
    let postgres = match &arguments.data_dir {
        Some(data_dir) => Some(EmbeddedPostgres::open(data_dir, EmbeddedOptions::default()).await?),
        None => None,
    };
    let outcome = async {
        let private = postgres.as_ref().map(|postgres| postgres.connection_url(DatabaseRole::Publisher));
        let mut publication = arguments.publication.resolve(private, arguments.data_dir.as_deref())?;
        publication.replaces_noise_key = arguments.replace_noise_key;
        if arguments.report {
            print!("{}", report(&publication.report().await?));
        } else {
            print!("{}", summary(&publication.run_with_bar(arguments.through).await?));
        }
        Ok(())
    }
    .await;
    if let Some(postgres) = postgres {
        postgres.stop().await?;
    }
    outcome
}

/// How far a publication is.
pub struct Progress {
    /// The month that is being counted.
    pub month: Month,
    /// How many months are published.
    pub done: usize,
    /// How many there are to publish.
    pub due: usize,
    /// How many records of the month are counted.
    pub records: u64,
}

impl Publication {
    /// In the database at that address, with the key of that file.
    pub fn new(url: String, noise_key: PathBuf) -> Self {
        Self { url, noise_key, replaces_noise_key: false }
    }

    async fn publisher(&self) -> Result<Publisher, Problem> {
        let noise_key = noise::read(&self.noise_key)?;
        Ok(Publisher::connect(&self.url, noise_key, self.replaces_noise_key, Utc::now()).await?)
    }

    /// Publishes what is closed through that month; each month is all there or not at all. `observe` hears how far it is.
    ///
    /// # Errors
    /// When the key can't be read or the database fails; the months before stay published.
    pub async fn run(&self, through: Option<Month>, observe: &(dyn Fn(Progress) + Sync)) -> Result<Vec<PublishedMonth>, Problem> {
        let mut publisher = self.publisher().await?;
        let mut months = publisher.due().await?;
        months.retain(|month| through.is_none_or(|through| *month <= through));
        let mut published = Vec::new();
        for (done, month) in months.iter().enumerate() {
            let progress = |records| Progress { month: *month, done, due: months.len(), records };
            observe(progress(0));
            let outcome = publisher.publish(*month, &|records| observe(progress(records))).await?;
            tracing::info!(%month, figures = outcome.figures, suppressed = outcome.suppressed, "figures are published");
            published.push(outcome);
        }
        Ok(published)
    }

    /// As [`Publication::run`], with a bar on a terminal.
    ///
    /// # Errors
    /// As [`Publication::run`].
    pub async fn run_with_bar(&self, through: Option<Month>) -> Result<Vec<PublishedMonth>, Problem> {
        let bar = progress::bar("Coalition figures");
        let published = self
            .run(through, &|progress| {
                bar.set_length(progress.due as u64);
                bar.set_position(progress.done as u64);
                bar.set_message(format!("{}, {} records", progress.month, progress.records));
            })
            .await;
        bar.finish_and_clear();
        published
    }

    async fn report(&self) -> Result<Vec<UtilityLine>, Problem> {
        let bar = progress::bar("Counting anew");
        let lines =
            self.publisher().await?.report(&|month, records| bar.set_message(format!("{month}, {records} records"))).await;
        bar.finish_and_clear();
        Ok(lines?)
    }
}

/// What was published, in a line.
pub fn summary(published: &[PublishedMonth]) -> String {
    let Some(last) = published.last() else {
        return "All months that are closed were published.\n".to_owned();
    };
    let figures: usize = published.iter().map(|month| month.figures).sum();
    let suppressed: usize = published.iter().map(|month| month.suppressed).sum();
    let records: u64 = published.iter().map(|month| month.records).sum();
    format!(
        "Published the coalition's figures of {} months through {}, from {records} records: {figures} are shown, {suppressed} suppressed.\n",
        published.len(),
        last.month
    )
}

/// What publication cost, as a table.
fn report(lines: &[UtilityLine]) -> String {
    if lines.is_empty() {
        return "Nothing is published yet.\n".to_owned();
    }
    let share = |part: usize, whole: usize| match whole {
        0 => "-".to_owned(),
        whole => format!("{:.0} %", 100.0 * part as f64 / whole as f64),
    };
    let percent = |error: Option<f64>| error.map_or("-".to_owned(), |error| format!("{:.1} %", 100.0 * error));
    let mut text = format!(
        "{:44} {:7} {:>7} {:>6} {:>7} {:>6} {:>7} {:>7} {:>6}\n",
        "table", "period", "figures", "shown", "of >=30", "shown", "median", "p95", "three"
    );
    for (name, period, utility) in lines {
        text.push_str(&format!(
            "{:44} {:7} {:>7} {:>6} {:>7} {:>6} {:>7} {:>7} {:>6}\n",
            name.code(),
            period.code(),
            utility.figures,
            share(utility.published, utility.figures),
            utility.figures_of_use,
            share(utility.published_of_use, utility.figures_of_use),
            percent(utility.relative_error(0.5)),
            percent(utility.relative_error(0.95)),
            share(utility.open_to_three, utility.published),
        ));
    }
    text.push_str(
        "Cells that aren't zero, over all measures; then those of 30 or more. Median and p95: by how much of the true figure the shown ones are off.\n\
         Three: of how many of the shown ones three organisations together know all records but one or two, give or take the perturbation.\n",
    );
    text
}
