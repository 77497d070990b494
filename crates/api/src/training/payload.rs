//! The payloads of the trainings' mutations.

use async_graphql::SimpleObject;
use pamoja_domain::refusal::Refusal;

use super::{TrainingOffer, TrainingRequest};
use crate::graphql::error::{UserError, user_errors};

/// The offer after the change, or why the change was refused.
#[derive(SimpleObject)]
pub(super) struct TrainingOfferPayload {
    /// The offer after the change; null when the change was refused.
    training_offer: Option<TrainingOffer>,
    /// What to put right; empty when the change was made.
    user_errors: Vec<UserError>,
}

impl From<Result<Option<TrainingOffer>, Vec<Refusal>>> for TrainingOfferPayload {
    fn from(done: Result<Option<TrainingOffer>, Vec<Refusal>>) -> Self {
        match done {
            Ok(training_offer) => Self { training_offer, user_errors: Vec::new() },
            Err(refusals) => Self { training_offer: None, user_errors: user_errors(refusals) },
        }
    }
}

/// The request for a training after the change, or why the change was refused.
#[derive(SimpleObject)]
pub(super) struct TrainingRequestPayload {
    /// The request after the change; null when the change was refused.
    training_request: Option<TrainingRequest>,
    /// What to put right; empty when the change was made.
    user_errors: Vec<UserError>,
}

impl From<Result<Option<TrainingRequest>, Vec<Refusal>>> for TrainingRequestPayload {
    fn from(done: Result<Option<TrainingRequest>, Vec<Refusal>>) -> Self {
        match done {
            Ok(training_request) => Self { training_request, user_errors: Vec::new() },
            Err(refusals) => Self { training_request: None, user_errors: user_errors(refusals) },
        }
    }
}
