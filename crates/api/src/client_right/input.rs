//! The inputs of what is done under a client's pseudonym.

use async_graphql::InputObject;

use crate::graphql::scalar::Pseudonym;

/// A client who is to be erased.
#[derive(InputObject)]
pub(super) struct EraseClientInput {
    /// Your own pseudonym of the client.
    pub client: Pseudonym,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}

/// A client who gets another pseudonym.
#[derive(InputObject)]
pub(super) struct PseudonymRotationInput {
    /// The pseudonym that the client has.
    pub from: Pseudonym,
    /// The pseudonym that the client gets; none that a client of yours has.
    pub to: Pseudonym,
}

/// Clients who get other pseudonyms.
#[derive(InputObject)]
pub(super) struct RotateClientPseudonymsInput {
    /// 1 to 500 of them, no client and no new pseudonym twice. A variable that holds the list alone must be called `rotations`: other lists end at 100.
    pub rotations: Vec<PseudonymRotationInput>,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}
