//! What the mutations of trainings take.

use async_graphql::{ID, InputObject};
use pamoja_domain::training::{Cadre, TrainingMode, TrainingReason, TrainingTopic};

use crate::graphql::enumeration::Enumeration;
use crate::graphql::scalar::{Date, Month};

/// What an offer says of itself.
#[derive(InputObject)]
pub(super) struct TrainingOfferDescription {
    /// How you call it: up to 120 characters, and nothing that identifies a person.
    pub title: String,
    /// What it is: up to 1,000 characters, and nothing that identifies a person.
    pub description: String,
    /// How it can be held; at least one.
    pub modes: Vec<Enumeration<TrainingMode>>,
    /// Where it can be held; empty means everywhere, which only ONLINE and WEBINAR can.
    pub county_codes: Vec<String>,
    /// In which languages, 1 to 10 ISO 639 codes such as en, sw or luo.
    pub languages: Vec<String>,
    /// How long it lasts, 0.5 to 200 hours.
    pub duration_hours: f64,
    /// For how many people at the most, 1 to 1,000.
    pub maximum_participants: i32,
    /// Until when it can be asked for, today or later; left out, until it is closed.
    pub open_until: Option<Date>,
}

/// A training to offer.
#[derive(InputObject)]
pub(super) struct CreateTrainingOfferInput {
    /// A UUID; the same one again has no second effect.
    pub client_mutation_id: Option<String>,
    /// What it is about.
    pub topic: Enumeration<TrainingTopic>,
    /// What it says of itself.
    #[graphql(flatten)]
    pub described: TrainingOfferDescription,
}

/// What an offer is to say from now on; its topic stays.
#[derive(InputObject)]
pub(super) struct UpdateTrainingOfferInput {
    /// Which offer of your own.
    pub training_offer_id: ID,
    /// A UUID; the same one again has no second effect.
    pub client_mutation_id: Option<String>,
    /// What it says of itself.
    #[graphql(flatten)]
    pub described: TrainingOfferDescription,
}

/// One offer.
#[derive(InputObject)]
pub(super) struct TrainingOfferInput {
    /// Which offer of your own.
    pub training_offer_id: ID,
    /// A UUID; the same one again has no second effect.
    pub client_mutation_id: Option<String>,
}

/// A training to ask for: for an offer, or for a topic: to one organisation, or, with neither, open to all who offer the topic in the county.
#[derive(InputObject)]
pub(super) struct RequestTrainingInput {
    /// A UUID; the same one again has no second effect.
    pub client_mutation_id: Option<String>,
    /// The offer that you would like.
    pub offer_id: Option<ID>,
    /// Whom you ask; left out with the offer too, all who offer the topic in the county: the first to accept takes it.
    pub to_organisation_id: Option<ID>,
    /// What it is to be about; can be left out with an offer, whose topic it is.
    pub topic: Option<Enumeration<TrainingTopic>>,
    /// Who is to be trained; at least one cadre.
    pub audience: Vec<Enumeration<Cadre>>,
    /// How many people you expect, 1 to 1,000; of an offer not more than fit in.
    pub expected_participants: i32,
    /// When it would suit, up to 12 months from this one on; empty means whenever.
    pub preferred_months: Vec<Month>,
    /// Where the people are, from 001 (Mombasa) to 047 (Nairobi).
    pub county_code: String,
    /// In which languages they can be trained, up to 10 ISO 639 codes; empty means whichever.
    #[graphql(default)]
    pub languages: Vec<String>,
}

/// One request for a training.
#[derive(InputObject)]
pub(super) struct TrainingRequestInput {
    /// Which request.
    pub training_request_id: ID,
    /// Why: for declining and calling off, where it is required, and for nothing else.
    pub reason: Option<Enumeration<TrainingReason>>,
    /// A UUID; the same one again has no second effect.
    pub client_mutation_id: Option<String>,
}

/// When a training is held.
#[derive(InputObject)]
pub(super) struct ScheduleTrainingInput {
    /// Which request.
    pub training_request_id: ID,
    /// The day: today or one of the next 366.
    pub on: Date,
    /// How it is held.
    pub mode: Enumeration<TrainingMode>,
    /// Where, from 001 (Mombasa) to 047 (Nairobi).
    pub county_code: String,
    /// A session of yours on the same topic that this host's people join; day, mode and county are then that session's. Left out, the
    /// request's own session, for all of its hosts, or a new one.
    pub session_id: Option<ID>,
    /// A UUID; the same one again has no second effect.
    pub client_mutation_id: Option<String>,
}

/// How many people of one cadre came.
#[derive(InputObject)]
pub(super) struct CadreCountInput {
    /// The host whose people they are; left out, the requesting organisation.
    pub organisation_id: Option<ID>,
    /// What they do.
    pub cadre: Enumeration<Cadre>,
    /// How many, 0 to 1,000.
    pub count: i32,
}

/// Who came to a training, in numbers.
#[derive(InputObject)]
pub(super) struct TrainingDeliveredInput {
    /// A request of the session; what is recorded is of the whole session.
    pub training_request_id: ID,
    /// Who came, by host and cadre; of every host somebody.
    pub participants: Vec<CadreCountInput>,
    /// How long it lasted, 0.5 to 200 hours.
    pub hours: f64,
    /// A UUID; the same one again has no second effect.
    pub client_mutation_id: Option<String>,
}

/// What people thought and learned; of fewer than five nothing is kept, as it could tell of one.
#[derive(InputObject)]
pub(super) struct TrainingEvaluationInput {
    /// A request of the session; what is recorded is of the whole session.
    pub training_request_id: ID,
    /// How satisfied people were on average, from 1 to 5.
    pub satisfaction_mean: Option<f64>,
    /// What those who took both tests knew before, on average, from 0 to 100.
    pub pre_score_mean: Option<f64>,
    /// What those who took both tests knew after, on average, from 0 to 100.
    pub post_score_mean: Option<f64>,
    /// How many people took both tests: at least 5 with scores, 0 without.
    pub pairs: i32,
    /// A UUID; the same one again has no second effect.
    pub client_mutation_id: Option<String>,
}

/// How many of the host's people still use what they learned.
#[derive(InputObject)]
pub(super) struct TrainingFollowUpInput {
    /// Which host's request.
    pub training_request_id: ID,
    /// 3 or 6, when so many months have passed.
    pub months_after: i32,
    /// How many were asked: at least 5, and not more than came.
    pub asked: i32,
    /// How many of them still use it.
    pub still_using: i32,
    /// A UUID; the same one again has no second effect.
    pub client_mutation_id: Option<String>,
}
