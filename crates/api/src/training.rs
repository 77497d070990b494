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
mod search;
mod session;
mod subscription;

pub(crate) use mutation::TrainingMutation;
pub(crate) use offer::TrainingOffer;
pub(crate) use query::TrainingQuery;
pub(crate) use request::TrainingRequest;
pub(crate) use requesting::send_draft;
pub(crate) use session::TrainingSession;
pub(crate) use subscription::TrainingSubscription;
