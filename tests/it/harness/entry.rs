//! Changes past the program, with the audit entry that PostgreSQL demands of a member's transaction.

use tokio_postgres::{Client, Error};

/// Runs a statement in a transaction that also writes an audit entry: its operation and what it names, in SQL.
pub async fn write_with_entry(client: &Client, statement: &str, entry: &str) -> Result<(), Error> {
    let written = format!("BEGIN; {statement}; INSERT INTO audit_entry (action, node_id) VALUES ({entry}); COMMIT");
    let done = client.batch_execute(&written).await;
    if done.is_err() {
        client.batch_execute("ROLLBACK").await.expect("nothing is left open");
    }
    done
}

/// The answer of a function that says whether it changed something. If it did, `rest` follows: what else belongs to the change.
pub async fn answer_with_rest(client: &Client, query: &str, rest: &str) -> Option<bool> {
    client.batch_execute("BEGIN").await.expect("a transaction");
    let answer = client.query_one(query, &[]).await.expect("an answer").get(0);
    let rest = if answer == Some(true) { rest } else { "SELECT" };
    client.batch_execute(&format!("{rest}; COMMIT")).await.expect("it is written");
    answer
}
