//! Making the functions of the listed statements, as the owner role.

use std::collections::BTreeSet;

use super::{ListedStatement, statements};
use crate::connection;
use crate::error::StoreError;

/// Makes the functions that the database doesn't have yet. Those that the program no longer calls stay for a day, for a process of
/// before that still runs, and are dropped when this is called after that.
pub async fn install(owner_url: &str) -> Result<(), StoreError> {
    let client = connection::driver(owner_url).await?;
    let rows = client.query(include_str!("made.sql"), &[]).await?;
    let made: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    let listed = statements();
    let wanted: Vec<String> = listed.iter().map(ListedStatement::name).collect();
    let new: Vec<(&ListedStatement, &String)> = listed.iter().zip(&wanted).filter(|(_, name)| !made.contains(*name)).collect();
    let names: Vec<&str> = new.iter().map(|(_, name)| name.as_str()).collect();
    let parameters: Vec<&str> = new.iter().map(|(statement, _)| statement.parameters.as_str()).collect();
    let returns: Vec<&str> = new.iter().map(|(statement, _)| statement.returns.as_str()).collect();
    let bodies: Vec<String> = new.iter().map(|(statement, _)| statement.body()).collect();
    client.execute(include_str!("make.sql"), &[&names, &parameters, &returns, &bodies]).await?;
    client.execute(include_str!("drop.sql"), &[&wanted]).await?;
    Ok(())
}

/// How many listed statements have no function in the database: what `pamoja migrate` would make.
pub async fn missing(owner_url: &str) -> Result<usize, StoreError> {
    let client = connection::driver(owner_url).await?;
    let rows = client.query(include_str!("made.sql"), &[]).await?;
    let made: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    Ok(statements().iter().filter(|statement| !made.contains(&statement.name())).count())
}
