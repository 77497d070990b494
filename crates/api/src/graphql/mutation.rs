//! Every mutation goes through [`Scope::mutate`]. It reads the idempotency key, begins a transaction, claims the key, makes the
//! change, settles the key, writes the audit entry, reads back and commits.

use async_graphql::{InputType, Value};
use futures_util::try_join;
use pamoja_domain::access::{Actor, Permission};
use pamoja_domain::refusal::{Refusal, UserErrorCode};
use pamoja_persistence::database::Body;
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{audit, client_mutation};
use uuid::Uuid;

use crate::graphql::error::{Failure, Fault};
use crate::graphql::global_id::Identified;
use crate::graphql::scope::Scope;
use crate::keys::Keys;

/// The field of the input that holds the idempotency key.
const KEY_FIELD: &str = "clientMutationId";

/// The result of a mutation, such as the id of what it changed. It is kept with the idempotency key for seven days, so that a
/// repeat gets the same result.
pub(crate) trait Outcome: Copy + Send + Sync {
    /// The result as it is kept.
    fn to_kept(self) -> Uuid;

    /// The result that was kept.
    fn from_kept(kept: Uuid) -> Self;

    /// What the audit entry names.
    fn audited(self) -> Audited;

    /// The operation by which the audit says that somebody was shown it again, where it must.
    fn look() -> Option<&'static str> {
        None
    }

    /// Checks what the actor's roles must allow beyond the permission. This runs before the key is claimed.
    ///
    /// # Errors
    /// FORBIDDEN when the actor's roles don't allow it.
    fn check(_actor: &Actor) -> Result<(), Refusal> {
        Ok(())
    }
}

/// What the audit entry of a mutation names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audited {
    /// This node.
    Node(Uuid),
    /// This node, under a key outside the database.
    UnderKey(Uuid),
    /// The change itself has written its entries.
    Each,
}

impl<T: Identified + Send + Sync> Outcome for T {
    fn to_kept(self) -> Uuid {
        self.uuid()
    }

    fn from_kept(kept: Uuid) -> Self {
        Self::from_uuid(kept)
    }

    fn audited(self) -> Audited {
        if Self::LOOK.is_some() { Audited::UnderKey(self.uuid()) } else { Audited::Node(self.uuid()) }
    }

    fn look() -> Option<&'static str> {
        Self::LOOK
    }
}

/// The id of something that has no global id.
impl Outcome for Uuid {
    fn to_kept(self) -> Uuid {
        self
    }

    fn from_kept(kept: Uuid) -> Self {
        kept
    }

    fn audited(self) -> Audited {
        Audited::Node(self)
    }
}

/// Reads what the payload of a mutation shows, from the mutation's result and in its transaction.
pub(crate) trait ReadBack<T, O, R>: AsyncFnOnce(T, O) -> R + FnOnce(T, O) -> <Self as ReadBack<T, O, R>>::Running {
    /// The reading under way.
    type Running: Future<Output = R>;
}

impl<F, T, O, R, Running> ReadBack<T, O, R> for F
where
    F: AsyncFnOnce(T, O) -> R + FnOnce(T, O) -> Running,
    Running: Future<Output = R>,
{
    type Running = Running;
}

impl Scope {
    /// Makes the change of a mutation in one transaction: all of it with its audit entry, or nothing. The same input with the
    /// same key makes one change, also when both requests arrive at once. The second request gets the result of the first, read
    /// as it is by then.
    ///
    /// `operation` is the mutation's name in the schema. `change` decides and writes. `read_back` reads what the payload shows,
    /// after the change and before the commit.
    ///
    /// # Errors
    /// The outer error is a [`Fault`]. The inner error is what the viewer can put right: INVALID when the key is no UUID,
    /// CONFLICT when the key came with another input before, FORBIDDEN when the viewer's roles lack the permission, and the
    /// refusals of `change`.
    pub(crate) async fn mutate<I, O, T, C, R>(
        &self,
        operation: &'static str,
        input: &I,
        permission: Permission,
        change: C,
        read_back: R,
    ) -> Result<Result<T, Vec<Refusal>>, Fault>
    where
        I: InputType,
        O: Outcome,
        T: Send,
        C: for<'t> Body<&'t TenantTx, Result<O, Failure>, Running: Send>
            + for<'t> AsyncFnOnce(&'t TenantTx) -> Result<O, Failure>
            + Send,
        R: for<'t> ReadBack<&'t TenantTx, O, Result<T, Failure>, Running: Send>
            + for<'t> AsyncFnOnce(&'t TenantTx, O) -> Result<T, Failure>
            + Send,
    {
        let keys: &Keys = &self.state().keys;
        let key = match ClientKey::read(operation, input, keys) {
            Ok(key) => key,
            Err(refusal) => return Ok(Err(vec![refusal])),
        };
        let done = self
            .change(permission, async |tx: &TenantTx| {
                O::check(tx.actor()?)?;
                if let Some(kept) = key.claim(tx).await? {
                    let outcome = O::from_kept(kept);
                    if let Some(look) = O::look() {
                        record(tx, keys, look, outcome.audited()).await?;
                    }
                    return Ok(Ok(read_back(tx, outcome).await?));
                }
                let outcome = match change(tx).await {
                    Ok(outcome) => outcome,
                    Err(Failure::Counted(refusals)) => {
                        key.release(tx).await?;
                        audit::record(tx, operation, None).await?;
                        return Ok(Err(refusals));
                    }
                    Err(failure) => return Err(failure),
                };
                // The two statements go out together: neither needs the other's answer.
                try_join!(key.settle(tx, outcome.to_kept()), record(tx, keys, operation, outcome.audited()))?;
                Ok(Ok(read_back(tx, outcome).await?))
            })
            .await?;
        Ok(done.flatten())
    }
}

async fn record(tx: &TenantTx, keys: &Keys, operation: &'static str, audited: Audited) -> Result<(), Failure> {
    match audited {
        Audited::UnderKey(node) => Ok(audit::record(tx, operation, Some(keys.audit_name(node))).await?),
        Audited::Node(node) => Ok(audit::record(tx, operation, Some(node)).await?),
        Audited::Each => Ok(()),
    }
}

/// The idempotency key that the client sent with a mutation, if it sent one, and the hash of the rest of the input.
struct ClientKey {
    operation: &'static str,
    key: Option<(Uuid, [u8; 32])>,
}

impl ClientKey {
    fn read<I: InputType>(operation: &'static str, input: &I, keys: &Keys) -> Result<Self, Refusal> {
        let (id, rest) = split(input.to_value());
        let Some(id) = id else {
            return Ok(Self { operation, key: None });
        };
        let id = Uuid::parse_str(&id).map_err(|_| Refusal::invalid(KEY_FIELD, "client-mutation-id-malformed"))?;
        Ok(Self { operation, key: Some((id, keys.input_hash(rest.to_string().as_bytes()))) })
    }

    /// Claims the key. Returns the first request's result when this one repeats it.
    async fn claim(&self, tx: &TenantTx) -> Result<Option<Uuid>, Failure> {
        let Some(key) = self.key() else {
            return Ok(None);
        };
        match client_mutation::claim(tx, key).await? {
            client_mutation::Claim::New => Ok(None),
            client_mutation::Claim::Repeat(kept) => Ok(Some(kept)),
            client_mutation::Claim::Other => {
                Err(Refusal::of_field(UserErrorCode::Conflict, KEY_FIELD, "client-mutation-id-reused").into())
            }
        }
    }

    async fn settle(&self, tx: &TenantTx, kept: Uuid) -> Result<(), Failure> {
        match self.key() {
            Some(key) => Ok(client_mutation::settle(tx, key, kept).await?),
            None => Ok(()),
        }
    }

    async fn release(&self, tx: &TenantTx) -> Result<(), Failure> {
        match self.key() {
            Some(key) => Ok(client_mutation::release(tx, key).await?),
            None => Ok(()),
        }
    }

    fn key(&self) -> Option<client_mutation::IdempotencyKey<'_>> {
        self.key.as_ref().map(|(key, input_hash)| client_mutation::IdempotencyKey {
            operation: self.operation,
            id: *key,
            input_hash,
        })
    }
}

/// Splits an input into its key and the rest.
fn split(mut input: Value) -> (Option<String>, Value) {
    let key = match &mut input {
        Value::Object(fields) => fields.shift_remove(KEY_FIELD),
        _ => None,
    };
    let key = match key {
        Some(Value::String(key)) => Some(key),
        _ => None,
    };
    (key, input)
}

/// The input without its key, as text: equal inputs give equal texts.
pub(crate) fn canonical<I: InputType>(input: &I) -> String {
    split(input.to_value()).1.to_string()
}
