//! Referrals: what the sender asks for, the state of each referral, and what each party may see.

mod amendment;
pub mod arrival;
pub mod check_in;
mod consent;
mod event;
pub mod follow_up;
mod instead;
mod open;
mod outline;
mod page;
mod people;
mod read;
mod row;
mod shared;
pub mod slip;
pub mod undo;
mod write;

use chrono::{DateTime, NaiveDate, Utc};
use pamoja_domain::access::{Actor, Permission, Reach};
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::{OrganisationId, ReferralId, ServiceId, UserId};
use pamoja_domain::moves::Allowed;
use pamoja_domain::open_to_all::Sides;
use pamoja_domain::organisation::Population;
use pamoja_domain::referral::{
    AgeBand, DeclineReason, MinorStatus, NonCompletionReason, ReceivedPart, ReceivedPlace, ReferralState, ReferralStatus,
    SharedField, Urgency, is_overdue, listed_at,
};
use pamoja_domain::service::ServiceType;
use pamoja_domain::task::{Standing, Surroundings};

pub use amendment::amend;
pub use consent::by_referrals as consents;
pub use event::{events, users as event_users};
pub use instead::{announce_within, referred_on_as};
pub use open::{of_slip, unanswered};
pub use outline::{Extent, Outline};
pub(crate) use page::CATCH_UP_OVERLAP;
pub(crate) use page::statements as page_statements;
pub use page::{ReferralCursor, ReferralFilter, count, page, received};
pub use people::assign;
pub use read::{already_open, by_ids, find, find_for_update, find_for_update_unnoticed, notes, outlines_by_ids};
pub(crate) use read::{is_own, statements};
pub use write::{
    Change, arrive_if_awaited, expire_due, insert, non_completion, record_expiry, set_cancel_reason, update, withdraw,
};
pub(crate) use write::{delete_ended_notes, delete_ended_slips, erase as erase_payload};

/// A referral as the tenant of the transaction sees it. Fields that the tenant may not see are empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    /// Its id.
    pub id: ReferralId,
    /// The sender; [`OrganisationId::WITHHELD`] for a tenant that could take the referral but hasn't.
    pub sender: OrganisationId,
    /// The receiver; none while it is open to all who offer the service.
    pub receiver: Option<OrganisationId>,
    /// The type of service that the client needs.
    pub service_type: ServiceType,
    /// The service that it is for, where one was chosen.
    pub service: Option<ServiceId>,
    /// The sender's pseudonym for the client. Only the sender sees it, and only until the client withdraws consent.
    pub client: Option<String>,
    /// The client's populations. Empty where they aren't shared with the tenant, or after consent was withdrawn.
    pub populations: Vec<Population>,
    /// The client's age band. NOT_STATED where it isn't shared with the tenant, or after consent was withdrawn.
    pub age_band: AgeBand,
    /// Whether the client is under 18. NOT_STATED after consent was withdrawn.
    pub under_18: MinorStatus,
    /// The fields that the client agreed to show the receiver.
    pub shared: Vec<SharedField>,
    /// The county that the client is in.
    pub county: CountyCode,
    /// How soon the client must be seen.
    pub urgency: Urgency,
    /// By when the client must be seen, where there is a time limit. None for a tenant that could take the referral but hasn't.
    pub act_before: Option<DateTime<Utc>>,
    /// The agreed day; none while no day is agreed.
    pub scheduled_on: Option<NaiveDate>,
    /// The recorded state. The state at a given moment is [`ReferralState::at`].
    pub state: ReferralState,
    /// When its time began to run: at its creation, or at the last reopening.
    pub opened_at: DateTime<Utc>,
    /// Why the receiver declined it, if they did.
    pub decline_reason: Option<DeclineReason>,
    /// Why it ended unserved, where the tenant may know.
    pub non_completion_reason: Option<NonCompletionReason>,
    /// When it last changed, as recorded.
    pub updated_at: DateTime<Utc>,
    /// The sender's user who referred. Only the sender sees it.
    pub referred_by: Option<UserId>,
    /// The better place that the receiver named when it declined, if it did.
    pub instead_service: Option<ServiceId>,
    /// The declined referral in whose stead this one was made. Only the sender sees it.
    pub instead_of: Option<ReferralId>,
    /// The tenant's user who handles it. Each party sees only its own.
    pub handled_by: Option<UserId>,
    /// What the two parties call it on the phone. None while it is addressed to nobody.
    pub reference: Option<String>,
}

impl Referral {
    /// The sender, if the tenant may know it.
    pub fn visible_sender(&self) -> Option<OrganisationId> {
        Some(self.sender).filter(|sender| *sender != OrganisationId::WITHHELD)
    }

    /// On which sides the actor may act, given their organisation and roles.
    pub fn allowed(&self, actor: &Actor) -> Allowed {
        let organisation = actor.caller.organisation;
        let receives = actor.reach(Permission::ReceiveReferrals).is_some();
        let allowed = self.sides().allowed(organisation, self.is_within(actor, Permission::SendReferrals), receives);
        // A sender who goes along with the client makes both parties' moves; a peer educator does too.
        Allowed { as_receiver: allowed.as_receiver || (allowed.as_sender && self.is_accompanied()), ..allowed }
    }

    /// Whether the sender goes along with the client, to a facility outside the coalition.
    pub fn is_accompanied(&self) -> bool {
        self.receiver == Some(self.sender)
    }

    /// The sender and the receiver.
    pub fn sides(&self) -> Sides {
        Sides { sender: self.sender, receiver: self.receiver }
    }

    /// Its place in the receiver's list, as it is sorted at that moment.
    pub fn received_place(&self, at: DateTime<Utc>) -> ReceivedPlace {
        ReceivedPlace {
            part: ReceivedPart::of(self.act_before, self.state.status, at),
            listed_at: listed_at(self.state.created_at, self.act_before, self.state.status),
            id: self.id.0,
        }
    }

    /// The facts that decide which tasks it leads to, with those that stand beside it.
    pub fn standing(&self, surroundings: Surroundings) -> Standing {
        Standing {
            state: self.state,
            opened_at: self.opened_at,
            urgency: self.urgency,
            act_before: self.act_before,
            scheduled_on: self.scheduled_on,
            open: self.receiver.is_none(),
            accompanied: self.is_accompanied(),
            surroundings,
        }
    }

    /// Whether the client should have been seen by that moment.
    pub fn is_overdue(&self, at: DateTime<Utc>) -> bool {
        is_overdue(self.act_before, self.state.at(at).status, at)
    }

    /// Whether the actor may see it: a caseworker of either party may, and so may the user who referred, and the sender's user
    /// who handles it.
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        self.is_within(actor, Permission::ReadReferrals)
    }

    fn is_within(&self, actor: &Actor, permission: Permission) -> bool {
        match actor.reach(permission) {
            Some(Reach::Organisation) => true,
            Some(Reach::OwnOnly) => {
                let user = Some(actor.caller.user);
                self.referred_by == user || (self.handled_by == user && self.sender == actor.caller.organisation)
            }
            None => false,
        }
    }

    /// When it last changed, as of that moment. An expiry that nothing has recorded counts too.
    pub fn updated_at(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.updated_at.max(if self.has_silently_expired(at) { self.state.expires_at } else { self.updated_at })
    }

    /// Whether it has expired by that moment and nothing has recorded the expiry.
    pub fn has_silently_expired(&self, at: DateTime<Utc>) -> bool {
        self.state.at(at).status != self.state.status
    }
}

/// Where an event is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventKey {
    /// The sender of the referral.
    pub sender: OrganisationId,
    /// The referral.
    pub referral: ReferralId,
    /// Its position among all events.
    pub position: i64,
}

/// An event in a referral's timeline: a state that it reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The referral.
    pub referral: ReferralId,
    /// The state.
    pub status: ReferralStatus,
    /// When it was reached.
    pub at: DateTime<Utc>,
    /// The organisation that made the move; none for an expiry.
    pub by: Option<OrganisationId>,
    /// Where it is recorded; nowhere, when it is an expiry that nothing has recorded yet.
    pub key: Option<EventKey>,
    /// Whether it is a check-in without a slip, for which the receiver vouched.
    pub without_slip: bool,
    /// Whether it takes back the move before it: the state is the one that the referral had before that move.
    pub takes_back: bool,
    /// Whether the move was taken back.
    pub taken_back: bool,
    /// Whether the sender amended the referral: it had reached the state before, unless it was declined.
    pub amended: bool,
}
