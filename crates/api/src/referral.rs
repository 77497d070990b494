//! Referrals in the schema.

mod amending;
mod arriving;
mod blank;
mod creating;
mod input;
mod instead;
pub(crate) mod loader;
mod mending;
mod moving;
mod mutation;
mod object;
mod payload;
mod query;
mod slip;
mod subscription;
mod undoing;
mod uploading;

pub(crate) use mending::ReferralMendingMutation;
pub(crate) use moving::as_it_is_now;
pub(crate) use mutation::ReferralMutation;
pub(crate) use object::Referral;
pub(crate) use payload::ReferralPayload;
pub(crate) use query::ReferralQuery;
pub(crate) use subscription::ReferralSubscription;
