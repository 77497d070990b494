//! The mutations under a client's pseudonym.

use async_graphql::{Context, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_persistence::transaction::TenantTx;

use super::count::{Erased, Rotated};
use super::erasing::{self, EraseClientPayload};
use super::input::{EraseClientInput, RotateClientPseudonymsInput};
use super::rotating::{self, RotateClientPseudonymsPayload};
use crate::graphql::scope::Scope;

/// The mutations under a client's pseudonym.
#[derive(Default)]
pub(crate) struct ClientRightMutation;

#[Object]
impl ClientRightMutation {
    /// Erases everything that your organisation holds under a client's pseudonym, at once and for good, for both sender and
    /// receivers; also violations, as withdrawViolationConsent does. Each referral ends as with withdrawReferralConsent. It loses its
    /// pseudonym, description, sealed note, slip, actBefore and the client's report. Beyond that it loses the agreed day, how consent
    /// was given, and the reason why it was declined, cancelled or not completed. Its parties, county, service type, urgency and
    /// timeline stay for the figures. Caseworkers may do this. It can't be undone.
    async fn erase_client(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The client to erase.")] input: EraseClientInput,
    ) -> Result<EraseClientPayload> {
        const OPERATION: &str = "eraseClient";
        let erased = Scope::of(context)
            .mutate(
                OPERATION,
                &input,
                Permission::SendReferrals,
                async |tx: &TenantTx| erasing::erase(tx, &input).await,
                async |tx: &TenantTx, erased: Erased| Ok(erased.seen_on(tx.actor()?.device)),
            )
            .await?;
        Ok(erased.into())
    }

    /// Gives new pseudonyms to all of the clients that you name, or to none. Use it when your device has lost the key that it
    /// derives pseudonyms with. Receivers notice nothing. Caseworkers may do this.
    async fn rotate_client_pseudonyms(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The clients, and their new pseudonyms.")] input: RotateClientPseudonymsInput,
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
