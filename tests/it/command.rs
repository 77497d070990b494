//! The program's commands, run as an operator runs them.

mod doctor;

use std::process::Stdio;
use std::time::Duration;

use pamoja_api::keys::Keys;
use pamoja_demo::private_postgresql::DatabaseRole;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::harness::{Client, Folder, PASSWORD, World, until};

/// The program with those arguments, and without settings from the environment.
pub fn pamoja(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pamoja"));
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    for (name, _) in std::env::vars_os() {
        if name == "DATABASE_URL" || name.to_string_lossy().starts_with("PAMOJA_") {
            command.env_remove(name);
        }
    }
    command
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub error: String,
}

impl Ended {
    /// Runs a command to its end.
    pub async fn of(mut command: Command) -> Self {
        let output = tokio::time::timeout(Duration::from_secs(60), command.output()).await.expect("it ends").expect("it runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Self { code: output.status.code(), out: text(output.stdout), error: text(output.stderr) }
    }

    /// Asserts that the command succeeded.
    pub fn assert_good(&self) {
        assert_eq!((self.code, self.error.as_str()), (Some(0), ""), "{}", self.out);
    }

    /// Asserts that the command failed and said each of those texts.
    pub fn assert_bad(&self, code: i32, said: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:?}");
        for word in said {
            assert!(self.error.contains(word), "{word} isn't in: {}", self.error);
        }
        assert!(!self.error.contains("panicked"), "{}", self.error);
    }
}

async fn run(arguments: &[&str]) -> Ended {
    Ended::of(pamoja(arguments)).await
}

async fn run_on(world: &World, role: DatabaseRole, arguments: &[&str]) -> Ended {
    let mut command = pamoja(arguments);
    let setting = match role {
        DatabaseRole::Worker => "PAMOJA_WORKER_DATABASE_URL",
        _ => "PAMOJA_OPERATOR_DATABASE_URL",
    };
    command.env(setting, world.url(role));
    command.env("PAMOJA_PUBLISHER_DATABASE_URL", world.url(DatabaseRole::Publisher));
    Ended::of(command).await
}

#[tokio::test]
async fn every_command_explains_itself() {
    let top = run(&["--help"]).await;
    top.assert_good();
    let listed = |text: &str| -> Vec<String> {
        let commands = text.split("Commands:\n").nth(1).unwrap_or("").split("\n\n").next().unwrap_or("").to_owned();
        let named = commands.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        named.filter_map(|line| line.split_whitespace().next().map(str::to_owned)).filter(|name| name != "help").collect()
    };
    let names = listed(&top.out);
    for name in [
        "demo",
        "serve",
        "worker",
        "publish",
        "migrate",
        "schema",
        "import",
        "organisation",
        "user",
        "keys",
        "doctor",
        "forget",
        "database",
    ] {
        assert!(names.iter().any(|known| known == name), "{name} isn't in: {}", top.out);
    }
    for name in &names {
        let help = run(&[name, "--help"]).await;
        help.assert_good();
        for inner in listed(&help.out) {
            let help = run(&[name, &inner, "--help"]).await;
            help.assert_good();
            assert!(help.out.contains(&format!("Usage: pamoja {name} {inner}")), "{}", help.out);
        }
    }
    assert!(run(&["--version"]).await.out.starts_with("pamoja 0."));
}

#[tokio::test]
async fn help_shows_no_secret_that_the_environment_holds() {
    let mut command = pamoja(&["serve", "--help"]);
    command.env("DATABASE_URL", "postgresql://pamoja_server:s3cret@db/pamoja");
    let help = Ended::of(command).await;
    help.assert_good();
    assert!(help.out.contains("DATABASE_URL") && !help.out.contains("s3cret"), "{}", help.out);
}

#[tokio::test]
async fn a_misspelt_setting_is_refused_by_name() {
    let mut command = pamoja(&["schema"]);
    command.env("PAMOJA_ALLOWED_ORIGIN", "https://partner.example").env("PAMOJA_INTROSPECTION", "true");
    let ended = Ended::of(command).await;
    ended.assert_bad(1, &["PAMOJA_ALLOWED_ORIGIN:"]);
    assert!(
        !ended.error.contains("PAMOJA_INTROSPECTION") && !ended.error.contains("partner.example") && ended.out.is_empty(),
        "{ended:?}"
    );
}

#[tokio::test]
async fn serve_and_worker_say_what_is_missing() {
    run(&["serve"]).await.assert_bad(2, &["--keys", "--public-url"]);
    run(&["worker"]).await.assert_bad(2, &["--keys"]);
    let folder = Folder::new("keys");
    let keys = folder.0.join("keys").display().to_string();
    let serve = ["serve", "--keys", &keys, "--public-url", "https://api.example.org", "--log", "error"];
    run(&serve).await.assert_bad(1, &["pamoja keys new"]);
    run(&["keys", "new", &keys]).await.assert_good();
    run(&serve).await.assert_bad(1, &["DATABASE_URL"]);
    let mut command = pamoja(&serve);
    command.env("DATABASE_URL", "postgresql://pamoja_server:s3cret@127.0.0.1:1/pamoja");
    command.env("PAMOJA_SIGN_IN_DATABASE_URL", "postgresql://pamoja_sign_in:s3cret@127.0.0.1:1/pamoja");
    let ended = Ended::of(command).await;
    ended.assert_bad(1, &["DATABASE_URL"]);
    assert!(!ended.error.contains("s3cret"), "{}", ended.error);
    run(&["migrate"]).await.assert_bad(1, &["PAMOJA_OWNER_DATABASE_URL"]);
    run(&["user", "add", "jirani", "desk", "--role", "CASEWORKER"]).await.assert_bad(1, &["PAMOJA_OPERATOR_DATABASE_URL"]);
    let bad = ["serve", "--keys", &keys, "--public-url", "https://api.example.org", "--introspection", "perhaps"];
    run(&bad).await.assert_bad(2, &["--introspection"]);
    for (option, value, code, said) in [
        ("--shared-session-hours", "3", 2, "4 to 24 whole hours"),
        ("--shared-session-hours", "25", 2, "4 to 24 whole hours"),
        ("--shared-session-hours", "8h", 2, "4 to 24 whole hours"),
        ("--allowed-origins", "*", 1, "name each origin"),
        ("--allowed-origins", "https://a.example,b.example", 1, "b.example is not an origin"),
        ("--allowed-origins", "https://a.example/app", 1, "https://a.example/app is not an origin"),
    ] {
        run(&[&serve[..], &[option, value]].concat()).await.assert_bad(code, &[option, said]);
    }
}

#[tokio::test]
async fn a_command_works_on_the_demos_private_postgresql_or_on_another_one_and_not_on_both() {
    let url = "postgresql://pamoja_server@127.0.0.1:1/pamoja";
    for (command, option) in [
        (["migrate"].as_slice(), "--owner-database-url"),
        (&["publish"], "--publisher-database-url"),
        (&["import", "facilities", "none.json"], "--operator-database-url"),
        (&["doctor"], "--operator-database-url"),
        (&["forget"], "--owner-database-url"),
    ] {
        let both = [command, &["--data-dir", "none", option, url]].concat();
        run(&both).await.assert_bad(2, &["--data-dir", option, "cannot be used with"]);
    }
}

#[tokio::test]
async fn new_keys_overwrite_no_old_ones_and_nobody_else_can_read_them() {
    let folder = Folder::new("keys");
    let path = folder.0.join("keys");
    let text = path.display().to_string();
    let made = run(&["keys", "new", &text]).await;
    made.assert_good();
    let files = || {
        let entries = std::fs::read_dir(&path).expect("the folder").map(|entry| entry.expect("an entry").path());
        let mut files: Vec<_> = entries.map(|file| (std::fs::read(&file).expect("a key"), file)).collect();
        files.sort();
        files
    };
    let before = files();
    assert_eq!(before.len(), 2);
    for (content, file) in &before {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
        let secret = String::from_utf8_lossy(content);
        let longest = secret.lines().find(|line| !line.starts_with('-')).expect("a line");
        assert!(!made.out.contains(longest), "a secret is printed");
    }
    run(&["keys", "new", &text]).await.assert_bad(1, &["secret.key"]);
    std::fs::remove_file(path.join("secret.key")).expect("removed");
    run(&["keys", "new", &text]).await.assert_bad(1, &["signing-"]);
    assert_eq!(files().len(), 1, "nothing is added to what is there");
}

#[tokio::test]
async fn a_new_member_and_account_can_sign_in_with_the_password_that_is_shown_once() {
    let world = World::new().await;
    let added = run_on(
        &world,
        DatabaseRole::Operator,
        &[
            "organisation",
            "add",
            "mwanga",
            "--name",
            "Mwanga Collective",
            "--kind",
            "TRANS_LED",
            "--county",
            "001",
            "--county",
            "047",
            "--population",
            "TRANS_WOMAN",
        ],
    )
    .await;
    added.assert_good();
    let added = run_on(
        &world,
        DatabaseRole::Operator,
        &["user", "add", "mwanga", "front-desk", "--role", "CASEWORKER", "--role", "ANALYST"],
    )
    .await;
    added.assert_good();
    let password = added.out.trim().rsplit(' ').next().expect("a password").to_owned();
    assert!(password.len() == 23 && added.out.starts_with("Added front-desk@mwanga."), "{}", added.out);
    let sign_in = async || {
        let body = json!({ "username": "front-desk@mwanga", "password": password });
        let response = world.anonymous().request(reqwest::Method::POST, "/session").json(&body).send().await.expect("an answer");
        (response.status().as_u16(), response.json::<Value>().await.expect("JSON"))
    };
    let (status, tokens) = sign_in().await;
    assert_eq!(status, 200, "{tokens}");
    let client = Client::new(world.address, tokens["accessToken"].as_str().map(str::to_owned));
    let viewer = "{ viewer { roles user { displayName } organisation { name kind populations counties { code } status } } }";
    assert_eq!(
        client.data(viewer, json!({})).await["viewer"],
        json!({ "roles": ["CASEWORKER", "ANALYST"], "user": { "displayName": "front-desk" }, "organisation": { "name": "Mwanga Collective", "kind": "TRANS_LED",
            "populations": ["TRANS_WOMAN"], "counties": [{ "code": "001" }, { "code": "047" }], "status": "ACTIVE" } })
    );
    let frozen = run_on(&world, DatabaseRole::Operator, &["organisation", "set-status", "mwanga", "FROZEN"]).await;
    frozen.assert_good();
    assert_eq!(client.error_code(viewer, json!({})).await, "UNAUTHENTICATED");
    assert_eq!(sign_in().await.0, 401);
    run_on(&world, DatabaseRole::Operator, &["organisation", "set-status", "mwanga", "ACTIVE"]).await.assert_good();
    assert_eq!(sign_in().await.0, 200);
    for (days, is_good) in [("29", false), ("30", true), ("365", true), ("731", false)] {
        let kept = run_on(&world, DatabaseRole::Operator, &["organisation", "keep-violations", "mwanga", days]).await;
        assert_eq!(kept.code == Some(0), is_good, "{days}: {} {}", kept.out, kept.error);
    }

    let superuser = world.connect(DatabaseRole::Superuser).await;
    let audit = superuser
        .query("SELECT action FROM audit_entry WHERE user_id IS NULL AND action <> 'signIn' ORDER BY position", &[])
        .await
        .expect("the audit");
    let actions: Vec<String> = audit.iter().map(|row| row.get(0)).collect();
    assert_eq!(
        actions,
        ["addOrganisation", "addUser", "setOrganisationStatus", "setOrganisationStatus", "keepViolations", "keepViolations"]
    );
}

#[tokio::test]
async fn what_an_operator_mistypes_is_told_and_adds_nothing() {
    let world = World::new().await;
    let member = |slug: &'static str, name: &'static str, kind: &'static str, county: &'static str| {
        vec!["organisation", "add", slug, "--name", name, "--kind", kind, "--county", county]
    };
    let account = |organisation: &'static str, handle: &'static str, role: &'static str| {
        vec!["user", "add", organisation, handle, "--role", role]
    };
    let cases = [
        (member("jirani", "Jirani again", "OTHER", "047"), 1, "taken"),
        (member("Jirani", "Capitals", "OTHER", "047"), 1, "slug"),
        (member("new", "Call 0712345678", "OTHER", "047"), 1, "name"),
        (member("new", "New", "CHURCH", "047"), 2, "SEX_WORKER_LED"),
        (member("new", "New", "OTHER", "048"), 2, "--county"),
        (account("nowhere", "desk", "CASEWORKER"), 1, "pamoja organisation add"),
        (account("jirani", "caseworker", "CASEWORKER"), 1, "taken"),
        (account("jirani", "jo@example.org", "CASEWORKER"), 1, "handle"),
        (account("jirani", "desk0712345678", "CASEWORKER"), 1, "handle"),
        (account("jirani", "desk", "BOSS"), 2, "ORGANISATION_ADMIN"),
        (account("jirani", "desk", "COALITION_ADMIN"), 1, "for users of the secretariat alone"),
        (vec!["organisation", "set-status", "nowhere", "FROZEN"], 1, "there is no organisation nowhere"),
        (vec!["organisation", "set-status", "jirani", "MELTED"], 2, "FROZEN"),
    ];
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let count = async || {
        let query = "SELECT (SELECT count(*) FROM organisation) + (SELECT count(*) FROM user_account) + (SELECT count(*) FROM audit_entry)";
        superuser.query_one(query, &[]).await.expect("a count").get::<_, i64>(0)
    };
    let before = count().await;
    for (arguments, code, said) in cases {
        let ended = run_on(&world, DatabaseRole::Operator, &arguments).await;
        ended.assert_bad(code, &[said]);
        assert_eq!(ended.out, "", "{arguments:?}");
    }
    assert_eq!(count().await, before);
}

#[tokio::test]
async fn an_organisation_has_ninety_peers_by_number() {
    let world = World::new().await;
    for handle in ["peer1", "peer090", "peer100", "peer-101", "jirani102"] {
        let added = run_on(&world, DatabaseRole::Operator, &["user", "add", "jirani", handle, "--role", "PEER_EDUCATOR"]).await;
        added.assert_good();
        assert!(added.out.starts_with(&format!("Added {handle}@jirani.")), "{}", added.out);
    }
}

#[tokio::test]
async fn the_schema_is_printed_as_it_is_committed() {
    let printed = run(&["schema"]).await;
    printed.assert_good();
    assert!(printed.out == include_str!("../../schema.graphql"), "schema.graphql is out of date");
}

#[tokio::test]
async fn the_demo_is_for_this_machine_alone() {
    let folder = Folder::new("demo");
    let data = folder.0.join("data").display().to_string();
    for address in ["0.0.0.0:1", "[::]:1", "192.0.2.1:80"] {
        run(&["demo", "--listen", address, "--data-dir", &data]).await.assert_bad(1, &["this machine alone"]);
    }
    run(&["demo", "--scale", "101", "--data-dir", &data]).await.assert_bad(1, &["--scale"]);
    assert!(!folder.0.join("data").exists(), "nothing is begun");
}

#[tokio::test]
async fn figures_are_published_with_the_noise_key_of_the_months_before_alone() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    crate::publication::made(&superuser).await;
    let folder = Folder::new("noise");
    std::fs::create_dir_all(&folder.0).expect("a folder");
    let file = |name: &str| folder.0.join(name).display().to_string();
    let (one, other) = (file("one.key"), file("other.key"));
    let publish = async |arguments: &[&str]| {
        let arguments = [&["publish"], arguments].concat();
        run_on(&world, DatabaseRole::Operator, &arguments).await
    };
    publish(&[]).await.assert_bad(1, &["PAMOJA_NOISE_KEY", "pamoja keys new-noise"]);
    publish(&["--noise-key", &one]).await.assert_bad(1, &["is missing", "nothing is published", "pamoja keys new-noise"]);
    for key in [&one, &other] {
        run(&["keys", "new-noise", key]).await.assert_good();
        run(&["keys", "new-noise", key]).await.assert_bad(1, &["never overwritten"]);
    }
    publish(&["--noise-key", &one, "--through", "2026"]).await.assert_bad(2, &["2026-09"]);
    assert!(publish(&["--noise-key", &one, "--report"]).await.out.contains("Nothing is published yet."));
    for role in [DatabaseRole::Server, DatabaseRole::Owner] {
        let other_role = publish(&["--noise-key", &one, "--publisher-database-url", &world.url(role)]).await;
        other_role.assert_bad(1, &["connect as pamoja_publisher"]);
    }
    let first = publish(&["--noise-key", &one, "--through", "2025-02"]).await;
    assert!(first.out.contains("figures of 2 months through 2025-02"), "{}", first.out);
    publish(&["--noise-key", &other]).await.assert_bad(1, &["published with the noise key", "--replace-noise-key"]);
    let rest = publish(&["--noise-key", &other, "--replace-noise-key", "--through", "2025-04"]).await;
    assert!(rest.out.contains("figures of 2 months through 2025-04"), "{}", rest.out);
    let again = publish(&["--noise-key", &other, "--through", "2025-04"]).await;
    assert!(again.out.contains("All months that are closed were published."), "{}", again.out);
    let report = publish(&["--noise-key", &other, "--report"]).await;
    assert!(report.out.contains("REFERRALS_BY_COUNTY") && report.out.contains("QUARTER"), "{}", report.out);
}

#[tokio::test]
async fn the_jobs_run_once_and_end() {
    let world = World::new().await;
    let folder = Folder::new("keys");
    let keys = folder.0.join("keys");
    Keys::create(&keys).expect("keys");
    let body = json!({ "username": "caseworker@jirani", "password": PASSWORD });
    world.anonymous().request(reqwest::Method::POST, "/session").json(&body).send().await.expect("an answer");
    let keys = keys.display().to_string();
    let noise = folder.0.join("noise.key").display().to_string();
    run(&["keys", "new-noise", &noise]).await.assert_good();
    let superuser = world.connect(DatabaseRole::Superuser).await;
    // Sealing waits for open transactions, even those of another test's database, so this may take several runs.
    until("the sign-in is sealed", async || {
        let ended =
            run_on(&world, DatabaseRole::Worker, &["worker", "--once", "--log", "error", "--keys", &keys, "--noise-key", &noise])
                .await;
        ended.assert_good();
        let sealed = superuser.query_one("SELECT coalesce(sum(entries), 0)::bigint FROM audit_seal", &[]).await.expect("seals");
        (sealed.get::<_, i64>(0) == 1).then_some(())
    })
    .await;
}
