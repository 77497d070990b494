//! The codes of a referral.

use crate::organisation::Population;
use crate::vocabulary;

vocabulary! {
    /// A referral's status.
    pub enum ReferralStatus {
        /// Sent, not yet answered.
        Requested = "REQUESTED",
        /// The receiver has put the client on a waitlist.
        Waitlisted = "WAITLISTED",
        /// The receiver expects the client.
        Accepted = "ACCEPTED",
        /// The receiver can't take the client; see declineReason.
        Declined = "DECLINED",
        /// A day is agreed: see scheduledOn.
        Scheduled = "SCHEDULED",
        /// The client has arrived.
        Arrived = "ARRIVED",
        /// The client did not come as agreed.
        NoShow = "NO_SHOW",
        /// The client was served.
        Completed = "COMPLETED",
        /// It ended without the client being served; see nonCompletionReason.
        NotCompleted = "NOT_COMPLETED",
        /// The sender cancelled it.
        Cancelled = "CANCELLED",
        /// Nobody acted on it in time, and it expired.
        Expired = "EXPIRED",
        /// It should never have been recorded. No figure counts it.
        EnteredInError = "ENTERED_IN_ERROR",
    }
}

impl ReferralStatus {
    /// Whether a referral in this state can expire.
    pub fn can_expire(self) -> bool {
        matches!(self, Self::Requested | Self::Waitlisted | Self::Accepted | Self::Scheduled | Self::NoShow)
    }

    /// Whether the referral has ended in this state.
    pub fn has_ended(self) -> bool {
        !self.can_expire() && self != Self::Arrived
    }
}

vocabulary! {
    /// What somebody may do to a referral.
    pub enum ReferralAction {
        /// acceptReferral: expect the client.
        Accept = "ACCEPT",
        /// waitlistReferral: put the client on the waitlist.
        Waitlist = "WAITLIST",
        /// declineReferral: refuse it, with the reason.
        Decline = "DECLINE",
        /// scheduleReferral: agree on a day, or on another day.
        Schedule = "SCHEDULE",
        /// checkInReferral or checkInReferralWithoutSlip: the client is here.
        CheckIn = "CHECK_IN",
        /// moveReferral: move the referral to another of the receiver's services.
        Move = "MOVE",
        /// markReferralNoShow: the client did not come as agreed, or said so beforehand.
        MarkNoShow = "MARK_NO_SHOW",
        /// completeReferral: the client was served.
        Complete = "COMPLETE",
        /// markReferralNotCompleted: it ended without the client being served, with the reason.
        MarkNotCompleted = "MARK_NOT_COMPLETED",
        /// reissueReferralSlip: replace a lost slip with a new one.
        ReissueSlip = "REISSUE_SLIP",
        /// cancelReferral: cancel it, with the reason.
        Cancel = "CANCEL",
        /// withdrawReferralConsent: the client no longer agrees. It ends the referral and erases the client's data at once.
        WithdrawConsent = "WITHDRAW_CONSENT",
        /// markReferralEnteredInError: it should never have been recorded.
        MarkEnteredInError = "MARK_ENTERED_IN_ERROR",
        /// reopenReferral: expect the client after all.
        Reopen = "REOPEN",
        /// undoReferralMove: take back your own last move, within 15 minutes and before anybody else has acted.
        Undo = "UNDO",
        /// amendReferral: put right what was asked for. A referral that was declined for NEEDS_MORE_INFORMATION is then asked for
        /// again.
        Amend = "AMEND",
        /// referInstead: refer the client to the place that the receiver named when it declined.
        ReferInstead = "REFER_INSTEAD",
        /// answerCheckIn: say whether the client is where somebody was checked in with the slip before the referral was sent.
        AnswerCheckIn = "ANSWER_CHECK_IN",
    }
}

vocabulary! {
    /// Which referrals to list: those sent to your organisation, those that it sent, or those that it could take.
    pub enum ReferralDirection {
        /// Sent to your organisation. Referrals that your organisation accompanies are only in OUTGOING.
        Incoming = "INCOMING",
        /// Sent by your organisation.
        Outgoing = "OUTGOING",
        /// Open to all who offer the service in the county, your organisation among them. Nobody has taken it yet.
        Open = "OPEN",
    }
}

vocabulary! {
    /// The order of a list of referrals. The id decides between equals.
    pub enum ReferralOrder {
        /// The newest first.
        NewestFirst = "NEWEST_FIRST",
        /// The oldest first.
        OldestFirst = "OLDEST_FIRST",
        /// The most recently changed first.
        RecentlyUpdatedFirst = "RECENTLY_UPDATED_FIRST",
        /// The next to expire first.
        ExpiringFirst = "EXPIRING_FIRST",
    }
}

vocabulary! {
    /// How soon the client must be seen.
    pub enum Urgency {
        /// In the ordinary course.
        Routine = "ROUTINE",
        /// Within a day or two.
        Urgent = "URGENT",
        /// At once.
        Emergency = "EMERGENCY",
    }
}

vocabulary! {
    /// A detail of the client that the client agreed to show the receiver.
    pub enum SharedField {
        /// The populations that the client counts themself to.
        Populations = "POPULATIONS",
        /// The age band.
        AgeBand = "AGE_BAND",
    }
}

impl SharedField {
    /// What the receiver is shown of a client's answers, of a client who agreed to show these fields: the others read as empty or
    /// NOT_STATED.
    pub fn shown<'a>(agreed: &[Self], populations: &'a [Population], age_band: AgeBand) -> (&'a [Population], AgeBand) {
        let populations = if agreed.contains(&Self::Populations) { populations } else { &[] };
        let age_band = if agreed.contains(&Self::AgeBand) { age_band } else { AgeBand::NotStated };
        (populations, age_band)
    }
}

vocabulary! {
    /// Whether the client is under 18. This is asked separately because an age band can lie on both sides of 18.
    pub enum MinorStatus {
        /// Under 18.
        Yes = "YES",
        /// 18 or older.
        No = "NO",
        /// Not stated, or not asked.
        NotStated = "NOT_STATED",
    }
}

vocabulary! {
    /// The client's age, in the bands of the national report (MOH 731 Plus). Never a birth date.
    pub enum AgeBand {
        /// Under 15.
        Under15 = "UNDER_15",
        /// 15 to 19.
        From15To19 = "FROM_15_TO_19",
        /// 20 to 24.
        From20To24 = "FROM_20_TO_24",
        /// 25 to 29.
        From25To29 = "FROM_25_TO_29",
        /// 30 or older.
        From30 = "FROM_30",
        /// Not stated, or not asked.
        NotStated = "NOT_STATED",
    }
}
