//! What the doctor finds: each of its checks can be fine, find something unsafe, or be unable to look, and each is told apart.

use super::*;
use crate::harness::postgres;

/// A deployment in which all is well.
struct Deployment {
    world: World,
    folder: Folder,
    settings: Vec<(&'static str, String)>,
}

impl Deployment {
    async fn new() -> Self {
        let (world, folder) = (World::new().await, Folder::new("doctor"));
        world.keep_app_out(&world.database.name).await;
        let file = |name: &str| folder.0.join(name).display().to_string();
        let (keys, noise) = (file("keys"), file("noise.key"));
        Keys::create(&folder.0.join("keys")).expect("keys");
        run(&["keys", "new-noise", &noise]).await.assert_good();
        let settings = vec![
            ("DATABASE_URL", world.url(DatabaseRole::Server)),
            ("PAMOJA_SIGN_IN_DATABASE_URL", world.url(DatabaseRole::SignIn)),
            ("PAMOJA_WORKER_DATABASE_URL", world.url(DatabaseRole::Worker)),
            ("PAMOJA_OPERATOR_DATABASE_URL", world.url(DatabaseRole::Operator)),
            ("PAMOJA_OWNER_DATABASE_URL", world.url(DatabaseRole::Owner)),
            ("PAMOJA_PUBLISHER_DATABASE_URL", world.url(DatabaseRole::Publisher)),
            ("PAMOJA_KEYS", keys),
            ("PAMOJA_NOISE_KEY", noise),
            ("PAMOJA_PUBLIC_URL", "https://api.example.org".to_owned()),
            ("PAMOJA_ALLOWED_ORIGINS", "https://app.example.org".to_owned()),
        ];
        Self { world, folder, settings }
    }

    /// Runs the doctor with one setting replaced, or left out when there is no value.
    async fn with(&self, setting: &str, value: Option<&str>) -> Ended {
        let mut command = pamoja(&["doctor"]);
        command.envs(self.settings.iter().map(|(name, value)| (*name, value.as_str())));
        match value {
            Some(value) => command.env(setting, value),
            None => command.env_remove(setting),
        };
        Ended::of(command).await
    }

    async fn examined(&self) -> Ended {
        self.with("PAMOJA_LOG", None).await
    }

    /// Asserts that the doctor succeeds nowhere but where everything was looked at and is fine.
    fn assert_ill(ended: &Ended, mark: &str, what: &str, said: &str) {
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(!ended.out.contains("Nothing unsafe") && !ended.error.contains("panicked"), "{ended:?}");
        let line = ended.out.lines().find(|line| line.starts_with(&format!("{mark}: {what}")) && line.contains(said));
        assert!(line.is_some(), "{mark}: {what} … {said} isn't in:\n{}", ended.out);
    }
}

const UNSAFE: &str = "unsafe";
const UNSEEN: &str = "not looked at";

#[tokio::test]
async fn the_doctor_calls_safe_what_it_has_looked_at_wholly() {
    let deployment = Deployment::new().await;
    let well = deployment.examined().await;
    well.assert_good();
    assert!(well.out.starts_with("PostgreSQL "), "{}", well.out);
    assert!(well.out.ends_with("Everything was looked at. Nothing unsafe was found.\n"), "{}", well.out);
    assert!(well.out.contains("What was erased in the last 0 days may still be in the database's files"), "{}", well.out);
    let fine = well.out.lines().filter(|line| line.starts_with("fine: ")).count();
    assert_eq!(fine, 14, "{}", well.out);
    for (_, secret) in &deployment.settings[..3] {
        assert!(!well.out.contains(secret.as_str()), "{}", well.out);
    }
}

#[tokio::test]
async fn what_the_doctor_could_not_look_at_it_says_with_the_reason() {
    let deployment = Deployment::new().await;
    let empty = deployment.folder.0.join("nowhere").display().to_string();
    let closed = "postgresql://pamoja_server:s3cret@127.0.0.1:1/pamoja";
    for (setting, value, what, said) in [
        ("DATABASE_URL", None, "the way to the database as the role that serves", "DATABASE_URL is not given"),
        ("PAMOJA_SIGN_IN_DATABASE_URL", None, "the way to it as the sign-in role", "is not given"),
        ("PAMOJA_WORKER_DATABASE_URL", None, "the way to it as the worker role", "is not given"),
        ("PAMOJA_OPERATOR_DATABASE_URL", None, "the way to it as the operator role", "is not given"),
        ("PAMOJA_OPERATOR_DATABASE_URL", None, "the roles", "set PAMOJA_OPERATOR_DATABASE_URL"),
        ("PAMOJA_OPERATOR_DATABASE_URL", None, "the audit's seals", "set PAMOJA_OPERATOR_DATABASE_URL"),
        ("PAMOJA_OPERATOR_DATABASE_URL", Some(closed), "the roles", "check PAMOJA_OPERATOR_DATABASE_URL"),
        ("PAMOJA_OPERATOR_DATABASE_URL", Some(closed), "the audit's seals", "the organisations can't be read"),
        ("PAMOJA_OWNER_DATABASE_URL", None, "the way to it as the owner role", "is not given"),
        ("PAMOJA_OWNER_DATABASE_URL", None, "the migrations", "is not given"),
        ("PAMOJA_OWNER_DATABASE_URL", Some(closed), "the migrations", "can't be reached"),
        ("PAMOJA_OWNER_DATABASE_URL", Some("s3cret"), "the way to it as the owner role", "can't be read as the address"),
        ("PAMOJA_OWNER_DATABASE_URL", None, "what was erased", "is not given"),
        ("PAMOJA_OWNER_DATABASE_URL", Some(closed), "what was erased", "not available"),
        ("PAMOJA_PUBLISHER_DATABASE_URL", None, "the way to it as the publisher role", "is not given"),
        ("PAMOJA_KEYS", None, "the keys", "is not given"),
        ("PAMOJA_KEYS", Some(&empty), "the keys", "secret.key is missing"),
        ("PAMOJA_KEYS", None, "the audit's seals", "without them no seal can be checked"),
        ("PAMOJA_NOISE_KEY", None, "the noise key", "is not given"),
        ("PAMOJA_NOISE_KEY", Some(&empty), "the noise key", "is missing"),
        ("PAMOJA_PUBLIC_URL", None, "the public address", "is not given"),
        ("PAMOJA_ALLOWED_ORIGINS", None, "the allowed origins", "is not given"),
    ] {
        let ended = deployment.with(setting, value).await;
        Deployment::assert_ill(&ended, UNSEEN, what, said);
        assert!(ended.error.contains("could not be made"), "{setting}: {}", ended.error);
        assert!(!ended.out.contains("s3cret") && !ended.error.contains("s3cret"), "{ended:?}");
    }
    let half = run(&["doctor"]).await;
    assert_eq!(half.out.lines().filter(|line| line.starts_with(UNSEEN)).count(), 14, "{}", half.out);
    half.assert_bad(1, &["14 of 14 checks could not be made"]);
}

#[tokio::test]
async fn what_is_unsafe_in_the_settings_is_named() {
    let deployment = Deployment::new().await;
    let keys = deployment.folder.0.join("keys");
    let inside = keys.join("noise.key");
    run(&["keys", "new-noise", &inside.display().to_string()]).await.assert_good();
    let inside = inside.display().to_string();
    for (setting, value, what, said) in [
        (
            "PAMOJA_PUBLISHER_DATABASE_URL",
            "postgresql://pamoja_publisher@localhost.example.org/pamoja",
            "the way to it as the publisher role",
            "localhost.example.org",
        ),
        (
            "PAMOJA_OWNER_DATABASE_URL",
            "postgresql://pamoja_owner:x%40localhost@192.0.2.1/pamoja?connect_timeout=1",
            "the way to it as the owner role",
            "192.0.2.1",
        ),
        (
            "DATABASE_URL",
            "postgresql://pamoja_server@192.0.2.1/pamoja?application_name=sslmode%3Drequire",
            "the way to the database as the role that serves",
            "add sslmode=require",
        ),
        ("PAMOJA_NOISE_KEY", &inside, "the noise key", "lies in the folder of the keys"),
        ("PAMOJA_PUBLIC_URL", "http://api.example.org", "the public address", "without TLS"),
        ("PAMOJA_ALLOWED_ORIGINS", "https://app.example.org,*", "the allowed origins", "name each origin"),
        ("PAMOJA_ALLOWED_ORIGINS", "http://app.example.org", "the allowed origins", "without TLS"),
    ] {
        Deployment::assert_ill(&deployment.with(setting, Some(value)).await, UNSAFE, what, said);
    }
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(keys.join("secret.key"), std::fs::Permissions::from_mode(0o644)).expect("a mode");
    let ill = deployment.examined().await;
    Deployment::assert_ill(&ill, UNSAFE, "the keys", "is open to others than its owner");
    Deployment::assert_ill(&ill, UNSEEN, "the audit's seals", "the keys could not be read");
    assert!(ill.error.contains("1 thing is unsafe, and 1 check could not be made"), "{}", ill.error);
}

#[tokio::test]
async fn what_is_unsafe_in_the_database_is_named() {
    let deployment = Deployment::new().await;
    let walls = "the roles";
    for role in [DatabaseRole::Superuser, DatabaseRole::Owner] {
        let ill = deployment.with("DATABASE_URL", Some(&deployment.world.url(role))).await;
        Deployment::assert_ill(
            &ill,
            UNSAFE,
            "the way to the database as the role that serves",
            "doesn't connect as pamoja_server",
        );
    }
    let superuser = deployment.world.connect(DatabaseRole::Superuser).await;
    let of_role = |what: &str| format!("ALTER ROLE pamoja_server IN DATABASE {} {what}", deployment.world.database.name);
    // These changes apply to this test's database only.
    for (change, back, said) in [
        (
            "ALTER TABLE referral NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE referral FORCE ROW LEVEL SECURITY",
            "isn't forced on referral:",
        ),
        (
            "GRANT SELECT (units) ON statistic_rollup TO pamoja_app",
            "REVOKE SELECT (units) ON statistic_rollup FROM pamoja_app",
            "can read statistic_rollup",
        ),
        (
            "GRANT INSERT ON statistic_cell TO pamoja_app",
            "REVOKE INSERT ON statistic_cell FROM pamoja_app",
            "can write statistic_cell",
        ),
        (
            "GRANT DELETE ON statistic_release TO pamoja_app",
            "REVOKE DELETE ON statistic_release FROM pamoja_app",
            "can write statistic_release",
        ),
        (
            "GRANT EXECUTE ON FUNCTION pg_stat_get_activity(integer) TO PUBLIC",
            "REVOKE EXECUTE ON FUNCTION pg_stat_get_activity(integer) FROM PUBLIC",
            "run docker/catalogue.sql",
        ),
        (&of_role("SET statement_timeout = 0"), &of_role("RESET statement_timeout"), "has a setting of its own in this database"),
        ("INSERT INTO clock_offset (seconds) VALUES (60)", "DELETE FROM clock_offset", "is set off by 60 seconds"),
    ] {
        superuser.batch_execute(change).await.expect("changed by hand");
        Deployment::assert_ill(&deployment.examined().await, UNSAFE, walls, said);
        superuser.batch_execute(back).await.expect("changed back");
    }
    deployment.examined().await.assert_good();
}

#[tokio::test]
async fn a_database_without_tables_is_not_called_safe_before_it_is_migrated() {
    let deployment = Deployment::new().await;
    let empty = postgres().create_empty_database().await;
    deployment.world.keep_app_out(&empty.name).await;
    let (operator, owner) = (empty.url(DatabaseRole::Operator), empty.url(DatabaseRole::Owner));
    let examined = async || {
        let mut command = pamoja(&["doctor", "--operator-database-url", &operator, "--owner-database-url", &owner]);
        command.envs(
            deployment
                .settings
                .iter()
                .filter(|(name, _)| !["PAMOJA_OPERATOR_DATABASE_URL", "PAMOJA_OWNER_DATABASE_URL"].contains(name))
                .map(|(name, value)| (*name, value.as_str())),
        );
        Ended::of(command).await
    };
    let ill = examined().await;
    Deployment::assert_ill(&ill, UNSAFE, "the migrations", "Migrations are still to be run");
    Deployment::assert_ill(&ill, UNSEEN, "the roles", "run `pamoja migrate`");
    let mut command = pamoja(&["migrate"]);
    command.env("PAMOJA_OWNER_DATABASE_URL", &owner);
    let migrated = Ended::of(command).await;
    migrated.assert_good();
    assert!(migrated.out.starts_with("Ran "), "{}", migrated.out);
    examined().await.assert_good();
}

#[tokio::test]
async fn a_database_that_lacks_a_statement_is_not_served_and_migrating_makes_it() {
    let deployment = Deployment::new().await;
    let superuser = deployment.world.connect(DatabaseRole::Superuser).await;
    let dropped = "DO $$ BEGIN EXECUTE (SELECT 'DROP FUNCTION ' || min(oid::regprocedure::text) FROM pg_proc
        WHERE pronamespace = 'statement'::regnamespace AND starts_with(proname, 's_')); END $$";
    superuser.batch_execute(dropped).await.expect("one is gone");
    Deployment::assert_ill(&deployment.examined().await, UNSAFE, "the migrations", "lacks 1 of the program's statements");
    let set = |mut command: Command| {
        command.envs(deployment.settings.iter().map(|(name, value)| (*name, value.as_str())));
        Ended::of(command)
    };
    set(pamoja(&["serve", "--listen", "127.0.0.1:0"]))
        .await
        .assert_bad(1, &["lacks 1 of the program's statements", "pamoja migrate"]);
    set(pamoja(&["migrate"])).await.assert_good();
    deployment.examined().await.assert_good();
}
