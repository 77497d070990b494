//! What was there before there was a gate: passwords and tokens that renew stay good, and tokens without a secret open nothing.

use std::path::Path;

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};
use ed25519_dalek::pkcs8::DecodePrivateKey;
use ed25519_dalek::{Signer, SigningKey};
use pamoja_api::auth::{LIFETIME, Passwords, new_credential};
use pamoja_api::keys::Keys;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::Caller;
use pamoja_domain::id::SessionId;
use pamoja_domain::session_secret::SessionSecret;
use pamoja_persistence::migrate;
use serde_json::{Value, json};
use uuid::Uuid;

use super::attempt::{Outcome, send};
use crate::harness::{Client, Folder, PASSWORD, SENDER, World, postgres};

/// The first migration that the database of before doesn't have.
const GATE: &str = "2026-11-29-000100";
const VIEWER: &str = "{ viewer { organisation { slug } } }";

/// Runs the migrations of before as the owner, and writes down that they were run, as the program did.
async fn migrate_to_before(owner: &tokio_postgres::Client) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("the migrations")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .filter(|name| name.as_str() < GATE)
        .collect();
    names.sort();
    let listed =
        "CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT now())";
    owner.batch_execute(listed).await.expect("a list");
    for name in &names {
        let sql = std::fs::read_to_string(folder.join(name).join("up.sql")).expect("a migration");
        let version = name.split('_').next().unwrap_or_default().replace('-', "");
        let run = format!("BEGIN; {sql}\n; INSERT INTO __diesel_schema_migrations (version) VALUES ('{version}'); COMMIT");
        owner.batch_execute(&run).await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
    }
    names.len()
}

/// The string in which a password stood in the database of before.
async fn phc_string() -> String {
    let parameters = new_credential(PASSWORD).expect("hashed").parameters;
    let (memory, passes, lanes) = (parameters.memory_kib, parameters.passes, parameters.lanes);
    let salt = BASE64_NOPAD.encode(&parameters.salt);
    let output = Passwords::default().output(zeroize::Zeroizing::new(PASSWORD.to_owned()), parameters).await.expect("hashed");
    format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${}", BASE64_NOPAD.encode(output.as_slice()))
}

async fn post(client: &Client, path: &str, body: Value) -> (u16, Value) {
    let answer = client.request(reqwest::Method::POST, path).json(&body).send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

#[tokio::test]
async fn passwords_and_tokens_that_renew_are_good_after_the_upgrade_and_tokens_without_a_secret_are_not() {
    let folder = Folder::new("keys");
    let keys = Keys::create(&folder.0.join("keys")).expect("keys");
    let database = postgres().create_empty_database().await;
    let (owner, connection) =
        tokio_postgres::connect(&database.url(DatabaseRole::Owner), tokio_postgres::NoTls).await.expect("a connection");
    tokio::spawn(connection);
    let ran = migrate_to_before(&owner).await;
    assert!(ran > 20, "only {ran} migrations");

    let (organisation, user, session) = (SENDER.id(), SENDER.user("caseworker"), Uuid::new_v4());
    let token = [organisation.0.as_bytes().as_slice(), &[7; 32]].concat();
    let hash = data_encoding::HEXLOWER.encode(&keys.refresh_token_hash(&token));
    let (superuser, connection) =
        tokio_postgres::connect(&database.url(DatabaseRole::Superuser), tokio_postgres::NoTls).await.expect("a connection");
    tokio::spawn(connection);
    let rows = format!(
        "INSERT INTO organisation (id, slug, name, kind, populations, counties, status)
         VALUES ('{organisation}', 'jirani', 'Jirani', 'MSM_LED', '{{}}', '{{047}}', 'ACTIVE');
         INSERT INTO user_account (organisation_id, id, handle, display_name, roles)
         VALUES ('{organisation}', '{user}', 'caseworker', 'A caseworker', '{{CASEWORKER}}');
         INSERT INTO user_credential (organisation_id, user_id, password_hash) VALUES ('{organisation}', '{user}', '{}');
         INSERT INTO user_session (organisation_id, id, user_id, device, ends_at)
         VALUES ('{organisation}', '{session}', '{user}', 'own', now() + interval '1 day');
         INSERT INTO refresh_token (organisation_id, token_hash, session_id) VALUES ('{organisation}', '\\x{hash}', '{session}')",
        phc_string().await
    );
    superuser.batch_execute(&rows).await.expect("rows of before");
    migrate::up(&database.url(DatabaseRole::Owner)).await.expect("the upgrade");
    let stored = send(&superuser, &format!("SELECT count(*) FROM refresh_token WHERE token_hash = '\\x{hash}'")).await;
    assert_eq!(stored, Outcome::Ran(vec!["0".to_owned()], 1), "what stands there now can't be presented");

    let world = World::of(database, keys).await;
    let anonymous = world.anonymous();
    let (status, answer) = post(&anonymous, "/session", json!({ "username": "caseworker@jirani", "password": PASSWORD })).await;
    assert_eq!(status, 200, "the password of before: {answer}");
    let wrong = json!({ "username": "caseworker@jirani", "password": "correct horse batterz" });
    assert_eq!(post(&anonymous, "/session", wrong).await.0, 401);
    let (status, answer) = post(&anonymous, "/session/refresh", json!({ "refreshToken": BASE64URL_NOPAD.encode(&token) })).await;
    assert_eq!(status, 200, "the token of before: {answer}");
    let renewed = Client::new(world.address, answer["accessToken"].as_str().map(str::to_owned));
    assert_eq!(renewed.data(VIEWER, json!({})).await["viewer"]["organisation"]["slug"], "jirani");

    // An access token of before: the same claims and the same signature, but no secret.
    let caller = Caller { organisation, user, session: SessionId(session), secret: SessionSecret(Uuid::new_v4()) };
    let issued = world.app.authority.issue(caller, world.app.database.now(), LIFETIME);
    let mut parts = issued.split('.');
    let (header, claims) = (parts.next().expect("a header"), parts.next().expect("claims"));
    let mut claims: Value = serde_json::from_slice(&BASE64URL_NOPAD.decode(claims.as_bytes()).expect("base64url")).expect("JSON");
    claims.as_object_mut().expect("claims").remove("secret").expect("it carries a secret now");
    let message = format!("{header}.{}", BASE64URL_NOPAD.encode(claims.to_string().as_bytes()));
    let signature = signing_key(&folder.0.join("keys")).sign(message.as_bytes());
    let of_before = Client::new(world.address, Some(format!("{message}.{}", BASE64URL_NOPAD.encode(&signature.to_bytes()))));
    for unproven in [of_before, Client::new(world.address, Some(issued.clone()))] {
        let (status, answer) = post(&unproven, "/graphql", json!({ "query": VIEWER })).await;
        assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (401, &json!("UNAUTHENTICATED")), "{answer}");
    }
}

/// The key with which the program signs its tokens.
fn signing_key(folder: &Path) -> SigningKey {
    let file = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .find(|path| path.extension().is_some_and(|extension| extension == "pem"))
        .expect("a signing key");
    SigningKey::from_pkcs8_pem(&std::fs::read_to_string(file).expect("a key")).expect("an Ed25519 key")
}
