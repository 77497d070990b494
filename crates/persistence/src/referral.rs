//! Referrals: what was asked for, where it stands, and what each party may see of it.

mod consent;
mod open;
mod page;
mod read;
mod write;

use chrono::{DateTime, NaiveDate, Utc};
use pamoja_domain::access::{Actor, Permission, Reach};
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::{OrganisationId, ReferralId, ServiceId, UserId};
use pamoja_domain::moves::Allowed;
use pamoja_domain::open_to_all::Sides;
use pamoja_domain::organisation::Population;
use pamoja_domain::referral::{
    AgeBand, DeclineReason, MinorStatus, NonCompletionReason, ReferralState, ReferralStatus, SharedField, Urgency, is_overdue,
    listed_at,
};
use pamoja_domain::service::ServiceType;
use pamoja_domain::task::Standing;

pub use consent::by_referrals as consents;
pub(crate) use open::delete_closed;
pub use open::{of_slip, offerers, unanswered};
pub(crate) use page::CATCH_UP_OVERLAP;
pub(crate) use page::statements as page_statements;
pub use page::{ReferralCursor, ReferralFilter, page};
pub(crate) use read::statements;
pub use read::{by_ids, events, find, find_for_update, notes};
pub use write::{
    Change, arrive_if_awaited, expire_due, insert, non_completion, record_expiry, set_cancel_reason, update, withdraw,
};
pub(crate) use write::{delete_ended_notes, delete_ended_slips, erase as erase_payload};

/// A referral as the tenant of the transaction sees it: what isn't for them is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    /// Its id.
    pub id: ReferralId,
    /// Who refers; [`OrganisationId::WITHHELD`] to those who could only take it.
    pub sender: OrganisationId,
    /// Whom it is addressed to; nobody while it is open to all who offer the service.
    pub receiver: Option<OrganisationId>,
    /// What the client needs.
    pub service_type: ServiceType,
    /// The service it is meant for, where one was chosen.
    pub service: Option<ServiceId>,
    /// The sender's pseudonym of the client; the sender's alone, until consent is withdrawn.
    pub client: Option<String>,
    /// Empty where it isn't shared or was withdrawn.
    pub populations: Vec<Population>,
    /// NOT_STATED where it isn't shared or was withdrawn.
    pub age_band: AgeBand,
    /// NOT_STATED where it was withdrawn.
    pub under_18: MinorStatus,
    /// What the client agreed to show the receiver.
    pub shared: Vec<SharedField>,
    /// Where the client is.
    pub county: CountyCode,
    /// How soon the client must be seen.
    pub urgency: Urgency,
    /// By when the client must be seen, where that counts; nothing for those who could only take it.
    pub act_before: Option<DateTime<Utc>>,
    /// The agreed day.
    pub scheduled_on: Option<NaiveDate>,
    /// Where it stands, as recorded; see [`ReferralState::at`].
    pub state: ReferralState,
    /// Since when its time runs: its creation, or the last reopening.
    pub opened_at: DateTime<Utc>,
    /// Why it was declined, if it was.
    pub decline_reason: Option<DeclineReason>,
    /// Why it ended unserved, where the tenant may know.
    pub non_completion_reason: Option<NonCompletionReason>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Who of the sender referred; the sender's alone.
    pub referred_by: Option<UserId>,
}

impl Referral {
    /// Who refers, as far as the tenant may know.
    pub fn visible_sender(&self) -> Option<OrganisationId> {
        Some(self.sender).filter(|sender| *sender != OrganisationId::WITHHELD)
    }

    /// On which side the actor may act, by their organisation and roles.
    pub fn allowed(&self, actor: &Actor) -> Allowed {
        let organisation = actor.caller.organisation;
        let receives = actor.reach(Permission::ReceiveReferrals).is_some();
        let allowed = self.sides().allowed(organisation, self.is_within(actor, Permission::SendReferrals), receives);
        // Whoever goes along makes both parties' moves, a peer educator too.
        Allowed { as_receiver: allowed.as_receiver || (allowed.as_sender && self.is_accompanied()), ..allowed }
    }

    /// Whether the sender goes along itself, to a facility outside the coalition.
    pub fn is_accompanied(&self) -> bool {
        self.receiver == Some(self.sender)
    }

    /// Who asks and who is asked.
    pub fn sides(&self) -> Sides {
        Sides { sender: self.sender, receiver: self.receiver }
    }

    /// Its place in the receiver's list, the latest first.
    pub fn listed_at(&self) -> DateTime<Utc> {
        listed_at(self.state.created_at, self.act_before, self.state.status)
    }

    /// What of it decides about its tasks.
    pub fn standing(&self) -> Standing {
        Standing {
            state: self.state,
            opened_at: self.opened_at,
            urgency: self.urgency,
            act_before: self.act_before,
            scheduled_on: self.scheduled_on,
            open: self.receiver.is_none(),
            accompanied: self.is_accompanied(),
        }
    }

    /// Whether the client should have been seen by now.
    pub fn is_overdue(&self, at: DateTime<Utc>) -> bool {
        is_overdue(self.act_before, self.state.at(at).status, at)
    }

    /// Whether the actor may see it: a party's caseworker may, and whoever referred.
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        self.is_within(actor, Permission::ReadReferrals)
    }

    fn is_within(&self, actor: &Actor, permission: Permission) -> bool {
        match actor.reach(permission) {
            Some(Reach::Organisation) => true,
            Some(Reach::OwnOnly) => self.referred_by == Some(actor.caller.user),
            None => false,
        }
    }

    /// When it last changed, as seen at that moment: the clock's change counts too.
    pub fn updated_at(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.updated_at.max(if self.has_silently_expired(at) { self.state.expires_at } else { self.updated_at })
    }

    /// Whether it has expired and nothing has recorded it yet.
    pub fn has_silently_expired(&self, at: DateTime<Utc>) -> bool {
        self.state.at(at).status != self.state.status
    }
}

/// A state that a referral reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// Of which referral.
    pub referral: ReferralId,
    /// Which state.
    pub status: ReferralStatus,
    /// When.
    pub at: DateTime<Utc>,
    /// Whose move it was; nobody's when the clock did it.
    pub by: Option<OrganisationId>,
    /// A check-in that the receiver vouched for.
    pub without_slip: bool,
}
