//! The secrets that live outside the database.

use std::path::PathBuf;

use clap::Subcommand;

use super::Problem;
use crate::keys::{Keys, noise};

/// Keeping the secrets.
#[derive(Subcommand)]
pub(super) enum KeysCommand {
    /// Make new ones in a folder that has none.
    New {
        /// The folder; it is made when it isn't there.
        directory: PathBuf,
    },
    /// Make the key that decides how published figures are perturbed: once, before the first month is published.
    NewNoise {
        /// The file, for what publishes alone: not in the folder of the keys, which the exposed process reads.
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
