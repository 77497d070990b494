//! Trainings: one organisation offers a training, another asks for it, and both see its results. People are counted and never
//! listed: an attendance list is a target list.

mod code;
mod delivery;
mod evaluation;
mod figure;
mod host_evaluation;
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
    Evaluation, EvaluationDraft, FEWEST_PEOPLE, FOLLOW_UP_MONTHS, FOLLOW_UP_WINDOW_DAYS, FollowUp, FollowUpDraft, MonthsAfter,
    Scores, follow_up_day,
};
pub use figure::{TrainingFigureGrouping, TrainingSide};
pub use host_evaluation::{Attendance, EVALUATION_OPEN, HostEvaluation, check_not_settled, readable_at};
pub use matching::{MatchReasonCode, NeedCandidate, OfferCandidate, TrainingNeed, rank_needs};
pub use moves::{TrainingMoves, allowed_actions, check_reason};
pub use offer::{NewTrainingOffer, OfferText, TrainingOfferDraft};
pub use request::{ANSWER_DAYS, NewTrainingRequest, RequestAddressee, TrainingRequestDraft, check_addressee};
pub use task::{TrainingStanding, due};

#[cfg(test)]
mod tests;
