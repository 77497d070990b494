//! Referrals in the schema.

mod agreeing;
mod amending;
mod answering;
mod arriving;
mod assigning;
mod better_place;
mod blank;
mod check_in_elsewhere;
mod creating;
mod event;
mod extent;
mod filter;
mod input;
mod instead;
mod listing;
pub(crate) mod loader;
mod mending;
mod moving;
mod mutation;
mod object;
mod payload;
mod query;
mod slip;
mod subscription;
mod totals;
mod undoing;
mod uploading;

pub(crate) use filter::ReferralFilter;
pub(crate) use listing::{ReferralConnection, list};
pub(crate) use mending::ReferralMendingMutation;
pub(crate) use moving::as_it_is_now;
pub(crate) use mutation::ReferralMutation;
pub(crate) use object::Referral;
pub(crate) use payload::ReferralPayload;
pub(crate) use query::ReferralQuery;
pub(crate) use subscription::ReferralSubscription;
