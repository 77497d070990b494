//! The key that decides how published figures are perturbed: a file of its own, which only what publishes can read.

use std::path::Path;

use pamoja_domain::statistic::NoiseKey;
use zeroize::Zeroizing;

use super::{KeysError, folder, random_bytes};

/// Makes a new one and writes it into that file, which isn't there yet.
///
/// # Errors
/// [`KeysError::Exists`] when it is; [`KeysError::Io`].
pub fn create(file: &Path) -> Result<NoiseKey, KeysError> {
    let secret = Zeroizing::new(random_bytes());
    folder::write_secret_file(file, &secret)?;
    Ok(NoiseKey::new(secret))
}

/// Reads it.
///
/// # Errors
/// [`KeysError::NoNoiseKey`] when it isn't there; [`KeysError`], with the file and what to do.
pub fn read(file: &Path) -> Result<NoiseKey, KeysError> {
    match folder::read_secret_file(file.parent().unwrap_or(file), file) {
        Ok(secret) => Ok(NoiseKey::new(secret)),
        Err(KeysError::Missing { file, .. }) => Err(KeysError::NoNoiseKey { file }),
        Err(error) => Err(error),
    }
}
