//! Access tokens: short-lived, signed by us, and holding opaque ids alone.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use pamoja_domain::access::Caller;
use pamoja_domain::id::{OrganisationId, SessionId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::keys::Keys;

/// How long an access token is good for.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// How far the clocks of two of our machines may differ.
const LEEWAY: TimeDelta = TimeDelta::seconds(30);
/// Ours have some 500 bytes; nothing longer is looked at.
const MAX_LENGTH: usize = 2048;
/// Of access tokens, so that no other JWT is taken for one (RFC 9068).
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
}

/// What a token says, once it is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Who is asking. Whether their session is still in force is checked in their transaction.
    pub caller: Caller,
    /// From when on the token is refused.
    pub expires_at: DateTime<Utc>,
}

/// A token that is not, or no longer, good. Why is nobody's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the access token is not good")]
pub struct TokenRefused;

/// All of them are required.
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
}

impl Authority {
    /// Tokens of that issuer for that audience, signed with the current key and verified with any.
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
        }))
    }

    /// A token for that caller, from that time on.
    pub fn issue(&self, caller: Caller, at: DateTime<Utc>, lifetime: TimeDelta) -> String {
        let claims = Claims {
            iss: self.0.issuer.clone(),
            aud: self.0.audience.clone(),
            sub: caller.user.0,
            jti: Uuid::new_v4(),
            iat: at.timestamp(),
            nbf: at.timestamp(),
            exp: (at + lifetime).timestamp(),
            organisation: caller.organisation.0,
            session: caller.session.0,
        };
        jsonwebtoken::encode(&self.0.header, &claims, &self.0.signing).expect("claims of ids and numbers can be signed")
    }

    /// What a token says.
    ///
    /// # Errors
    /// [`TokenRefused`] unless one of our keys signed exactly such a token as we issue, and it is good at that time.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Verified, TokenRefused> {
        self.verify_excusing(token, now, LEEWAY)
    }

    /// As [`Authority::verify`], but a token that expired no longer ago than that is good as well.
    ///
    /// # Errors
    /// As [`Authority::verify`].
    pub(super) fn verify_excusing(&self, token: &str, now: DateTime<Utc>, excused: TimeDelta) -> Result<Verified, TokenRefused> {
        if token.len() > MAX_LENGTH {
            return Err(TokenRefused);
        }
        let id = jsonwebtoken::decode_header(token).ok().and_then(|header| header.kid).ok_or(TokenRefused)?;
        let key = self.0.verifying.get(&id).ok_or(TokenRefused)?;
        let decoded = jsonwebtoken::decode::<Claims>(token, key, &self.0.validation).map_err(|_| TokenRefused)?;
        let claims = decoded.claims;
        let (begins_at, expires_at) = (time(claims.nbf)?, time(claims.exp)?);
        let good = decoded.header == header(&id) && begins_at <= now + LEEWAY && now <= expires_at + excused;
        if !good {
            return Err(TokenRefused);
        }
        let caller = Caller {
            organisation: OrganisationId(claims.organisation),
            user: UserId(claims.sub),
            session: SessionId(claims.session),
        };
        Ok(Verified { caller, expires_at })
    }

    /// The public halves of our keys, as others may want to verify our tokens (RFC 7517).
    pub fn jwks(&self) -> &Value {
        &self.0.jwks
    }
}

/// The one header that we issue and accept, apart from the key's id.
fn header(key_id: &str) -> Header {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key_id.to_owned());
    header
}

/// The times are checked apart from it, because the clock is given to us.
fn validation(issuer: &str, audience: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[audience]);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
}

/// Nothing outside what the calendar of four-digit years holds, so that adding to it can't overflow.
fn time(seconds: i64) -> Result<DateTime<Utc>, TokenRefused> {
    if !(0..253_402_300_800).contains(&seconds) {
        return Err(TokenRefused);
    }
    DateTime::from_timestamp(seconds, 0).ok_or(TokenRefused)
}

#[cfg(test)]
mod tests;
