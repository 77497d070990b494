//! The inputs of the mutations under a client's pseudonym.

use async_graphql::InputObject;

use crate::graphql::scalar::Pseudonym;

/// The client to erase.
#[derive(InputObject)]
pub(super) struct EraseClientInput {
    /// Your organisation's pseudonym for the client.
    pub client: Pseudonym,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// One client and their new pseudonym.
#[derive(InputObject)]
pub(super) struct PseudonymRotationInput {
    /// The client's present pseudonym.
    pub from: Pseudonym,
    /// The client's new pseudonym. None of your organisation's clients may have it.
    pub to: Pseudonym,
}

/// The clients who get new pseudonyms.
#[derive(InputObject)]
pub(super) struct RotateClientPseudonymsInput {
    /// 1 to 500 clients; name no client and no new pseudonym twice. If a variable holds only this list, call it `rotations`:
    /// lists in variables with other names may have at most 100 items.
    pub rotations: Vec<PseudonymRotationInput>,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}
