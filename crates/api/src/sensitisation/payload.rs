//! The payload of the mutations of plans for a sensitisation.

use async_graphql::SimpleObject;
use pamoja_domain::refusal::Refusal;

use super::object::SensitisationPlan;
use crate::graphql::error::{UserError, user_errors};

/// The plan after the change, or why the change was refused.
#[derive(SimpleObject)]
pub(super) struct SensitisationPlanPayload {
    /// The plan as it is now; null when the change was refused.
    sensitisation_plan: Option<SensitisationPlan>,
    /// What to put right; empty when the change was made.
    user_errors: Vec<UserError>,
}

impl From<Result<Option<SensitisationPlan>, Vec<Refusal>>> for SensitisationPlanPayload {
    fn from(done: Result<Option<SensitisationPlan>, Vec<Refusal>>) -> Self {
        match done {
            Ok(sensitisation_plan) => Self { sensitisation_plan, user_errors: Vec::new() },
            Err(refusals) => Self { sensitisation_plan: None, user_errors: user_errors(refusals) },
        }
    }
}
