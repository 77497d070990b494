//! A second server: what a dump brings there keeps its walls, and the one right that must never be granted, granted.

use std::path::PathBuf;
use std::process::Command;

use pamoja_demo::private_postgresql::{DATABASE, DatabaseRole, PrivatePostgresql, ServerOptions};
use pamoja_domain::access::Caller;
use pamoja_domain::session_secret::SessionSecret;
use tokio_postgres::Client;
use uuid::Uuid;

use super::attempt::{Outcome, send};
use super::scene::{Scene, proof};
use super::statement;
use crate::harness::{Folder, SENDER, let_app_in};

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("a connection");
    tokio::spawn(connection);
    client
}

/// Another server, with the roles of the program.
async fn second_server(folder: &Folder) -> PrivatePostgresql {
    let server = PrivatePostgresql::start(&folder.0, ServerOptions::for_tests()).await.expect("a second server");
    server.create_database("first", None).await.expect("the roles");
    server
}

#[tokio::test]
async fn a_dump_that_is_restored_on_another_server_keeps_its_walls() {
    let scene = Scene::new().await;
    let (folder, dumps) = (Folder::new("second"), Folder::new("dump"));
    let server = second_server(&folder).await;
    let programs: PathBuf =
        scene.told("SELECT setting FROM pg_config WHERE name = 'BINDIR'").await.remove(0).expect("a folder").into();
    let dump = dumps.0.join("dump.sql");
    let run = |program: &str, arguments: &[&str]| {
        let done =
            Command::new(programs.join(program)).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"));
        assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
    };
    let file = dump.to_str().expect("a path");
    run("pg_dump", &["--file", file, &scene.world.url(DatabaseRole::Superuser)]);
    connect(&server.connection_url_to(DatabaseRole::Superuser, "first"))
        .await
        .batch_execute("CREATE DATABASE restored TEMPLATE template0")
        .await
        .expect("a database");
    let url = |role| server.connection_url_to(role, "restored");
    run("psql", &["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--file", file, &url(DatabaseRole::Superuser)]);
    // As docs say of a restore: both files once more.
    let superuser = connect(&url(DatabaseRole::Superuser)).await;
    superuser.batch_execute(include_str!("../../../docker/roles.sql")).await.expect("the roles");
    superuser.batch_execute(include_str!("../../../docker/catalogue.sql")).await.expect("the catalogue");

    let_app_in(&server, "restored", true).await;
    let app = connect(&url(DatabaseRole::App)).await;
    for table in scene.tables.iter().filter(|table| table.is_kept_apart()) {
        let name = &table.name;
        let there = send(&superuser, &format!("SELECT count(*) > 0 FROM {name}")).await;
        assert_eq!(there, Outcome::Ran(vec!["t".to_owned()], 1), "{name} was restored");
        let seen = send(&app, &format!("SELECT count(*) FROM {name}")).await;
        assert!(seen.lacks_a_right() || seen == Outcome::Ran(vec!["0".to_owned()], 1), "{name}: {seen:?}");
    }
    for statement in ["SET backtrace_functions = 'pamoja,member'", "SELECT pg_sleep(0)", "DO $$ BEGIN NULL; END $$"] {
        let outcome = send(&app, statement).await;
        assert!(outcome.lacks_a_right(), "{statement}: {outcome:?}");
    }
    send(&app, "BEGIN").await;
    send(&app, "SAVEPOINT before").await;
    let wrong = Caller { secret: SessionSecret(Uuid::new_v4()), ..scene.session };
    assert!(matches!(send(&app, &proof(wrong)).await, Outcome::Refused(code, _) if code == "PA401"));
    send(&app, "ROLLBACK TO before").await;
    send(&app, &scene.proof()).await;
    assert_eq!(send(&app, "SELECT count(*) FROM referral").await, Outcome::Ran(vec!["2".to_owned()], 1), "its own");
    let serving = connect(&url(DatabaseRole::Server)).await;
    for sql in ["BEGIN", &statement::proof(&scene)] {
        assert!(matches!(send(&serving, sql).await, Outcome::Ran(..)), "the functions of the statements were restored: {sql}");
    }
    drop((app, superuser, serving));
    server.stop().await.expect("it stops");
}

/// On a server of its own: the right is one of the whole server.
#[tokio::test]
async fn whoever_may_set_the_gates_parameter_is_anybody() {
    let folder = Folder::new("granted");
    let server = second_server(&folder).await;
    server.prepare().await.expect("the tables");
    let_app_in(&server, DATABASE, true).await;
    let superuser = connect(&server.connection_url(DatabaseRole::Superuser)).await;
    let forge = format!("BEGIN; SET LOCAL backtrace_functions = 'pamoja,member,{}'; SELECT tenant()", SENDER.id().0.simple());
    let mut answers = Vec::new();
    for _ in 0..2 {
        let app = connect(&server.connection_url(DatabaseRole::App)).await;
        answers.push(send(&app, &forge).await);
        superuser.batch_execute("GRANT SET ON PARAMETER backtrace_functions TO pamoja_app").await.expect("granted");
    }
    assert!(answers[0].lacks_a_right(), "{:?}", answers[0]);
    assert_eq!(answers[1], Outcome::Ran(vec![SENDER.id().to_string()], 1), "the wall is down");
    drop(superuser);
    server.stop().await.expect("it stops");
}
