//! Sessions on shared devices: what keeps them alive, what doesn't, and what ends them whatever happens.

use std::collections::HashSet;
use std::time::Duration;

use pamoja_api::http::settings::Settings;
use tokio::time::sleep;

use super::*;
use crate::harness::{PATIENT, Socket, until};
use crate::referral::sent;
use crate::subscription::CHANGES;

async fn begin(world: &World, username: &str) -> String {
    let body = json!({ "username": username, "password": PASSWORD, "device": "shared" });
    let answer = post(&world.anonymous(), "/session", body).await;
    assert_eq!((answer.status, answer.body.get("refreshToken")), (200, None), "{answer:#?}");
    answer.text("accessToken")
}

/// Renews a session by its access token.
pub async fn renew(world: &World, token: &str) -> Answer {
    let request = with_token(world, token).request(Method::POST, "/session/refresh");
    Answer::of(request.send().await.expect("an answer")).await
}

async fn renewed(world: &World, token: &str) -> String {
    let answer = renew(world, token).await;
    assert_eq!((answer.status, answer.body.get("refreshToken")), (200, None), "{answer:#?}");
    answer.text("accessToken")
}

/// Waits until the program has noted that the session was used at the present moment.
async fn noted(world: &World, token: &str) {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let (session, now) = (caller_of(token).session.to_string(), world.app.database.now());
    until("the use is noted", async || {
        let used = "SELECT last_used_at > $2::timestamptz - interval '20 seconds' FROM user_session WHERE id::text = $1";
        let row = superuser.query_one(used, &[&session, &now]).await.expect("a session");
        row.get::<_, bool>(0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_a_person_does_keeps_a_shared_session_alive() {
    let world = World::new().await;
    let mut token = begin(&world, "caseworker@jirani").await;
    let nowhere = pamoja_api::graphql::global_id::encode(pamoja_domain::id::ReferralId(Uuid::new_v4()));
    for (number, way) in ["a query", "a query over a socket", "a mutation", "a refused mutation"].into_iter().enumerate() {
        world.travel(TimeDelta::minutes(9 * (number as i64 + 1))).await;
        token = renewed(&world, &token).await;
        let client = with_token(&world, &token);
        match way {
            "a query" => assert_in(&world, &token, way).await,
            "a query over a socket" => {
                let mut socket = Socket::begin(world.address, &token).await;
                socket.subscribe("1", VIEWER).await;
                assert_eq!(socket.hear().await["type"], "next");
            }
            "a mutation" => drop(sent(&client).await),
            _ => {
                let payload = client.move_referral("acceptReferral", nowhere.as_ref()).await;
                assert_eq!(payload["userErrors"][0]["code"], "NOT_FOUND", "{payload:#}");
            }
        }
        noted(&world, &token).await;
    }
    world.travel(TimeDelta::minutes(36 + 13)).await;
    token = renewed(&world, &token).await;
    assert_in(&world, &token, "thirteen minutes after the last of it").await;
}

#[tokio::test]
async fn nothing_that_a_device_does_by_itself_keeps_a_shared_session_alive() {
    let world = World::new().await;
    let mut token = begin(&world, "caseworker@afya").await;
    let mut socket = Socket::begin(world.address, &token).await;
    let marked = json!({ "query": VIEWER, "extensions": { "background": true } });
    for minutes in [4, 8, 12] {
        world.travel(TimeDelta::minutes(minutes)).await;
        let sender = world.client(SENDER, Role::Caseworker).await;
        token = renewed(&world, &token).await;
        // A socket lasts no longer than its token, so that a device opens another.
        socket = Socket::begin(world.address, &token).await;
        socket.say(json!({ "id": "2", "type": "subscribe", "payload": marked })).await;
        // To its end, so that nothing of it comes later.
        while socket.hear().await["type"] != "complete" {}
        socket.subscribe("1", CHANGES).await;
        socket.await_changes(async || sent(&sender).await.0).await;
        let answer = with_token(&world, &token).request(Method::POST, "/graphql").json(&marked).send().await.expect("an answer");
        assert_eq!(answer.json::<Value>().await.expect("JSON")["data"]["viewer"]["organisation"]["slug"], "afya");
        sleep(Duration::from_millis(200)).await;
    }
    world.travel(TimeDelta::minutes(16)).await;
    assert_eq!(renew(&world, &token).await.status, 401, "sixteen minutes after the sign-in");
    let fresh = world.fresh_token(caller_of(&token)).await;
    assert_out(&world, &fresh, "a token that holds does not bring the session back").await;
    assert_eq!(socket.read_to_end().await.1, Some(4403), "and without any event");
}

#[tokio::test]
async fn a_socket_stays_open_as_long_as_a_person_does_something_elsewhere() {
    let world = World::new().await;
    let token = begin(&world, "caseworker@jirani").await;
    let mut socket = Socket::begin(world.address, &token).await;
    world.travel(TimeDelta::minutes(9)).await;
    let newer = renewed(&world, &token).await;
    assert_in(&world, &newer, "somebody works").await;
    noted(&world, &newer).await;
    world.travel(TimeDelta::minutes(16)).await;
    // Longer than the program takes to look at the clock.
    sleep(Duration::from_secs(7)).await;
    socket.subscribe("1", VIEWER).await;
    assert_eq!(socket.hear().await["type"], "next", "it is still served");
}

#[tokio::test]
async fn a_shared_session_ends_half_a_day_after_it_began_whatever_is_done() {
    for (hours, minutes) in [(SharedHours::default(), 12 * 60), ("4".parse().expect("hours"), 4 * 60)] {
        let world = World::with(Settings {
            introspection: false,
            explain_documents: false,
            explorer: false,
            allowed_origins: Vec::new(),
            shared_hours: hours,
            wait: PATIENT,
        })
        .await;
        let mut token = begin(&world, "caseworker@jirani").await;
        for passed in (9..minutes).step_by(9) {
            world.travel(TimeDelta::minutes(passed)).await;
            token = renewed(&world, &token).await;
            assert_in(&world, &token, "a person works on").await;
            noted(&world, &token).await;
        }
        let mut socket = Socket::begin(world.address, &token).await;
        world.travel(TimeDelta::minutes(minutes + 1)).await;
        assert_eq!(renew(&world, &token).await.status, 401, "after {hours} hours");
        let fresh = world.fresh_token(caller_of(&token)).await;
        assert_out(&world, &fresh, "a token outlives no session").await;
        assert_eq!(socket.read_to_end().await, (Vec::new(), Some(4403)));
    }
}

/// The attack: whoever has copied an access token renews it for seven days, in five places at once, while the person works on.
#[tokio::test]
async fn a_copied_shared_token_lives_no_longer_than_its_session_and_in_one_line() {
    let world = World::new().await;
    let mut newest = begin(&world, "caseworker@jirani").await;
    let (mut renewals, mut last) = (0, 0);
    for minutes in (9..7 * 24 * 60).step_by(9).take_while(|minutes| *minutes < 14 * 60) {
        world.travel(TimeDelta::minutes(minutes)).await;
        let answers = join_all((0..5).map(|_| renew(&world, &newest))).await;
        let tokens: HashSet<String> =
            answers.iter().filter(|answer| answer.status == 200).map(|answer| answer.text("accessToken")).collect();
        assert!(tokens.len() <= 1, "five at once get one token: {}", tokens.len());
        let Some(token) = tokens.into_iter().next() else { continue };
        (newest, renewals, last) = (token, renewals + 1, minutes);
        assert_in(&world, &newest, "the person works on").await;
        noted(&world, &newest).await;
    }
    assert!(renewals > 70 && (11 * 60..12 * 60).contains(&last), "{renewals} renewals, the last after {last} minutes");
    world.travel(TimeDelta::days(6)).await;
    assert_eq!(renew(&world, &newest).await.status, 401);
}

#[tokio::test]
async fn an_older_token_that_tries_to_renew_ends_the_shared_session() {
    let world = World::new().await;
    let first = begin(&world, "caseworker@jirani").await;
    let second = renewed(&world, &first).await;
    assert_eq!(renewed(&world, &first).await, second, "a lost answer is given again, to the letter");
    let third = renewed(&world, &second).await;
    assert_in(&world, &first, "an older token still asks until it expires").await;
    assert_eq!(renew(&world, &first).await.status, 401, "but it renews nothing");
    for (which, token) in [("first", &first), ("second", &second), ("third", &third)] {
        assert_out(&world, token, which).await;
        assert_eq!(renew(&world, token).await.status, 401, "{which}");
    }

    let first = begin(&world, "caseworker@jirani").await;
    let second = renewed(&world, &first).await;
    world.travel(TimeDelta::seconds(62)).await;
    assert_eq!(renew(&world, &first).await.status, 401, "later than a minute");
    assert_out(&world, &second, "the session has ended").await;
}

#[tokio::test]
async fn past_the_program_no_session_is_made_that_lasts_longer() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let user = SENDER.user("caseworker");
    for (device, hours, possible) in [("shared", 24, true), ("shared", 25, false), ("own", 168, true), ("own", 169, false)] {
        let statement = format!(
            "INSERT INTO user_session (organisation_id, id, user_id, device, ends_at)
            VALUES ('{}', gen_random_uuid(), '{user}', '{device}', now() + interval '{hours} hours')",
            SENDER.id()
        );
        assert_eq!(superuser.batch_execute(&statement).await.is_ok(), possible, "{device} {hours}");
    }
}
