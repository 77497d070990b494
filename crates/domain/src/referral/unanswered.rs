//! The limit on one account's unanswered priority referrals. It keeps anybody from hiding the emergencies of others under their
//! own.

use super::creation::NewReferral;
use crate::id::OrganisationId;
use crate::message::Message;
use crate::refusal::{Refusal, UserErrorCode};

/// The most unanswered referrals of one account that are open to all or can't wait. A whole upload fits in beside a few others.
pub const MAXIMUM_UNANSWERED: usize = 60;

impl NewReferral {
    /// Whether it goes before other referrals until somebody answers it.
    pub fn has_priority(&self, sender: OrganisationId) -> bool {
        (self.receiver.is_none() || self.exposure.is_some()) && !self.is_accompanied_by(sender)
    }
}

/// Checks that another priority referral can be sent.
///
/// # Errors
/// LIMIT_REACHED from 60 unanswered ones on.
pub fn check_unanswered(unanswered: usize) -> Result<(), Refusal> {
    if unanswered < MAXIMUM_UNANSWERED {
        return Ok(());
    }
    let message = Message::of("sending-too-many-waiting").with("maximum", MAXIMUM_UNANSWERED);
    Err(Refusal::new(UserErrorCode::LimitReached, message))
}

#[cfg(test)]
mod tests {
    use super::super::MAXIMUM_UPLOAD;
    use super::*;

    #[test]
    fn a_whole_upload_can_wait_and_no_more_than_sixty() {
        let code = |unanswered| check_unanswered(unanswered).map_err(|refusal| refusal.code);
        assert_eq!((code(0), code(MAXIMUM_UPLOAD), code(59)), (Ok(()), Ok(()), Ok(())));
        assert_eq!((code(60), code(usize::MAX)), (Err(UserErrorCode::LimitReached), Err(UserErrorCode::LimitReached)));
    }
}
