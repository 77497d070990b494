//! Signing in, staying signed in and signing out; and invalid tokens of every kind.

mod gone_away;
mod lost_answer;
mod return_of_member;
mod shared;
mod token;

use chrono::TimeDelta;
use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use futures_util::future::join_all;
use hmac::{Hmac, Mac};
use pamoja_api::auth::{Authority, LIFETIME};
use pamoja_api::keys::Keys;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::Caller;
use pamoja_domain::device::SharedHours;
use pamoja_domain::id::{OrganisationId, SessionId, UserId};
use pamoja_domain::organisation::MembershipStatus;
use pamoja_domain::session_secret::SessionSecret;
use pamoja_domain::user::Role;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;

use crate::harness::{Client, OUTSIDER, PASSWORD, RECEIVER, SENDER, World, member};

const VIEWER: &str = "{ viewer { user { displayName } organisation { slug } } }";

/// An address's answer: its status, the headers that could reveal something, and the body.
#[derive(Debug, PartialEq)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Value,
}

impl Answer {
    async fn of(response: reqwest::Response) -> Self {
        let status = response.status().as_u16();
        // The request id and the time differ in every answer.
        let told = |name: &str| !["x-request-id", "date"].contains(&name);
        let headers = response.headers().iter().filter(|(name, _)| told(name.as_str()));
        let headers =
            headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect();
        let text = response.text().await.expect("a body");
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") };
        Self { status, headers, body }
    }

    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    fn text(&self, field: &str) -> String {
        self.body[field].as_str().unwrap_or_else(|| panic!("no {field}: {self:#?}")).to_owned()
    }

    fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or("")
    }
}

async fn post(client: &Client, path: &str, body: Value) -> Answer {
    Answer::of(client.request(Method::POST, path).json(&body).send().await.expect("an answer")).await
}

async fn sign_in(world: &World, username: &str, password: &str) -> Answer {
    post(&world.anonymous(), "/session", json!({ "username": username, "password": password })).await
}

async fn refresh(world: &World, token: &str) -> Answer {
    post(&world.anonymous(), "/session/refresh", json!({ "refreshToken": token })).await
}

fn with_token(world: &World, token: &str) -> Client {
    Client::new(world.address, Some(token.to_owned()))
}

/// The code of the error for that token; nothing when it is accepted.
async fn refused(world: &World, token: &str) -> Option<String> {
    let answer = with_token(world, token).run(VIEWER, json!({})).await;
    answer["errors"][0]["extensions"]["code"].as_str().map(str::to_owned)
}

async fn assert_out(world: &World, token: &str, why: &str) {
    assert_eq!(refused(world, token).await.as_deref(), Some("UNAUTHENTICATED"), "{why}");
}

async fn assert_in(world: &World, token: &str, why: &str) {
    assert_eq!(refused(world, token).await, None, "{why}");
}

fn part(token: &str, at: usize) -> Value {
    let text = token.split('.').nth(at).expect("a part");
    serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).expect("base64url")).expect("JSON")
}

fn caller_of(token: &str) -> Caller {
    let claims = part(token, 1);
    let id = |name: &str| Uuid::parse_str(claims[name].as_str().expect("an id")).expect("a UUID");
    let (organisation, user) = (OrganisationId(id("organisation")), UserId(id("sub")));
    Caller { organisation, user, session: SessionId(id("session")), secret: SessionSecret(id("secret")) }
}

#[tokio::test]
async fn a_password_opens_a_session_whose_tokens_hold_opaque_ids_alone() {
    let world = World::new().await;
    let answer = sign_in(&world, " Caseworker@JIRANI ", PASSWORD).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "no-store");
    let mut names: Vec<&String> = answer.body.as_object().expect("an object").keys().collect();
    names.sort();
    assert_eq!(names, ["accessToken", "expiresIn", "refreshToken", "tokenType"]);
    assert_eq!((&answer.body["tokenType"], &answer.body["expiresIn"]), (&json!("Bearer"), &json!(600)));
    let token = answer.text("accessToken");
    let seen = with_token(&world, &token).data(VIEWER, json!({})).await;
    assert_eq!(seen["viewer"], json!({ "user": { "displayName": "caseworker" }, "organisation": { "slug": "jirani" } }));
    let claims = part(&token, 1);
    let mut names: Vec<&String> = claims.as_object().expect("an object").keys().collect();
    names.sort();
    assert_eq!(names, ["aud", "exp", "iat", "iss", "jti", "nbf", "organisation", "secret", "session", "sub"]);
    let said = format!("{claims}{}{}", part(&token, 0), answer.body).to_lowercase();
    assert!(!said.contains("caseworker") && !said.contains("jirani"), "{said}");
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_its_reuse_ends_the_whole_family_and_no_other() {
    let world = World::new().await;
    let first = sign_in(&world, "caseworker@jirani", PASSWORD).await;
    let other = sign_in(&world, "caseworker@jirani", PASSWORD).await;
    let second = refresh(&world, &first.text("refreshToken")).await;
    assert_eq!(second.status, 200, "{second:#?}");
    let third = refresh(&world, &second.text("refreshToken")).await;
    assert_in(&world, &third.text("accessToken"), "the newest access token").await;
    let reused = refresh(&world, &first.text("refreshToken")).await;
    assert_eq!((reused.status, reused.code()), (401, "UNAUTHENTICATED"));
    for (answer, which) in [(&first, "first"), (&second, "second"), (&third, "third")] {
        assert_eq!(refresh(&world, &answer.text("refreshToken")).await, reused, "the {which} refresh token");
        assert_out(&world, &answer.text("accessToken"), which).await;
    }
    assert_in(&world, &other.text("accessToken"), "another sign-in of the same person").await;
    assert_eq!(refresh(&world, &other.text("refreshToken")).await.status, 200);
}

#[tokio::test]
async fn signing_out_ends_the_session_at_once_and_can_be_done_a_while_after_the_token_expired() {
    let world = World::new().await;
    let delete = async |token: &str| {
        let request = with_token(&world, token).request(Method::DELETE, "/session");
        Answer::of(request.send().await.expect("an answer")).await.status
    };
    let answer = sign_in(&world, "caseworker@jirani", PASSWORD).await;
    let token = answer.text("accessToken");
    assert_eq!(delete(&token).await, 204);
    assert_out(&world, &token, "signed out").await;
    assert_eq!(refresh(&world, &answer.text("refreshToken")).await.status, 401);
    assert_eq!(delete(&token).await, 204, "what has ended can be ended");
    assert_eq!(delete("nonsense").await, 401);

    let later = sign_in(&world, "caseworker@jirani", PASSWORD).await;
    world.travel(TimeDelta::minutes(20)).await;
    assert_eq!(delete(&later.text("accessToken")).await, 204);
    assert_eq!(refresh(&world, &later.text("refreshToken")).await.status, 401);
}

#[tokio::test]
async fn after_five_failures_the_right_password_waits_too_and_only_for_that_account() {
    let world = World::new().await;
    for _ in 0..4 {
        assert_eq!(sign_in(&world, "caseworker@jirani", "wrong").await.status, 401);
    }
    assert_eq!(sign_in(&world, "caseworker@jirani", PASSWORD).await.status, 200, "a success forgets failures");
    for attempt in 0..5 {
        let username = if attempt % 2 == 0 { "caseworker@jirani" } else { "CASEWORKER@Jirani " };
        assert_eq!(sign_in(&world, username, "wrong").await.status, 401, "{attempt}");
    }
    let throttled = sign_in(&world, "caseworker@jirani", PASSWORD).await;
    assert_eq!((throttled.status, throttled.code(), throttled.header("retry-after")), (429, "RATE_LIMITED", "900"));
    assert_eq!(sign_in(&world, "peer@jirani", PASSWORD).await.status, 200);
    world.travel(TimeDelta::minutes(14)).await;
    assert_eq!(sign_in(&world, "caseworker@jirani", PASSWORD).await.status, 429);
    world.travel(TimeDelta::minutes(16)).await;
    assert_eq!(sign_in(&world, "caseworker@jirani", PASSWORD).await.status, 200);
}

#[tokio::test]
async fn of_twenty_passwords_at_once_no_more_than_five_are_looked_at() {
    let world = World::new().await;
    let answers = join_all((0..20).map(|_| sign_in(&world, "caseworker@jirani", "wrong"))).await;
    let count = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
    assert!((1..=5).contains(&count(401)), "{} were looked at", count(401));
    assert_eq!(count(401) + count(429) + count(503), 20, "{answers:#?}");
    assert!(count(429) > 0, "{answers:#?}");
}

#[tokio::test]
async fn whoever_cannot_sign_in_is_answered_alike_and_throttled_alike() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser.batch_execute("UPDATE user_account SET disabled_at = now() WHERE handle = 'trainer'").await.expect("disabled");
    let somebody = [
        ("a wrong password", "caseworker@jirani", "wrong horse battery"),
        ("an unknown handle", "stranger@jirani", PASSWORD),
        ("an unknown organisation", "caseworker@nowhere", PASSWORD),
        ("a disabled account", "trainer@jirani", PASSWORD),
        ("a frozen organisation", "caseworker@frozen", PASSWORD),
        ("an organisation that left", "caseworker@left", PASSWORD),
        ("no username at all", "caseworker", PASSWORD),
    ];
    let mut answers: Vec<Vec<Answer>> = Vec::new();
    for (why, username, password) in somebody {
        let mut of_one = Vec::new();
        for _ in 0..6 {
            let answer = sign_in(&world, username, password).await;
            let said = format!("{answer:?}").to_lowercase();
            for word in ["caseworker", "stranger", "trainer", "jirani", "nowhere", "frozen\"", "horse"] {
                assert!(!said.contains(word), "{why}: {said}");
            }
            of_one.push(answer);
        }
        answers.push(of_one);
    }
    let statuses: Vec<u16> = answers[0].iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429]);
    for ((why, ..), answer) in somebody.iter().zip(&answers) {
        assert_eq!(answer, &answers[0], "{why} can be told apart");
    }
}

#[tokio::test]
async fn an_access_token_alone_renews_no_session_on_an_own_device() {
    let world = World::new().await;
    let token = sign_in(&world, "caseworker@jirani", PASSWORD).await.text("accessToken");
    let request = with_token(&world, &token).request(Method::POST, "/session/refresh");
    assert_eq!(Answer::of(request.send().await.expect("an answer")).await.status, 401);
}

#[tokio::test]
async fn a_session_ends_after_twelve_idle_hours_and_after_seven_days_however_much_it_is_used() {
    let world = World::new().await;
    let idle = sign_in(&world, "caseworker@jirani", PASSWORD).await;
    let busy = sign_in(&world, "peer@jirani", PASSWORD).await;
    let mut newest = busy.text("refreshToken");
    for hours in (11..7 * 24).step_by(11) {
        world.travel(TimeDelta::hours(hours)).await;
        let answer = refresh(&world, &newest).await;
        assert_eq!(answer.status, 200, "after {hours} hours: {answer:#?}");
        newest = answer.text("refreshToken");
        if hours == 22 {
            assert_eq!(refresh(&world, &idle.text("refreshToken")).await.status, 401, "it was idle");
        }
    }
    world.travel(TimeDelta::hours(7 * 24 + 1)).await;
    assert_eq!(refresh(&world, &newest).await.status, 401);
    let fresh = world.fresh_token(caller_of(&busy.text("accessToken"))).await;
    assert_out(&world, &fresh, "a token outlives no session").await;
}

#[tokio::test]
async fn what_is_no_sign_in_is_told_in_one_shape_that_repeats_nothing() {
    let world = World::new().await;
    let client = world.anonymous();
    let good = json!({ "username": "caseworker@jirani", "password": PASSWORD }).to_string();
    let phone = json!({ "username": "caseworker@jirani", "password": PASSWORD, "totp": "0712345678" }).to_string();
    let long = json!({ "username": "caseworker@jirani", "password": "x".repeat(9 * 1024) }).to_string();
    let longer = json!({ "username": "caseworker@jirani", "password": "x".repeat(1025) }).to_string();
    let (json_type, form) = ("application/json", "application/x-www-form-urlencoded");
    let cases = [
        (Method::POST, "/session", "text/plain", good.clone(), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (
            Method::POST,
            "/session",
            form,
            "username=caseworker%40jirani&password=correct".to_owned(),
            415,
            "UNSUPPORTED_MEDIA_TYPE",
        ),
        (Method::POST, "/session", "multipart/form-data; boundary=x", good.clone(), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (Method::POST, "/session", json_type, "{".to_owned(), 400, "BAD_REQUEST"),
        (Method::POST, "/session", json_type, format!("[{good}]"), 400, "BAD_REQUEST"),
        (Method::POST, "/session", json_type, "[\"caseworker@jirani\",\"x\",\"own\"]".to_owned(), 400, "BAD_REQUEST"),
        (Method::POST, "/session", json_type, "{\"username\":\"caseworker@jirani\"}".to_owned(), 400, "BAD_REQUEST"),
        (Method::POST, "/session", json_type, phone, 400, "BAD_REQUEST"),
        (Method::POST, "/session", json_type, longer, 400, "BAD_REQUEST"),
        (Method::POST, "/session", json_type, long, 413, "PAYLOAD_TOO_LARGE"),
        (Method::POST, "/session", json_type, "x".repeat(70_000), 413, "PAYLOAD_TOO_LARGE"),
        (Method::POST, "/session/refresh", json_type, "x".repeat(70_000), 413, "PAYLOAD_TOO_LARGE"),
        (Method::POST, "/session", "application/json; charset=utf-16", good.clone(), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (Method::PUT, "/session", json_type, good, 405, "METHOD_NOT_ALLOWED"),
        (Method::POST, "/session/refresh", json_type, "{\"refreshToken\":\"0712345678\"}".to_owned(), 401, "UNAUTHENTICATED"),
        (Method::POST, "/session/refresh", json_type, "{}".to_owned(), 400, "BAD_REQUEST"),
        (Method::DELETE, "/session", json_type, String::new(), 401, "UNAUTHENTICATED"),
    ];
    for (method, path, content_type, body, status, code) in cases {
        let request = client.request(method.clone(), path).header("content-type", content_type).body(body.clone());
        let answer = Answer::of(request.send().await.expect("an answer")).await;
        let case = format!("{method} {path} {content_type} {:.60}", body);
        assert_eq!((answer.status, answer.code()), (status, code), "{case}");
        let error = answer.body["error"].as_object().expect("an error");
        assert!(answer.body.as_object().is_some_and(|body| body.len() == 1) && error.len() == 2, "{case}: {answer:#?}");
        assert!(error["message"].as_str().is_some_and(|message| message.ends_with('.')), "{case}");
        let said = answer.body.to_string();
        assert!(!said.contains("caseworker") && !said.contains("0712345678") && !said.contains("jirani"), "{case}: {said}");
    }
    assert_eq!(sign_in(&world, "caseworker@jirani", PASSWORD).await.status, 200, "none of it counted as a failure");
}

#[tokio::test]
async fn a_sign_in_and_its_end_are_in_the_audit_and_name_no_username() {
    let world = World::new().await;
    let answer = sign_in(&world, "caseworker@jirani", PASSWORD).await;
    let next = refresh(&world, &answer.text("refreshToken")).await.text("refreshToken");
    world.travel(TimeDelta::seconds(61)).await;
    refresh(&world, &answer.text("refreshToken")).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let rows = superuser.query("SELECT action, node_id::text FROM audit_entry ORDER BY position", &[]).await.expect("the audit");
    let entries: Vec<(String, Option<String>)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let user = Some(SENDER.user("caseworker").to_string());
    assert_eq!(entries, [("signIn".to_owned(), user.clone()), ("refreshTokenReused".to_owned(), user)]);
    let kept = superuser.query("SELECT to_jsonb(s)::text FROM user_session s UNION ALL SELECT to_jsonb(f)::text FROM sign_in_attempt f UNION ALL SELECT to_jsonb(t)::text FROM refresh_token t", &[]).await.expect("rows");
    for row in kept {
        let text: String = row.get(0);
        assert!(!text.contains("caseworker"), "{text}");
        for token in [&answer.text("refreshToken"), &next] {
            let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).expect("base64url");
            let written =
                [token.clone(), data_encoding::HEXLOWER.encode(&bytes[16..]), data_encoding::BASE64.encode(&bytes[16..])];
            assert!(written.iter().all(|written| !text.contains(written)), "a token can be read: {text}");
        }
    }
}

#[tokio::test]
async fn a_frozen_members_people_stay_out_whatever_they_know() {
    let world = World::new().await;
    let frozen = member("frozen");
    let client = world.client(frozen, Role::Caseworker).await;
    assert_eq!(client.error_code(VIEWER, json!({})).await, "UNAUTHENTICATED");
}

#[tokio::test]
async fn an_attempt_that_is_withdrawn_counts_no_longer_and_the_others_do() {
    let world = World::new().await;
    let attempt = async || world.app.gate.begin("caseworker@jirani").await.expect("it is answered");
    let mut begun = Vec::new();
    for _ in 0..5 {
        begun.extend(attempt().await);
    }
    assert_eq!((begun.len(), attempt().await), (5, None));
    world.app.gate.withdraw(begun[0].0).await.expect("it is withdrawn");
    assert!(attempt().await.is_some());
    assert_eq!(attempt().await, None);
}
