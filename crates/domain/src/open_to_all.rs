//! Requests that are open to all: one organisation asks everybody who offers what it needs, and the first to take the request
//! becomes its receiver.
//!
//! Each kind has its own rule for who may take it. An open referral is for those who offered the service when it was sent; an
//! open training request is for those who offer the topic now. This module decides everything else: who is on which side, and
//! what somebody who comes too late is told.

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
    /// A training request.
    TrainingRequest(TrainingRequestId),
}

impl Openable {
    /// The kind, as the database's functions take it.
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

    /// The permission that a user needs to take it.
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

    /// The refusal for somebody who could have taken it but came too late.
    pub fn no_longer_open(self) -> Refusal {
        let key = match self {
            Self::Referral(_) => "sending-no-longer-open",
            Self::TrainingRequest(_) => "training-no-longer-open",
        };
        Refusal::of_field(UserErrorCode::Conflict, self.field(), Message::of(key))
    }

    /// The refusal for everybody else: for them it doesn't exist.
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

/// The two sides of a request to one organisation or to all who offer what is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sides {
    /// The organisation that asks.
    pub sender: OrganisationId,
    /// The organisation that is asked; `None` while the request is open to all.
    pub receiver: Option<OrganisationId>,
}

impl Sides {
    /// Whether an organisation that sees the request could take it.
    pub fn is_open_to(self, organisation: OrganisationId) -> bool {
        self.receiver.is_none() && self.sender != organisation
    }

    /// The present parties, without repeats.
    pub fn parties(self) -> Vec<OrganisationId> {
        std::iter::once(self.sender).chain(self.receiver.filter(|receiver| *receiver != self.sender)).collect()
    }

    /// The sides on which a member of the organisation may act. `sends` and `receives` say whether their roles let them send or
    /// receive.
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
