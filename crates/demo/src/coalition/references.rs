//! Checks the foreign keys of rows that were written without.

use tokio_postgres::Client;

use super::FillError;

/// Checks every foreign key of the schema.
///
/// # Errors
/// [`FillError::Reference`] when a row refers to a row that doesn't exist.
pub(super) async fn check(client: &Client) -> Result<(), FillError> {
    for check in client.query(include_str!("references.sql"), &[]).await? {
        let statement: String = check.get(1);
        if client.query_one(&statement, &[]).await?.get(0) {
            return Err(FillError::Reference(check.get(0)));
        }
    }
    Ok(())
}
