//! Passwords: Argon2id, a few at a time, and at the same cost whether or not the account exists.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zeroize::Zeroizing;

use crate::keys::random_bytes;

/// How much memory hashing one password takes.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// How many passwords are hashed at once. A flood of sign-ins must not take all memory or all processors.
const AT_ONCE: usize = 2;
/// How long a password waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a new password may be, in characters.
pub(super) const NEW_LENGTH: std::ops::RangeInclusive<usize> = 12..=256;
/// The longest password, in bytes: what 256 characters can take.
pub(super) const MAX_BYTES: usize = 1024;

/// Hashes and verifies passwords. Cheap to clone; all clones share one limit on how many are hashed at once.
#[derive(Clone)]
pub struct Passwords(Arc<Inner>);

struct Inner {
    turns: Arc<Semaphore>,
    patience: Duration,
    /// The hash of a password that nobody knows. A sign-in to an account that doesn't exist is verified against it.
    nobody: String,
}

/// Why a password was neither hashed nor verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too many passwords are being hashed; trying again later helps.
    #[error("too many passwords are being looked at")]
    Busy,
    /// A new password is too short or too long.
    #[error("a new password must have 12 to 256 characters")]
    Length,
    /// A stored hash can't be read, or the machine has no memory left.
    #[error("a password hash can't be made or read")]
    Fault,
}

impl Passwords {
    /// Takes a moment, because it hashes one password.
    ///
    /// # Errors
    /// [`PasswordError::Fault`] when there is not enough memory to hash it.
    pub fn new() -> Result<Self, PasswordError> {
        Self::with_patience(PATIENCE)
    }

    fn with_patience(patience: Duration) -> Result<Self, PasswordError> {
        let nobody = hash(&random_bytes::<32>())?;
        Ok(Self(Arc::new(Inner { turns: Arc::new(Semaphore::new(AT_ONCE)), patience, nobody })))
    }

    /// The hash of a new password, in PHC string format.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn hash(&self, password: Zeroizing<String>) -> Result<String, PasswordError> {
        self.take_turn(move |_| hash_password(&password)).await
    }

    /// Whether the password matches the stored hash. Without a stored hash the answer is no, and takes as long.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] or [`PasswordError::Fault`].
    pub async fn verify(&self, password: Zeroizing<String>, stored: Option<String>) -> Result<bool, PasswordError> {
        self.take_turn(move |inner| {
            let matches = verify(password.as_bytes(), stored.as_deref().unwrap_or(&inner.nobody))?;
            Ok(matches && stored.is_some())
        })
        .await
    }

    /// Waits for a turn, then works on a thread that may block. The turn lasts until the work is done, even when the caller has
    /// gone away.
    async fn take_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let turn = tokio::time::timeout(self.0.patience, self.0.turns.clone().acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(PasswordError::Busy);
        };
        let inner = self.0.clone();
        let work = move || {
            let _turn: OwnedSemaphorePermit = turn;
            work(&inner)
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| PasswordError::Fault)?
    }
}

/// The hash of a new password, in PHC string format. For commands: it blocks its thread and waits for no turn.
///
/// # Errors
/// [`PasswordError::Length`] or [`PasswordError::Fault`].
pub fn hash_password(password: &str) -> Result<String, PasswordError> {
    if !NEW_LENGTH.contains(&password.chars().count()) {
        return Err(PasswordError::Length);
    }
    hash(password.as_bytes())
}

fn hash(password: &[u8]) -> Result<String, PasswordError> {
    let salt = SaltString::encode_b64(&random_bytes::<16>()).map_err(|_| PasswordError::Fault)?;
    Ok(argon2()?.hash_password(password, &salt).map_err(|_| PasswordError::Fault)?.to_string())
}

/// A hash names its own parameters, so a hash that was made with other parameters stays valid.
fn verify(password: &[u8], stored: &str) -> Result<bool, PasswordError> {
    let stored = PasswordHash::new(stored).map_err(|_| PasswordError::Fault)?;
    match argon2()?.verify_password(password, &stored) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::Password) => Ok(false),
        Err(_) => Err(PasswordError::Fault),
    }
}

fn argon2() -> Result<Argon2<'static>, PasswordError> {
    let parameters = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| PasswordError::Fault)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_is_hashed_with_the_parameters_we_promise_and_verified() {
        let passwords = Passwords::new().expect("made");
        let stored = passwords.hash(password("correct horse battery")).await.expect("hashed");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_eq!(passwords.verify(password("correct horse battery"), Some(stored.clone())).await, Ok(true));
        assert_eq!(passwords.verify(password("correct horse batterz"), Some(stored.clone())).await, Ok(false));
        assert_eq!(passwords.verify(password("correct horse battery"), None).await, Ok(false));
        assert_ne!(passwords.hash(password("correct horse battery")).await.expect("hashed"), stored);
        assert_eq!(passwords.verify(password("x"), Some("nothing".to_owned())).await, Err(PasswordError::Fault));
        assert!(passwords.0.nobody.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    }

    #[tokio::test]
    async fn a_new_password_has_12_to_256_characters() {
        let passwords = Passwords::new().expect("made");
        assert_eq!(passwords.hash(password("eleven char")).await, Err(PasswordError::Length));
        assert_eq!(passwords.hash(password(&"é".repeat(257))).await, Err(PasswordError::Length));
        passwords.hash(password("twelve chars")).await.expect("hashed");
        let longest = "𝄞".repeat(256);
        assert_eq!(longest.len(), MAX_BYTES);
        passwords.hash(password(&longest)).await.expect("hashed");
    }

    #[tokio::test]
    async fn whoever_waits_too_long_is_told_that_we_are_busy() {
        let passwords = Passwords::with_patience(Duration::from_millis(10)).expect("made");
        let turns = passwords.0.turns.clone().acquire_many_owned(2).await.expect("two turns");
        assert_eq!(passwords.verify(password("any"), None).await, Err(PasswordError::Busy));
        drop(turns);
        assert_eq!(passwords.verify(password("any"), None).await, Ok(false));
    }
}
