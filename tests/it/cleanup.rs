//! A test that fails leaves nothing behind: no database, no process, no folder.

use std::sync::mpsc::{Sender, channel};

use pamoja_demo::private_postgresql::DatabaseRole;
use tokio::runtime::Builder;

use crate::harness::{Folder, Program, World, runs, until};

/// Runs a failing test in its own thread and runtime, as every test has them. Returns what the test sent before it failed.
fn said_by_a_failing_test<T: Send + 'static>(mut runtime: Builder, test: impl AsyncFnOnce(Sender<T>) + Send + 'static) -> T {
    let runtime = runtime.enable_all().build().expect("a runtime");
    let (say, said) = channel();
    let ended = std::thread::spawn(move || runtime.block_on(test(say))).join();
    assert!(ended.is_err(), "it should have failed");
    said.recv().expect("it got so far")
}

async fn count_databases(observer: &tokio_postgres::Client, name: &str) -> i64 {
    let query = "SELECT count(*) FROM pg_database WHERE datname = $1";
    observer.query_one(query, &[&name]).await.expect("a count").get(0)
}

#[tokio::test]
async fn a_world_whose_test_panics_leaves_no_database() {
    let observed = World::new().await;
    let observer = observed.connect(DatabaseRole::Superuser).await;
    for runtime in [Builder::new_current_thread(), Builder::new_multi_thread()] {
        let name = said_by_a_failing_test(runtime, async |say| {
            let world = World::new().await;
            let connected = world.connect(DatabaseRole::Superuser).await;
            assert_eq!(count_databases(&connected, &world.database.name).await, 1);
            say.send(world.database.name.clone()).expect("somebody listens");
            panic!("as a test does that fails");
        });
        until("the database is gone", async || (count_databases(&observer, &name).await == 0).then_some(())).await;
    }
}

#[tokio::test]
async fn a_database_goes_with_the_last_of_its_worlds() {
    let observed = World::new().await;
    let observer = observed.connect(DatabaseRole::Superuser).await;
    let world = World::new().await;
    let twin = world.twin().await;
    let name = world.database.name.clone();
    drop(world);
    let ready = twin.anonymous().request(reqwest::Method::GET, "/health/ready").send().await.expect("an answer");
    assert_eq!(ready.status(), 200, "the twin's database still answers");
    assert_eq!(count_databases(&observer, &name).await, 1);
    drop(twin);
    until("the database is gone", async || (count_databases(&observer, &name).await == 0).then_some(())).await;
}

#[tokio::test]
async fn a_program_whose_test_panics_leaves_neither_a_process_nor_a_folder() {
    let (path, family) = said_by_a_failing_test(Builder::new_current_thread(), async |say| {
        let folder = Folder::new("cleanup");
        let program = Program::start(&folder.0.join("data")).await;
        say.send((folder.0.clone(), program.family())).expect("somebody listens");
        panic!("as a test does that fails");
    });
    assert!(family.len() > 2, "the program has a PostgreSQL: {family:?}");
    let left: Vec<u32> = family.into_iter().filter(|id| runs(*id)).collect();
    assert_eq!((left, path.exists()), (Vec::new(), false));
}
