//! A referral: one organisation sends a client to another and hears how it ended.

mod advice;
mod amendment;
mod assignment;
mod clock;
mod consent;
mod creation;
mod follow_up;
mod instead;
mod moves;
mod reason;
mod received;
mod reference;
pub mod slip;
mod state;
mod status;
mod unanswered;
mod undo;
mod upload;

pub use advice::{Advice, AdviceCode, Circumstance, advise};
pub use amendment::{Amendment, AmendmentDraft, AskedFor};
pub use assignment::{MAXIMUM_ASSIGNED, check_assigned, check_handler, handling_roles};
pub use clock::{
    ANSWER_MINUTES, EXPOSURE_HOURS, HoursSinceExposure, WRITTEN_DAYS, answer_by, hours_left, is_overdue, open_listed_at,
    open_years, written_at,
};
pub use consent::{Consent, ConsentDraft, ConsentGiver, ConsentManner};
pub(crate) use creation::parse_populations;
pub use creation::{NewReferral, ReferralDraft, check_receiver, parse_day, parse_schedule};
pub use instead::{Place, check_instead};
pub use moves::{
    ENTERED_IN_ERROR_DAYS, EXPIRY_DAYS, ReferralMoves, SCHEDULED_GRACE_DAYS, allowed_actions, check_in_not_asked, decide, expiry,
    markdown_table, undoable_until,
};
pub use reason::{CancelReason, DeclineReason, NonCompletionReason};
pub use received::{ReceivedPart, ReceivedPlace, listed_at, listed_at_of, listed_before_all_waiting};
pub use reference::{REFERENCE_LENGTHS, Reference};
pub use state::{Decline, LastMove, REOPEN_DAYS, ReferralState, UNDO_MINUTES};
pub use status::{AgeBand, MinorStatus, ReferralAction, ReferralDirection, ReferralOrder, ReferralStatus, SharedField, Urgency};
pub use unanswered::{MAXIMUM_UNANSWERED, check_unanswered};
pub use undo::restored_expiry;
pub use upload::{MAXIMUM_UPLOAD, UploadItem, check_upload, item_failed, repeats};
