//! Keys for one purpose each, all derived from one secret.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// A key for one purpose.
pub(super) struct DerivedKey(Zeroizing<[u8; 32]>);

impl DerivedKey {
    fn new(secret: &[u8; 32], purpose: &str) -> Self {
        Self(Zeroizing::new(authenticate(secret, purpose.as_bytes())))
    }

    /// HMAC-SHA256 under this key.
    pub(super) fn hash(&self, message: &[u8]) -> [u8; 32] {
        authenticate(&self.0, message)
    }
}

/// All derived keys.
pub(super) struct Secrets {
    pub(super) slip_code: DerivedKey,
    pub(super) slip_look_up: DerivedKey,
    pub(super) refresh_token: DerivedKey,
    pub(super) refresh_token_successor: DerivedKey,
    pub(super) access_token: DerivedKey,
    pub(super) access_token_successor: DerivedKey,
    pub(super) access_token_secret: DerivedKey,
    pub(super) client_mutation: DerivedKey,
    pub(super) audit_name: DerivedKey,
}

impl Secrets {
    /// The labels decide what is stored: with another label, everything that was made before stops working.
    pub(super) fn derive(secret: &[u8; 32]) -> Self {
        Self {
            slip_code: DerivedKey::new(secret, "slip-code"),
            slip_look_up: DerivedKey::new(secret, "slip-look-up"),
            refresh_token: DerivedKey::new(secret, "refresh-token"),
            refresh_token_successor: DerivedKey::new(secret, "refresh-token-successor"),
            access_token: DerivedKey::new(secret, "access-token"),
            access_token_successor: DerivedKey::new(secret, "access-token-successor"),
            access_token_secret: DerivedKey::new(secret, "access-token-secret"),
            client_mutation: DerivedKey::new(secret, "client-mutation"),
            audit_name: DerivedKey::new(secret, "audit-name"),
        }
    }
}

fn authenticate(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let mut authenticator = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    authenticator.update(message);
    authenticator.finalize().into_bytes().into()
}
