//! The clientMutationId: the same request twice is one effect.

use async_graphql::{InputType, Value};
use pamoja_domain::refusal::{Refusal, UserErrorCode};
use pamoja_persistence::audit;
use pamoja_persistence::client_mutation::{self, Claim, IdempotencyKey};
use pamoja_persistence::transaction::TenantTx;
use uuid::Uuid;

use crate::error::Failure;
use crate::keys::Keys;

/// The idempotency key of one mutation, if the client sent one.
#[derive(Debug)]
pub struct ClientMutation {
    operation: &'static str,
    key: Option<(Uuid, [u8; 32])>,
}

impl ClientMutation {
    /// Reads the key, and what the rest of the input comes to.
    ///
    /// # Errors
    /// INVALID when it isn't a UUID.
    pub fn read<I: InputType>(operation: &'static str, id: Option<&String>, input: &I, keys: &Keys) -> Result<Self, Refusal> {
        let Some(id) = id else {
            return Ok(Self { operation, key: None });
        };
        let id = Uuid::parse_str(id).map_err(|_| Refusal::invalid("clientMutationId", "client-mutation-id-malformed"))?;
        Ok(Self { operation, key: Some((id, keys.input_hash(canonical(input).as_bytes()))) })
    }

    /// The mutation's name.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Claims the key of a mutation that comes to a number instead of a node; the number of the first time when this is a repeat of it.
    ///
    /// # Errors
    /// As [`ClientMutation::claim`].
    pub async fn claim_number(&self, tx: &TenantTx) -> Result<Option<u64>, Failure> {
        Ok(self.claim(tx).await?.map(|kept| kept.as_u64_pair().1))
    }

    /// Notes the number that came of it, where otherwise a node's id stands.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle_number(&self, tx: &TenantTx, number: u64) -> Result<(), Failure> {
        self.settle(tx, Uuid::from_u64_pair(0, number)).await
    }

    /// Claims the key; the node of the first time when this is a repeat of it.
    ///
    /// # Errors
    /// CONFLICT when the key came with another input before.
    pub async fn claim(&self, tx: &TenantTx) -> Result<Option<Uuid>, Failure> {
        let Some(key) = self.key() else {
            return Ok(None);
        };
        match client_mutation::claim(tx, key).await? {
            Claim::New => Ok(None),
            Claim::Repeat(node) => Ok(Some(node)),
            Claim::Other => {
                Err(Refusal::of_field(UserErrorCode::Conflict, "clientMutationId", "client-mutation-id-reused").into())
            }
        }
    }

    /// Makes the change unless it is a repeat, and notes in the audit that it was made; the node that came of it, now or then.
    ///
    /// # Errors
    /// As [`ClientMutation::claim`], and what the change is refused with.
    pub async fn once(&self, tx: &TenantTx, change: impl Future<Output = Result<Uuid, Failure>>) -> Result<Uuid, Failure> {
        if let Some(node) = self.claim(tx).await? {
            return Ok(node);
        }
        let node = change.await?;
        self.settle(tx, node).await?;
        audit::record(tx, self.operation, Some(node)).await?;
        Ok(node)
    }

    /// Notes what came of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle(&self, tx: &TenantTx, node: Uuid) -> Result<(), Failure> {
        match self.key() {
            Some(key) => Ok(client_mutation::settle(tx, key, node).await?),
            None => Ok(()),
        }
    }

    /// Forgets the key, where a refusal's transaction is kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release(&self, tx: &TenantTx) -> Result<(), Failure> {
        match self.key() {
            Some(key) => Ok(client_mutation::release(tx, key).await?),
            None => Ok(()),
        }
    }

    fn key(&self) -> Option<IdempotencyKey<'_>> {
        self.key.as_ref().map(|(key, input_hash)| IdempotencyKey { operation: self.operation, id: *key, input_hash })
    }
}

/// The input without its key, always written in the same way.
pub(crate) fn canonical<I: InputType>(input: &I) -> String {
    let mut value = input.to_value();
    if let Value::Object(fields) = &mut value {
        fields.shift_remove("clientMutationId");
    }
    value.to_string()
}
