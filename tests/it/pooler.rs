//! The API over a real pgbouncer in transaction mode, whose two connections serve whoever comes next.

use std::process::Stdio;
use std::time::Duration;

use futures_util::future::join_all;
use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::access::{Permission, Permit};
use pamoja_persistence::error::StoreError;
use pamoja_persistence::job;
use pamoja_persistence::pooler::Pooler;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_postgres::SimpleQueryMessage;

use crate::cancellation::leave;
use crate::harness::{
    CACHING, Client, Folder, Installed, MEMBERS, Member, OLDEST, OUTSIDER, PASSWORD, Pgbouncer, RECEIVER, SENDER, World, command,
    pgbouncer, until, until_within,
};
use crate::referral::{desks, sent};
use crate::subscription::{CHANGES, listening};

const LOOK: &str = "{ viewer { organisation { slug } user { displayName } }
    out: referrals(direction: OUTGOING, first: 5) { nodes { fromOrganisation { slug } client } }
    in: referrals(direction: INCOMING, first: 5) { nodes { toOrganisation { slug } client } } }";

/// Signs in over the API.
async fn signed_in(world: &World, member: Member, handle: &str) -> Client {
    let body = json!({ "username": format!("{handle}@{}", member.slug), "password": PASSWORD });
    let answer = world.anonymous().request(Method::POST, "/session").json(&body).send().await.expect("an answer");
    let answer: Value = answer.json().await.expect("JSON");
    Client::new(world.address, Some(answer["accessToken"].as_str().unwrap_or_else(|| panic!("{answer:#}")).to_owned()))
}

/// What a client of that member sees is the member's, whoever else has the pooler's connection before and after.
async fn looks(client: &Client, member: Member, handle: &str) {
    let data = client.data(LOOK, json!({})).await;
    assert_eq!(data["viewer"]["organisation"]["slug"], member.slug, "{data:#}");
    assert_eq!(data["viewer"]["user"]["displayName"], handle, "{data:#}");
    for (direction, whose) in [("out", "fromOrganisation"), ("in", "toOrganisation")] {
        for referral in data[direction]["nodes"].as_array().expect("a list") {
            assert_eq!(referral[whose]["slug"], member.slug, "{data:#}");
            assert_eq!(referral["client"].is_string(), direction == "out", "the pseudonym is the sender's alone: {data:#}");
        }
    }
}

/// Leaves statements with the names that the driver gives next on both connections of the pooler, as another process does.
async fn leave_statements(world: &World, bouncer: &Pgbouncer) {
    let direct = world.connect(DatabaseRole::Superuser).await;
    let kept = direct.prepare("SELECT 1").await.expect("a statement");
    let found = direct.simple_query("SELECT name FROM pg_prepared_statements").await.expect("its name");
    let next: u32 = row(&found).and_then(|name| name.strip_prefix('s')).and_then(|number| number.parse().ok()).expect("a number");
    drop(kept);
    let statements: String = (next..next + 4000).map(|number| format!("PREPARE s{number} AS SELECT 1;")).collect();
    for role in [DatabaseRole::Server, DatabaseRole::SignIn] {
        // A transaction each, so that each has a connection of its own.
        let others = join_all((0..2).map(|_| bouncer.connect(world, role))).await;
        for other in &others {
            other.batch_execute("BEGIN").await.expect("it begins");
        }
        for other in &others {
            other.batch_execute(&format!("{statements} COMMIT")).await.expect("they are left");
        }
    }
}

/// The first value that was answered.
fn row(answer: &[SimpleQueryMessage]) -> Option<&str> {
    answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    })
}

/// Twenty clients of three organisations do what clients do, all at once, over two connections.
async fn a_mixture_over(installed: &Installed, pooler: Pooler, settings: &str) {
    let world = World::new().await;
    let bouncer = Pgbouncer::start(installed, &world, settings).await;
    if pooler == Pooler::Plain {
        leave_statements(&world, &bouncer).await;
    }
    let served = world.twin_behind(pooler, &|url| bouncer.url(url)).await;
    let handles = ["caseworker", "second-caseworker"];
    let accounts: Vec<_> =
        [SENDER, RECEIVER, OUTSIDER].into_iter().flat_map(|member| handles.map(|handle| (member, handle))).collect();
    let clients = join_all(accounts.iter().map(|(member, handle)| signed_in(&served, *member, handle))).await;
    let desk = async |number: usize| {
        let ((member, handle), client) = (accounts[number % accounts.len()], clients[number % accounts.len()].clone());
        for _ in 0..4 {
            looks(&client, member, handle).await;
            if member.slug != RECEIVER.slug {
                sent(&client).await;
            }
            // Some leave in the middle of it.
            leave(&client, LOOK, json!({}), Duration::from_millis(number as u64)).await;
            let body = json!({ "username": format!("nobody-{number}@{}", member.slug), "password": "whatever it is" });
            let signing_in = served.anonymous().request(Method::POST, "/session").json(&body).send();
            drop(timeout(Duration::from_millis(number as u64), signing_in).await);
        }
    };
    let stranger = bouncer.connect(&world, DatabaseRole::Server).await;
    let nobody = async {
        for _ in 0..100 {
            let answer = stranger.simple_query("SHOW backtrace_functions").await.expect("an answer");
            assert_eq!(row(&answer), Some(""), "somebody's transaction is left to the next");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::join!(join_all((0..20).map(desk)), nobody);

    let (sender, receiver) = desks(&served).await;
    let mut socket = listening(&receiver, CHANGES, &sender).await;
    let (id, _) = sent(&sender).await;
    let mut event = socket.referral().await;
    while event["id"] != json!(id) {
        event = socket.referral().await;
    }
    let wrong = json!({ "username": format!("caseworker@{}", SENDER.slug), "password": "whatever it is" });
    let refused = served.anonymous().request(Method::POST, "/session").json(&wrong).send().await.expect("an answer");
    assert_eq!(refused.status(), 401);
    served.worker.end_overlong_statements().await.expect("the worker's own statements work");
    assert_eq!(job::expire(&served.worker, SENDER.id()).await.expect("the job"), 0, "nothing is old");

    let observer = world.connect(DatabaseRole::Superuser).await;
    let open = "SELECT FROM pg_stat_activity WHERE datname = $1 AND state LIKE 'idle in transaction%'";
    until("no transaction is left", async || {
        observer.query(open, &[&world.database.name]).await.expect("rows").is_empty().then_some(())
    })
    .await;
    let count = "SELECT count(*) FILTER (WHERE query NOT LIKE 'LISTEN%'), count(*) FILTER (WHERE query LIKE 'LISTEN%')
        FROM pg_stat_activity WHERE datname = $1 AND usename = 'pamoja_server'";
    // Those that pgbouncer gave up, because a client left, end a moment later.
    until("everything goes over the pooler", async || {
        let row = observer.query_one(count, &[&world.database.name]).await.expect("a count");
        // The first world, which nobody asks for anything, is the only one that listens.
        ((1..=2).contains(&row.get::<_, i64>(0)) && row.get::<_, i64>(1) == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn over_a_pooler_that_keeps_no_statements_each_gets_their_own() {
    let Some(installed) = pgbouncer("over_a_pooler_that_keeps_no_statements_each_gets_their_own", OLDEST).await else { return };
    a_mixture_over(&installed, Pooler::Plain, installed.keeping_none()).await;
    // A later version keeps them, whatever this setting says.
    if !installed.keeping_none().is_empty() {
        a_mixture_over(&installed, Pooler::Plain, "").await;
    }
    // As docs/operations.md advises it.
    a_mixture_over(&installed, Pooler::Plain, "server_reset_query_always = 1").await;
}

#[tokio::test]
async fn over_a_pooler_that_keeps_statements_each_gets_their_own() {
    let Some(installed) = pgbouncer("over_a_pooler_that_keeps_statements_each_gets_their_own", CACHING).await else { return };
    a_mixture_over(&installed, Pooler::Caching, "max_prepared_statements = 200").await;
}

/// Settings without a limit.
const LIFTED: [&str; 3] = ["statement_timeout = 0", "lock_timeout = 0", "search_path = pg_temp"];

/// Whether a statement that waits is ended, though the role says that it may wait for ever, and finds the tables.
async fn is_limited(served: &World, world: &World, changes: &[&str]) {
    // The app role can do that to itself, and so can whoever has taken over its process.
    let app = world.connect(DatabaseRole::Server).await;
    for change in changes {
        let change = format!("ALTER ROLE pamoja_server IN DATABASE {} SET {change}", world.database.name);
        app.batch_execute(&change).await.expect("it is set");
    }
    let caller = world.caller(SENDER, "caseworker").await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let permit = Permit::member(caller, Permission::ReadDirectory);
    let open = async || served.app.database.tenant(&permit, async |_| Err::<(), _>(StoreError::Forbidden)).await;
    assert!(matches!(open().await, Err(StoreError::Forbidden)), "{:?}", open().await);
    superuser.batch_execute("BEGIN; LOCK TABLE user_session").await.expect("it is locked");
    let waited = timeout(Duration::from_secs(8), open()).await.expect("it ends by itself");
    assert!(matches!(waited, Err(StoreError::Timeout)), "{waited:?}");
}

#[tokio::test]
async fn whoever_changes_the_role_changes_nothing_for_those_who_connect_later() {
    let world = World::new().await;
    // A library that isn't there lets nobody connect.
    is_limited(&world, &world, &[&LIFTED[..], &["local_preload_libraries = 'nothing'"]].concat()).await;
    let url = world.url(DatabaseRole::Server);
    assert!(tokio_postgres::connect(&url, tokio_postgres::NoTls).await.is_err(), "without its limits it loads what isn't there");
}

#[tokio::test]
async fn the_limits_are_those_of_the_roles() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    for role in ["pamoja_server", "pamoja_sign_in"] {
        let row = superuser.query_one("SELECT rolconfig FROM pg_roles WHERE rolname = $1", &[&role]).await.expect("a role");
        let mut shared = 0;
        for setting in row.get::<_, Vec<String>>(0) {
            let (name, value) = setting.split_once('=').expect("a setting");
            // These a superuser alone may change, and so they stay as they are.
            if name.starts_with("log_") || name == "temp_file_limit" {
                continue;
            }
            let limit = pamoja_persistence::limits::LIMITS.iter().find(|(limit, _, _)| *limit == name);
            assert_eq!(limit.map(|(_, value, _)| *value), Some(value), "{role}: {name}");
            shared += 1;
        }
        assert!(shared >= 6, "{role}: {shared}");
    }
}

/// What the program says on standard error when it serves over the pooler, once it has said what it is asked for.
async fn says(world: &World, bouncer: &Pgbouncer, setting: &str, wanted: &str) {
    let folder = Folder::new("pooler");
    let keys = folder.0.join("keys");
    let made = command(&["keys", "new"]).arg(&keys).stdout(Stdio::null()).status().await.expect("it runs");
    assert!(made.success());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let log = folder.0.join("stderr");
    let mut serve = command(&["serve", "--public-url", "https://pamoja.test", "--database-pooler", setting, "--listen"]);
    serve.arg(address.to_string()).arg("--keys").arg(&keys);
    serve.env("DATABASE_URL", bouncer.url(&world.url(DatabaseRole::Server)));
    serve.env("PAMOJA_SIGN_IN_DATABASE_URL", bouncer.url(&world.url(DatabaseRole::SignIn)));
    let _running = serve.stderr(Stdio::from(std::fs::File::create(&log).expect("a file"))).spawn().expect("it starts");
    until_within(Duration::from_secs(60), wanted, async || {
        let attempts = (0..12).map(async |number: usize| {
            let body = json!({ "username": format!("caseworker@{}", MEMBERS[number % 3].slug), "password": "whatever it is" });
            // It may not listen yet, or have ended.
            drop(Client::new(address, None).request(Method::POST, "/session").json(&body).send().await);
        });
        join_all(attempts).await;
        std::fs::read_to_string(&log).expect("text").contains(wanted).then_some(())
    })
    .await;
}

#[tokio::test]
async fn whoever_forgets_the_setting_or_takes_the_wrong_one_is_told_its_name() {
    let Some(installed) = pgbouncer("whoever_forgets_the_setting_or_takes_the_wrong_one_is_told_its_name", OLDEST).await else {
        return;
    };
    let world = World::new().await;
    let bouncer = Pgbouncer::start(&installed, &world, installed.keeping_none()).await;
    says(&world, &bouncer, "none", "a pooler stands before the database: set PAMOJA_DATABASE_POOLER").await;
    let mixes = "mixes up prepared statements: set PAMOJA_DATABASE_POOLER to plain";
    says(&world, &bouncer, "caching", mixes).await;
}

#[tokio::test]
async fn over_a_pooler_the_limits_hold_too() {
    let Some(installed) = pgbouncer("over_a_pooler_the_limits_hold_too", OLDEST).await else { return };
    let world = World::new().await;
    let bouncer = Pgbouncer::start(&installed, &world, "").await;
    let served = world.twin_behind(Pooler::Plain, &|url| bouncer.url(url)).await;
    is_limited(&served, &world, &LIFTED).await;
}
