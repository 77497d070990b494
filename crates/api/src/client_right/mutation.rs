//! Everything that can be done under a client's pseudonym.

use async_graphql::{Context, Object, Result};

use super::erasing::{self, EraseClientPayload};
use super::input::{EraseClientInput, RotateClientPseudonymsInput};
use super::rotating::{self, RotateClientPseudonymsPayload};
use crate::graphql::scope::Scope;

/// The client's rights' part of Mutation.
#[derive(Default)]
pub struct ClientRightMutation;

#[Object]
impl ClientRightMutation {
    /// Erases at once and for good, at both ends, all that your organisation holds under a client's pseudonym. Every one of the referrals
    /// ends as with withdrawReferralConsent and loses pseudonym, description, sealed note, slip, actBefore and what the client reported,
    /// and beyond that the agreed day, why it was declined, called off or not served, and how consent was given. Between whom it was,
    /// county, service type, urgency and timeline stay for the figures. By a caseworker; it can't be undone.
    async fn erase_client(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which client.")] input: EraseClientInput,
    ) -> Result<EraseClientPayload> {
        Ok(erasing::erase(Scope::of(context), &input).await?)
    }

    /// Gives clients other pseudonyms, for when the key is lost that your device derives them with; all of them or none. Receivers
    /// notice nothing. By a caseworker.
    async fn rotate_client_pseudonyms(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which clients, and their new pseudonyms.")] input: RotateClientPseudonymsInput,
    ) -> Result<RotateClientPseudonymsPayload> {
        Ok(rotating::rotate(Scope::of(context), &input).await?)
    }
}
