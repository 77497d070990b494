//! Trainings: what is offered, what was asked for and where it stands, and what came of it, in numbers.

mod figure;
mod matching;
mod offer;
mod request;
mod session;
mod write;

use chrono::{DateTime, NaiveDate, Utc};
use pamoja_domain::access::{Actor, Permission};
use pamoja_domain::county::CountyCode;
use pamoja_domain::day::day_of;
use pamoja_domain::id::{OrganisationId, TrainingOfferId, TrainingRequestId, TrainingSessionId};
use pamoja_domain::language::LanguageCode;
use pamoja_domain::month::Month;
use pamoja_domain::moves::Allowed;
use pamoja_domain::open_to_all::Sides;
use pamoja_domain::training::{
    Cadre, CadreCount, Evaluation, FollowUp, SessionPlan, TrainingMode, TrainingReason, TrainingStatus, TrainingTopic,
};

pub(crate) use figure::statements as figure_statements;
pub use figure::{Figure, figures};
pub use matching::{offers_on, open_needs, publish_satisfaction, satisfaction};
pub(crate) use offer::statements as offer_statements;
pub use offer::{
    OfferCursor, OfferFilter, by_ids as offers_by_ids, close, insert as insert_offer, page as page_of_offers,
    update as update_offer,
};
pub(crate) use request::statements as request_statements;
pub use request::{
    RequestCursor, RequestFilter, by_ids as requests_by_ids, events, find, find_for_update, of_session, page as page_of_requests,
};
pub use session::{
    by_ids as sessions_by_ids, find as find_session, follow_ups, insert as insert_session, join, leave, participants,
    record_delivery, record_evaluation, record_follow_up, replan,
};
pub use write::{Change, insert as insert_request, lock_trainer, update as update_request};

/// A training that a member offers.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingOffer {
    /// Its id.
    pub id: TrainingOfferId,
    /// Who offers it.
    pub organisation: OrganisationId,
    /// What it is about.
    pub topic: TrainingTopic,
    /// How it is called.
    pub title: String,
    /// What it is.
    pub description: String,
    /// How it can be held.
    pub modes: Vec<TrainingMode>,
    /// Where; empty means everywhere.
    pub counties: Vec<CountyCode>,
    /// In which languages.
    pub languages: Vec<LanguageCode>,
    /// How long, in hours.
    pub duration_hours: f64,
    /// For how many people at the most.
    pub maximum_participants: i32,
    /// Until when it can be asked for.
    pub open_until: Option<NaiveDate>,
    /// Since when it is no longer offered.
    pub closed_at: Option<DateTime<Utc>>,
}

impl TrainingOffer {
    /// Whether it can be asked for at that moment.
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.closed_at.is_none() && self.open_until.is_none_or(|until| until >= day_of(at))
    }
}

/// A request for a training, as a party or somebody who could take it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingRequest {
    /// Its id.
    pub id: TrainingRequestId,
    /// Who asks, and hosts it.
    pub sender: OrganisationId,
    /// Who is to hold it; nobody while it is open to all who offer it.
    pub receiver: Option<OrganisationId>,
    /// The offer that it is for, where it is for one.
    pub offer: Option<TrainingOfferId>,
    /// What it is to be about.
    pub topic: TrainingTopic,
    /// Who is to be trained.
    pub audience: Vec<Cadre>,
    /// How many people are expected.
    pub expected_participants: i32,
    /// When it would suit.
    pub preferred_months: Vec<Month>,
    /// Where the people are.
    pub county: CountyCode,
    /// In which languages they can be trained.
    pub languages: Vec<LanguageCode>,
    /// Where it stands.
    pub status: TrainingStatus,
    /// Why it was declined or called off, if it was.
    pub reason: Option<TrainingReason>,
    /// When it is held, or was.
    pub session: Option<TrainingSessionId>,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl TrainingRequest {
    /// On which side the actor may act, by their organisation and roles.
    pub fn allowed(&self, actor: &Actor) -> Allowed {
        let organisation = actor.caller.organisation;
        let manages = actor.reach(Permission::ManageTraining).is_some();
        self.sides().allowed(organisation, manages, manages)
    }

    /// Who asks and who is asked.
    pub fn sides(&self) -> Sides {
        Sides { sender: self.sender, receiver: self.receiver }
    }
}

/// A state that a request reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrainingEvent {
    /// Of which request.
    pub request: TrainingRequestId,
    /// Which state.
    pub status: TrainingStatus,
    /// When.
    pub at: DateTime<Utc>,
    /// Whose move it was.
    pub by: OrganisationId,
}

/// A training that is held, or was, as its trainer or a host sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingSession {
    /// Its id.
    pub id: TrainingSessionId,
    /// Who holds it.
    pub trainer: OrganisationId,
    /// What it is about.
    pub topic: TrainingTopic,
    /// When, how and where.
    pub plan: SessionPlan,
    /// Whose people it is for.
    pub hosts: Vec<OrganisationId>,
    /// How long it lasted, in hours, once it was held.
    pub hours: Option<f64>,
    /// When it was recorded that it was held.
    pub delivered_at: Option<DateTime<Utc>>,
    /// What people thought and learned, once that is recorded.
    pub evaluation: Option<Evaluation>,
}

/// How many people came to a session, as far as the tenant may know.
pub type Participants = (TrainingSessionId, CadreCount);

/// How many people still use what they learned at a session, as far as the tenant may know.
pub type FollowedUp = (TrainingSessionId, FollowUp);
