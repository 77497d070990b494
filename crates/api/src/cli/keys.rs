//! The secrets that live outside the database.

use std::path::PathBuf;

use clap::Subcommand;

use super::Problem;
use crate::keys::{Keys, noise};

/// Commands about the secrets.
#[derive(Subcommand)]
pub(super) enum KeysCommand {
    /// Make new keys in a folder that has none.
    New {
        /// The folder; it is made if it doesn't exist.
        directory: PathBuf,
    },
    /// Make the key that decides how published figures are perturbed. Do this once, before the first month is published.
    NewNoise {
        /// The file. Only the publishing program may read it: don't put it in the folder of the keys, which the serving program
        /// reads.
        file: PathBuf,
    },
}

/// Runs a command about keys.
pub(super) fn run(command: KeysCommand) -> Result<(), Problem> {
    match command {
        KeysCommand::New { directory } => {
            Keys::create(&directory)?;
            println!(
                "Made new keys in {}. Keep a copy apart from the database's backups: without them no slip can be checked in.",
                directory.display()
            );
        }
        KeysCommand::NewNoise { file } => {
            noise::create(&file)?;
            println!(
                "Made a new noise key {}. Keep a copy apart from the database's backups: with another one the same records would be \
                 shown with two perturbations.",
                file.display()
            );
        }
    }
    Ok(())
}
