//! Which endings leave a client whom the sender has to follow up.

use super::reason::NonCompletionReason;
use super::status::ReferralStatus;
use crate::moves::Party;

impl ReferralStatus {
    /// Whether a referral in this state leaves the client unserved: the receiver said no, the client didn't come, or nobody did
    /// anything. What the sender cancelled is not among them: they know that it is over, and why.
    pub fn leaves_unserved(self) -> bool {
        matches!(self, Self::Declined | Self::NotCompleted | Self::Expired | Self::NoShow)
    }
}

impl NonCompletionReason {
    /// Whether nothing is left for the sender to do when that party gives this reason. In doubt something is: a client whom
    /// somebody asks once too often is better off than one whom nobody asks.
    pub fn ends_the_matter(self, by: Party) -> bool {
        match self {
            // To contact the client would itself be the danger. Only the sender gives this reason, so they know.
            Self::UnsafeToFollowUp => true,
            // The sender who records it knows. The receiver may have it from somebody who had waited for five hours, and the sender
            // must hear of it in any case.
            Self::Died | Self::NoLongerNeeded | Self::ClientDeclined => by == Party::Sender,
            // The client still needs the service: somebody can look for them, go along, pay the journey, visit them in custody,
            // or find a place where they live now.
            Self::ClientDidNotArrive
            | Self::CouldNotBeReached
            | Self::TransportOrCost
            | Self::TurnedAwayOrMistreated
            | Self::Detained
            | Self::Moved
            | Self::ServiceClosed
            | Self::Unknown => false,
        }
    }

    /// The reasons that end the matter when that party gives them.
    pub fn final_for(by: Party) -> impl Iterator<Item = Self> {
        <Self as crate::vocabulary::Vocabulary>::ALL.iter().copied().filter(move |reason| reason.ends_the_matter(by))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Vocabulary;

    #[test]
    fn what_leaves_a_client_unserved_is_what_can_be_taken_up_again_and_a_client_who_did_not_come() {
        let unserved: Vec<_> = ReferralStatus::ALL.iter().copied().filter(|status| status.leaves_unserved()).collect();
        assert_eq!(
            unserved,
            [ReferralStatus::Declined, ReferralStatus::NoShow, ReferralStatus::NotCompleted, ReferralStatus::Expired]
        );
    }

    #[test]
    fn a_reason_ends_the_matter_for_the_receiver_only_if_it_does_for_the_sender() {
        for reason in NonCompletionReason::ALL {
            assert!(!reason.ends_the_matter(Party::Receiver) || reason.ends_the_matter(Party::Sender), "{reason}");
        }
        assert!(!NonCompletionReason::TurnedAwayOrMistreated.ends_the_matter(Party::Sender), "they still need the service");
        let heard: Vec<_> = NonCompletionReason::final_for(Party::Sender).collect();
        let said: Vec<_> = NonCompletionReason::final_for(Party::Receiver).collect();
        assert_eq!((heard.len(), said.len()), (4, 1), "what the receiver says reaches the sender");
    }
}
