//! Importing the national facility register.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use pamoja_domain::access::Permit;
use pamoja_domain::facility::{Register, parse_registers};
use pamoja_persistence::database::Database;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::facility::{self, Imported};

use super::settings::DatabaseArguments;
use super::{Problem, progress};

/// How many facilities one statement writes.
const CHUNK: usize = 500;

/// What can be imported.
#[derive(Subcommand)]
pub(super) enum ImportCommand {
    /// Import the national facility register from its JSON. It can be repeated: the same file changes nothing, a newer one
    /// updates.
    Facilities(FacilitiesArguments),
}

/// Which files to import, and into which database.
#[derive(Args)]
pub(super) struct FacilitiesArguments {
    /// Files of the register; either all of them are imported, or none.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    database: DatabaseArguments,
}

/// Runs an import.
pub(super) async fn run(command: ImportCommand) -> Result<(), Problem> {
    let ImportCommand::Facilities(arguments) = command;
    let mut contents = Vec::new();
    for file in &arguments.files {
        let bytes = std::fs::read(file).map_err(|error| Problem::new(format!("{}: {error}", file.display())))?;
        contents.push((file.display().to_string(), bytes));
    }
    let register = parse_registers(contents.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())))?;
    let opened = arguments.database.open().await?;
    let imported = facilities(&opened.database, &register).await;
    opened.close().await?;
    print!("{}", summary(&register, imported?));
    Ok(())
}

/// Imports a register in one transaction, so that a failure imports nothing. Shows a progress bar on a terminal.
pub(super) async fn facilities(database: &Database, register: &Register) -> Result<Imported, StoreError> {
    let bar = progress::bar("Facility register");
    bar.set_length(register.facilities.len() as u64);
    let closed: Vec<String> = register.closed_codes().map(str::to_owned).collect();
    let imported = database
        .tenant(&Permit::operator(None), async |tx| -> Result<Imported, StoreError> {
            let mut total = Imported::default();
            for chunk in register.facilities.chunks(CHUNK) {
                let imported = facility::import(tx, chunk).await?;
                total.added += imported.added;
                total.changed += imported.changed;
                bar.inc(chunk.len() as u64);
            }
            total.closed = facility::close(tx, &closed).await?;
            Ok(total)
        })
        .await;
    bar.finish_and_clear();
    imported
}

/// The lines that report an import.
pub(super) fn summary(register: &Register, imported: Imported) -> String {
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for skipped in &register.skipped {
        *reasons.entry(skipped.reason.to_string()).or_default() += 1;
    }
    let why: Vec<String> = reasons.iter().map(|(reason, count)| format!("{count}: {reason}")).collect();
    let why = if why.is_empty() { String::new() } else { format!(" ({})", why.join(", ")) };
    format!(
        "Read {} facilities: {} added, {} changed, {} unchanged, {} skipped{why}; {} that were known are closed now.\n",
        register.rows(),
        imported.added,
        imported.changed,
        register.facilities.len().saturating_sub(imported.added + imported.changed),
        register.skipped.len(),
        imported.closed,
    )
}
