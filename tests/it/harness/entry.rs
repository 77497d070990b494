//! Changes past the program, with the audit entry that PostgreSQL demands of a member's transaction.

use tokio_postgres::{Client, Error};

/// An entry that leaves no trace to look at, so that it can always be written.
const ENTRY: &str = "INSERT INTO audit_entry (action) VALUES ('clientRecord')";

/// Runs a statement in a transaction that also writes an audit entry.
pub async fn write_with_entry(client: &Client, statement: &str) -> Result<(), Error> {
    let done = client.batch_execute(&format!("BEGIN; {statement}; {ENTRY}; COMMIT")).await;
    if done.is_err() {
        client.batch_execute("ROLLBACK").await.expect("nothing is left open");
    }
    done
}

/// The answer of a function that says whether it changed something, with an audit entry if it did.
pub async fn answer_with_entry(client: &Client, query: &str) -> Option<bool> {
    client.batch_execute("BEGIN").await.expect("a transaction");
    let answer = client.query_one(query, &[]).await.expect("an answer").get(0);
    let entry = if answer == Some(true) { ENTRY } else { "SELECT" };
    client.batch_execute(&format!("{entry}; COMMIT")).await.expect("it is written");
    answer
}
