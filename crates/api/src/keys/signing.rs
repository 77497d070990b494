//! The keys that sign access tokens and the heads of audit chains.

use data_encoding::HEXLOWER;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// The prefix of what is signed for an audit chain, so that a seal never passes for a token, nor a token for a seal.
const SEAL_PREFIX: &[u8] = b"pamoja audit seal\0";

/// At least one signing key, oldest first.
pub(crate) struct SigningKeys {
    current: SigningKey,
    earlier: Vec<SigningKey>,
}

impl SigningKeys {
    /// The last key signs. Nothing when there is no key.
    pub(super) fn new(mut keys: Vec<SigningKey>) -> Option<Self> {
        let current = keys.pop()?;
        Some(Self { current, earlier: keys })
    }

    /// One key that signs and verifies.
    pub(super) fn single(key: SigningKey) -> Self {
        Self { current: key, earlier: Vec::new() }
    }

    /// The key that signs.
    pub(crate) fn current(&self) -> &SigningKey {
        &self.current
    }

    /// The keys that verify, with their ids.
    pub(crate) fn verifying(&self) -> impl Iterator<Item = (String, VerifyingKey)> {
        self.earlier.iter().chain([&self.current]).map(|key| (key_id(&key.verifying_key()), key.verifying_key()))
    }

    pub(super) fn seal(&self, hash: &[u8]) -> (String, Vec<u8>) {
        let signature = self.current.sign(&[SEAL_PREFIX, hash].concat());
        (key_id(&self.current.verifying_key()), signature.to_bytes().to_vec())
    }

    pub(super) fn verify_seal(&self, id: &str, hash: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = Signature::from_slice(signature) else {
            return false;
        };
        let message = [SEAL_PREFIX, hash].concat();
        self.verifying().any(|(known, key)| known == id && key.verify_strict(&message, &signature).is_ok())
    }
}

/// A key's id: the first 16 hex digits of the SHA-256 of its public half.
pub(crate) fn key_id(key: &VerifyingKey) -> String {
    let digest = Sha256::digest(key.as_bytes());
    let (first, _) = digest.split_at(8);
    HEXLOWER.encode(first)
}
