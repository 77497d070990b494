//! Making the functions of the listed statements, as the owner role.

use std::collections::BTreeSet;

use super::{ListedStatement, statements};
use crate::connection;
use crate::error::StoreError;

/// Makes the functions, anew where the database has them. Those that the program no longer calls stay for a day, for a process of before
/// that still runs, and are dropped when this is called after that.
pub async fn install(owner_url: &str) -> Result<(), StoreError> {
    let client = connection::driver(owner_url).await?;
    let listed = statements();
    let names: Vec<String> = listed.iter().map(ListedStatement::name).collect();
    let parameters: Vec<&str> = listed.iter().map(|statement| statement.parameters.as_str()).collect();
    let returns: Vec<&str> = listed.iter().map(|statement| statement.returns.as_str()).collect();
    let bodies: Vec<String> = listed.iter().map(ListedStatement::body).collect();
    client.execute(include_str!("make.sql"), &[&names, &parameters, &returns, &bodies]).await?;
    client.execute(include_str!("drop.sql"), &[&names]).await?;
    Ok(())
}

/// How many listed statements have no function in the database: what `pamoja migrate` would make.
pub async fn missing(owner_url: &str) -> Result<usize, StoreError> {
    let client = connection::driver(owner_url).await?;
    let rows = client.query(include_str!("known.sql"), &[]).await?;
    Ok(lacking(rows.iter().map(|row| row.get(0)).collect()))
}

/// How many of the listed statements have no function among those.
pub(crate) fn lacking(made: BTreeSet<String>) -> usize {
    statements().iter().filter(|statement| !made.contains(&statement.name())).count()
}
