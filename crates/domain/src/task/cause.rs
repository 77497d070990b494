//! What happened that made a task, so that its instruction can say it.

use super::Hindrance;
use crate::referral::{DeclineReason, NonCompletionReason, ReferralStatus};

/// What happened to the client's referral. Kinds that say enough by themselves have no cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The receiver declined. The reason is none once it was erased.
    Declined(Option<DeclineReason>),
    /// It ended without the client being served. The reason is none once it was erased.
    NotCompleted(Option<NonCompletionReason>),
    /// Nobody acted on it in time.
    Expired,
    /// The client didn't come as agreed.
    NoShow,
    /// The place takes nobody.
    Hindered(Hindrance),
}

impl Cause {
    /// The cause of a task about a referral that left the client unserved; `None` for any other state.
    pub fn of_ending(
        status: ReferralStatus,
        declined: Option<DeclineReason>,
        not_completed: Option<NonCompletionReason>,
    ) -> Option<Self> {
        match status {
            ReferralStatus::Declined => Some(Self::Declined(declined)),
            ReferralStatus::NotCompleted => Some(Self::NotCompleted(not_completed)),
            ReferralStatus::Expired => Some(Self::Expired),
            ReferralStatus::NoShow => Some(Self::NoShow),
            _ => None,
        }
    }
}
