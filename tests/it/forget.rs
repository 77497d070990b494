//! What was erased from the tables can still be in their files, until `pamoja forget --rewrite` has written those anew.

use pamoja_demo::private_postgresql::DatabaseRole;
use pamoja_domain::pseudonym::Pseudonym;
use pamoja_domain::service::ServiceType;
use pamoja_domain::user::Role;
use serde_json::json;
use uuid::Uuid;

use crate::command::{Ended, pamoja};
use crate::harness::{Client, RECEIVER, SENDER, World};
use crate::referral::{draft, with};

/// The tables and indexes in whose files these bytes are.
const FOUND_IN: &str = "SELECT class.relname::text FROM pg_class AS class
    WHERE class.relkind IN ('r', 'i', 't') AND class.relnamespace::regnamespace::text IN ('public', 'pg_toast')
        AND position(convert_to($1, 'UTF8') IN pg_read_binary_file(pg_relation_filepath(class.oid))) > 0
    ORDER BY class.relname";
/// The files of a table and its indexes.
const FILES: &str = "SELECT pg_relation_filepath(oid) FROM pg_class WHERE oid = 'referral_client'::regclass
    OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'referral_client'::regclass)";

fn pseudonym() -> String {
    Pseudonym::from_bits(*Uuid::new_v4().as_bytes()).as_str().to_owned()
}

async fn refer(sender: &Client, client: &str) {
    let sent = sender.create_referral(with(draft(RECEIVER, ServiceType::HivTesting), json!({ "client": client }))).await;
    assert_eq!(sent["userErrors"], json!([]), "{sent:#}");
}

async fn found_in(superuser: &tokio_postgres::Client, text: &str) -> Vec<String> {
    // What is still in memory is not in the files.
    superuser.batch_execute("CHECKPOINT").await.expect("all is written");
    superuser.query(FOUND_IN, &[&text]).await.expect("the files").iter().map(|row| row.get(0)).collect()
}

async fn forget(world: &World, arguments: &[&str]) -> Ended {
    let mut command = pamoja(&[&["forget"], arguments].concat());
    command.env("PAMOJA_OWNER_DATABASE_URL", world.url(DatabaseRole::Owner));
    Ended::of(command).await
}

#[tokio::test]
async fn what_was_erased_is_in_no_file_any_more_after_the_tables_were_rewritten() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    let (erased, kept) = (pseudonym(), pseudonym());
    // VACUUM moves what is left to the end of its page. The first row is there already, so nothing is written over the second.
    refer(&sender, &kept).await;
    refer(&sender, &erased).await;
    let erase = "mutation ($input: EraseClientInput!) { eraseClient(input: $input) { erasedReferrals userErrors { code } } }";
    let done = sender.data(erase, json!({ "input": { "client": erased } })).await;
    assert_eq!(done["eraseClient"]["erasedReferrals"], 1);
    assert_eq!(
        found_in(&superuser, &kept).await,
        ["referral_client", "referral_client_client"],
        "the search finds what is there"
    );
    // The control: erased from the tables, also after VACUUM, and still in the files.
    superuser.batch_execute("VACUUM").await.expect("a vacuum");
    assert!(found_in(&superuser, &erased).await.contains(&"referral_client".to_owned()), "there is nothing to remove");
    let before: Vec<String> = superuser.query(FILES, &[]).await.expect("files").iter().map(|row| row.get(0)).collect();
    let asked = forget(&world, &[]).await;
    asked.assert_good();
    assert!(asked.out.contains("may still be in the database's files (some tables were never written anew)"), "{}", asked.out);
    assert!(found_in(&superuser, &erased).await.contains(&"referral_client".to_owned()), "without the option nothing is written");

    let written = forget(&world, &["--rewrite"]).await;
    written.assert_good();
    assert!(written.out.starts_with("Wrote ") && written.out.contains("write-ahead log"), "{}", written.out);
    assert_eq!(found_in(&superuser, &erased).await, Vec::<String>::new());
    for file in &before {
        let left = "SELECT coalesce(length(pg_read_binary_file($1, 0, 1, true)), 0)";
        assert_eq!(superuser.query_one(left, &[file]).await.expect("the old file").get::<_, i32>(0), 0, "{file} is left");
    }
    assert_eq!(found_in(&superuser, &kept).await, ["referral_client", "referral_client_client"], "what was not erased is there");
    let known = "query ($client: Pseudonym!) { clientRecord(client: $client) { client } }";
    assert_eq!(sender.data(known, json!({ "client": kept })).await["clientRecord"]["client"], json!(kept));
    let asked = forget(&world, &[]).await;
    assert!(asked.out.contains("in the last 0 days") && asked.out.contains("all tables were written anew then"), "{}", asked.out);
}

#[tokio::test]
async fn a_table_that_is_in_use_is_named_and_the_others_are_written_anew() {
    let world = World::new().await;
    let superuser = world.connect(DatabaseRole::Superuser).await;
    superuser.batch_execute("BEGIN; LOCK TABLE referral_note IN ACCESS SHARE MODE").await.expect("it is in use");
    let written = forget(&world, &["--rewrite"]).await;
    assert_eq!(written.code, Some(1), "{written:?}");
    assert!(written.error.contains("referral_note were in use"), "{}", written.error);
    assert!(written.out.starts_with("Wrote ") && !written.out.starts_with("Wrote 0 "), "{}", written.out);
    let others = "SELECT count(*) FROM table_rewrite WHERE table_name IN ('referral_client', 'user_account', 'referral_note')";
    superuser.batch_execute("COMMIT").await.expect("it is free");
    assert_eq!(
        superuser.query_one(others, &[]).await.expect("a count").get::<_, i64>(0),
        0,
        "whoever locked it saw all others as they were"
    );
    let written = forget(&world, &["--rewrite"]).await;
    written.assert_good();
    assert_eq!(superuser.query_one(others, &[]).await.expect("a count").get::<_, i64>(0), 3);
}

#[tokio::test]
async fn what_somebody_may_still_see_is_not_called_gone() {
    let world = World::new().await;
    let sender = world.client(SENDER, Role::Caseworker).await;
    let (superuser, reader) = (world.connect(DatabaseRole::Superuser).await, world.connect(DatabaseRole::Superuser).await);
    let erased = pseudonym();
    refer(&sender, &erased).await;
    reader
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM referral_client LIMIT 0; COMMIT")
        .await
        .expect("it reads");
    reader.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM organisation").await.expect("a snapshot");
    let erase = "mutation ($input: EraseClientInput!) { eraseClient(input: $input) { erasedReferrals userErrors { code } } }";
    assert_eq!(sender.data(erase, json!({ "input": { "client": erased } })).await["eraseClient"]["erasedReferrals"], 1);
    let kept = forget(&world, &["--rewrite"]).await;
    kept.assert_bad(1, &["open before this began and is open still (transaction "]);
    assert!(!found_in(&superuser, &erased).await.is_empty(), "the snapshot keeps it");
    let asked = forget(&world, &[]).await;
    assert!(asked.out.contains("some tables were never written anew"), "{}", asked.out);
    reader.batch_execute("COMMIT").await.expect("it ends");
    forget(&world, &["--rewrite"]).await.assert_good();
    assert_eq!(found_in(&superuser, &erased).await, Vec::<String>::new());
}

#[tokio::test]
async fn only_the_owner_rewrites() {
    let world = World::new().await;
    let mut command = pamoja(&["forget", "--rewrite"]);
    command.env("PAMOJA_OWNER_DATABASE_URL", world.url(DatabaseRole::App));
    let refused = Ended::of(command).await;
    assert!(refused.code == Some(1) && refused.error.contains("owner"), "{refused:?}");
    let app = world.connect(DatabaseRole::App).await;
    assert!(app.query("SELECT * FROM table_rewrite", &[]).await.is_err());
}
