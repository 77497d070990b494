//! The ways to come by a context: none, forged, copied, kept, or of a session that isn't in force; and what is done within a real one.

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::Caller;
use pamoja_domain::id::SessionId;
use pamoja_domain::session_secret::SessionSecret;
use uuid::Uuid;

use super::attempt::{Outcome, send};
use super::check::{Way, findings};
use super::scene::{Scene, proof};
use crate::harness::{OUTSIDER, SENDER, member};

/// A way of the process that serves members.
pub fn way(name: &str, proves: bool, steps: Vec<String>) -> Way {
    Way { name: name.to_owned(), role: DatabaseRole::App, options: String::new(), steps, proves }
}

fn steps(statements: &[&str]) -> Vec<String> {
    statements.iter().map(|statement| (*statement).to_owned()).collect()
}

async fn none_finds_anything(scene: &Scene, ways: &[Way]) {
    let mut found = Vec::new();
    for way in ways {
        found.extend(findings(scene, way, None).await);
    }
    assert_eq!(found, Vec::<String>::new());
}

/// What the gate would write down for the sender's caseworker.
fn forgery() -> String {
    format!("pamoja,member,{},{}", SENDER.id().0.simple(), SENDER.user("caseworker").0.simple())
}

#[tokio::test]
async fn without_a_context_and_with_a_forged_one() {
    let scene = Scene::new().await;
    let (victim, forged, database) = (SENDER.id(), forgery(), &scene.world.database.name);
    let mut ways = vec![way("no context", false, Vec::new()), way("no context in a transaction", false, steps(&["BEGIN"]))];
    let mut refused = Vec::new();
    for (setting, value) in [
        ("pamoja.organisation_id", victim.to_string()),
        ("pamoja.door", "member".to_owned()),
        ("backtrace_functions", forged.clone()),
    ] {
        let all = [
            format!("SET {setting} = '{value}'"),
            format!("SELECT set_config('{setting}', '{value}', false)"),
            format!("ALTER ROLE pamoja_app SET {setting} = '{value}'"),
            format!("ALTER ROLE pamoja_app IN DATABASE {database} SET {setting} = '{value}'"),
            format!("ALTER DATABASE {database} SET {setting} = '{value}'"),
            format!("ALTER ROLE ALL SET {setting} = '{value}'"),
            format!("ALTER SYSTEM SET {setting} = '{value}'"),
            format!("UPDATE pg_settings SET setting = '{value}' WHERE name = '{setting}'"),
            format!("ALTER FUNCTION tenant() SET {setting} FROM CURRENT"),
        ];
        if setting == "backtrace_functions" {
            refused.extend(all.clone());
        }
        ways.push(way(&format!("{setting} set"), false, all.to_vec()));
        let within = [
            "BEGIN".to_owned(),
            "SAVEPOINT before".to_owned(),
            format!("SET LOCAL {setting} = '{value}'"),
            "ROLLBACK TO before".to_owned(),
            format!("SELECT set_config('{setting}', '{value}', true)"),
            "ROLLBACK TO before".to_owned(),
            format!("SET LOCAL {setting} FROM CURRENT"),
            "ROLLBACK TO before".to_owned(),
        ];
        ways.push(way(&format!("{setting} set in a transaction"), false, within.to_vec()));
        let options = format!("-c {setting}={value}");
        ways.push(Way { options, ..way(&format!("{setting} set when connecting"), false, Vec::new()) });
    }
    refused.extend([
        format!("SELECT enter('member', '{victim}', NULL, NULL, 0)"),
        format!("SELECT open_job('{victim}')"),
        format!("SELECT open_operator('{victim}')"),
        "SELECT open_publication()".to_owned(),
        "SELECT session_until(gen_random_uuid(), gen_random_uuid())".to_owned(),
        "SELECT * FROM begin_sign_in('caseworker@jirani')".to_owned(),
        "INSERT INTO clock_offset (seconds) VALUES (-3000000)".to_owned(),
    ]);
    let app = scene.world.connect(DatabaseRole::App).await;
    for statement in &refused {
        let outcome = send(&app, statement).await;
        assert!(matches!(&outcome, Outcome::Refused(code, _) if code == "42501"), "{statement}: {outcome:?}");
    }
    ways.push(way("another door", false, refused));
    none_finds_anything(&scene, &ways).await;
}

#[tokio::test]
async fn with_a_proof_that_is_not_in_force_or_not_of_this_session() {
    let scene = Scene::new().await;
    let mine = scene.session;
    let theirs = scene.world.caller(SENDER, "caseworker").await;
    let mut ways = Vec::new();
    let mut refused = |name: &str, claimed: Caller, before: &[&str]| {
        let mut all = steps(before);
        all.extend(["BEGIN".to_owned(), proof(claimed)]);
        ways.push(way(name, false, all));
    };
    refused("another session's id", Caller { session: theirs.session, ..mine }, &[]);
    refused("another session with my secret", Caller { secret: mine.secret, ..theirs }, &[]);
    refused("another user's id", Caller { user: OUTSIDER.user("admin"), ..mine }, &[]);
    refused("another organisation's id", Caller { organisation: SENDER.id(), ..mine }, &[]);
    refused("a secret made up", Caller { secret: SessionSecret(Uuid::new_v4()), ..theirs }, &[]);
    refused("a session made up", Caller { session: SessionId(Uuid::new_v4()), ..mine }, &[]);
    let frozen = scene.world.caller(member("frozen"), "caseworker").await;
    refused("a frozen member", frozen, &[]);
    let ending = [
        ("revoked", "UPDATE user_session SET revoked_at = now() WHERE id = '{session}'"),
        ("over", "UPDATE user_session SET ends_at = now() WHERE id = '{session}'"),
        (
            "idle on a shared device",
            "UPDATE user_session SET device = 'shared', ends_at = now() + interval '1 hour', last_used_at = now() - interval '16 minutes' WHERE id = '{session}'",
        ),
        ("expired", "UPDATE access_token SET expires_at = now() - interval '31 seconds' WHERE session_id = '{session}'"),
    ];
    let clock = ["SET pamoja.clock_offset = '-40 days'", "INSERT INTO clock_offset (seconds) VALUES (-3000000)"];
    for (name, sql) in ending {
        let ended = scene.world.caller(OUTSIDER, "second-caseworker").await;
        scene.superuser.batch_execute(&sql.replace("{session}", &ended.session.0.to_string())).await.expect("it ends");
        refused(name, ended, &[]);
        refused(&format!("{name}, and the clock set back"), ended, &clock);
    }
    let disabled = scene.world.caller(OUTSIDER, "second-peer").await;
    let account = format!("WHERE id = '{}' AND organisation_id = '{}'", disabled.user, disabled.organisation);
    scene.superuser.batch_execute(&format!("UPDATE user_account SET disabled_at = now() {account}")).await.expect("disabled");
    refused("a disabled account", disabled, &[]);
    none_finds_anything(&scene, &ways).await;
    // Enabled again, it does not bring back the sessions of before.
    scene.superuser.batch_execute(&format!("UPDATE user_account SET disabled_at = NULL {account}")).await.expect("enabled");
    none_finds_anything(&scene, &[way("enabled again", false, vec!["BEGIN".to_owned(), proof(disabled)])]).await;
}

#[tokio::test]
async fn with_a_context_that_was_copied_or_kept() {
    let scene = Scene::new().await;
    let proof = scene.proof();
    let other_backend = scene.world.connect(DatabaseRole::App).await;
    other_backend.batch_execute(&format!("BEGIN; {proof}")).await.expect("the session is in force");
    let Outcome::Ran(mut context, _) = send(&other_backend, "SELECT current_setting('backtrace_functions')").await else {
        panic!("the context can be read")
    };
    let copied = context.remove(0);
    assert!(copied.starts_with("pamoja,member,"), "{copied}");
    let mut ways = vec![
        way("copied from another backend", false, vec![format!("SELECT set_config('backtrace_functions', '{copied}', false)")]),
        way("copied, in a transaction", false, vec!["BEGIN".to_owned(), format!("SET LOCAL backtrace_functions = '{copied}'")]),
    ];
    for end in ["COMMIT", "COMMIT AND CHAIN", "ROLLBACK", "ROLLBACK AND CHAIN", "PREPARE TRANSACTION 'mine'"] {
        let kept = format!("SELECT set_config('backtrace_functions', '{copied}', false)");
        ways.push(way(end, false, vec!["BEGIN".to_owned(), proof.clone(), end.to_owned()]));
        ways.push(way(&format!("{end}, and set again"), false, vec!["BEGIN".to_owned(), proof.clone(), end.to_owned(), kept]));
    }
    for then in [
        "RESET ALL",
        "DISCARD ALL",
        "RESET SESSION AUTHORIZATION",
        "RESET ROLE",
        "SET ROLE pamoja_worker",
        "SET SESSION AUTHORIZATION pamoja_operator",
    ] {
        ways.push(way(
            &format!("COMMIT, {then}"),
            false,
            vec!["BEGIN".to_owned(), proof.clone(), "COMMIT".to_owned(), then.to_owned()],
        ));
    }
    ways.push(way("outside a transaction", false, vec![proof.clone()]));
    ways.push(way("RESET ALL within", false, vec!["BEGIN".to_owned(), proof.clone(), "RESET ALL".to_owned()]));
    for undo in ["SELECT 1 / 0", "SELECT 1"] {
        let steps = ["BEGIN", "SAVEPOINT mine", &proof, undo, "ROLLBACK TO mine"];
        ways.push(way(&format!("a subtransaction taken back after {undo}"), false, steps.map(str::to_owned).to_vec()));
    }
    none_finds_anything(&scene, &ways).await;
}

#[tokio::test]
async fn with_the_real_context_and_whatever_is_done_within() {
    let scene = Scene::new().await;
    let theirs = scene.world.caller(SENDER, "caseworker").await;
    let guess = proof(Caller { secret: SessionSecret(Uuid::new_v4()), ..theirs });
    let (victim, forged) = (SENDER.id(), forgery());
    let mut ways = vec![way("the session", true, vec!["BEGIN".to_owned(), scene.proof()])];
    let mut within = |name: &str, statements: &[&str]| {
        let mut all = vec!["BEGIN".to_owned(), scene.proof()];
        for statement in statements {
            all.extend(["SAVEPOINT each".to_owned(), (*statement).to_owned(), "ROLLBACK TO each".to_owned()]);
            // What is allowed is done once more, and stays.
            all.extend(["SAVEPOINT each".to_owned(), format!("{statement}; RELEASE each"), "ROLLBACK TO each".to_owned()]);
        }
        ways.push(way(name, true, all));
    };
    for role in ["owner", "gate", "worker", "operator", "publisher", "sign_in", "watch", "superuser"] {
        let (become_it, log_in) = (format!("SET ROLE pamoja_{role}"), format!("SET SESSION AUTHORIZATION pamoja_{role}"));
        within(&format!("as pamoja_{role}"), &[&become_it, &log_in]);
    }
    within(
        "forged settings",
        &[&format!("SET LOCAL pamoja.organisation_id = '{victim}'"), &format!("SET LOCAL backtrace_functions = '{forged}'")],
    );
    within("a second door", &[&guess, &format!("SELECT open_job('{victim}')"), &format!("SELECT open_operator('{victim}')")]);
    within("no row-level security", &["SET LOCAL row_security = off"]);
    within("no triggers", &["SET LOCAL session_replication_role = replica"]);
    within(
        "a search path of its own",
        &[
            "CREATE TEMPORARY TABLE referral (id integer)",
            "CREATE FUNCTION pg_temp.tenant() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()'",
            "CREATE SCHEMA mine",
            "CREATE FUNCTION mine() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
            "CREATE OPERATOR public.= (FUNCTION = uuid_ne, LEFTARG = uuid, RIGHTARG = uuid)",
            "SET LOCAL search_path = pg_temp, mine, public",
        ],
    );
    within("code of its own", &["DO $$ BEGIN PERFORM set_config('backtrace_functions', 'pamoja,operator', false); END $$"]);
    within(
        "parallel workers",
        &[
            "SET LOCAL max_parallel_workers_per_gather = 8",
            "SET LOCAL parallel_setup_cost = 0",
            "SET LOCAL parallel_tuple_cost = 0",
            "SET LOCAL min_parallel_table_scan_size = 0",
            "SET LOCAL force_parallel_mode = on",
            "SET LOCAL debug_parallel_query = on",
        ],
    );
    within("other plans", &["SET LOCAL enable_seqscan = off", "SET LOCAL plan_cache_mode = force_custom_plan"]);
    none_finds_anything(&scene, &ways).await;
    let read_only = ["BEGIN READ ONLY".to_owned(), scene.proof()];
    none_finds_anything(&scene, &[way("read only", true, read_only.to_vec())]).await;
}
