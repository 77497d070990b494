use super::*;
use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, Mac};

const ISSUER: &str = "https://pamoja.example";
const AUDIENCE: &str = "pamoja";

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
}

fn caller() -> Caller {
    Caller {
        organisation: OrganisationId(Uuid::from_u128(1)),
        user: UserId(Uuid::from_u128(2)),
        session: SessionId(Uuid::from_u128(3)),
        secret: SessionSecret(Uuid::from_u128(4)),
    }
}

/// Keys, and the parts of a token that they issued. Tests alter the parts and sign them again.
struct Bench {
    keys: Keys,
    authority: Authority,
    header: Value,
    claims: Value,
}

impl Bench {
    fn new() -> Self {
        let keys = Keys::generate();
        let authority = Authority::new(&keys, ISSUER, AUDIENCE);
        let token = authority.issue(caller(), now(), LIFETIME);
        let part = |at: usize| {
            let text = token.split('.').nth(at).expect("a part");
            serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).expect("base64")).expect("JSON")
        };
        Self { header: part(0), claims: part(1), keys, authority }
    }

    fn message(&self) -> String {
        let encode = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        format!("{}.{}", encode(&self.header), encode(&self.claims))
    }

    fn signed_by(&self, key: &SigningKey) -> String {
        let message = self.message();
        format!("{message}.{}", BASE64URL_NOPAD.encode(&key.sign(message.as_bytes()).to_bytes()))
    }

    fn signed(&self) -> String {
        self.signed_by(self.keys.signing().current())
    }

    fn accepts(&self, token: &str) -> bool {
        self.authority.verify(token, now()).is_ok()
    }

    fn with_header(mut self, name: &str, value: Value) -> Self {
        self.header[name] = value;
        self
    }

    fn with_claim(mut self, name: &str, value: Value) -> Self {
        self.claims[name] = value;
        self
    }
}

#[test]
fn what_is_issued_is_verified() {
    let bench = Bench::new();
    let token = bench.authority.issue(caller(), now(), LIFETIME);
    let verified = bench.authority.verify(&token, now()).expect("it is good");
    assert_eq!((verified.caller, verified.expires_at), (caller(), now() + LIFETIME));
    assert!(bench.accepts(&bench.signed()), "the tests sign as we do");
    assert!(token.len() < 1024, "{}", token.len());
}

#[test]
fn it_holds_opaque_ids_and_a_secret_alone() {
    let bench = Bench::new();
    let names: Vec<&String> = bench.claims.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["aud", "exp", "iat", "iss", "jti", "nbf", "organisation", "secret", "session", "sub"]);
    let names: Vec<&String> = bench.header.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["alg", "kid", "typ"]);
    // A token can be named without its secret.
    assert_ne!(bench.claims["jti"], bench.claims["secret"]);
}

#[test]
fn the_algorithm_is_not_read_from_the_header() {
    let bench = Bench::new();
    let public = bench.keys.signing().current().verifying_key();
    for algorithm in ["none", "None", "NONE", "HS256", "HS512", "RS256", "ES256", "Ed25519", "EDDSA", ""] {
        let bench = Bench {
            keys: Keys::generate(),
            authority: bench.authority.clone(),
            header: bench.header.clone(),
            claims: bench.claims.clone(),
        }
        .with_header("alg", json!(algorithm));
        let message = bench.message();
        assert!(!bench.accepts(&format!("{message}.")), "{algorithm} without a signature");
        for secret in [public.as_bytes().to_vec(), BASE64URL_NOPAD.encode(public.as_bytes()).into_bytes(), Vec::new()] {
            let mut authenticator = Hmac::<sha2::Sha256>::new_from_slice(&secret).expect("a key");
            authenticator.update(message.as_bytes());
            let tag = BASE64URL_NOPAD.encode(&authenticator.finalize().into_bytes());
            assert!(!bench.accepts(&format!("{message}.{tag}")), "{algorithm} with the public key as the secret");
        }
    }
    let bench = Bench::new().with_header("alg", json!("HS256"));
    assert!(!bench.accepts(&bench.signed()), "well signed, and yet another algorithm named");
}

#[test]
fn only_the_header_that_we_issue_is_accepted() {
    for (name, value) in [
        ("typ", json!("JWT")),
        ("typ", Value::Null),
        ("kid", json!("0123456789abcdef")),
        ("kid", json!("")),
        ("kid", Value::Null),
        ("crit", json!(["exp"])),
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/keys")),
        ("cty", json!("JWT")),
        ("zip", json!("DEF")),
        ("b64", json!(false)),
    ] {
        let bench = Bench::new().with_header(name, value.clone());
        assert!(!bench.accepts(&bench.signed()), "{name}: {value}");
    }
    let evil = SigningKey::from_bytes(&[1; 32]);
    let x = BASE64URL_NOPAD.encode(evil.verifying_key().as_bytes());
    let bench = Bench::new().with_header("jwk", json!({ "kty": "OKP", "crv": "Ed25519", "x": x }));
    assert!(!bench.accepts(&bench.signed_by(&evil)));
    assert!(!bench.accepts(&bench.signed()));
}

#[test]
fn claims_of_another_place_are_refused() {
    for (name, value) in [
        ("iss", json!("https://evil.example")),
        ("iss", json!([ISSUER, "https://evil.example"])),
        ("iss", json!("")),
        ("aud", json!("another")),
        ("aud", json!([AUDIENCE, "another"])),
        ("aud", json!(1)),
        ("sub", json!("caseworker@jirani")),
        ("organisation", json!("jirani")),
        ("session", json!(7)),
        ("jti", json!("")),
        ("exp", json!("1800000600")),
        ("exp", json!(1e300)),
        ("exp", json!(-1)),
        ("exp", json!(i64::MAX)),
        ("nbf", json!(i64::MIN)),
        ("nbf", json!(1.5)),
    ] {
        let bench = Bench::new().with_claim(name, value.clone());
        assert!(!bench.accepts(&bench.signed()), "{name}: {value}");
    }
}

#[test]
fn every_claim_is_required() {
    for name in ["iss", "aud", "sub", "jti", "iat", "nbf", "exp", "organisation", "session"] {
        let mut bench = Bench::new();
        bench.claims.as_object_mut().expect("an object").remove(name);
        assert!(!bench.accepts(&bench.signed()), "without {name}");
        let bench = Bench::new().with_claim(name, Value::Null);
        assert!(!bench.accepts(&bench.signed()), "{name} null");
    }
}

#[test]
fn it_is_good_from_its_time_to_its_time_with_half_a_minute_to_spare() {
    let bench = Bench::new();
    let token = bench.authority.issue(caller(), now(), LIFETIME);
    let good = |seconds: i64| bench.authority.verify(&token, now() + TimeDelta::seconds(seconds)).is_ok();
    assert!(!good(-31) && good(-30) && good(0) && good(600) && good(630) && !good(631));
    let excused = |minutes: i64, seconds: i64| {
        bench.authority.verify_excusing(&token, now() + TimeDelta::seconds(seconds), TimeDelta::minutes(minutes)).is_ok()
    };
    assert!(excused(15, 600 + 900) && !excused(15, 600 + 901) && !excused(15, -31));
}

#[test]
fn another_key_or_another_byte_is_refused() {
    let bench = Bench::new();
    assert!(!bench.accepts(&bench.signed_by(&SigningKey::from_bytes(&[1; 32]))));
    assert!(!Bench::new().accepts(&bench.signed()), "of another server");
    let token = bench.signed();
    for at in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        assert!(!bench.accepts(std::str::from_utf8(&bytes).expect("ASCII")), "byte {at}");
    }
    for end in 0..token.len() {
        assert!(!bench.accepts(&token[..end]), "cut at {end}");
    }
    assert!(!bench.accepts(&format!("{token}.")) && !bench.accepts(&format!("{token}=")) && !bench.accepts(&format!(" {token}")));
}

#[test]
fn what_is_too_long_is_not_read() {
    let bench = Bench::new().with_claim("padding", json!("x".repeat(2000)));
    assert!(!bench.accepts(&bench.signed()));
    let bench = Bench::new().with_claim("padding", json!("x".repeat(500)));
    assert!(bench.accepts(&bench.signed()), "a claim that a later version adds is passed over");
}

#[test]
fn the_public_halves_are_published_and_nothing_more() {
    let bench = Bench::new();
    let key = &bench.authority.jwks()["keys"][0];
    assert_eq!(key["kid"], bench.header["kid"]);
    assert_eq!(
        (&key["kty"], &key["crv"], &key["use"], &key["alg"]),
        (&json!("OKP"), &json!("Ed25519"), &json!("sig"), &json!("EdDSA"))
    );
    let x = BASE64URL_NOPAD.decode(key["x"].as_str().expect("text").as_bytes()).expect("base64");
    assert_eq!(x, bench.keys.signing().current().verifying_key().as_bytes());
    assert_eq!(key.as_object().expect("an object").len(), 6);
}
