//! A referral: one organisation sends a client to another and hears how it ended.

mod creation;
mod moves;
mod reason;
mod status;

pub use creation::{NewReferral, ReferralDraft, check_receiver, parse_day, parse_schedule};
pub use moves::{
    Allowed, ENTERED_IN_ERROR_DAYS, EXPIRY_DAYS, MOVES, Move, Outcome, REOPEN_DAYS, ReferralState, SCHEDULED_GRACE_DAYS,
    allowed_actions, decide, expiry, markdown_table,
};
pub use reason::{CancelReason, DeclineReason, NonCompletionReason};
pub use status::{
    AgeBand, MinorStatus, Party, ReferralAction, ReferralDirection, ReferralOrder, ReferralStatus, SharedField, Urgency,
};
