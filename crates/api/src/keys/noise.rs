//! The noise key, which decides how published figures are perturbed. It has its own file, which only the publishing program can
//! read.

use std::path::Path;

use pamoja_domain::statistic::NoiseKey;
use zeroize::Zeroizing;

use super::{KeysError, folder, random_bytes};

/// Makes a new noise key and writes it into a new file.
///
/// # Errors
/// [`KeysError::Exists`] when the file exists already; [`KeysError::Io`].
pub fn create(file: &Path) -> Result<NoiseKey, KeysError> {
    let secret = Zeroizing::new(random_bytes());
    folder::write_secret_file(file, &secret)?;
    Ok(NoiseKey::new(secret))
}

/// Reads the noise key.
///
/// # Errors
/// [`KeysError::NoNoiseKey`] when the file doesn't exist; otherwise a [`KeysError`] that names the file and says what to do.
pub fn read(file: &Path) -> Result<NoiseKey, KeysError> {
    match folder::read_secret_file(file.parent().unwrap_or(file), file) {
        Ok(secret) => Ok(NoiseKey::new(secret)),
        Err(KeysError::Missing { file, .. }) => Err(KeysError::NoNoiseKey { file }),
        Err(error) => Err(error),
    }
}
