//! Taking back one's own last move, for a while and while nobody else has acted on the referral.

use chrono::{DateTime, TimeDelta, Utc};

use super::state::{ReferralState, UNDO_MINUTES};
use super::status::ReferralStatus;
use crate::message::Message;
use crate::refusal::{Refusal, UserErrorCode};

/// A referral that a taking back opens again doesn't expire before this much time has passed.
const GRACE: TimeDelta = TimeDelta::days(1);

/// The status that taking back the last move leads to. `state` is the state at that moment.
///
/// # Errors
/// EXPIRED when 15 minutes have passed, FORBIDDEN when a colleague made the move, and ILLEGAL_TRANSITION, with the present state,
/// when the move did something for good, when somebody has acted since, or when the viewer's organisation made none.
pub(super) fn restored(state: ReferralState, at: DateTime<Utc>) -> Result<ReferralStatus, Refusal> {
    let refuse = |code, key: &'static str| {
        Err(Refusal::new(code, Message::of(key).with("status", state.status).with("minutes", UNDO_MINUTES)))
    };
    if state.consent_withdrawn {
        return refuse(UserErrorCode::IllegalTransition, "referral-undo-for-good");
    }
    let Some(last) = state.last_move else {
        // The row may be gone because the time is over: then the answer is the same as before it went.
        let code = match at - state.status_at >= TimeDelta::minutes(UNDO_MINUTES) {
            true => UserErrorCode::Expired,
            false => UserErrorCode::IllegalTransition,
        };
        return refuse(code, "referral-undo-nothing");
    };
    if at >= last.until() {
        return refuse(UserErrorCode::Expired, "referral-undo-nothing");
    }
    if !last.own {
        return refuse(UserErrorCode::Forbidden, "referral-undo-of-colleague");
    }
    if last.for_good {
        return refuse(UserErrorCode::IllegalTransition, "referral-undo-for-good");
    }
    if state.status != last.led_to {
        // The clock has moved it.
        return refuse(UserErrorCode::IllegalTransition, "referral-undo-nothing");
    }
    Ok(last.before)
}

/// When a referral expires whose last move was taken back. One that is open again gets at least a day: nobody shall lose a client
/// because a wrong tap was put right at the last minute.
pub fn restored_expiry(status: ReferralStatus, before: DateTime<Utc>, at: DateTime<Utc>) -> DateTime<Utc> {
    if status.can_expire() && before <= at { at + GRACE } else { before }
}

#[cfg(test)]
mod tests;
