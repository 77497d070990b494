//! Referrals in the schema.

mod creating;
mod input;
mod moving;
mod mutation;
mod object;
mod query;
mod slip;
mod subscription;

pub use mutation::ReferralMutation;
pub use object::Referral;
pub use query::ReferralQuery;
pub use subscription::ReferralSubscription;
