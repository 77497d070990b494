//! Sessions and secrets at their edges, seen from the database.

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::Caller;
use pamoja_domain::session_secret::SessionSecret;
use uuid::Uuid;

use super::attempt::{Outcome, send};
use super::scene::{Scene, proof};
use crate::harness::{SENDER, World};

const READ: &str = "SELECT count(*) FROM referral";

fn is_refused(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Refused(code, _) if code == "PA401")
}

#[tokio::test]
async fn a_session_that_ends_after_the_opening_lasts_for_that_transaction_alone() {
    let scene = Scene::new().await;
    let app = scene.world.connect(DatabaseRole::App).await;
    send(&app, "BEGIN").await;
    send(&app, &scene.proof()).await;
    let end = format!("UPDATE user_session SET revoked_at = now() WHERE id = '{}'", scene.session.session.0);
    scene.superuser.batch_execute(&end).await.expect("it ends");
    assert_eq!(send(&app, READ).await, Outcome::Ran(vec!["2".to_owned()], 1), "what was opened goes on");
    send(&app, "COMMIT").await;
    assert_eq!(send(&app, READ).await, Outcome::Ran(vec!["0".to_owned()], 1), "nothing outlives the transaction");
    send(&app, "BEGIN").await;
    assert!(is_refused(&send(&app, &scene.proof()).await), "the next is refused");
}

#[tokio::test]
async fn a_cursor_and_a_prepared_statement_keep_no_context() {
    let scene = Scene::new().await;
    let app = scene.world.connect(DatabaseRole::App).await;
    for table in scene.tables.iter().filter(|table| table.is_kept_apart() && !table.readable.is_empty()) {
        let name = &table.name;
        let count = format!("SELECT count(*) FROM {name}");
        send(&app, &format!("PREPARE before AS {count}")).await;
        assert_eq!(send(&app, "EXECUTE before").await, Outcome::Ran(vec!["0".to_owned()], 1), "{name} before");
        send(&app, "BEGIN").await;
        send(&app, &scene.proof()).await;
        let Outcome::Ran(own, _) = send(&app, "EXECUTE before").await else { panic!("{name} can't be counted") };
        assert_ne!(own, ["0"], "the session reads its own rows of {name}");
        send(&app, &format!("PREPARE within AS {count}")).await;
        let columns = table.readable.join(", ");
        send(&app, &format!("DECLARE kept CURSOR WITH HOLD FOR SELECT ROW({columns})::text FROM {name}")).await;
        send(&app, "COMMIT").await;
        // A cursor that is held over the end of a transaction was read to its end there: it holds what was its own.
        let Outcome::Ran(kept, _) = send(&app, "FETCH ALL FROM kept").await else { panic!("{name} has no cursor") };
        assert_eq!(kept.len().to_string(), own[0], "{name}");
        for prepared in ["before", "within"] {
            assert_eq!(
                send(&app, &format!("EXECUTE {prepared}")).await,
                Outcome::Ran(vec!["0".to_owned()], 1),
                "{name} {prepared}"
            );
        }
        send(&app, "CLOSE kept; DEALLOCATE ALL").await;
    }
}

#[tokio::test]
async fn a_second_door_is_refused_whatever_its_proof() {
    let scene = Scene::new().await;
    let theirs = scene.world.caller(SENDER, "caseworker").await;
    let app = scene.world.connect(DatabaseRole::App).await;
    send(&app, "BEGIN").await;
    send(&app, &scene.proof()).await;
    let mine = Outcome::Ran(vec![scene.session.organisation.to_string()], 1);
    for second in [Caller { secret: scene.session.secret, ..theirs }, theirs, scene.session] {
        send(&app, "SAVEPOINT second").await;
        let refused = send(&app, &proof(second)).await;
        assert!(refused.lacks_a_right(), "{refused:?}");
        send(&app, "ROLLBACK TO second").await;
        assert_eq!(send(&app, "SELECT tenant()").await, mine, "the first stands");
    }
}

#[tokio::test]
async fn many_wrong_secrets_close_nothing_for_the_right_one() {
    let scene = Scene::new().await;
    let app = scene.world.connect(DatabaseRole::App).await;
    let attempts = "SELECT (SELECT count(*) FROM sign_in_attempt) + (SELECT count(*) FROM access_token)";
    let before = scene.told(attempts).await;
    for _ in 0..50 {
        let wrong = Caller { secret: SessionSecret(Uuid::new_v4()), ..scene.session };
        send(&app, "BEGIN").await;
        assert!(is_refused(&send(&app, &proof(wrong)).await));
        send(&app, "ROLLBACK").await;
    }
    assert_eq!(scene.told(attempts).await, before, "nothing is kept of them");
    send(&app, "BEGIN").await;
    send(&app, &scene.proof()).await;
    assert_eq!(send(&app, READ).await, Outcome::Ran(vec!["2".to_owned()], 1));
}

#[tokio::test]
async fn every_wrong_proof_is_refused_in_the_same_words() {
    let scene = Scene::new().await;
    let app = scene.world.connect(DatabaseRole::App).await;
    let (mine, theirs) = (scene.session, scene.world.caller(SENDER, "caseworker").await);
    let never = Caller { session: pamoja_domain::id::SessionId(Uuid::new_v4()), ..theirs };
    let mut answers = Vec::new();
    for claimed in [
        Caller { session: theirs.session, ..mine },
        Caller { secret: mine.secret, ..theirs },
        Caller { user: theirs.user, ..mine },
        never,
    ] {
        answers.push(send(&app, &proof(claimed)).await);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0] && is_refused(answer)), "{answers:?}");
}

#[tokio::test]
async fn a_session_of_one_database_opens_nothing_in_another_of_the_same_server() {
    let (one, other) = (World::new().await, World::new().await);
    let caller = one.caller(SENDER, "caseworker").await;
    let there = other.connect(DatabaseRole::App).await;
    send(&there, "BEGIN").await;
    assert!(is_refused(&send(&there, &proof(caller)).await));
    let here = one.connect(DatabaseRole::App).await;
    send(&here, "BEGIN").await;
    assert!(matches!(send(&here, &proof(caller)).await, Outcome::Ran(..)));
    // The context says nothing of the database; it doesn't leave its connection either.
    let Outcome::Ran(context, _) = send(&here, "SELECT current_setting('backtrace_functions')").await else {
        panic!("no context")
    };
    send(&there, "ROLLBACK").await;
    let forged = send(&there, &format!("SET backtrace_functions = '{}'", context[0])).await;
    assert!(forged.lacks_a_right(), "{forged:?}");
}

/// The columns of dates and moments that a member's statements write, without a bound on the year.
const BOUNDLESS: &str = "
    SELECT attrelid::regclass || '.' || attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
        AND atttypid IN ('date'::regtype, 'timestamptz'::regtype)
        AND (has_column_privilege('pamoja_app', attrelid, attnum, 'INSERT') OR has_column_privilege('pamoja_app', attrelid, attnum, 'UPDATE'))
        AND NOT EXISTS (
            SELECT FROM pg_constraint WHERE conrelid = attrelid AND contype = 'c' AND conkey = ARRAY[attnum]
                AND pg_get_constraintdef(pg_constraint.oid) LIKE '%isfinite%0001-01-01%10000-01-01%'
        )";

#[tokio::test]
async fn no_year_and_no_month_is_written_that_no_reader_knows() {
    let scene = Scene::new().await;
    assert_eq!(scene.told(BOUNDLESS).await, Vec::<Option<String>>::new());
    for (change, is_known) in [
        ("training_offer SET open_until = '5874897-12-31'", false),
        ("training_offer SET open_until = '4000-01-01 BC'", false),
        ("training_offer SET open_until = '9999-12-31'", true),
        ("referral_progress SET answer_by = '294000-01-01'", false),
        ("training_request SET preferred_months = '{garbage}'", false),
        ("training_request SET preferred_months = '{2026-11,2026-13}'", false),
        ("training_request SET preferred_months = '{9999999-02}'", false),
        ("training_request SET preferred_months = '{2026-11,2026-12}'", true),
        ("training_request SET preferred_months = '{}'", true),
    ] {
        let outcome = send(&scene.superuser, &format!("BEGIN; UPDATE {change}")).await;
        send(&scene.superuser, "ROLLBACK").await;
        match outcome {
            Outcome::Ran(_, changed) => assert!(is_known && changed > 0, "{change}"),
            Outcome::Refused(code, message) => {
                assert!(!is_known && code == "23514" && message.contains("readable"), "{change}: {code} {message}");
            }
        }
    }
}
