//! A training: one organisation offers it, another asks for it, and both see what came of it. People are counted and never listed: an
//! attendance list is a target list.

mod code;
mod delivery;
mod evaluation;
mod figure;
mod matching;
mod moves;
mod offer;
mod request;
mod task;

pub use code::{Cadre, TrainingAction, TrainingDirection, TrainingMode, TrainingReason, TrainingStatus, TrainingTopic};
pub use delivery::{
    CadreCount, Delivery, DeliveryDraft, FURTHEST_SESSION_DAYS, MAXIMUM_PER_CADRE, SessionPlan, check_has_taken_place,
    parse_session_day,
};
pub use evaluation::{
    Evaluation, EvaluationDraft, FEWEST_PEOPLE, FOLLOW_UP_MONTHS, FollowUp, FollowUpDraft, MonthsAfter, Scores, follow_up_day,
};
pub use figure::{TrainingFigureGrouping, TrainingSide};
pub use matching::{MatchReasonCode, NeedCandidate, OfferCandidate, TrainingNeed, rank_needs};
pub use moves::{TrainingMoves, allowed_actions, check_reason};
pub use offer::{NewTrainingOffer, OfferText, TrainingOfferDraft};
pub use request::{NewTrainingRequest, RequestAddressee, TrainingRequestDraft, check_addressee};
pub use task::{ANSWER_DAYS, FOLLOW_UP_WINDOW_DAYS, TrainingStanding, due};

#[cfg(test)]
mod tests;
