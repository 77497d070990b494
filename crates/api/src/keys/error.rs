//! What can be wrong with the files of the keys.

use std::path::PathBuf;

/// Why the keys could not be made or read. Each message is one line that says what to put right.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// A file doesn't exist.
    #[error(
        "{} is missing: give back the one that was there, or make new keys with `pamoja keys new {}`",
        .file.display(),
        .folder.display()
    )]
    Missing {
        /// The file, or the pattern of its name.
        file: PathBuf,
        /// The folder of the keys.
        folder: PathBuf,
    },
    /// There is no noise key.
    #[error(
        "{} is missing, and without it nothing is published: give back the one that was there, or, where nothing was published yet, make \
         one with `pamoja keys new-noise {}`",
        .file.display(),
        .file.display()
    )]
    NoNoiseKey {
        /// The file.
        file: PathBuf,
    },
    /// A file doesn't hold a key.
    #[error(
        "{} is not {expected}: give back the one that was there, or make new keys in another folder with `pamoja keys new FOLDER`",
        .file.display()
    )]
    Malformed {
        /// The file.
        file: PathBuf,
        /// What it must be.
        expected: &'static str,
    },
    /// Users other than the owner can get at the keys.
    #[error("{} is open to others than its owner: run `chmod {mode} {}`", .path.display(), .path.display())]
    Exposed {
        /// The file or folder.
        path: PathBuf,
        /// The right mode, as `chmod` reads it.
        mode: &'static str,
    },
    /// The folder has keys already.
    #[error("there is already a key {}: keys are never overwritten, so choose another folder", .file.display())]
    Exists {
        /// The file.
        file: PathBuf,
    },
    /// A file could not be read or written.
    #[error("{} can't be read or written: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
