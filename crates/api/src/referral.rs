//! Referrals in the schema.

mod arriving;
mod blank;
mod creating;
mod input;
pub(crate) mod loader;
mod moving;
mod mutation;
mod object;
mod payload;
mod query;
mod slip;
mod subscription;
mod uploading;

use pamoja_domain::moves::Party;
use pamoja_domain::referral::{
    AdviceCode, AgeBand, CancelReason, ConsentGiver, ConsentManner, DeclineReason, MinorStatus, NonCompletionReason,
    ReferralAction, ReferralDirection, ReferralOrder, ReferralStatus, SharedField, Urgency,
};

use crate::i18n::Captioned;

pub(crate) use moving::as_it_is_now;
pub(crate) use mutation::ReferralMutation;
pub(crate) use object::Referral;
pub(crate) use payload::ReferralPayload;
pub(crate) use query::ReferralQuery;
pub(crate) use subscription::ReferralSubscription;

/// The vocabularies of this feature whose codes have captions.
pub(crate) const VOCABULARIES: &[Captioned] = &[
    Captioned::of::<AdviceCode>(),
    Captioned::of::<AgeBand>(),
    Captioned::of::<CancelReason>(),
    Captioned::of::<ConsentGiver>(),
    Captioned::of::<ConsentManner>(),
    Captioned::of::<DeclineReason>(),
    Captioned::of::<MinorStatus>(),
    Captioned::of::<NonCompletionReason>(),
    Captioned::of::<Party>(),
    Captioned::of::<ReferralAction>(),
    Captioned::of::<ReferralDirection>(),
    Captioned::of::<ReferralOrder>(),
    Captioned::of::<ReferralStatus>(),
    Captioned::of::<SharedField>(),
    Captioned::of::<Urgency>(),
];
