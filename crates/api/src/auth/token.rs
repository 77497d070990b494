//! Access tokens: short-lived, signed by this program, with nothing in them but opaque ids and a secret that proves the session to the
//! database.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use lru::LruCache;
use pamoja_domain::access::Caller;
use pamoja_domain::id::{OrganisationId, SessionId, UserId};
use pamoja_domain::session_secret::SessionSecret;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::keys::{Keys, id_of};

/// How long an access token is valid.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// How far the clocks of two servers may differ.
const LEEWAY: TimeDelta = TimeDelta::seconds(30);
/// Tokens have some 500 bytes; anything longer is refused unread.
const MAX_LENGTH: usize = 2048;
/// How many verified tokens are remembered. A signature takes as long to verify as all else that is done with a small request.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(4_096).unwrap();
/// The type of access tokens, so that no other JWT passes for one (RFC 9068).
const TYPE: &str = "at+jwt";

/// Makes and verifies access tokens. Cheap to clone.
#[derive(Clone)]
pub struct Authority(Arc<Inner>);

struct Inner {
    signing: EncodingKey,
    header: Header,
    verifying: HashMap<String, DecodingKey>,
    validation: Validation,
    issuer: String,
    audience: String,
    jwks: Value,
    /// What verified tokens say, by the tokens' hashes. Whether a token is valid by now is looked at each time, and whether its session is in
    /// force the database says.
    verified: Mutex<LruCache<[u8; 32], Dated>>,
}

/// What a token says, and from when to when.
#[derive(Clone, Copy)]
struct Dated {
    begins_at: DateTime<Utc>,
    verified: Verified,
}

/// What a verified token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Who is asking. The caller's transaction checks whether their session is still in force.
    pub caller: Caller,
    /// When the token expires.
    pub expires_at: DateTime<Utc>,
}

/// The token isn't valid or has expired. The client doesn't learn which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the access token is not good")]
pub struct TokenRefused;

/// All claims are required.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    jti: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
    organisation: Uuid,
    session: Uuid,
    secret: Uuid,
}

impl Authority {
    /// Issues tokens of that issuer for that audience. The current key signs; all keys verify.
    pub fn new(keys: &Keys, issuer: &str, audience: &str) -> Self {
        let signing = keys.signing();
        let document = signing.current().to_pkcs8_der().expect("an Ed25519 key has a PKCS#8 form");
        let keys: Vec<_> = signing.verifying().collect();
        let describe = |(id, key): &(String, ed25519_dalek::VerifyingKey)| {
            let x = BASE64URL_NOPAD.encode(key.as_bytes());
            json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": id, "x": x })
        };
        Self(Arc::new(Inner {
            signing: EncodingKey::from_ed_der(document.as_bytes()),
            header: header(&crate::keys::key_id(&signing.current().verifying_key())),
            jwks: json!({ "keys": keys.iter().map(describe).collect::<Vec<_>>() }),
            verifying: keys.into_iter().map(|(id, key)| (id, DecodingKey::from_ed_der(key.as_bytes()))).collect(),
            validation: validation(issuer, audience),
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            verified: Mutex::new(LruCache::new(REMEMBERED)),
        }))
    }

    /// Issues a token for that caller, valid from `at` on. The same caller, secret and time always give the same token.
    pub fn issue(&self, caller: Caller, at: DateTime<Utc>, lifetime: TimeDelta) -> String {
        // The token's id names it without telling its secret (RFC 7519, 4.1.7).
        let id = id_of(Sha256::digest(caller.secret.0.as_bytes()).into());
        let claims = Claims {
            iss: self.0.issuer.clone(),
            aud: self.0.audience.clone(),
            sub: caller.user.0,
            jti: id,
            iat: at.timestamp(),
            nbf: at.timestamp(),
            exp: (at + lifetime).timestamp(),
            organisation: caller.organisation.0,
            session: caller.session.0,
            secret: caller.secret.0,
        };
        jsonwebtoken::encode(&self.0.header, &claims, &self.0.signing).expect("claims of ids and numbers can be signed")
    }

    /// Verifies a token and reads it.
    ///
    /// # Errors
    /// [`TokenRefused`] unless one of our keys signed it, it has exactly the form that we issue, and it is valid at `now`.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Verified, TokenRefused> {
        self.verify_excusing(token, now, LEEWAY)
    }

    /// Like [`Authority::verify`], but also accepts a token that expired no longer than `excused` ago.
    ///
    /// # Errors
    /// As [`Authority::verify`].
    pub(super) fn verify_excusing(&self, token: &str, now: DateTime<Utc>, excused: TimeDelta) -> Result<Verified, TokenRefused> {
        if token.len() > MAX_LENGTH {
            return Err(TokenRefused);
        }
        let hash: [u8; 32] = Sha256::digest(token).into();
        let remembered = self.0.verified.lock().unwrap_or_else(PoisonError::into_inner).get(&hash).copied();
        let dated = remembered.map_or_else(|| self.read(token), Ok)?;
        let valid = dated.begins_at <= now + LEEWAY && now <= dated.verified.expires_at + excused;
        let mut verified = self.0.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if !valid {
            verified.pop(&hash);
            return Err(TokenRefused);
        }
        if remembered.is_none() {
            verified.put(hash, dated);
        }
        Ok(dated.verified)
    }

    /// Reads a token that one of our keys signed and that has exactly the form that we issue, whenever it is valid.
    fn read(&self, token: &str) -> Result<Dated, TokenRefused> {
        let id = jsonwebtoken::decode_header(token).ok().and_then(|header| header.kid).ok_or(TokenRefused)?;
        let key = self.0.verifying.get(&id).ok_or(TokenRefused)?;
        let decoded = jsonwebtoken::decode::<Claims>(token, key, &self.0.validation).map_err(|_| TokenRefused)?;
        if decoded.header != header(&id) {
            return Err(TokenRefused);
        }
        let claims = decoded.claims;
        let caller = Caller {
            organisation: OrganisationId(claims.organisation),
            user: UserId(claims.sub),
            session: SessionId(claims.session),
            secret: SessionSecret(claims.secret),
        };
        Ok(Dated { begins_at: time(claims.nbf)?, verified: Verified { caller, expires_at: time(claims.exp)? } })
    }

    /// The public halves of our keys, with which others can verify our tokens (RFC 7517).
    pub fn jwks(&self) -> &Value {
        &self.0.jwks
    }
}

/// The only header that we issue and accept; just the key's id varies.
fn header(key_id: &str) -> Header {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key_id.to_owned());
    header
}

/// The library doesn't check the times: the caller gives the clock, so we check them.
fn validation(issuer: &str, audience: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[audience]);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
}

/// Refuses times outside four-digit years, so that adding to a time can't overflow.
fn time(seconds: i64) -> Result<DateTime<Utc>, TokenRefused> {
    if !(0..253_402_300_800).contains(&seconds) {
        return Err(TokenRefused);
    }
    DateTime::from_timestamp(seconds, 0).ok_or(TokenRefused)
}

#[cfg(test)]
mod tests;
