//! Referrals in the schema.

mod arriving;
mod blank;
mod creating;
mod input;
pub mod loader;
mod moving;
mod mutation;
mod object;
mod payload;
mod query;
mod slip;
mod subscription;
mod uploading;

pub use moving::ReferralPayload;
pub(crate) use moving::{as_it_is_now, payload};
pub use mutation::ReferralMutation;
pub use object::Referral;
pub use query::ReferralQuery;
pub use subscription::ReferralSubscription;
