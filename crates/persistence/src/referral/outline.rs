//! What a list can show of a referral without reading what is kept for one of its parties.

use chrono::{DateTime, NaiveDate, Utc};
use pamoja_domain::county::CountyCode;
use pamoja_domain::id::{OrganisationId, ReferralId, ServiceId};
use pamoja_domain::open_to_all::Sides;
use pamoja_domain::referral::{DeclineReason, ReceivedPlace, ReferralStatus, Urgency};
use pamoja_domain::service::ServiceType;

use super::Referral;
use super::row::ReferralRow;
use crate::error::StoreError;

/// How far referrals are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What both parties see, which two tables hold.
    Outline,
    /// All that the tenant may see, which nine tables hold.
    Whole,
}

impl Extent {
    /// The statement of a referral's parties that reads so far.
    pub(super) fn as_party(self) -> &'static str {
        match self {
            Self::Outline => include_str!("as_party_outline.sql"),
            Self::Whole => include_str!("as_party.sql"),
        }
    }
}

/// A referral of which perhaps not all was read. What may be missing can't be asked of it: only [`Outline::whole`] has that.
#[derive(Clone, Debug)]
pub struct Outline {
    referral: Referral,
    extent: Extent,
}

impl From<Referral> for Outline {
    fn from(referral: Referral) -> Self {
        Self { referral, extent: Extent::Whole }
    }
}

/// The referrals of these rows, which were read to that extent.
pub(super) fn outlines(rows: Vec<ReferralRow>, extent: Extent) -> Result<Vec<Outline>, StoreError> {
    rows.into_iter().map(|row| Ok(Outline { referral: row.try_into()?, extent })).collect()
}

impl Outline {
    /// All of the referral, if all of it was read.
    pub fn whole(&self) -> Option<&Referral> {
        (self.extent == Extent::Whole).then_some(&self.referral)
    }

    /// Its id.
    pub fn id(&self) -> ReferralId {
        self.referral.id
    }

    /// The sender and the receiver.
    pub fn sides(&self) -> Sides {
        self.referral.sides()
    }

    /// The sender, if the tenant may know it.
    pub fn visible_sender(&self) -> Option<OrganisationId> {
        self.referral.visible_sender()
    }

    /// The receiver; none while it is open to all who offer the service.
    pub fn receiver(&self) -> Option<OrganisationId> {
        self.referral.receiver
    }

    /// Whether the sender goes along with the client, to a facility outside the coalition.
    pub fn is_accompanied(&self) -> bool {
        self.referral.is_accompanied()
    }

    /// The type of service that the client needs.
    pub fn service_type(&self) -> ServiceType {
        self.referral.service_type
    }

    /// The service that it is for, where one was chosen.
    pub fn service(&self) -> Option<ServiceId> {
        self.referral.service
    }

    /// The county that the client is in.
    pub fn county(&self) -> CountyCode {
        self.referral.county
    }

    /// How soon the client must be seen.
    pub fn urgency(&self) -> Urgency {
        self.referral.urgency
    }

    /// By when the client must be seen, where there is a time limit.
    pub fn act_before(&self) -> Option<DateTime<Utc>> {
        self.referral.act_before
    }

    /// Whether the client should have been seen by that moment.
    pub fn is_overdue(&self, at: DateTime<Utc>) -> bool {
        self.referral.is_overdue(at)
    }

    /// The agreed day; none while no day is agreed.
    pub fn scheduled_on(&self) -> Option<NaiveDate> {
        self.referral.scheduled_on
    }

    /// The state that it is in at that moment, and since when.
    pub fn status(&self, at: DateTime<Utc>) -> (ReferralStatus, DateTime<Utc>) {
        let state = self.referral.state.at(at);
        (state.status, state.status_at)
    }

    /// Whether it has expired by that moment and nothing has recorded the expiry.
    pub fn has_silently_expired(&self, at: DateTime<Utc>) -> bool {
        self.referral.has_silently_expired(at)
    }

    /// Why the receiver declined it, if they did.
    pub fn decline_reason(&self) -> Option<DeclineReason> {
        self.referral.decline_reason
    }

    /// The better place that the receiver named when it declined, if it did.
    pub fn instead_service(&self) -> Option<ServiceId> {
        self.referral.instead_service
    }

    /// What the two parties call it on the phone. None while it is addressed to nobody.
    pub fn reference(&self) -> Option<&str> {
        self.referral.reference.as_deref()
    }

    /// When it was created.
    pub fn created_at(&self) -> DateTime<Utc> {
        self.referral.state.created_at
    }

    /// When it last changed, as recorded.
    pub fn recorded_change(&self) -> DateTime<Utc> {
        self.referral.updated_at
    }

    /// When it last changed, as of that moment. An expiry that nothing has recorded counts too.
    pub fn updated_at(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.referral.updated_at(at)
    }

    /// When it expires or has expired, unless it ends otherwise before.
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.referral.state.expires_at
    }

    /// Its place in the receiver's list, as it is sorted at that moment.
    pub fn received_place(&self, at: DateTime<Utc>) -> ReceivedPlace {
        self.referral.received_place(at)
    }
}
