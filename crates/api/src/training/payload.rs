//! What the mutations of trainings answer.

use async_graphql::SimpleObject;
use pamoja_domain::refusal::Refusal;

use super::{TrainingOffer, TrainingRequest};
use crate::graphql::error::{UserError, user_errors};

/// What came of it.
#[derive(SimpleObject)]
pub(super) struct TrainingOfferPayload {
    /// The offer as it is now; null when it was refused.
    training_offer: Option<TrainingOffer>,
    /// What to put right; empty when it worked.
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

/// What came of it.
#[derive(SimpleObject)]
pub(super) struct TrainingRequestPayload {
    /// The request as it is now; null when it was refused.
    training_request: Option<TrainingRequest>,
    /// What to put right; empty when it worked.
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
