//! Publishing the figures over all members: as a command, in the worker, and when the demo starts.

use std::path::PathBuf;

use clap::Args;
use pamoja_domain::month::Month;
use pamoja_domain::vocabulary::Vocabulary;
use pamoja_persistence::publication::{PublishedMonth, UtilityLine};

use super::data_directory::{DataDirectory, PrivateServer, Role, nowhere};
use super::{Problem, progress};
use crate::jobs::publication::Publication;
use crate::keys::noise;

/// The name of the demo's noise key in its data directory.
pub(super) const NOISE_KEY: &str = "noise.key";

/// What to publish, and where.
#[derive(Args)]
#[cfg_attr(feature = "demo", command(mut_arg("data_dir", |data_dir| data_dir.conflicts_with("publisher_database_url"))))]
pub(super) struct PublishArguments {
    #[command(flatten)]
    publication: PublicationArguments,
    #[command(flatten)]
    data_directory: DataDirectory,
    /// The last month to publish, such as 2026-09. Defaults to the last closed month.
    #[arg(long, value_name = "MONTH", value_parser = month)]
    through: Option<Month>,
    /// Continue with a different noise key than the one that earlier months were published with.
    #[arg(long)]
    replace_noise_key: bool,
    /// Publish nothing. Report for each table how many of its figures are published, and how far they are from what is recorded
    /// now.
    #[arg(long, conflicts_with_all = ["through", "replace_noise_key"])]
    report: bool,
}

/// The role and the key for publishing.
#[derive(Args)]
pub(super) struct PublicationArguments {
    /// How to connect as the publisher role.
    #[arg(long, env = "PAMOJA_PUBLISHER_DATABASE_URL", hide_env_values = true)]
    publisher_database_url: Option<String>,
    /// The file of the noise key, from `pamoja keys new-noise`.
    #[cfg_attr(feature = "demo", doc = "Left out, the one in the demo's data directory.")]
    #[arg(long, env = "PAMOJA_NOISE_KEY", value_name = "FILE")]
    noise_key: Option<PathBuf>,
}

fn month(text: &str) -> Result<Month, String> {
    Month::parse("through", text).map_err(|_| "a month is written like 2026-09".to_owned())
}

impl PublicationArguments {
    /// Decides where to publish and with which key; an open private PostgreSQL gives both. Reads the key, so that an unreadable
    /// one fails at once.
    ///
    /// # Errors
    /// When no setting says where to publish or where the key is, or when the key can't be read.
    pub(super) fn resolve(&self, private: &PrivateServer) -> Result<Publication, Problem> {
        let url = private.url(Role::Publisher).or_else(|| self.publisher_database_url.clone());
        let url = url.ok_or_else(|| nowhere("PAMOJA_PUBLISHER_DATABASE_URL", "publisher"))?;
        let noise_key = self.noise_key.clone().or_else(|| private.file(NOISE_KEY)).ok_or_else(|| {
            Problem::new("set PAMOJA_NOISE_KEY to the file of the noise key: without it nothing is published; `pamoja keys new-noise` makes one")
        })?;
        noise::read(&noise_key)?;
        Ok(Publication::new(url, noise_key))
    }
}

/// Publishes the closed months, or reports what publication costs.
pub(super) async fn run(arguments: PublishArguments) -> Result<(), Problem> {
    let private = arguments.data_directory.open().await?;
    let outcome = async {
        let mut publication = arguments.publication.resolve(&private)?;
        publication.replaces_noise_key = arguments.replace_noise_key;
        if arguments.report {
            print!("{}", report(&costs(&publication).await?));
        } else {
            print!("{}", summary(&with_bar(&publication, arguments.through).await?));
        }
        Ok(())
    }
    .await;
    private.close().await?;
    outcome
}

/// Publishes the closed months through that month, with a progress bar on a terminal.
///
/// # Errors
/// As [`Publication::run`].
pub(super) async fn with_bar(publication: &Publication, through: Option<Month>) -> Result<Vec<PublishedMonth>, Problem> {
    let bar = progress::bar("Coalition figures");
    let published = publication
        .run(through, &|progress| {
            bar.set_length(progress.due as u64);
            bar.set_position(progress.done as u64);
            bar.set_message(format!("{}, {} records", progress.month, progress.records));
        })
        .await;
    bar.finish_and_clear();
    Ok(published?)
}

async fn costs(publication: &Publication) -> Result<Vec<UtilityLine>, Problem> {
    let bar = progress::bar("Counting anew");
    let lines = publication.costs(&|month, records| bar.set_message(format!("{month}, {records} records"))).await;
    bar.finish_and_clear();
    Ok(lines?)
}

/// One line that reports what was published.
pub(super) fn summary(published: &[PublishedMonth]) -> String {
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

/// What publication cost in accuracy, as a table.
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
