//! Renewing where answers are lost: the same refresh token gives the same successor for a minute, and to nobody else.

use super::*;

#[tokio::test]
async fn a_lost_answer_is_given_again_within_a_minute() {
    let world = World::new().await;
    let first = sign_in(&world, "caseworker@jirani", PASSWORD).await.text("refreshToken");
    let lost = refresh(&world, &first).await;
    for seconds in [0, 15, 30] {
        world.travel(TimeDelta::seconds(seconds)).await;
        let again = refresh(&world, &first).await;
        assert_eq!(again.status, 200, "after {seconds} seconds: {again:#?}");
        assert_eq!(again.text("refreshToken"), lost.text("refreshToken"), "the same successor");
        assert_eq!(part(&again.text("accessToken"), 1)["jti"], part(&lost.text("accessToken"), 1)["jti"], "with the same secret");
        let callers = [&again, &lost].map(|answer| caller_of(&answer.text("accessToken")));
        assert_eq!(callers[0], callers[1], "of the same session");
        assert_in(&world, &again.text("accessToken"), "it is good").await;
    }
    let next = refresh(&world, &lost.text("refreshToken")).await;
    assert_eq!(next.status, 200, "the successor is good once");
    assert_eq!(refresh(&world, &first).await.status, 401, "the answer had come after all: somebody has a copy");
    assert_out(&world, &next.text("accessToken"), "so the family ends").await;
}

#[tokio::test]
async fn later_than_a_minute_a_used_token_ends_its_family() {
    let world = World::new().await;
    let first = sign_in(&world, "caseworker@jirani", PASSWORD).await.text("refreshToken");
    let lost = refresh(&world, &first).await;
    world.travel(TimeDelta::seconds(62)).await;
    assert_eq!(refresh(&world, &first).await.status, 401);
    assert_out(&world, &lost.text("accessToken"), "its family has ended").await;
    assert_eq!(refresh(&world, &lost.text("refreshToken")).await.status, 401);
}

#[tokio::test]
async fn whoever_shows_a_refresh_token_at_once_gets_the_same_successor() {
    let world = World::new().await;
    let token = sign_in(&world, "caseworker@jirani", PASSWORD).await.text("refreshToken");
    let answers = join_all((0..4).map(|_| refresh(&world, &token))).await;
    for answer in &answers {
        assert_eq!(answer.status, 200, "{answers:#?}");
        assert_eq!(answer.text("refreshToken"), answers[0].text("refreshToken"));
        assert_in(&world, &answer.text("accessToken"), "each access token is good").await;
    }
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let kept = superuser.query_one("SELECT count(*), count(used_at) FROM refresh_token", &[]).await.expect("tokens");
    assert_eq!((kept.get::<_, i64>(0), kept.get::<_, i64>(1)), (2, 1), "one successor");
    assert_eq!(refresh(&world, &answers[3].text("refreshToken")).await.status, 200);
}

#[tokio::test]
async fn a_token_of_another_devices_session_is_refused_within_the_minute_too_and_ends_nothing() {
    let world = World::new().await;
    let (mine, other) = (sign_in(&world, "caseworker@jirani", PASSWORD).await, sign_in(&world, "peer@jirani", PASSWORD).await);
    let shared = json!({ "username": "caseworker@jirani", "password": PASSWORD, "device": "shared" });
    let shared = post(&world.anonymous(), "/session", shared).await;
    let lost = refresh(&world, &mine.text("refreshToken")).await;
    let from = async |access_token: &str, refresh_token: &str| {
        let body = json!({ "refreshToken": refresh_token });
        post(&with_token(&world, access_token), "/session/refresh", body).await
    };
    let wrong = refresh(&world, &mine.text("refreshToken").chars().rev().collect::<String>()).await;
    for (which, access_token) in [("another person's", &other), ("a shared device's", &shared)] {
        for token in [mine.text("refreshToken"), lost.text("refreshToken")] {
            let answer = from(&access_token.text("accessToken"), &token).await;
            assert_eq!(answer, wrong, "with {which} access token");
        }
    }
    // The same token, said to be another organisation's: there it is unknown.
    let mut bytes = BASE64URL_NOPAD.decode(mine.text("refreshToken").as_bytes()).expect("base64url");
    bytes[..16].copy_from_slice(RECEIVER.id().0.as_bytes());
    assert_eq!(refresh(&world, &BASE64URL_NOPAD.encode(&bytes)).await, wrong, "of another organisation");
    for answer in [&lost, &other, &shared] {
        assert_in(&world, &answer.text("accessToken"), "nothing has ended").await;
    }
    let again = from(&mine.text("accessToken"), &mine.text("refreshToken")).await;
    assert_eq!(again.text("refreshToken"), lost.text("refreshToken"), "with its own session's access token it is given");
}
