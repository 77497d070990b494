//! Why a referral ended without success.

use crate::vocabulary;

vocabulary! {
    /// Why a receiver declines.
    pub enum DeclineReason {
        /// There is no room.
        NoCapacity = "NO_CAPACITY",
        /// The waitlist is full too.
        WaitlistFull = "WAITLIST_FULL",
        /// The service is not for this client.
        NotEligible = "NOT_ELIGIBLE",
        /// The receiver doesn't offer the service, or no longer does.
        ServiceNotOffered = "SERVICE_NOT_OFFERED",
        /// Too far away.
        OutOfArea = "OUT_OF_AREA",
        /// The client needs it at an hour when nobody is there.
        OutsideHours = "OUTSIDE_HOURS",
        /// A needed commodity is out of stock.
        CommodityStockout = "COMMODITY_STOCKOUT",
        /// The receiver needs more information: amend the referral with it within 14 days, and it is asked for again.
        NeedsMoreInformation = "NEEDS_MORE_INFORMATION",
        /// The client was referred here already.
        Duplicate = "DUPLICATE",
        /// It would not be safe.
        SafetyConcern = "SAFETY_CONCERN",
        /// Somebody at the receiver is too close to the case.
        ConflictOfInterest = "CONFLICT_OF_INTEREST",
        /// Another member can serve the client better.
        BetterPlacedPartner = "BETTER_PLACED_PARTNER",
        /// Another reason.
        Other = "OTHER",
    }
}

vocabulary! {
    /// Why a sender cancels a referral.
    pub enum CancelReason {
        /// No longer needed.
        NoLongerNeeded = "NO_LONGER_NEEDED",
        /// The client no longer agrees. Use withdrawReferralConsent to erase as well.
        ConsentWithdrawn = "CONSENT_WITHDRAWN",
        /// Sent to the wrong organisation.
        WrongOrganisation = "WRONG_ORGANISATION",
        /// It would not be safe.
        SafetyConcern = "SAFETY_CONCERN",
        /// Another reason.
        Other = "OTHER",
    }
}

vocabulary! {
    /// Why a referral ended without the client being served.
    pub enum NonCompletionReason {
        /// The client never came.
        ClientDidNotArrive = "CLIENT_DID_NOT_ARRIVE",
        /// The client decided against it.
        ClientDeclined = "CLIENT_DECLINED",
        /// No longer needed.
        NoLongerNeeded = "NO_LONGER_NEEDED",
        /// The client could not be reached.
        CouldNotBeReached = "COULD_NOT_BE_REACHED",
        /// Following up would put the client at risk. Only the sender records and reads this.
        UnsafeToFollowUp = "UNSAFE_TO_FOLLOW_UP",
        /// The journey was too far or too expensive.
        TransportOrCost = "TRANSPORT_OR_COST",
        /// The client was turned away or mistreated. Only the sender records and reads this.
        TurnedAwayOrMistreated = "TURNED_AWAY_OR_MISTREATED",
        /// The client was detained. Only the sender records and reads this.
        Detained = "DETAINED",
        /// The client moved away.
        Moved = "MOVED",
        /// The client died.
        Died = "DIED",
        /// The service has closed.
        ServiceClosed = "SERVICE_CLOSED",
        /// Not known.
        Unknown = "UNKNOWN",
    }
}

impl NonCompletionReason {
    /// Whether only the sender records and reads it: the accused must neither record nor read the complaint.
    pub fn is_of_the_sender_alone(self) -> bool {
        matches!(self, Self::UnsafeToFollowUp | Self::TurnedAwayOrMistreated | Self::Detained)
    }
}
