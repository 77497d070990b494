//! Each wall, taken down: the check must find something then, or it proves nothing.

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::Permit;
use pamoja_domain::session_secret::SessionSecret;
use pamoja_persistence::error::StoreError;
use pamoja_persistence::inspection;
use uuid::Uuid;

use super::check::{Way, findings};
use super::context::way;
use super::scene::{Scene, proof};
use crate::harness::{OUTSIDER, SENDER, member};

/// The policies of a role that keep organisations apart; the role is `$1`.
const POLICIES: &str = "
    SELECT tablename::text, policyname::text, cmd, coalesce(qual, with_check) FROM pg_policies
    WHERE schemaname = 'public' AND permissive = 'PERMISSIVE' AND $1 = ANY (roles) AND (qual IS NOT NULL OR cmd = 'INSERT')
        AND split_part(split_part(obj_description((schemaname || '.' || tablename)::regclass, 'pg_class'), ':', 1), ' ', 1)
            IN ('PRIVATE', 'PARTIES', 'OFFERED', 'HOSTED', 'ALONGSIDE')
    ORDER BY 1, 2";

/// Lets everything through the restrictive policies, which stand behind others, so that each of those stands alone.
async fn second_walls_down(scene: &Scene) {
    let restrictive = "SELECT format('ALTER POLICY %I ON %I %s', policyname, tablename,
            concat_ws(' ', CASE WHEN qual IS NOT NULL THEN 'USING (true)' END, CASE WHEN with_check IS NOT NULL THEN 'WITH CHECK (true)' END))
        FROM pg_policies WHERE schemaname = 'public' AND permissive = 'RESTRICTIVE'";
    let statements = scene.superuser.query(restrictive, &[]).await.expect("the policies");
    assert!(statements.len() > 5, "there are no second walls");
    for row in statements {
        scene.superuser.batch_execute(row.get(0)).await.expect("a second wall is down");
    }
}

/// Lets everything through each policy of the role, one after the other; returns those whose going nobody noticed.
async fn unnoticed(role: DatabaseRole, door: Option<&str>, at_least: usize) -> Vec<String> {
    let scene = Scene::of(role).await;
    let open = door.map_or_else(|| scene.proof(), |door| format!("SELECT {door}('{}')", scene.session.organisation));
    let session = Way { role, ..way("the session", true, vec!["BEGIN".to_owned(), open]) };
    let policies = scene.superuser.query(POLICIES, &[&role.name()]).await.expect("the policies");
    assert!(policies.len() >= at_least, "{} has {} policies", role.name(), policies.len());
    second_walls_down(&scene).await;
    let mut unnoticed = Vec::new();
    for row in policies {
        let (table, policy, command, condition): (String, String, String, String) =
            (row.get(0), row.get(1), row.get(2), row.get(3));
        let known = scene.tables.iter().find(|known| known.name == table).expect("a table");
        if command == "INSERT" && !known.is_told_whose() {
            continue;
        }
        let clause = if command == "INSERT" { "WITH CHECK" } else { "USING" };
        let alter = async |condition: &str| {
            let statement = format!("ALTER POLICY {policy} ON {table} {clause} ({condition})");
            scene.superuser.batch_execute(&statement).await.unwrap_or_else(|error| panic!("{statement}: {error:?}"));
        };
        alter("true").await;
        if findings(&scene, &session, Some(&table)).await.is_empty() {
            unnoticed.push(format!("{policy} on {table} for {command}"));
        }
        alter(&condition).await;
        let after = findings(&scene, &session, Some(&table)).await;
        assert_eq!(after, Vec::<String>::new(), "{policy} stands again");
    }
    unnoticed
}

#[tokio::test]
async fn each_policy_that_lets_everything_through_is_noticed() {
    assert_eq!(unnoticed(DatabaseRole::App, None, 80).await, Vec::<String>::new());
}

#[tokio::test]
async fn each_policy_of_jobs_and_commands_that_lets_everything_through_is_noticed() {
    assert_eq!(unnoticed(DatabaseRole::Worker, Some("open_job"), 30).await, Vec::<String>::new());
    assert_eq!(unnoticed(DatabaseRole::Operator, Some("open_operator"), 5).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_table_without_row_level_security_is_noticed() {
    let scene = Scene::new().await;
    let session = way("the session", true, vec!["BEGIN".to_owned(), scene.proof()]);
    for table in scene.tables.iter().filter(|table| table.is_kept_apart()) {
        let name = &table.name;
        let alter = async |how: &str| {
            scene.superuser.batch_execute(&format!("ALTER TABLE {name} {how} ROW LEVEL SECURITY")).await.expect("altered");
        };
        alter("DISABLE").await;
        let found = findings(&scene, &session, Some(name)).await;
        // What the role has no right on at all, it doesn't read without this wall either.
        assert!(!found.is_empty() || table.readable.is_empty() && !table.is_told_whose(), "{name}");
        alter("ENABLE").await;
        alter("NO FORCE").await;
        let permit = Permit::operator(None);
        let doctor =
            scene.world.operator.tenant(&permit, async |tx| -> Result<_, StoreError> { inspection::findings(tx).await }).await;
        assert!(doctor.expect("the catalogue").iter().any(|finding| finding.contains(name.as_str())), "{name} isn't forced");
        alter("FORCE").await;
    }
}

/// Takes a condition out of the function that opens a member's transaction.
async fn without(scene: &Scene, condition: &str) {
    let definition = scene
        .told("SELECT pg_get_functiondef('open_member(uuid, uuid, uuid, uuid)'::regprocedure)")
        .await
        .remove(0)
        .expect("it is there");
    assert!(definition.contains(condition), "open_member has no {condition}");
    scene.superuser.batch_execute(&definition.replace(condition, "true")).await.expect("the wall is down");
}

/// Tries these statements with the wall up, which must find nothing, and with the wall down, which must find something.
async fn is_noticed(scene: &Scene, wall: &str, statements: Vec<String>, take_down: impl AsyncFnOnce(&Scene)) {
    let attack = way(wall, false, statements);
    assert_eq!(findings(scene, &attack, None).await, Vec::<String>::new(), "with the wall up");
    take_down(scene).await;
    let found = findings(scene, &attack, None).await;
    assert!(found.len() > 10, "{wall} is down, and hardly anything is found: {found:?}");
}

fn begun(statements: &[String]) -> Vec<String> {
    let mut all = vec!["BEGIN".to_owned()];
    all.extend_from_slice(statements);
    all
}

#[tokio::test]
async fn each_condition_of_the_gate_is_noticed_when_it_is_gone() {
    let conditions = [
        ("token.secret_hash = sha256(uuid_send(open_member.secret))", ""),
        ("user_session.revoked_at IS NULL", "UPDATE user_session SET revoked_at = now() WHERE id = '{session}'"),
        ("user_session.ends_at > at", "UPDATE user_session SET ends_at = now() WHERE id = '{session}'"),
        (
            "token.expires_at >= at - interval '30 seconds'",
            "UPDATE access_token SET expires_at = now() - interval '31 seconds' WHERE session_id = '{session}'",
        ),
        ("account.disabled_at IS NULL", "UPDATE user_account SET disabled_at = now() WHERE id = '{user}'"),
        (
            "account.enabled_since <= user_session.created_at",
            "UPDATE user_account SET enabled_since = now() + interval '1 second' WHERE id = '{user}'",
        ),
        (
            "home.active_since <= user_session.created_at",
            "UPDATE organisation SET active_since = now() + interval '1 second' WHERE slug = 'jirani'",
        ),
        ("home.status = 'ACTIVE'", "frozen"),
        ("user_session.user_id = open_member.member", "another user"),
    ];
    for (condition, ending) in conditions {
        let scene = Scene::new().await;
        let mut claimed = match ending {
            "frozen" => scene.world.caller(member("frozen"), "caseworker").await,
            _ => scene.world.caller(SENDER, "second-caseworker").await,
        };
        match ending {
            "" => claimed.secret = SessionSecret(Uuid::new_v4()),
            "frozen" => {}
            "another user" => claimed.user = SENDER.user("caseworker"),
            sql => {
                let sql = sql.replace("{session}", &claimed.session.0.to_string()).replace("{user}", &claimed.user.to_string());
                scene.superuser.batch_execute(&sql).await.expect("it is over");
            }
        }
        let statements = begun(&[proof(claimed)]);
        let attack = way(condition, false, statements);
        assert_eq!(findings(&scene, &attack, None).await, Vec::<String>::new(), "with {condition}");
        without(&scene, condition).await;
        // Even a member without a single row reads the directory.
        assert!(!findings(&scene, &attack, None).await.is_empty(), "without {condition} nothing is found");
    }
}

#[tokio::test]
async fn what_is_built_beside_the_gate_is_noticed() {
    let (victim, user) = (SENDER.id(), SENDER.user("caseworker"));
    let superuser = async |scene: &Scene, sql: &str| scene.superuser.batch_execute(sql).await.expect("the wall is down");
    let scene = Scene::new().await;
    let forged = vec![format!("SET pamoja.organisation_id = '{victim}'")];
    is_noticed(&scene, "a tenant that is read from a setting", forged, async |scene| {
        superuser(
            scene,
            "CREATE OR REPLACE FUNCTION tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
            RETURN nullif(current_setting('pamoja.organisation_id', true), '')::uuid",
        )
        .await;
    })
    .await;
    let scene = Scene::new().await;
    let entered = begun(&[format!("SELECT enter('member', '{victim}', '{user}', NULL, 0)")]);
    is_noticed(&scene, "a way into the gate", entered, async |scene| {
        superuser(
            scene,
            "ALTER FUNCTION enter(text, uuid, uuid, uuid, integer) SECURITY DEFINER;
            GRANT EXECUTE ON FUNCTION enter(text, uuid, uuid, uuid, integer) TO pamoja_app",
        )
        .await;
    })
    .await;
    let scene = Scene::new().await;
    let as_a_job = begun(&[format!("SELECT open_job('{victim}')")]);
    is_noticed(&scene, "another role's door", as_a_job, async |scene| {
        superuser(scene, "GRANT EXECUTE ON FUNCTION open_job(uuid) TO pamoja_app").await;
    })
    .await;
    let scene = Scene::new().await;
    let expired = scene.world.caller(OUTSIDER, "second-caseworker").await;
    superuser(
        &scene,
        &format!("UPDATE access_token SET expires_at = now() - interval '1 day' WHERE session_id = '{}'", expired.session.0),
    )
    .await;
    let clock = vec!["INSERT INTO clock_offset (seconds) VALUES (-90000)".to_owned(), "BEGIN".to_owned(), proof(expired)];
    is_noticed(&scene, "a clock for everybody", clock, async |scene| {
        superuser(scene, "GRANT INSERT ON clock_offset TO pamoja_app; CREATE POLICY for_all ON clock_offset FOR INSERT TO pamoja_app WITH CHECK (true)").await;
    })
    .await;
}

#[tokio::test]
async fn a_function_that_does_too_much_is_noticed() {
    let scene = Scene::new().await;
    let session = way("the session", true, vec!["BEGIN".to_owned(), scene.proof()]);
    let functions = [
        ("a_tells", "SELECT count(*) FROM referral WHERE id = $1", "is answered with"),
        (
            "a_deletes",
            "WITH gone AS (DELETE FROM slip_attempt WHERE organisation_id <> $1 AND organisation_id <> tenant() RETURNING 1) SELECT 0::bigint",
            "slip_attempt was changed",
        ),
    ];
    for (name, body, expected) in functions {
        let made = format!(
            "CREATE FUNCTION {name}(wanted uuid) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ {body} $$; GRANT EXECUTE ON FUNCTION {name}(uuid) TO pamoja_app"
        );
        scene.superuser.batch_execute(&made).await.expect("a function");
        let found = findings(&scene, &session, None).await;
        assert!(found.iter().any(|finding| finding.contains(expected)), "{name}: {found:?}");
        scene.superuser.batch_execute(&format!("DROP FUNCTION {name}(uuid)")).await.expect("dropped");
    }
    // Without the trigger as well: a deletion that no entry tells of is refused whosever the row is.
    let opened = "ALTER POLICY referral_undo_forget ON referral_undo USING (true);
        ALTER POLICY referral_undo_of_parties ON referral_undo USING (true);
        DROP TRIGGER referral_undo_recorded_insert_delete ON referral_undo";
    scene.superuser.batch_execute(opened).await.expect("altered");
    let found = findings(&scene, &session, None).await;
    assert!(found.iter().any(|finding| finding.contains("referral_undo was changed")), "{found:?}");
}

#[tokio::test]
async fn a_right_on_the_tokens_is_noticed() {
    let scene = Scene::new().await;
    let session = way("the session", true, vec!["BEGIN".to_owned(), scene.proof()]);
    for table in ["access_token", "user_credential", "refresh_token", "user_session", "sign_in_key", "audit_seal"] {
        assert_eq!(findings(&scene, &session, Some(table)).await, Vec::<String>::new());
        let granted = format!("GRANT SELECT ON {table} TO pamoja_app");
        scene.superuser.batch_execute(&granted).await.expect("granted");
        assert!(!findings(&scene, &session, Some(table)).await.is_empty(), "{granted} isn't noticed");
    }
}
