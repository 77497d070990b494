//! Who is shut out, at once and for good: sessions of before don't come back with the member or the account.

use super::*;
use crate::harness::{Member, Socket};
use crate::subscription::CHANGES;

#[tokio::test]
async fn a_frozen_or_left_organisation_and_a_disabled_account_are_out_at_once() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    for (organisation, status) in
        [(SENDER, MembershipStatus::Frozen), (RECEIVER, MembershipStatus::Left), (OUTSIDER, MembershipStatus::Invited)]
    {
        let username = format!("caseworker@{}", organisation.slug);
        let answer = sign_in(&world, &username, PASSWORD).await;
        assert_in(&world, &answer.text("accessToken"), "before").await;
        world.set_status(organisation, status).await;
        assert_out(&world, &answer.text("accessToken"), organisation.slug).await;
        assert_eq!(refresh(&world, &answer.text("refreshToken")).await.status, 401, "{status}");
        assert_eq!(sign_in(&world, &username, PASSWORD).await.status, 401, "{status}");
        world.set_status(organisation, MembershipStatus::Active).await;
        assert_eq!(sign_in(&world, &username, PASSWORD).await.status, 200, "opened again");
    }
    let answer = sign_in(&world, "caseworker@jirani", PASSWORD).await;
    superuser.batch_execute("UPDATE user_account SET disabled_at = now() WHERE handle = 'caseworker'").await.expect("disabled");
    assert_out(&world, &answer.text("accessToken"), "disabled").await;
    assert_eq!(refresh(&world, &answer.text("refreshToken")).await.status, 401);
}

/// How a member, or one of its accounts, is shut out and let in again.
async fn shut_out(world: &World, member: Member, way: &str, out: bool) {
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let (frozen, active) = (MembershipStatus::Frozen, MembershipStatus::Active);
    match way {
        "the command" => world.set_status(member, if out { frozen } else { active }).await,
        "by hand" => {
            let status = if out { "LEFT" } else { "ACTIVE" };
            let by_hand = format!("UPDATE organisation SET status = '{status}' WHERE slug = '{}'", member.slug);
            superuser.batch_execute(&by_hand).await.expect("changed by hand");
        }
        _ => {
            let at = if out { "now()" } else { "NULL" };
            let of = format!("organisation_id = '{}' AND handle = 'caseworker'", member.id());
            superuser
                .batch_execute(&format!("UPDATE user_account SET disabled_at = {at} WHERE {of}"))
                .await
                .expect("changed by hand");
        }
    }
}

#[tokio::test]
async fn whoever_was_shut_out_comes_back_with_no_session_of_before() {
    for way in ["the command", "by hand", "the account"] {
        let world = World::new().await;
        let own = sign_in(&world, "caseworker@jirani", PASSWORD).await;
        let shared = json!({ "username": "caseworker@jirani", "password": PASSWORD, "device": "shared" });
        let shared = post(&world.anonymous(), "/session", shared).await;
        let others = sign_in(&world, "caseworker@afya", PASSWORD).await;
        let mut socket = Socket::begin(world.address, &own.text("accessToken")).await;
        let mut shared_socket = Socket::begin(world.address, &shared.text("accessToken")).await;
        for answer in [&own, &shared, &others] {
            assert_in(&world, &answer.text("accessToken"), way).await;
        }
        shut_out(&world, SENDER, way, true).await;
        shut_out(&world, SENDER, way, false).await;
        for (which, answer) in [("own", &own), ("shared", &shared)] {
            assert_out(&world, &answer.text("accessToken"), &format!("{way}, {which}")).await;
            let fresh = world.fresh_token(caller_of(&answer.text("accessToken"))).await;
            assert_out(&world, &fresh, &format!("{way}, {which}: a token that holds")).await;
        }
        assert_eq!(refresh(&world, &own.text("refreshToken")).await.status, 401, "{way}");
        assert_eq!(shared::renew(&world, &shared.text("accessToken")).await.status, 401, "{way}");
        for (socket, code) in [(&mut socket, 4401), (&mut shared_socket, 4403)] {
            socket.subscribe("1", CHANGES).await;
            assert_eq!(socket.read_to_end().await, (vec!["UNAUTHENTICATED".to_owned()], Some(code)), "{way}");
        }
        assert_in(&world, &others.text("accessToken"), "another member's session").await;
        let again = sign_in(&world, "caseworker@jirani", PASSWORD).await;
        assert_in(&world, &again.text("accessToken"), "signed in again").await;
    }
}

/// A sign-in that began before the freezing and would conclude after it.
#[tokio::test]
async fn a_sign_in_that_was_under_way_slips_past_no_freezing() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let (mut under_way, connection) =
        tokio_postgres::connect(&world.url(DatabaseRole::Superuser), tokio_postgres::NoTls).await.expect("a connection");
    tokio::spawn(connection);
    let transaction = under_way.transaction().await.expect("a transaction");
    // The moment of a transaction is that of its beginning.
    transaction.query_one("SELECT moment()", &[]).await.expect("a moment");
    world.set_status(SENDER, MembershipStatus::Frozen).await;
    let caller = world.caller(SENDER, "caseworker").await;
    transaction
        .execute(
            "UPDATE user_session SET created_at = moment(), last_used_at = moment(), ends_at = moment() + interval '1 day' WHERE id = $1::text::uuid",
            &[&caller.session.to_string()],
        )
        .await
        .expect("it is written");
    transaction.commit().await.expect("a commit");
    world.set_status(SENDER, MembershipStatus::Active).await;
    let kept: i64 =
        superuser.query_one("SELECT count(*) FROM user_session WHERE revoked_at IS NULL", &[]).await.expect("a count").get(0);
    assert_eq!(kept, 1, "nothing but the moment ends it");
    let token = world.app.authority.issue(caller, world.app.database.now(), LIFETIME);
    assert_out(&world, &token, "it began before the member came back").await;
}
