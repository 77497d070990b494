//! The secrets that live outside the database, so that a copy of the database contains none of them.
//!
//! They are files in one folder, which only their owner can read:
//!
//! - `signing-<number>-<kid>.pem`: Ed25519 keys in PKCS#8. The one with the highest number signs. All of them verify, so that
//!   what an earlier key signed stays valid.
//! - `secret.key`: 32 bytes as 64 hex digits. Every other key is derived from it.
//!
//! The publishing program has a file of its own, described in [`noise`]. The exposed process never reads it.

mod error;
mod folder;
pub mod noise;
mod secrets;
mod signing;

use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use pamoja_domain::referral::slip::{SLIP_BITS, SlipCode};
use pamoja_domain::session_secret::SessionSecret;
use pamoja_persistence::referral::slip::Slip;
use rand::TryRngCore;
use rand::rngs::OsRng;
use uuid::Uuid;
use zeroize::Zeroizing;

pub use error::KeysError;
use secrets::Secrets;
use signing::SigningKeys;
pub(crate) use signing::key_id;

/// The secrets that live outside the database. They are wiped from memory when dropped, and never shown.
pub struct Keys {
    signing: SigningKeys,
    secrets: Secrets,
}

impl Keys {
    /// Makes new keys and writes them into a folder; makes the folder if it doesn't exist.
    ///
    /// # Errors
    /// [`KeysError::Exists`] when the folder has keys already; [`KeysError::Io`].
    pub fn create(folder: &Path) -> Result<Self, KeysError> {
        let secret = Zeroizing::new(random_bytes());
        let signing = new_signing_key();
        folder::prepare(folder)?;
        folder::refuse_existing(folder)?;
        folder::write_secret(folder, &secret)?;
        folder::write_signing_key(folder, 1, &signing)?;
        Ok(Self { signing: SigningKeys::single(signing), secrets: Secrets::derive(&secret) })
    }

    /// Adds a signing key to the folder and returns its file. The key signs from the next start on; what older keys signed stays
    /// valid.
    ///
    /// # Errors
    /// As [`Keys::read`]: the folder must already hold keys.
    pub fn add_signing_key(folder: &Path) -> Result<PathBuf, KeysError> {
        folder::read_secret(folder)?;
        let number = folder::read_signing_keys(folder)?.last().map_or(0, |(number, _)| *number) + 1;
        folder::write_signing_key(folder, number, &new_signing_key())
    }

    /// Reads the keys of a folder.
    ///
    /// # Errors
    /// A [`KeysError`] that names the file and says what to do.
    pub fn read(folder: &Path) -> Result<Self, KeysError> {
        folder::check(folder)?;
        let secret = folder::read_secret(folder)?;
        let secrets = Secrets::derive(&secret);
        let keys = folder::read_signing_keys(folder)?.into_iter().map(|(_, key)| key).collect();
        let signing = SigningKeys::new(keys).ok_or_else(|| folder::missing_signing_key(folder))?;
        Ok(Self { signing, secrets })
    }

    /// Makes new keys that exist only in memory, for tests. After a restart everybody is signed out, and no slip works.
    pub fn generate() -> Self {
        Self { signing: SigningKeys::single(new_signing_key()), secrets: Secrets::derive(&Zeroizing::new(random_bytes())) }
    }

    /// The code that belongs to a slip's nonce.
    pub fn slip_code(&self, nonce: &[u8; 16]) -> SlipCode {
        let hash = self.secrets.slip_code.hash(nonce);
        let (first, _) = hash.split_at(8);
        let bits = first.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        SlipCode::from_bits(bits >> (u64::BITS - SLIP_BITS))
    }

    /// The hash by which the database finds a slip.
    pub fn slip_look_up_hash(&self, code: SlipCode) -> [u8; 32] {
        self.secrets.slip_look_up.hash(&code.bits().to_be_bytes())
    }

    /// Makes a new slip: the code for the client, and what the database stores.
    pub fn new_slip(&self) -> (SlipCode, Slip) {
        let nonce = random_bytes();
        let code = self.slip_code(&nonce);
        (code, Slip { nonce, look_up_hash: self.slip_look_up_hash(code) })
    }

    /// The hash of a mutation's input, which tells a repeated request from a different one. It is keyed, because inputs can be
    /// guessed.
    pub fn input_hash(&self, canonical: &[u8]) -> [u8; 32] {
        self.secrets.client_mutation.hash(canonical)
    }

    /// What stands in the audit for something whose id must not: whoever reads the audit alone can't tell which row an entry is of. (Whoever
    /// holds the whole database can: docs/violation.md says how.)
    pub fn audit_name(&self, id: Uuid) -> Uuid {
        id_of(self.secrets.audit_name.hash(id.as_bytes()))
    }

    /// What the database is shown in place of a refresh token. It keeps a hash of it.
    pub fn refresh_token_hash(&self, token: &[u8]) -> [u8; 32] {
        self.secrets.refresh_token.hash(token)
    }

    /// The random part of the refresh token that follows this one.
    pub fn refresh_token_successor(&self, token: &[u8]) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.secrets.refresh_token_successor.hash(token))
    }

    /// What renews a session on a shared device, where the newest access token does: made of its secret.
    pub fn access_token_hash(&self, secret: SessionSecret) -> [u8; 32] {
        self.secrets.access_token.hash(secret.0.as_bytes())
    }

    /// The secret of the access token that follows the one with this secret on a shared device.
    pub fn access_token_successor(&self, secret: SessionSecret) -> SessionSecret {
        secret_of(self.secrets.access_token_successor.hash(secret.0.as_bytes()))
    }

    /// The secret of the access token that is issued together with this refresh token.
    pub fn access_token_secret(&self, refresh_token: &[u8]) -> SessionSecret {
        secret_of(self.secrets.access_token_secret.hash(refresh_token))
    }

    /// Signs the head of an audit chain. Returns the id of the key, and the signature.
    pub fn seal(&self, hash: &[u8]) -> (String, Vec<u8>) {
        self.signing.seal(hash)
    }

    /// Whether the key with that id is ours and made that signature over that hash.
    pub fn verify_seal(&self, key_id: &str, hash: &[u8], signature: &[u8]) -> bool {
        self.signing.verify_seal(key_id, hash, signature)
    }

    pub(crate) fn signing(&self) -> &SigningKeys {
        &self.signing
    }
}

fn secret_of(hash: [u8; 32]) -> SessionSecret {
    SessionSecret(id_of(hash))
}

/// An id that is made of a hash: 122 bits of it.
pub(crate) fn id_of(hash: [u8; 32]) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

fn new_signing_key() -> SigningKey {
    SigningKey::from_bytes(&Zeroizing::new(random_bytes()))
}

/// Bytes that nobody can guess. The program can't go on when the operating system has none.
pub(crate) fn random_bytes<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    OsRng.try_fill_bytes(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests;
