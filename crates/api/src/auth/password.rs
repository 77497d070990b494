//! Passwords: Argon2id, a few at a time, and at the same cost whether or not the account exists.

use std::sync::Arc;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, Version};
use pamoja_persistence::gate::PasswordParameters;
use pamoja_persistence::user::NewCredential;
use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zeroize::Zeroizing;

use crate::keys::random_bytes;

/// How much memory hashing one password takes.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// A password that asks for more was not hashed by this program.
const MOST_MEMORY_KIB: u32 = 1 << 18;
const MOST_PASSES: u32 = 64;
/// How many passwords are hashed at once. A flood of sign-ins must not take all memory or all processors.
const AT_ONCE: usize = 2;
/// How long a password waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a new password may be, in characters.
pub(super) const NEW_LENGTH: std::ops::RangeInclusive<usize> = 12..=256;
/// The longest password, in bytes: what 256 characters can take.
pub(super) const MAX_BYTES: usize = 1024;

/// Hashes passwords. Cheap to clone; all clones share one limit on how many are hashed at once.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    patience: Duration,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::with_patience(PATIENCE)
    }
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
    fn with_patience(patience: Duration) -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), patience }
    }

    /// What Argon2id makes of a password. The database compares it.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] or [`PasswordError::Fault`].
    pub async fn output(
        &self,
        password: Zeroizing<String>,
        parameters: PasswordParameters,
    ) -> Result<Zeroizing<[u8; 32]>, PasswordError> {
        self.take_turn(move || output(password.as_bytes(), &parameters)).await
    }

    /// Waits for a turn, then works on a thread that may block. The turn lasts until the work is done, even when the caller has
    /// gone away.
    async fn take_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let turn = tokio::time::timeout(self.patience, self.turns.clone().acquire_owned()).await;
        let Ok(Ok(turn)) = turn else {
            return Err(PasswordError::Busy);
        };
        let work = move || {
            let _turn: OwnedSemaphorePermit = turn;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| PasswordError::Fault)?
    }
}

/// What a new password is to be recognised by. For commands: it blocks its thread and waits for no turn.
///
/// # Errors
/// [`PasswordError::Length`] or [`PasswordError::Fault`].
pub fn new_credential(password: &str) -> Result<NewCredential, PasswordError> {
    if !NEW_LENGTH.contains(&password.chars().count()) {
        return Err(PasswordError::Length);
    }
    let salt = random_bytes::<16>().to_vec();
    let parameters = PasswordParameters { salt, memory_kib: MEMORY_KIB, passes: PASSES, lanes: LANES };
    let output = output(password.as_bytes(), &parameters)?;
    Ok(NewCredential { output_hash: Sha256::digest(output.as_slice()).into(), parameters })
}

/// The parameters come from the database, so that a password that was hashed with others stays valid.
fn output(password: &[u8], parameters: &PasswordParameters) -> Result<Zeroizing<[u8; 32]>, PasswordError> {
    let PasswordParameters { salt, memory_kib, passes, lanes } = parameters;
    if *memory_kib > MOST_MEMORY_KIB || *passes > MOST_PASSES {
        return Err(PasswordError::Fault);
    }
    let params = Params::new(*memory_kib, *passes, *lanes, Some(32)).map_err(|_| PasswordError::Fault)?;
    let mut output = Zeroizing::new([0; 32]);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(password, salt, output.as_mut_slice()).map_err(|_| PasswordError::Fault)?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_is_hashed_with_the_parameters_we_promise_and_recognised() {
        let passwords = Passwords::default();
        let stored = new_credential("correct horse battery").expect("hashed");
        assert_eq!((stored.parameters.memory_kib, stored.parameters.passes, stored.parameters.lanes), (19_456, 2, 1));
        assert_eq!(stored.parameters.salt.len(), 16);
        let hash_of = async |text| {
            let output = passwords.output(password(text), stored.parameters.clone()).await.expect("hashed");
            <[u8; 32]>::from(Sha256::digest(output.as_slice()))
        };
        assert_eq!(hash_of("correct horse battery").await, stored.output_hash);
        assert_ne!(hash_of("correct horse batterz").await, stored.output_hash);
        assert_ne!(new_credential("correct horse battery").expect("hashed"), stored);
    }

    /// What was stored as a PHC string is recognised after the migration: its salt and its output are the same.
    #[tokio::test]
    async fn the_output_is_that_of_a_phc_string() {
        use argon2::password_hash::{PasswordHasher, SaltString};
        let salt = SaltString::encode_b64(&[7; 16]).expect("a salt");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19_456, 2, 1, None).expect("parameters"));
        let phc = argon2.hash_password(b"correct horse battery", &salt).expect("hashed");
        let parameters = PasswordParameters { salt: vec![7; 16], memory_kib: 19_456, passes: 2, lanes: 1 };
        let output = Passwords::default().output(password("correct horse battery"), parameters).await.expect("hashed");
        assert_eq!(phc.hash.expect("an output").as_bytes(), output.as_slice());
    }

    #[tokio::test]
    async fn a_new_password_has_12_to_256_characters() {
        assert_eq!(new_credential("eleven char"), Err(PasswordError::Length));
        assert_eq!(new_credential(&"é".repeat(257)), Err(PasswordError::Length));
        new_credential("twelve chars").expect("hashed");
        let longest = "𝄞".repeat(256);
        assert_eq!(longest.len(), MAX_BYTES);
        new_credential(&longest).expect("hashed");
    }

    #[tokio::test]
    async fn whoever_waits_too_long_is_told_that_we_are_busy() {
        let passwords = Passwords::with_patience(Duration::from_millis(10));
        let parameters = new_credential("twelve chars").expect("hashed").parameters;
        let turns = passwords.turns.clone().acquire_many_owned(2).await.expect("two turns");
        assert_eq!(passwords.output(password("any"), parameters.clone()).await.err(), Some(PasswordError::Busy));
        drop(turns);
        passwords.output(password("any"), parameters).await.expect("hashed");
    }

    #[tokio::test]
    async fn parameters_that_would_take_all_memory_are_a_fault() {
        let parameters = PasswordParameters { salt: vec![7; 16], memory_kib: u32::MAX, passes: 2, lanes: 1 };
        assert_eq!(Passwords::default().output(password("any"), parameters).await.err(), Some(PasswordError::Fault));
    }
}
