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

pub use mutation::TrainingMutation;
pub use offer::TrainingOffer;
pub use query::TrainingQuery;
pub use request::TrainingRequest;
pub use session::TrainingSession;
pub use subscription::TrainingSubscription;
