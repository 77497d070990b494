//! Why a referral ended otherwise than hoped.

use crate::vocabulary;

vocabulary! {
    /// Why a receiver declines.
    pub enum DeclineReason {
        /// There is no room.
        NoCapacity = "NO_CAPACITY",
        /// The waitlist is full too.
        WaitlistFull = "WAITLIST_FULL",
        /// The client isn't one whom the service is for.
        NotEligible = "NOT_ELIGIBLE",
        /// The service isn't offered, or no longer.
        ServiceNotOffered = "SERVICE_NOT_OFFERED",
        /// Too far away.
        OutOfArea = "OUT_OF_AREA",
        /// Needed at an hour when nobody is there.
        OutsideHours = "OUTSIDE_HOURS",
        /// What is needed is out of stock.
        CommodityStockout = "COMMODITY_STOCKOUT",
        /// Something must be known first: cancel and refer again with it.
        NeedsMoreInformation = "NEEDS_MORE_INFORMATION",
        /// The client was referred here already.
        Duplicate = "DUPLICATE",
        /// It would not be safe.
        SafetyConcern = "SAFETY_CONCERN",
        /// Somebody is too close to the case.
        ConflictOfInterest = "CONFLICT_OF_INTEREST",
        /// Another member can serve the client better.
        BetterPlacedPartner = "BETTER_PLACED_PARTNER",
        /// Another reason.
        Other = "OTHER",
    }
}

vocabulary! {
    /// Why a sender calls a referral off.
    pub enum CancelReason {
        /// No longer needed.
        NoLongerNeeded = "NO_LONGER_NEEDED",
        /// The client no longer agrees; withdrawReferralConsent also erases.
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
        /// Following up would put the client at risk. Recorded and read by the sender alone.
        UnsafeToFollowUp = "UNSAFE_TO_FOLLOW_UP",
        /// The way was too far or too dear.
        TransportOrCost = "TRANSPORT_OR_COST",
        /// The client was turned away or mistreated. Recorded and read by the sender alone.
        TurnedAwayOrMistreated = "TURNED_AWAY_OR_MISTREATED",
        /// The client was detained. Recorded and read by the sender alone.
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
    /// Whether only the sender records and reads it: the accused neither records nor reads the complaint.
    pub fn is_of_the_sender_alone(self) -> bool {
        matches!(self, Self::UnsafeToFollowUp | Self::TurnedAwayOrMistreated | Self::Detained)
    }
}
