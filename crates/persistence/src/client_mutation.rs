//! Idempotency keys: a request that is sent twice takes effect once, even when both copies arrive at the same moment.

use diesel::{ExpressionMethods, QueryDsl};
use diesel_async::RunQueryDsl;
use pamoja_domain::retention::IDEMPOTENCY_KEY;
use uuid::Uuid;

use crate::error::StoreError;
use crate::schema::client_mutation;
use crate::transaction::TenantTx;

/// What the database knows about an idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The key is new, and this transaction holds it now: continue, and [`settle`] it.
    New,
    /// The same input came before; this is the id of what it created or changed.
    Repeat(Uuid),
    /// The key was used before with another input.
    Other,
}

/// An idempotency key, with the operation and the input that it stands for.
#[derive(Clone, Copy, Debug)]
pub struct IdempotencyKey<'a> {
    /// The name of the mutation.
    pub operation: &'static str,
    /// The client's `clientMutationId`.
    pub id: Uuid,
    /// A hash of the input, made with a secret key.
    pub input_hash: &'a [u8],
}

/// Claims a key for this transaction. While another transaction holds the key, this waits for that one to end. A key older than
/// seven days counts as new.
///
/// # Errors
/// [`StoreError::Inconsistent`] when no signed-in user opened the transaction, or when the key could be neither claimed nor read.
pub async fn claim(tx: &TenantTx, key: IdempotencyKey<'_>) -> Result<Claim, StoreError> {
    let caller = tx.caller()?;
    let row = (
        client_mutation::organisation_id.eq(caller.organisation.0),
        client_mutation::user_id.eq(caller.user.0),
        client_mutation::operation.eq(key.operation),
        client_mutation::key.eq(key.id),
        client_mutation::input_hash.eq(key.input_hash),
    );
    for _ in 0..2 {
        let claimed = diesel::insert_into(client_mutation::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(&mut tx.connection()?)
            .await?;
        if claimed == 1 {
            return Ok(Claim::New);
        }
        let known: Option<(Vec<u8>, Option<Uuid>, chrono::DateTime<chrono::Utc>)> = client_mutation::table
            .find((caller.organisation.0, caller.user.0, key.operation, key.id))
            .select((client_mutation::input_hash, client_mutation::node_id, client_mutation::recorded_at))
            .for_update()
            .load(&mut tx.connection()?)
            .await?
            .pop();
        match known {
            Some((_, _, recorded_at)) if tx.at() - recorded_at > IDEMPOTENCY_KEY => release(tx, key).await?,
            Some((input_hash, Some(node), _)) if input_hash == key.input_hash => {
                // A repeat changes nothing, so it needs no audit entry.
                tx.note_audited();
                return Ok(Claim::Repeat(node));
            }
            Some(_) => return Ok(Claim::Other),
            None => {}
        }
    }
    Err(StoreError::Inconsistent("an idempotency key could be neither claimed nor read".to_owned()))
}

/// Records under a claimed key the id of what the mutation created or changed, so that a repeat can return it.
pub async fn settle(tx: &TenantTx, key: IdempotencyKey<'_>, node: Uuid) -> Result<(), StoreError> {
    let caller = tx.caller()?;
    diesel::update(client_mutation::table.find((caller.organisation.0, caller.user.0, key.operation, key.id)))
        .set(client_mutation::node_id.eq(node))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Forgets a key. A refusal must not be remembered, even when its transaction commits: the client may then send the key again.
pub async fn release(tx: &TenantTx, key: IdempotencyKey<'_>) -> Result<(), StoreError> {
    let caller = tx.caller()?;
    diesel::delete(client_mutation::table.find((caller.organisation.0, caller.user.0, key.operation, key.id)))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}
