//! The payload of the violations' mutations, with what to say and do now.

use async_graphql::{Context, Object, Result, SimpleObject};
use pamoja_domain::refusal::Refusal;
use pamoja_domain::violation::{self, ViolationAdviceCode};
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::violation::Looked;

use super::object::Violation;
use crate::graphql::enumeration::Enumeration;
use crate::graphql::error::{Failure, UserError, user_errors};
use crate::i18n::Language;

/// The violation after the change and what to do now, or why the change was refused.
#[derive(SimpleObject)]
pub(super) struct ViolationPayload {
    /// The violation as it is now. Null when the change was refused, and on a shared device, where nobody reads any.
    violation: Option<Violation>,
    /// What to say and do now, the most pressing first; empty when there is nothing to add.
    advice: Vec<ViolationAdvice>,
    /// What to put right; empty when it worked.
    user_errors: Vec<UserError>,
}

/// What a mutation led to.
pub(super) struct Changed {
    pub violation: Option<Violation>,
    pub advice: Vec<violation::ViolationAdvice>,
}

impl Changed {
    /// The violation after the change, as its own entry in the audit lets it be read; nothing on a shared device.
    pub(super) async fn read(tx: &TenantTx, id: pamoja_domain::id::ViolationId) -> Result<Self, Failure> {
        let looked = Looked::by_changing(tx)?;
        let Some(found) = pamoja_persistence::violation::find(tx, looked, id).await? else {
            return Ok(Self { violation: None, advice: Vec::new() });
        };
        let advice = if found.status == violation::ViolationStatus::Open {
            violation::advise(violation::Circumstance {
                types: &found.types,
                perpetrators: &found.perpetrators,
                steps: &found.recorded_steps,
                occurred_in: found.occurred_in,
                first_limit: found.first_limit,
                at: tx.at(),
            })
        } else {
            Vec::new()
        };
        Ok(Self { violation: Some(Violation::new(found, looked, tx)?), advice })
    }
}

impl From<Result<Changed, Vec<Refusal>>> for ViolationPayload {
    fn from(done: Result<Changed, Vec<Refusal>>) -> Self {
        match done {
            Ok(Changed { violation, advice }) => {
                Self { violation, advice: advice.into_iter().map(ViolationAdvice).collect(), user_errors: Vec::new() }
            }
            Err(refusals) => Self { violation: None, advice: Vec::new(), user_errors: user_errors(refusals) },
        }
    }
}

/// Something to say to a survivor, or to do at once.
pub(super) struct ViolationAdvice(violation::ViolationAdvice);

/// Something to say to a survivor, or to do at once.
#[Object]
impl ViolationAdvice {
    /// The code, for the frontend to act on.
    async fn code(&self) -> Enumeration<ViolationAdviceCode> {
        Enumeration(self.0.code)
    }

    /// The text to show, in the language that the request asked for by Accept-Language: en or sw.
    async fn message(&self, context: &Context<'_>) -> String {
        Language::of_request(context).say(&self.0.message)
    }
}
