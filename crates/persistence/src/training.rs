//! Trainings: what members offer, what they ask for and its state, and the results, in numbers.

mod evaluation;
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
    Cadre, CadreCount, FollowUp, SessionPlan, TrainingMode, TrainingReason, TrainingStatus, TrainingTopic,
};

pub use evaluation::{
    SeenEvaluation, of_sessions as evaluations, record as record_evaluation, recorded_at as evaluation_recorded_at,
};
pub(crate) use figure::statements as figure_statements;
pub use figure::{Figure, figures};
pub use matching::{offers_on, open_needs, publish_satisfaction, satisfaction};
pub(crate) use offer::statements as offer_statements;
pub use offer::{
    OfferCursor, OfferFilter, by_ids as offers_by_ids, close, insert as insert_offer, page as page_of_offers,
    searched as searched_offers, set_paused, update as update_offer,
};
pub(crate) use request::statements as request_statements;
pub use request::{
    RequestCursor, RequestFilter, by_ids as requests_by_ids, events, find, find_for_update, of_session, page as page_of_requests,
};
pub use session::{
    by_ids as sessions_by_ids, find as find_session, follow_ups, insert as insert_session, join, leave, participants,
    record_delivery, record_follow_up, replan,
};
pub use write::{Change, insert as insert_request, lock_trainer, update as update_request};

/// A training that a member offers.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingOffer {
    /// Its id.
    pub id: TrainingOfferId,
    /// The organisation that offers it.
    pub organisation: OrganisationId,
    /// Its topic.
    pub topic: TrainingTopic,
    /// Its title.
    pub title: String,
    /// A description of what it contains.
    pub description: String,
    /// The modes in which it can be held.
    pub modes: Vec<TrainingMode>,
    /// The counties where it can be held. Empty means everywhere.
    pub counties: Vec<CountyCode>,
    /// The languages in which it can be held.
    pub languages: Vec<LanguageCode>,
    /// How long it lasts, in hours.
    pub duration_hours: f64,
    /// The most people that it can be held for.
    pub maximum_participants: i32,
    /// The last day on which it can be asked for; none without such a limit.
    pub open_until: Option<NaiveDate>,
    /// When it was closed; none while it is offered.
    pub closed_at: Option<DateTime<Utc>>,
    /// Whether it takes no new request for now.
    pub paused: bool,
}

impl TrainingOffer {
    /// Whether a member can ask for it at that moment.
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.closed_at.is_none() && !self.paused && self.open_until.is_none_or(|until| until >= day_of(at))
    }
}

/// A request for a training, as seen by a party or by a member that could take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrainingRequest {
    /// Its id.
    pub id: TrainingRequestId,
    /// The organisation that asks, and hosts the training.
    pub sender: OrganisationId,
    /// The organisation that is to hold it. None while it is open to all who offer it.
    pub receiver: Option<OrganisationId>,
    /// The offer that it is for, if it is for one.
    pub offer: Option<TrainingOfferId>,
    /// The topic.
    pub topic: TrainingTopic,
    /// The cadres that are to be trained.
    pub audience: Vec<Cadre>,
    /// How many people are expected.
    pub expected_participants: i32,
    /// The months that would suit the sender.
    pub preferred_months: Vec<Month>,
    /// The county where the people are.
    pub county: CountyCode,
    /// The languages in which they can be trained.
    pub languages: Vec<LanguageCode>,
    /// Its state.
    pub status: TrainingStatus,
    /// Why it was declined or called off, if it was.
    pub reason: Option<TrainingReason>,
    /// The session in which it is held, if it has one.
    pub session: Option<TrainingSessionId>,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl TrainingRequest {
    /// On which sides the actor may act, given their organisation and roles.
    pub fn allowed(&self, actor: &Actor) -> Allowed {
        let organisation = actor.caller.organisation;
        let manages = actor.reach(Permission::ManageTraining).is_some();
        self.sides().allowed(organisation, manages, manages)
    }

    /// The sender and the receiver.
    pub fn sides(&self) -> Sides {
        Sides { sender: self.sender, receiver: self.receiver }
    }
}

/// An event in a request's timeline: a state that it reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrainingEvent {
    /// The request.
    pub request: TrainingRequestId,
    /// The state.
    pub status: TrainingStatus,
    /// When it was reached.
    pub at: DateTime<Utc>,
    /// The organisation that made the move.
    pub by: OrganisationId,
}

/// A session: a training that is to be held or was held, as its trainer or a host sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingSession {
    /// Its id.
    pub id: TrainingSessionId,
    /// The trainer: the organisation that holds it.
    pub trainer: OrganisationId,
    /// Its topic.
    pub topic: TrainingTopic,
    /// On which day, in which mode and in which county it is held.
    pub plan: SessionPlan,
    /// The hosts: the organisations whose people it is for.
    pub hosts: Vec<OrganisationId>,
    /// How long it lasted, in hours; none before it was held.
    pub hours: Option<f64>,
    /// When the trainer recorded that it was held.
    pub delivered_at: Option<DateTime<Utc>>,
}

/// How many people came to a session, as far as the tenant may know.
pub type Participants = (TrainingSessionId, CadreCount);

/// How many people still use what they learned at a session, as far as the tenant may know.
pub type FollowedUp = (TrainingSessionId, FollowUp);
