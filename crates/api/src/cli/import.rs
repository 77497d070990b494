//! Importing the national facility register.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use pamoja_domain::access::Permit;
use pamoja_domain::county::CountyCode;
use pamoja_domain::facility::{KnownFacility, MAX_BYTES, MAX_NAMED, Older, Register, RegisterReader, older};
use pamoja_persistence::database::Database;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::facility::{self, Imported};

use super::settings::OperatorDatabase;
use super::{Problem, progress};

/// How many facilities one statement writes.
const CHUNK: usize = 500;

/// What can be imported.
#[derive(Subcommand)]
pub(super) enum ImportCommand {
    /// Import the national facility register from its JSON. It can be repeated: the same file changes nothing, a newer one
    /// updates.
    ///
    /// Each file is the answer of the register's API, saved as it came: an object whose "results" is the list of facilities, in UTF-8
    /// or UTF-16; or one facility a line. A file has at most 50,000 facilities and 100 MB. Every row that is wrong is named (the first
    /// 1,000, then how many more), and then nothing is imported. Facilities that are known and missing from the files, in the counties
    /// of the files, are named on standard error.
    Facilities(FacilitiesArguments),
}

/// Which files to import, and into which database.
#[derive(Args)]
pub(super) struct FacilitiesArguments {
    /// Files of the register; either all of them are imported, or none.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    manner: Manner,
    #[command(flatten)]
    database: OperatorDatabase,
}

/// What may be done with the files.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(super) struct Manner {
    /// Take in pages of a longer list. Nothing is then missing from the files, and nobody can tell how old they are.
    #[arg(long, conflicts_with = "close_missing")]
    partial: bool,
    /// Mark as not operational the facilities that are known and missing from the files, in the counties of the files.
    #[arg(long)]
    close_missing: bool,
    /// Take in files that are older than what was taken in before. A file is older where its newest entry ("created") in a county is.
    #[arg(long)]
    older: bool,
}

/// What an import did.
#[derive(Debug, Default)]
pub(super) struct TakenIn {
    imported: Imported,
    /// Facilities that are known, in operation, and missing from the files.
    missing: Vec<KnownFacility>,
    /// Whether those were closed.
    missing_closed: bool,
    /// Where the files are older than what was taken in before.
    older: Vec<Older>,
    /// Counties whose rows have no dates, while there were dates before.
    undated: Vec<CountyCode>,
}

/// Why nothing was taken in.
enum Refused {
    Older(Vec<Older>),
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Older(older) => Self::new(format!("{}; give --older to take it in all the same", older_than_known(&older))),
            Refused::Store(error) => error.into(),
        }
    }
}

/// Runs an import.
pub(super) async fn run(command: ImportCommand) -> Result<(), Problem> {
    let ImportCommand::Facilities(arguments) = command;
    let mut reader = RegisterReader::new(arguments.manner.partial);
    for path in &arguments.files {
        let bytes = read(path).map_err(|error| Problem::new(format!("{}: {error}", path.display())))?;
        reader.read(Some(&path.display().to_string()), &bytes);
    }
    let register = reader.finish()?;
    let opened = arguments.database.open().await?;
    let taken_in = facilities(&opened.database, &register, arguments.manner).await;
    opened.close().await?;
    let taken_in = taken_in?;
    print!("{}", summary(&register, &taken_in));
    eprint!("{}", warnings(&taken_in));
    Ok(())
}

/// The file's bytes, and of a file that is too large just so many that the reader refuses it.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Imports a register in one transaction, so that a failure imports nothing. Shows a progress bar on a terminal.
pub(super) async fn facilities(database: &Database, register: &Register, manner: Manner) -> Result<TakenIn, Problem> {
    let bar = progress::bar("Facility register");
    bar.set_length(register.facilities.len() as u64);
    let closed: Vec<String> = register.closed_codes().map(str::to_owned).collect();
    let counties: Vec<CountyCode> = register.counties().into_iter().collect();
    let taken_in = database
        .tenant(&Permit::operator(None), async |tx| -> Result<TakenIn, Refused> {
            let mut taken_in = TakenIn::default();
            facility::hold_register(tx).await?;
            if !manner.partial {
                let known = facility::newest_entries(tx).await?;
                taken_in.older = older(&register.newest_entries, &known);
                if !taken_in.older.is_empty() && !manner.older {
                    return Err(Refused::Older(taken_in.older));
                }
                let undated = |county: &&CountyCode| known.contains_key(county) && !register.newest_entries.contains_key(county);
                taken_in.undated = counties.iter().filter(undated).copied().collect();
                taken_in.missing = register.missing(facility::in_operation(tx, &counties).await?);
            }
            for chunk in register.facilities.chunks(CHUNK) {
                let imported = facility::import(tx, chunk).await?;
                taken_in.imported.added += imported.added;
                taken_in.imported.changed += imported.changed;
                taken_in.imported.closed += imported.closed;
                bar.inc(chunk.len() as u64);
            }
            taken_in.imported.closed += facility::close(tx, &closed).await?;
            if manner.close_missing {
                let missing: Vec<String> = taken_in.missing.iter().map(|missing| missing.code.clone()).collect();
                facility::close(tx, &missing).await?;
                taken_in.missing_closed = true;
            }
            if !manner.partial && !register.newest_entries.is_empty() {
                facility::note_entries(tx, &register.newest_entries).await?;
            }
            Ok(taken_in)
        })
        .await;
    bar.finish_and_clear();
    Ok(taken_in?)
}

/// The lines that report an import.
pub(super) fn summary(register: &Register, taken_in: &TakenIn) -> String {
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for skipped in &register.skipped {
        *reasons.entry(skipped.reason.to_string()).or_default() += 1;
    }
    let why: Vec<String> = reasons.iter().map(|(reason, count)| format!("{count}: {reason}")).collect();
    let why = if why.is_empty() { String::new() } else { format!(" ({})", why.join(", ")) };
    let repeated = if register.repeated == 0 { String::new() } else { format!(", {} said twice", register.repeated) };
    let imported = taken_in.imported;
    let mut lines = vec![format!(
        "Read {} facilities: {} added, {} changed, {} unchanged, {} skipped{why}{repeated}; {} that were known are closed now.",
        register.rows(),
        imported.added,
        imported.changed,
        register.facilities.len().saturating_sub(imported.added + imported.changed),
        register.skipped.len(),
        imported.closed,
    )];
    if taken_in.missing_closed {
        lines.push(format!("{} that were missing are closed now.", taken_in.missing.len()));
    }
    written(&lines)
}

/// What the operator should look at: facilities that are missing, and files that are older or have no dates.
fn warnings(taken_in: &TakenIn) -> String {
    let mut lines = Vec::new();
    if !taken_in.older.is_empty() {
        lines.push(format!("{}; it was taken in all the same.", older_than_known(&taken_in.older)));
    }
    if !taken_in.undated.is_empty() {
        let counties: Vec<&str> = taken_in.undated.iter().map(|county| county.name()).collect();
        lines.push(format!(
            "The rows of {} don't say when they were entered (created): nobody can tell whether they are older than what was taken in before.",
            counties.join(", ")
            ));
    }
    if !taken_in.missing.is_empty() {
        let now = if taken_in.missing_closed { "they are closed now" } else { "give --close-missing to close them" };
        lines.push(format!("Known, in operation, and missing from the files: {}; {now}:", taken_in.missing.len()));
        for missing in taken_in.missing.iter().take(MAX_NAMED) {
            lines.push(format!("  {} {}", missing.code, missing.name));
        }
        if taken_in.missing.len() > MAX_NAMED {
            lines.push(format!("  and {} more", taken_in.missing.len() - MAX_NAMED));
        }
    }
    written(&lines)
}

/// The lines as a text, each with its end.
fn written(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn older_than_known(older: &[Older]) -> String {
    let counties: Vec<String> = older
        .iter()
        .map(|older| {
            format!("in {} its newest entry is of {}, and there was one of {}", older.county.name(), older.newest, older.known)
        })
        .collect();
    format!("The register in these files is older than what was taken in before: {}", counties.join("; "))
}
