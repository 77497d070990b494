//! What the client says of how they were treated, as the sender records it.

use async_graphql::{Context, ID, InputObject, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_domain::client_report::{ClientReport, ClientReportedOutcome, may_report};
use pamoja_domain::id::ReferralId;
use pamoja_domain::referral::ReferralStatus;
use pamoja_domain::refusal::Refusal;
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::{client_report, referral};

use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::Failure;
use crate::graphql::global_id;
use crate::graphql::scope::Scope;
use crate::i18n::Captioned;
use crate::referral::{ReferralPayload, as_it_is_now};

/// The vocabularies of this feature whose codes have captions.
pub(crate) const VOCABULARIES: &[Captioned] = &[Captioned::of::<ClientReportedOutcome>()];

/// What the client told you. At least one of outcome and friendliness must be given; what you leave out stays as it was.
#[derive(InputObject)]
pub(crate) struct RecordClientReportInput {
    /// Which referral.
    pub referral_id: ID,
    /// How it went.
    pub outcome: Option<Enumeration<ClientReportedOutcome>>,
    /// How friendly the service was, from 1 (hostile) to 5 (very friendly); only where the referral names a service.
    pub friendliness: Option<i32>,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}

/// The client report's part of Mutation.
#[derive(Default)]
pub(crate) struct ClientReportMutation;

#[Object]
impl ClientReportMutation {
    /// Records what the client says of how they were treated, at any time until consent is withdrawn; a later report replaces what it
    /// names. By the sender, and for the sender alone: the receiver can neither read it nor notice it.
    async fn record_client_report(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which referral, and what the client said.")] input: RecordClientReportInput,
    ) -> Result<ReferralPayload> {
        let recorded = Scope::of(context)
            .mutate(
                "recordClientReport",
                &input,
                Permission::SendReferrals,
                async |tx: &TenantTx| record(tx, &input).await,
                as_it_is_now,
            )
            .await?;
        Ok(recorded.into())
    }
}

async fn record(tx: &TenantTx, input: &RecordClientReportInput) -> Result<ReferralId, Failure> {
    let not_found = || Refusal::not_found("referralId");
    let id: ReferralId = global_id::decode(&input.referral_id).ok_or_else(not_found)?;
    // Locked, so that nothing is added while consent is being withdrawn.
    let found = referral::find_for_update(tx, id).await?.ok_or_else(not_found)?;
    may_report(found.state, found.allowed(tx.actor()?).as_sender)?;
    if input.friendliness.is_some() && found.state.status == ReferralStatus::EnteredInError {
        return Err(Refusal::invalid("friendliness", "client-report-in-error").into());
    }
    let outcome = input.outcome.map(|outcome| outcome.0);
    let report = ClientReport::parse(outcome, input.friendliness, found.service.is_some())?;
    client_report::record(tx, id, report).await?;
    Ok(id)
}
