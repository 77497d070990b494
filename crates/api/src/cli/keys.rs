//! The secrets that live outside the database.

use std::path::PathBuf;

use clap::Subcommand;

use super::Problem;
use crate::keys::Keys;

/// Keeping the secrets.
#[derive(Subcommand)]
pub enum KeysCommand {
    /// Make new ones in a folder that has none.
    New {
        /// The folder; it is made when it isn't there.
        directory: PathBuf,
    },
}

/// Runs a command about keys.
pub fn run(command: KeysCommand) -> Result<(), Problem> {
    let KeysCommand::New { directory } = command;
    Keys::create(&directory)?;
    println!(
        "Made new keys in {}. Keep a copy apart from the database's backups: without them no slip can be checked in.",
        directory.display()
    );
    Ok(())
}
