//! Checks the foreign keys of rows that were written without.

use tokio_postgres::{Client, Error};

/// The name of a foreign key that a row stands against, if there is one: a row refers to a row that doesn't exist.
pub(super) async fn broken(client: &Client) -> Result<Option<String>, Error> {
    for check in client.query(include_str!("references.sql"), &[]).await? {
        let statement: String = check.get(1);
        if client.query_one(&statement, &[]).await?.get(0) {
            return Ok(Some(check.get(0)));
        }
    }
    Ok(None)
}
