//! The inputs of the violations' mutations.

use async_graphql::{ID, InputObject};
use pamoja_domain::month;
use pamoja_domain::organisation::Population;
use pamoja_domain::referral::MinorStatus;
use pamoja_domain::refusal::Refusal;
use pamoja_domain::violation::{
    Perpetrator, ViolationCause, ViolationConsentGiver, ViolationOutcome, ViolationReason, ViolationStep, ViolationStepKind,
    ViolationType,
};

use crate::graphql::enumeration::Enumeration;
use crate::graphql::scalar::{Month, Pseudonym, SealedText};

/// What was done to somebody, in codes and months.
#[derive(InputObject)]
pub(super) struct DocumentViolationInput {
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
    /// A referral of your organisation, such as one whose client was turned away, mistreated or detained, or one received from another member for help
    /// with the law or care. What it knows is taken where it is left out below: then a type is enough, or nothing at all.
    pub referral_id: Option<ID>,
    /// What was done: at least one type, unless the referral tells.
    pub types: Option<Vec<Enumeration<ViolationType>>>,
    /// Who did it: categories, never names. Leave it out, and it is the referral's, or NOT_STATED.
    pub perpetrators: Option<Vec<Enumeration<Perpetrator>>>,
    /// Why it was done, as the survivor sees it.
    #[graphql(default)]
    pub causes: Vec<Enumeration<ViolationCause>>,
    /// The populations that the survivor counts themself to. NOT_STATED is always a good answer.
    pub populations: Option<Vec<Enumeration<Population>>>,
    /// Whether the survivor is under 18.
    #[graphql(name = "under18", default_with = "Enumeration(MinorStatus::NotStated)")]
    pub under_18: Enumeration<MinorStatus>,
    /// The county where it was done, from 001 (Mombasa) to 047 (Nairobi). Required without a referral.
    pub county_code: Option<String>,
    /// The month in which it was done. Left out, the referral's, or this month.
    pub occurred_in: Option<Month>,
    /// How many people it was done to, 1 to 500.
    #[graphql(default = 1)]
    pub people_affected: i32,
    /// Your organisation's pseudonym for the survivor, where somebody in particular is meant; nobody else ever sees it.
    pub client: Option<Pseudonym>,
    /// Whether somebody agreed that it is documented. false is always refused; there is no override.
    pub consent_given: bool,
    /// Who agreed. ORGANISATION only where it was done to your organisation itself.
    #[graphql(default_with = "Enumeration(ViolationConsentGiver::Survivor)")]
    pub consent_given_by: Enumeration<ViolationConsentGiver>,
    /// Whether they also agreed to be counted in the coalition's figures.
    #[graphql(default = true)]
    pub consent_to_be_counted: bool,
    /// How many hours ago it was done, 0 to 72: only of ARBITRARY_ARREST, DETENTION_WITHOUT_CHARGE and SEXUAL_VIOLENCE. It sets actBefore,
    /// and isn't kept.
    pub hours_ago: Option<i32>,
    /// Why it was not reported.
    #[graphql(default)]
    pub not_reported_reasons: Vec<Enumeration<ViolationReason>>,
    /// What was done about it already.
    #[graphql(default)]
    pub steps: Vec<ViolationStepInput>,
    /// A note that only your organisation's devices can open.
    pub sealed_note: Option<SealedText>,
}

/// Something that was done about a violation.
#[derive(InputObject)]
pub(super) struct ViolationStepInput {
    /// What was done. The program records DOCUMENTED itself.
    pub kind: Enumeration<ViolationStepKind>,
    /// In which month.
    pub month: Month,
}

/// Something that was done about a violation.
#[derive(InputObject)]
pub(super) struct RecordViolationStepInput {
    /// The global id of the violation.
    pub violation_id: ID,
    /// What was done. The program records DOCUMENTED itself.
    pub kind: Enumeration<ViolationStepKind>,
    /// In which month: not before it was done, and none to come.
    pub month: Month,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// How a violation ended.
#[derive(InputObject)]
pub(super) struct EndViolationInput {
    /// The global id of the violation.
    pub violation_id: ID,
    /// How it ended; never ONGOING.
    pub outcome: Enumeration<ViolationOutcome>,
    /// In which month: not before its documentation and its last step, and none to come.
    pub month: Month,
    /// Why it ended so.
    #[graphql(default)]
    pub reasons: Vec<Enumeration<ViolationReason>>,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// What is put right of a violation. What is left out stays.
#[derive(InputObject)]
pub(super) struct CorrectViolationInput {
    /// The global id of the violation.
    pub violation_id: ID,
    /// What was done; at least one type.
    pub types: Option<Vec<Enumeration<ViolationType>>>,
    /// Who did it.
    pub perpetrators: Option<Vec<Enumeration<Perpetrator>>>,
    /// Why it was done, as the survivor sees it.
    pub causes: Option<Vec<Enumeration<ViolationCause>>>,
    /// The populations that the survivor counts themself to.
    pub populations: Option<Vec<Enumeration<Population>>>,
    /// The county where it was done.
    pub county_code: Option<String>,
    /// The month in which it was done: not after its documentation and its first step.
    pub occurred_in: Option<Month>,
    /// How many hours ago it was done, counted from now, 0 to 72: sets actBefore anew, and isn't kept. Left out, actBefore follows the types.
    pub hours_ago: Option<i32>,
    /// How many people it was done to, 1 to 500.
    pub people_affected: Option<i32>,
    /// Why it was not reported.
    pub not_reported_reasons: Option<Vec<Enumeration<ViolationReason>>>,
    /// Steps that were recorded by mistake, as they stand there: they are taken out, and what they had met waits again.
    #[graphql(default)]
    pub without_steps: Vec<ViolationStepInput>,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// A new note, in place of the one before.
#[derive(InputObject)]
pub(super) struct ReplaceViolationNoteInput {
    /// The global id of the violation.
    pub violation_id: ID,
    /// A note that only your organisation's devices can open.
    pub sealed_note: SealedText,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// Names one violation.
#[derive(InputObject)]
pub(super) struct ViolationInput {
    /// The global id of the violation.
    pub violation_id: ID,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// Reads a month of an input.
///
/// # Errors
/// INVALID, naming the field.
pub(super) fn month(field: &str, text: &Month) -> Result<month::Month, Refusal> {
    month::Month::parse(field, &text.0)
}

/// Reads the steps of an input.
///
/// # Errors
/// INVALID for each whose month is none, naming its place in the field.
pub(super) fn steps(field: &'static str, steps: &[ViolationStepInput]) -> impl Iterator<Item = Result<ViolationStep, Refusal>> {
    steps.iter().enumerate().map(move |(number, step)| {
        let month = month("month", &step.month).map_err(|refusal| refusal.within(&number.to_string()).within(field))?;
        Ok(ViolationStep { kind: step.kind.0, month })
    })
}
