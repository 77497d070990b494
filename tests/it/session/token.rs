//! Which access tokens are accepted, and for how long.

use super::*;

#[tokio::test]
async fn an_access_token_holds_for_ten_minutes() {
    let world = World::new().await;
    let token = sign_in(&world, "caseworker@jirani", PASSWORD).await.text("accessToken");
    world.travel(TimeDelta::minutes(10)).await;
    assert_in(&world, &token, "within the leeway").await;
    world.travel(TimeDelta::minutes(11)).await;
    assert_out(&world, &token, "expired").await;
    world.travel(TimeDelta::minutes(-2)).await;
    assert_out(&world, &token, "not yet good").await;
}

#[tokio::test]
async fn nothing_but_what_we_signed_for_ourselves_is_a_token() {
    let world = World::new().await;
    let token = sign_in(&world, "caseworker@jirani", PASSWORD).await.text("accessToken");
    assert_in(&world, &token, "the token itself").await;
    let (header, claims) = (part(&token, 0), part(&token, 1));
    let (caller, now) = (caller_of(&token), world.app.database.now());
    let encoded = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let signed = |header: &Value, claims: &Value, sign: &dyn Fn(&[u8]) -> Vec<u8>| {
        let message = format!("{}.{}", encoded(header), encoded(claims));
        format!("{message}.{}", BASE64URL_NOPAD.encode(&sign(message.as_bytes())))
    };
    let with = |value: &Value, name: &str, content: Value| {
        let mut value = value.clone();
        value[name] = content;
        value
    };
    let strangers = SigningKey::from_bytes(&[7; 32]);
    let by_stranger = |message: &[u8]| strangers.sign(message).to_bytes().to_vec();
    let public = BASE64URL_NOPAD
        .decode(world.app.authority.jwks()["keys"][0]["x"].as_str().expect("a key").as_bytes())
        .expect("base64url");
    let by_hmac = |message: &[u8]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(&public).expect("a key");
        mac.update(message);
        mac.finalize().into_bytes().to_vec()
    };
    let nobody = |_: &[u8]| Vec::new();
    let signature = token.rsplit('.').next().expect("a signature");
    let foreign = world.caller(RECEIVER, "caseworker").await;
    let cases = [
        ("nothing", String::new()),
        ("a word", "nonsense".to_owned()),
        ("unsigned", signed(&with(&header, "alg", json!("none")), &claims, &nobody)),
        ("unsigned but EdDSA", signed(&header, &claims, &nobody)),
        ("signed by somebody else under our key's id", signed(&header, &claims, &by_stranger)),
        ("signed by somebody else with their key in the header", {
            let jwk =
                json!({ "kty": "OKP", "crv": "Ed25519", "x": BASE64URL_NOPAD.encode(strangers.verifying_key().as_bytes()) });
            signed(&with(&header, "jwk", jwk), &claims, &by_stranger)
        }),
        ("HS256 with the public key as its secret", signed(&with(&header, "alg", json!("HS256")), &claims, &by_hmac)),
        ("of an unknown key", Authority::new(&Keys::generate(), "https://pamoja.test", "pamoja").issue(caller, now, LIFETIME)),
        ("of another issuer", Authority::new(&world.app.keys, "https://elsewhere.test", "pamoja").issue(caller, now, LIFETIME)),
        ("for another audience", Authority::new(&world.app.keys, "https://pamoja.test", "another").issue(caller, now, LIFETIME)),
        ("with another organisation written in", {
            let altered = with(&claims, "organisation", json!(RECEIVER.id().0));
            format!("{}.{}.{signature}", encoded(&header), encoded(&altered))
        }),
        ("with a later end written in", {
            let altered = with(&claims, "exp", json!(claims["exp"].as_i64().expect("a time") + 60));
            format!("{}.{}.{signature}", encoded(&header), encoded(&altered))
        }),
        ("of another user's session", world.app.authority.issue(Caller { session: foreign.session, ..caller }, now, LIFETIME)),
        (
            "of a session of another organisation",
            world.app.authority.issue(Caller { organisation: foreign.organisation, ..caller }, now, LIFETIME),
        ),
        (
            "of a session that never was",
            world.app.authority.issue(Caller { session: SessionId(Uuid::new_v4()), ..caller }, now, LIFETIME),
        ),
    ];
    for (which, case) in cases {
        let request = with_token(&world, &case).request(Method::POST, "/graphql").json(&json!({ "query": VIEWER }));
        let answer = Answer::of(request.send().await.expect("an answer")).await;
        assert_eq!((answer.status, &answer.body["errors"][0]["extensions"]["code"]), (401, &json!("UNAUTHENTICATED")), "{which}");
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{which}");
    }
}

#[tokio::test]
async fn anybody_can_verify_our_tokens_with_the_published_keys() {
    let world = World::new().await;
    let token = sign_in(&world, "caseworker@jirani", PASSWORD).await.text("accessToken");
    let response = world.anonymous().request(Method::GET, "/.well-known/jwks.json").send().await.expect("an answer");
    let jwks = Answer::of(response).await;
    let kid = &part(&token, 0)["kid"];
    let key = jwks.body["keys"].as_array().expect("keys").iter().find(|key| &key["kid"] == kid).expect("the token's key");
    assert_eq!((&key["kty"], &key["crv"], &key["alg"], key.get("d")), (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA"), None));
    let bytes = BASE64URL_NOPAD.decode(key["x"].as_str().expect("x").as_bytes()).expect("base64url");
    let key = VerifyingKey::from_bytes(&bytes.try_into().expect("32 bytes")).expect("a key");
    let (message, signature) = token.rsplit_once('.').expect("a signature");
    let signature = Signature::from_slice(&BASE64URL_NOPAD.decode(signature.as_bytes()).expect("base64url")).expect("64 bytes");
    key.verify(message.as_bytes(), &signature).expect("it verifies");
}
