//! Everything that can be done under a client's pseudonym.

use async_graphql::{Context, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_persistence::transaction::TenantTx;

use super::count::{Erased, Rotated};
use super::erasing::{self, EraseClientPayload};
use super::input::{EraseClientInput, RotateClientPseudonymsInput};
use super::rotating::{self, RotateClientPseudonymsPayload};
use crate::graphql::scope::Scope;

/// The client's rights' part of Mutation.
#[derive(Default)]
pub(crate) struct ClientRightMutation;

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
        const OPERATION: &str = "eraseClient";
        let erased = Scope::of(context)
            .mutate(
                OPERATION,
                &input,
                Permission::SendReferrals,
                async |tx: &TenantTx| erasing::erase(tx, OPERATION, &input).await,
                async |_: &TenantTx, erased: Erased| Ok(erased),
            )
            .await?;
        Ok(erased.into())
    }

    /// Gives clients other pseudonyms, for when the key is lost that your device derives them with; all of them or none. Receivers
    /// notice nothing. By a caseworker.
    async fn rotate_client_pseudonyms(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which clients, and their new pseudonyms.")] input: RotateClientPseudonymsInput,
    ) -> Result<RotateClientPseudonymsPayload> {
        let rotated = Scope::of(context)
            .mutate(
                "rotateClientPseudonyms",
                &input,
                Permission::SendReferrals,
                async |tx: &TenantTx| rotating::rotate(tx, &input).await,
                async |_: &TenantTx, rotated: Rotated| Ok(rotated),
            )
            .await?;
        Ok(rotated.into())
    }
}
