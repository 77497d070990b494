//! The moves of a violation. [`make`] makes all of them.

use async_graphql::ID;
use pamoja_domain::access::Permission;
use pamoja_domain::id::ViolationId;
use pamoja_domain::refusal::Refusal;
use pamoja_domain::sealed_text::SealedText;
use pamoja_domain::violation::{
    CorrectionDraft, Ending, ViolationAction, ViolationCorrection, ViolationStep, check_further_step, decide,
};
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::violation::{self, Looked, Violation};

use super::input::{CorrectViolationInput, EndViolationInput, RecordViolationStepInput, month, steps};
use crate::graphql::enumeration::decoded;
use crate::graphql::error::Failure;
use crate::graphql::global_id;
use crate::graphql::scalar;

/// A move, with the input that it needs beside the violation.
pub(super) enum Move<'a> {
    /// RECORD_STEP; nothing is checked yet.
    RecordStep(&'a RecordViolationStepInput),
    /// END; nothing is checked yet.
    End(&'a EndViolationInput),
    /// REOPEN.
    Reopen,
    /// CORRECT; nothing is checked yet.
    Correct(&'a CorrectViolationInput),
    /// REPLACE_NOTE; nothing is checked yet.
    ReplaceNote(&'a scalar::SealedText),
    /// WITHDRAW_CONSENT.
    WithdrawConsent,
    /// MARK_ENTERED_IN_ERROR.
    MarkEnteredInError,
}

impl Move<'_> {
    fn action(&self) -> ViolationAction {
        match self {
            Self::RecordStep(_) => ViolationAction::RecordStep,
            Self::End(_) => ViolationAction::End,
            Self::Reopen => ViolationAction::Reopen,
            Self::Correct(_) => ViolationAction::Correct,
            Self::ReplaceNote(_) => ViolationAction::ReplaceNote,
            Self::WithdrawConsent => ViolationAction::WithdrawConsent,
            Self::MarkEnteredInError => ViolationAction::MarkEnteredInError,
        }
    }
}

/// Makes a move on the violation with that id.
///
/// # Errors
/// NOT_FOUND when the viewer may not read it, and the refusals of the move's rules.
pub(super) async fn make(tx: &TenantTx, violation_id: &ID, step: &Move<'_>) -> Result<ViolationId, Failure> {
    let not_found = || Refusal::not_found("violationId");
    let id: ViolationId = global_id::decode(violation_id).ok_or_else(not_found)?;
    let found = violation::find_for_update(tx, Looked::by_changing(tx)?, id).await?.ok_or_else(not_found)?;
    let allowed = tx.actor()?.reach(Permission::DocumentViolations).is_some();
    let status = decide(found.state(), step.action(), allowed, tx.at())?;
    match step {
        Move::RecordStep(input) => record_step(tx, &found, input).await?,
        Move::End(input) => {
            let month = month("month", &input.month)?;
            let reasons = decoded(Some(&input.reasons));
            let ending = Ending::parse(input.outcome.0, month, &reasons, found.state(), &found.recorded_steps, tx.at())?;
            violation::end(tx, found, ending).await?;
        }
        Move::Reopen => violation::reopen(tx, found).await?,
        Move::Correct(input) => correct(tx, found, input).await?,
        Move::ReplaceNote(note) => {
            violation::replace_note(tx, &found, &SealedText::parse("sealedNote", &note.0)?).await?;
        }
        Move::WithdrawConsent => violation::withdraw(tx, found, status).await?,
        Move::MarkEnteredInError => violation::mark_entered_in_error(tx, found).await?,
    }
    Ok(id)
}

async fn record_step(tx: &TenantTx, found: &Violation, input: &RecordViolationStepInput) -> Result<(), Failure> {
    let step = ViolationStep { kind: input.kind.0, month: month("month", &input.month)? };
    let step = check_further_step(step, &found.recorded_steps, found.occurred_in, tx.at())?;
    Ok(violation::record_step(tx, found, step).await?)
}

async fn correct(tx: &TenantTx, found: Violation, input: &CorrectViolationInput) -> Result<(), Failure> {
    let types = input.types.as_ref().map(|types| decoded(Some(types)));
    let perpetrators = input.perpetrators.as_ref().map(|by| decoded(Some(by)));
    let causes = input.causes.as_ref().map(|causes| decoded(Some(causes)));
    let populations = input.populations.as_ref().map(|populations| decoded(Some(populations)));
    let not_reported_reasons = input.not_reported_reasons.as_ref().map(|reasons| decoded(Some(reasons)));
    let without_steps: Vec<ViolationStep> = steps("withoutSteps", &input.without_steps).collect::<Result<_, _>>()?;
    let draft = CorrectionDraft {
        types: types.as_deref(),
        perpetrators: perpetrators.as_deref(),
        causes: causes.as_deref(),
        populations: populations.as_deref(),
        county_code: input.county_code.as_deref(),
        occurred_in: input.occurred_in.as_ref().map(|text| month("occurredIn", text)).transpose()?,
        hours_ago: input.hours_ago,
        people_affected: input.people_affected,
        not_reported_reasons: not_reported_reasons.as_deref(),
        without_steps: &without_steps,
    };
    let correction = ViolationCorrection::parse(draft, found.to_correct(), tx.at())?;
    Ok(violation::correct(tx, found, correction).await?)
}
