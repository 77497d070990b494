//! The state of a referral: what its moves depend on.

use chrono::{DateTime, TimeDelta, Utc};

use super::reason::DeclineReason;
use super::status::ReferralStatus;

/// A referral can be reopened for this many days after its ending.
pub const REOPEN_DAYS: i64 = 14;
/// A move can be taken back for this many minutes. The database's `give_back_open_referral` holds to the same.
pub const UNDO_MINUTES: i64 = 15;

/// What the moves depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReferralState {
    /// The recorded status. The referral may have expired since: see [`ReferralState::at`].
    pub status: ReferralStatus,
    /// When the referral was created.
    pub created_at: DateTime<Utc>,
    /// When it reached its status.
    pub status_at: DateTime<Utc>,
    /// When it expires, unless it ends before.
    pub expires_at: DateTime<Utc>,
    /// Whether the client has withdrawn their consent.
    pub consent_withdrawn: bool,
    /// How it was declined; none unless it is DECLINED.
    pub decline: Option<Decline>,
    /// The last move of the viewer's organisation, while nothing has changed the referral since.
    pub last_move: Option<LastMove>,
    /// Whether somebody was checked in elsewhere with its slip, and the viewer is the sender, who hasn't said whether that is the client.
    pub check_in_asked: bool,
}

impl ReferralState {
    /// The state at a moment. An open referral whose time has run out is EXPIRED, even if the database doesn't have that yet.
    pub fn at(self, at: DateTime<Utc>) -> Self {
        if self.status.can_expire() && self.expires_at <= at {
            return Self { status: ReferralStatus::Expired, status_at: self.expires_at, ..self };
        }
        self
    }
}

/// How a referral was declined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decline {
    /// Why; none after the client was erased.
    pub reason: Option<DeclineReason>,
    /// Whether the receiver named a better place.
    pub names_instead: bool,
    /// Whether the sender has referred the client there, and that referral hasn't ended.
    pub referred_instead: bool,
}

/// The last move that the viewer's organisation made, while nothing else has changed the referral since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastMove {
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Whether the viewer made it.
    pub own: bool,
    /// Whether it did something for good: it erased data, or replaced a slip.
    pub for_good: bool,
    /// The status that it led to.
    pub led_to: ReferralStatus,
    /// The status before it.
    pub before: ReferralStatus,
}

impl LastMove {
    pub(super) fn until(&self) -> DateTime<Utc> {
        self.made_at + TimeDelta::minutes(UNDO_MINUTES)
    }
}
