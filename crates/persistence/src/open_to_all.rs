//! Taking what is open to all. Two functions of the database do it for every kind, as the owner: nobody's own rows allow it.

use diesel::QueryableByName;
use diesel::sql_types::{Bool, Text, Uuid as SqlUuid};
use pamoja_domain::open_to_all::Openable;

use crate::error::StoreError;
use crate::statement::Statement;
use crate::transaction::TenantTx;

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

async fn ask(tx: &TenantTx, question: &str, what: Openable) -> Result<bool, StoreError> {
    let query = Statement::new(question).bind::<Text, _>(what.kind()).bind::<SqlUuid, _>(what.id());
    let rows: Vec<Answer> = query.rows(tx).await?;
    Ok(rows.first().is_some_and(|answer| answer.yes))
}

/// Addresses it to the own organisation. False when another was first, or it isn't open to it.
pub async fn take(tx: &TenantTx, what: Openable) -> Result<bool, StoreError> {
    ask(tx, "SELECT take_open($1, $2) AS yes", what).await
}

/// Whether the actor could have taken it, while it was open.
pub async fn was_offered(tx: &TenantTx, what: Openable) -> Result<bool, StoreError> {
    if tx.actor()?.reach(what.permission()).is_none() {
        return Ok(false);
    }
    ask(tx, "SELECT was_offered($1, $2) AS yes", what).await
}
