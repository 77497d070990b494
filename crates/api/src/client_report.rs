//! Client reports: the sender records what a client says about how they were treated.

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
use crate::referral::{ReferralPayload, as_it_is_now};

/// What the client told you. Send outcome, friendliness or both; the one that you leave out stays as it was.
#[derive(InputObject)]
pub(crate) struct RecordClientReportInput {
    /// The global id of the referral.
    pub referral_id: ID,
    /// How it went, as the client says.
    pub outcome: Option<Enumeration<ClientReportedOutcome>>,
    /// How friendly the client found the service that you referred them to, from 1 (hostile) to 5 (very friendly). Only where you
    /// named one; it stays with that service when the receiver moves the referral.
    pub friendliness: Option<i32>,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// The mutation that records client reports.
#[derive(Default)]
pub(crate) struct ClientReportMutation;

#[Object]
impl ClientReportMutation {
    /// Records what the client says about how they were treated. A later report replaces only the fields that it sends. A report
    /// that is recorded after the referral left the client unserved settles the task FOLLOW_UP_REFERRAL: refer them anew if they
    /// still need the service. The sender may do this until the client withdraws consent. Only the sender can read the report: the
    /// receiver can't even notice it.
    async fn record_client_report(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The referral, and what the client said.")] input: RecordClientReportInput,
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
    // The lock keeps a report from being added while a colleague withdraws the client's consent. The receiver doesn't wait for it: how
    // long its own moves take would tell that there is a report.
    let found = referral::find_for_update_unnoticed(tx, id).await?.ok_or_else(not_found)?;
    may_report(found.state, found.allowed(tx.actor()?).as_sender)?;
    if input.friendliness.is_some() && found.state.status == ReferralStatus::EnteredInError {
        return Err(Refusal::invalid("friendliness", "client-report-in-error").into());
    }
    let outcome = input.outcome.map(|outcome| outcome.0);
    let report = ClientReport::parse(outcome, input.friendliness, client_report::names_service(tx, id).await?)?;
    client_report::record(tx, id, report).await?;
    referral::follow_up::report(tx, &found).await?;
    Ok(id)
}
