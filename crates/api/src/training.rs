//! Trainings in the schema.

mod figure;
mod input;
mod loader;
mod matching;
mod moving;
mod mutation;
mod offer;
mod offering;
mod payload;
mod query;
mod request;
mod requesting;
mod session;
mod subscription;

use pamoja_domain::training::{
    Cadre, MatchReasonCode, TrainingAction, TrainingDirection, TrainingFigureGrouping, TrainingMode, TrainingReason,
    TrainingSide, TrainingStatus, TrainingTopic,
};

use crate::i18n::Captioned;

pub(crate) use mutation::TrainingMutation;
pub(crate) use offer::TrainingOffer;
pub(crate) use query::TrainingQuery;
pub(crate) use request::TrainingRequest;
pub(crate) use session::TrainingSession;
pub(crate) use subscription::TrainingSubscription;

/// The vocabularies of this feature whose codes have captions.
pub(crate) const VOCABULARIES: &[Captioned] = &[
    Captioned::of::<Cadre>(),
    Captioned::of::<MatchReasonCode>(),
    Captioned::of::<TrainingAction>(),
    Captioned::of::<TrainingDirection>(),
    Captioned::of::<TrainingFigureGrouping>(),
    Captioned::of::<TrainingMode>(),
    Captioned::of::<TrainingReason>(),
    Captioned::of::<TrainingSide>(),
    Captioned::of::<TrainingStatus>(),
    Captioned::of::<TrainingTopic>(),
];
