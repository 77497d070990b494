//! What is open to all: one organisation asks it of whoever offers it, and the first of them to take it has it.
//!
//! To whom it is offered is each thing's own rule: an open referral to those who offered the service when it was sent, an open request
//! for a training to whoever offers the topic now. All else is here: who stands on which side, and what whoever comes too late is told.

use uuid::Uuid;

use crate::access::Permission;
use crate::id::{OrganisationId, ReferralId, TrainingRequestId};
use crate::message::Message;
use crate::moves::Allowed;
use crate::refusal::{Refusal, UserErrorCode};

/// Something that can be open to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Openable {
    /// A referral.
    Referral(ReferralId),
    /// A request for a training.
    TrainingRequest(TrainingRequestId),
}

impl Openable {
    /// The kind, as the functions of the database are told it.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Referral(_) => "REFERRAL",
            Self::TrainingRequest(_) => "TRAINING_REQUEST",
        }
    }

    /// Its id among those of its kind.
    pub fn id(self) -> Uuid {
        match self {
            Self::Referral(id) => id.0,
            Self::TrainingRequest(id) => id.0,
        }
    }

    /// What a user must be allowed to do to take it.
    pub fn permission(self) -> Permission {
        match self {
            Self::Referral(_) => Permission::ReceiveReferrals,
            Self::TrainingRequest(_) => Permission::ManageTraining,
        }
    }

    fn field(self) -> &'static str {
        match self {
            Self::Referral(_) => "referralId",
            Self::TrainingRequest(_) => "trainingRequestId",
        }
    }

    /// For whoever could have taken it, and comes too late.
    pub fn no_longer_open(self) -> Refusal {
        let key = match self {
            Self::Referral(_) => "sending-no-longer-open",
            Self::TrainingRequest(_) => "training-no-longer-open",
        };
        Refusal::of_field(UserErrorCode::Conflict, self.field(), Message::of(key))
    }

    /// For everybody else to whom it isn't there.
    pub fn not_found(self) -> Refusal {
        Refusal::not_found(self.field())
    }
}

impl From<ReferralId> for Openable {
    fn from(id: ReferralId) -> Self {
        Self::Referral(id)
    }
}

impl From<TrainingRequestId> for Openable {
    fn from(id: TrainingRequestId) -> Self {
        Self::TrainingRequest(id)
    }
}

/// The two sides of something that one organisation asks of another, or of all who offer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sides {
    /// Who asks.
    pub sender: OrganisationId,
    /// Who is asked; nobody while it is open to all.
    pub receiver: Option<OrganisationId>,
}

impl Sides {
    /// Whether the organisation, which sees it, could take it.
    pub fn is_open_to(self, organisation: OrganisationId) -> bool {
        self.receiver.is_none() && self.sender != organisation
    }

    /// Whoever is a party to it now, each once.
    pub fn parties(self) -> Vec<OrganisationId> {
        std::iter::once(self.sender).chain(self.receiver.filter(|receiver| *receiver != self.sender)).collect()
    }

    /// On which sides somebody of that organisation may act whose roles let them send such things, or receive them.
    pub fn allowed(self, organisation: OrganisationId, sends: bool, receives: bool) -> Allowed {
        Allowed {
            as_sender: sends && self.sender == organisation,
            as_receiver: receives && self.receiver == Some(organisation),
            as_taker: receives && self.is_open_to(organisation),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organisation(number: u128) -> OrganisationId {
        OrganisationId(Uuid::from_u128(number))
    }

    #[test]
    fn whoever_does_not_send_it_could_take_it_until_somebody_has_it() {
        let (sender, receiver, other) = (organisation(1), organisation(2), organisation(3));
        let open = Sides { sender, receiver: None };
        assert!(open.is_open_to(receiver) && open.is_open_to(other) && !open.is_open_to(sender));
        assert_eq!(open.parties(), [sender]);
        let taken = Sides { sender, receiver: Some(receiver) };
        assert!([sender, receiver, other].iter().all(|organisation| !taken.is_open_to(*organisation)));
        assert_eq!(taken.parties(), [sender, receiver]);
        assert_eq!(Sides { sender, receiver: Some(sender) }.parties(), [sender]);
    }

    #[test]
    fn roles_and_sides_together_decide_who_may_act() {
        let (sender, receiver, other) = (organisation(1), organisation(2), organisation(3));
        for (sides, whose, [as_sender, as_receiver, as_taker]) in [
            (Sides { sender, receiver: None }, sender, [true, false, false]),
            (Sides { sender, receiver: None }, other, [false, false, true]),
            (Sides { sender, receiver: Some(receiver) }, sender, [true, false, false]),
            (Sides { sender, receiver: Some(receiver) }, receiver, [false, true, false]),
            (Sides { sender, receiver: Some(receiver) }, other, [false, false, false]),
            (Sides { sender, receiver: Some(sender) }, sender, [true, true, false]),
        ] {
            assert_eq!(sides.allowed(whose, true, true), Allowed { as_sender, as_receiver, as_taker });
            assert_eq!(sides.allowed(whose, true, false), Allowed { as_sender, ..Allowed::default() });
            assert_eq!(sides.allowed(whose, false, true), Allowed { as_sender: false, as_receiver, as_taker });
            assert_eq!(sides.allowed(whose, false, false), Allowed::default());
        }
    }

    #[test]
    fn who_is_late_is_told_so_in_the_field_that_names_it() {
        for (what, field) in [
            (Openable::from(ReferralId(Uuid::nil())), "referralId"),
            (Openable::from(TrainingRequestId(Uuid::nil())), "trainingRequestId"),
        ] {
            let (late, absent) = (what.no_longer_open(), what.not_found());
            assert_eq!((late.code, absent.code), (UserErrorCode::Conflict, UserErrorCode::NotFound));
            assert_eq!((late.field, absent.field), (Some(vec![field.to_owned()]), Some(vec![field.to_owned()])));
        }
    }
}
