//! Guessing passwords with the connection of the role that signs people in, past the program.

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::Caller;
use tokio_postgres::Client;
use uuid::Uuid;

use super::attempt::{Outcome, send};
use crate::harness::{OUTSIDER, SENDER, World};

const USERNAME: &str = "caseworker@jirani";

/// The id of a new attempt; empty when there may be none.
async fn begin(client: &Client) -> String {
    match send(client, &format!("SELECT attempt FROM begin_sign_in('{USERNAME}')")).await {
        Outcome::Ran(mut rows, _) => rows.pop().unwrap_or_default().replace("null", ""),
        Outcome::Refused(..) => String::new(),
    }
}

fn conclude(attempt: &str) -> String {
    let (session, secret) = (Uuid::new_v4(), Uuid::new_v4());
    format!(
        "SELECT coalesce(member::text, 'nobody') FROM conclude_sign_in('{attempt}', '{session}', 'own', interval '1 hour', '\\x00', '{secret}')"
    )
}

/// Puts an account's password to what the output `\x01` is right for.
async fn known_password(world: &World) {
    let known =
        format!("UPDATE user_credential SET output_hash = sha256('\\x01') WHERE user_id = '{}'", SENDER.user("caseworker"));
    world.connect(DatabaseRole::Superuser).await.batch_execute(&known).await.expect("a known password");
}

#[tokio::test]
async fn what_was_presented_counts_before_it_is_compared() {
    let world = World::new().await;
    known_password(&world).await;
    let client = world.connect(DatabaseRole::SignIn).await;
    let attempt = begin(&client).await;
    let nobody = Outcome::Ran(vec!["nobody".to_owned()], 1);
    // Both in one transaction could be rolled back, and would count nothing.
    for between in ["SELECT 1", "SAVEPOINT mine", "RELEASE mine"] {
        send(&client, "BEGIN; SAVEPOINT mine").await;
        send(&client, &format!("SELECT present_password('{attempt}', '\\x01')")).await;
        send(&client, between).await;
        assert_eq!(send(&client, &conclude(&attempt)).await, nobody, "presented in the same transaction");
        send(&client, "ROLLBACK").await;
    }
    assert_eq!(
        send(&client, &format!("SELECT present_password('{attempt}', '\\x02')")).await,
        Outcome::Ran(vec!["t".to_owned()], 1)
    );
    assert_eq!(send(&client, &conclude(&attempt)).await, nobody, "a wrong one");
    // One attempt is one guess.
    assert_eq!(
        send(&client, &format!("SELECT present_password('{attempt}', '\\x01')")).await,
        Outcome::Ran(vec!["f".to_owned()], 1)
    );
    send(&client, &format!("SELECT withdraw_sign_in('{attempt}')")).await;
    let mut left = 0;
    let mut last = String::new();
    while left < 10 {
        let next = begin(&client).await;
        if next.is_empty() {
            break;
        }
        last = next;
        left += 1;
    }
    assert_eq!(left, 4, "the guess stays counted, whatever is withdrawn");
    // The honest way is still open to the last of them.
    send(&client, &format!("SELECT present_password('{last}', '\\x01')")).await;
    assert_eq!(send(&client, &conclude(&last)).await, Outcome::Ran(vec![SENDER.user("caseworker").to_string()], 1));
}

#[tokio::test]
async fn no_transaction_that_looks_back_hides_the_attempts_of_others() {
    let world = World::new().await;
    let client = world.connect(DatabaseRole::SignIn).await;
    let mut old = Vec::new();
    for level in ["REPEATABLE READ", "SERIALIZABLE"] {
        let other = world.connect(DatabaseRole::SignIn).await;
        send(&other, &format!("BEGIN ISOLATION LEVEL {level}; SELECT 1")).await;
        old.push((level, other));
    }
    for attempt in 0..5 {
        assert_ne!(begin(&client).await, "", "attempt {attempt}");
    }
    assert_eq!(begin(&client).await, "", "the sixth");
    for (level, other) in old {
        assert_eq!(begin(&other).await, "", "a sixth, in a transaction of {level} that began before the first");
    }
}

#[tokio::test]
async fn a_session_of_others_is_neither_ended_nor_kept_nor_told_of() {
    let world = World::new().await;
    let (mine, theirs) = (world.caller(OUTSIDER, "caseworker").await, world.caller(SENDER, "caseworker").await);
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let rows = "SELECT string_agg(whole.xmin::text || whole::text, ' ' ORDER BY id) FROM user_session AS whole";
    let before = send(&superuser, rows).await;
    let client = world.connect(DatabaseRole::SignIn).await;
    let never = Caller { session: pamoja_domain::id::SessionId(Uuid::new_v4()), ..theirs };
    for function in ["end_session", "note_use", "session_standing"] {
        let mut answers = Vec::new();
        for claimed in [
            Caller { secret: mine.secret, ..theirs },
            Caller { organisation: mine.organisation, secret: mine.secret, ..theirs },
            never,
        ] {
            let (organisation, session, secret) = (claimed.organisation, claimed.session.0, claimed.secret.0);
            answers.push(send(&client, &format!("SELECT * FROM {function}('{organisation}', '{session}', '{secret}')")).await);
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{function}: {answers:?}");
    }
    assert_eq!(send(&superuser, rows).await, before);
    let ended = format!("SELECT end_session('{}', '{}', '{}')", mine.organisation, mine.session.0, mine.secret.0);
    assert_eq!(send(&client, &ended).await, Outcome::Ran(vec!["t".to_owned()], 1), "its own it ends");
}

/// Takes a condition out of a function.
async fn without(superuser: &Client, function: &str, condition: &str) {
    let Outcome::Ran(mut definition, _) = send(superuser, &format!("SELECT pg_get_functiondef('{function}'::regproc)")).await
    else {
        panic!("{function} isn't there")
    };
    let definition = definition.remove(0);
    assert!(definition.contains(condition), "{function} has no {condition}");
    superuser.batch_execute(&definition.replace(condition, "true")).await.expect("the wall is down");
}

#[tokio::test]
async fn each_wall_of_signing_in_is_missed() {
    let world = World::new().await;
    known_password(&world).await;
    let (superuser, client) = (world.connect(DatabaseRole::Superuser).await, world.connect(DatabaseRole::SignIn).await);
    let attempt = begin(&client).await;
    let somebody = |outcome: &Outcome| matches!(outcome, Outcome::Ran(rows, _) if rows.len() == 1 && !["nobody", "null"].contains(&rows[0].as_str()));
    for (condition, output) in
        [("tried.presented_in <> pg_current_xact_id()", "\\x01"), ("tried.presented_hash = credential.output_hash", "\\x02")]
    {
        let mut outcomes = Vec::new();
        for _ in 0..2 {
            send(&client, "BEGIN").await;
            send(&client, &format!("SELECT present_password('{attempt}', '{output}')")).await;
            outcomes.push(send(&client, &conclude(&attempt)).await);
            send(&client, "ROLLBACK").await;
            without(&superuser, "conclude_sign_in", if outcomes.len() == 1 { condition } else { "true" }).await;
        }
        assert!(!somebody(&outcomes[0]) && somebody(&outcomes[1]), "{condition}: {outcomes:?}");
    }
    let caller = world.caller(SENDER, "caseworker").await;
    let guess = format!("SELECT end_session('{}', '{}', '{}')", caller.organisation, caller.session.0, Uuid::new_v4());
    assert!(!somebody(&send(&client, &guess).await));
    without(&superuser, "has_proved", "token.secret_hash = sha256(uuid_send(has_proved.secret))").await;
    assert!(somebody(&send(&client, &guess).await), "a session ends without its secret");
}

#[tokio::test]
async fn of_an_account_that_does_not_exist_as_much_is_written() {
    let world = World::new().await;
    let (superuser, client) = (world.connect(DatabaseRole::Superuser).await, world.connect(DatabaseRole::SignIn).await);
    for username in [USERNAME, "nobody@jirani", "nobody@nowhere"] {
        let begun = send(&client, &format!("SELECT FROM begin_sign_in('{username}')")).await;
        assert!(matches!(begun, Outcome::Ran(_, 1)), "{begun:?}");
    }
    let filled = "SELECT count(*) FROM sign_in_attempt WHERE user_id IS NOT NULL AND organisation_id IS NOT NULL";
    assert_eq!(send(&superuser, filled).await, Outcome::Ran(vec!["3".to_owned()], 1));
}
