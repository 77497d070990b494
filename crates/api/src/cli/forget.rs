//! Removes from the files of the database what was erased from its tables.

use chrono::{DateTime, Utc};
use clap::Args;
use pamoja_persistence::clock;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::rewrite::{Oldest, Rewrite, Rewriter};

use super::Problem;
use super::data_directory::{DataDirectory, Role, nowhere};

/// What no rewrite reaches.
const BEYOND: &str = "Not reached: PostgreSQL's write-ahead log and its archive, replicas' logs, backups, and freed blocks of the disk. Keep those \
                      encrypted, and no longer than you need them.";

/// Which database, and whether to write.
#[derive(Args)]
pub(super) struct ForgetArguments {
    /// Write the files of every table from which the program erases anew, with their indexes, one table after the other. Nobody can
    /// use a table meanwhile: do it in a quiet hour, and not beside a backup. A table that is in use is tried five times. Without this option, nothing is
    /// written, and it only says how old what was erased and may still be in the files can be.
    #[arg(long)]
    rewrite: bool,
    /// How to connect as the owner role.
    #[arg(long, env = "PAMOJA_OWNER_DATABASE_URL", hide_env_values = true)]
    #[cfg_attr(feature = "demo", arg(conflicts_with = "data_dir"))]
    owner_database_url: Option<String>,
    #[command(flatten)]
    data_directory: DataDirectory,
}

/// Rewrites the tables, or says how long that hasn't been done.
pub(super) async fn run(arguments: ForgetArguments) -> Result<(), Problem> {
    let private = arguments.data_directory.open().await?;
    let Some(url) = private.url(Role::Owner).or(arguments.owner_database_url) else {
        return Err(nowhere("PAMOJA_OWNER_DATABASE_URL", "owner"));
    };
    let outcome = if arguments.rewrite { rewrite(&url).await } else { report(&url).await };
    private.close().await?;
    outcome
}

async fn report(url: &str) -> Result<(), Problem> {
    println!("{}", oldest(url, clock::now()).await?);
    Ok(())
}

async fn rewrite(url: &str) -> Result<(), Problem> {
    let rewriter = Rewriter::connect(url).await?;
    let tables = tables(&rewriter).await?;
    let began = clock::now();
    let older = rewriter.wait_for_older().await?;
    let erased_by = older.is_empty().then_some(began);
    let mut in_use = Vec::new();
    for table in &tables {
        if rewriter.rewrite(table, erased_by).await? == Rewrite::InUse {
            in_use.push(table.as_str());
        }
    }
    println!("Wrote {} of {} tables anew, with their indexes. {BEYOND}", tables.len() - in_use.len(), tables.len());
    let mut left = Vec::new();
    if !in_use.is_empty() {
        left.push(format!("{} were in use and are as they were", in_use.join(", ")));
    }
    if !older.is_empty() {
        left.push(format!(
            "what was erased is kept for what was open before this began and is open still ({})",
            older.join(", ")
        ));
    }
    if left.is_empty() {
        return Ok(());
    }
    Err(Problem::new(format!("{}: run it again in a quieter hour", left.join("; "))))
}

async fn tables(rewriter: &Rewriter) -> Result<Vec<String>, Problem> {
    let tables = rewriter.tables().await?;
    if tables.is_empty() {
        return Err(Problem::new("this role owns no tables: connect as the owner role, and run `pamoja migrate` before"));
    }
    Ok(tables)
}

/// One sentence on how old what was erased and may still be in the files can be; `pamoja doctor` prints it too.
pub(super) async fn oldest(owner_url: &str, now: DateTime<Utc>) -> Result<String, Problem> {
    let rewriter = Rewriter::connect(owner_url).await?;
    let tables = tables(&rewriter).await?;
    let oldest = rewriter.oldest(&tables).await?;
    let oldest = oldest.ok_or_else(|| StoreError::Inconsistent("nothing is known of the tables".to_owned()))?;
    Ok(told(oldest, now))
}

fn told(oldest: Oldest, now: DateTime<Utc>) -> String {
    let days = (now - oldest.since).num_days().max(0);
    let days = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    let because = if oldest.never { "some tables were never written anew" } else { "all tables were written anew then" };
    format!(
        "What was erased in the last {days} may still be in the database's files ({because}): `pamoja forget --rewrite` removes it from them."
    )
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn it_says_how_old_the_oldest_can_be() {
        let at = DateTime::UNIX_EPOCH;
        let say = |days, never| told(Oldest { since: at, never }, at + TimeDelta::days(days));
        assert!(say(40, true).contains("in the last 40 days") && say(40, true).contains("never"));
        assert!(say(1, false).contains("in the last 1 day may") && say(1, false).contains("anew then"));
        assert!(say(-1, false).contains("in the last 0 days"));
    }
}
