//! The violations' mutations.

use async_graphql::{Context, ID, InputType, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_domain::id::ViolationId;
use pamoja_domain::refusal::Refusal;
use pamoja_persistence::transaction::TenantTx;

use super::documenting::{document, documented};
use super::input::{
    CorrectViolationInput, DocumentViolationInput, EndViolationInput, RecordViolationStepInput, ReplaceViolationNoteInput,
    ViolationInput,
};
use super::moving::{self, Move};
use super::payload::{Changed, ViolationPayload};
use crate::graphql::scope::Scope;

/// The violations' part of Mutation.
#[derive(Default)]
pub(crate) struct ViolationMutation;

#[Object]
impl ViolationMutation {
    /// Writes down what was done to somebody, and says what to do now. Paralegals, caseworkers and peer educators may do this. On a
    /// shared device the payload holds the advice and no violation: nobody reads any there.
    async fn document_violation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What was done.")] input: DocumentViolationInput,
    ) -> Result<ViolationPayload> {
        let done = Scope::of(context)
            .mutate(
                "documentViolation",
                &input,
                Permission::DocumentViolations,
                async |tx: &TenantTx| document(tx, &input).await,
                async |tx: &TenantTx, id: ViolationId| documented(tx, &input, id).await,
            )
            .await?;
        Ok(done.into())
    }

    /// Records something that was done about an open violation. The same step of the same month changes nothing.
    async fn record_violation_step(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The violation, and what was done.")] input: RecordViolationStepInput,
    ) -> Result<ViolationPayload> {
        make(context, "recordViolationStep", &input, &input.violation_id, Move::RecordStep(&input)).await
    }

    /// Records how an open violation ended, and why. SURVIVOR_CHOICE is a neutral ending, and no failure of anybody.
    async fn end_violation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The violation, and how it ended.")] input: EndViolationInput,
    ) -> Result<ViolationPayload> {
        make(context, "endViolation", &input, &input.violation_id, Move::End(&input)).await
    }

    /// Opens a violation again that had ended: it goes on after all. Its outcome is forgotten.
    async fn reopen_violation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The violation to open again.")] input: ViolationInput,
    ) -> Result<ViolationPayload> {
        make(context, "reopenViolation", &input, &input.violation_id, Move::Reopen).await
    }

    /// Puts right what was documented, until the figures of its month are published. What is left out stays.
    async fn correct_violation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The violation, and what is put right.")] input: CorrectViolationInput,
    ) -> Result<ViolationPayload> {
        make(context, "correctViolation", &input, &input.violation_id, Move::Correct(&input)).await
    }

    /// Replaces the sealed note, or adds one.
    async fn replace_violation_note(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The violation, and its new note.")] input: ReplaceViolationNoteInput,
    ) -> Result<ViolationPayload> {
        make(context, "replaceViolationNote", &input, &input.violation_id, Move::ReplaceNote(&input.sealed_note)).await
    }

    /// The survivor no longer agrees. Erases at once client, note, causes, populations, reasons, actBefore, and which referrals belong to it; for
    /// good.
    /// Codes, county and months stay for the figures.
    async fn withdraw_violation_consent(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The violation.")] input: ViolationInput,
    ) -> Result<ViolationPayload> {
        make(context, "withdrawViolationConsent", &input, &input.violation_id, Move::WithdrawConsent).await
    }

    /// Says that it should never have been recorded, until the figures of its month are published. No figure counts it.
    async fn mark_violation_entered_in_error(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The violation.")] input: ViolationInput,
    ) -> Result<ViolationPayload> {
        make(context, "markViolationEnteredInError", &input, &input.violation_id, Move::MarkEnteredInError).await
    }
}

async fn make<I: InputType>(
    context: &Context<'_>,
    operation: &'static str,
    input: &I,
    violation_id: &ID,
    step: Move<'_>,
) -> Result<ViolationPayload> {
    let done = Scope::of(context)
        .mutate(
            operation,
            input,
            Permission::DocumentViolations,
            async |tx: &TenantTx| moving::make(tx, violation_id, &step).await,
            async |tx: &TenantTx, id: ViolationId| {
                let changed = Changed::read(tx, id).await?;
                // On a shared device no move finds its violation, also when one that was made on another comes again.
                if changed.violation.is_some() { Ok(changed) } else { Err(Refusal::not_found("violationId").into()) }
            },
        )
        .await?;
    Ok(done.into())
}
