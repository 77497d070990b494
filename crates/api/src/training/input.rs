//! The inputs of the trainings' mutations.

use async_graphql::{ID, InputObject};
use pamoja_domain::training::{Cadre, TrainingMode, TrainingReason, TrainingTopic};

use crate::graphql::enumeration::Enumeration;
use crate::graphql::scalar::{Date, Month};

/// The text and the terms of an offer.
#[derive(InputObject)]
pub(super) struct TrainingOfferDescription {
    /// The offer's title: up to 120 characters, without anything that identifies a person.
    pub title: String,
    /// What the training is: up to 1,000 characters, without anything that identifies a person. Line breaks become spaces.
    pub description: String,
    /// How the training can be held; at least one mode.
    pub modes: Vec<Enumeration<TrainingMode>>,
    /// The counties where it can be held. Empty means everywhere, which is allowed only when the modes include ONLINE or WEBINAR.
    pub county_codes: Vec<String>,
    /// The languages it can be held in: 1 to 10 ISO 639 codes such as en, sw or luo.
    pub languages: Vec<String>,
    /// How long it lasts, 0.5 to 200 hours.
    pub duration_hours: f64,
    /// The most people who can take part, 1 to 1,000.
    pub maximum_participants: i32,
    /// The last day on which members can ask for it: today or later. Leave it out and they can ask until you close the offer.
    pub open_until: Option<Date>,
}

/// The training that you offer.
#[derive(InputObject)]
pub(super) struct CreateTrainingOfferInput {
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
    /// What the training is about; it can't be changed later.
    pub topic: Enumeration<TrainingTopic>,
    /// The text and the terms of the offer.
    #[graphql(flatten)]
    pub described: TrainingOfferDescription,
}

/// The new text and terms of an offer: send all of them. The topic stays.
#[derive(InputObject)]
pub(super) struct UpdateTrainingOfferInput {
    /// The global id of an offer of your organisation.
    pub training_offer_id: ID,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
    /// The text and the terms of the offer.
    #[graphql(flatten)]
    pub described: TrainingOfferDescription,
}

/// Names one offer.
#[derive(InputObject)]
pub(super) struct TrainingOfferInput {
    /// The global id of an offer of your organisation.
    pub training_offer_id: ID,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// The training that you ask for. Name an offer, or a topic. A topic's request goes to one organisation, or, when you name none,
/// is open to all who offer the topic in the county.
#[derive(InputObject)]
pub(super) struct RequestTrainingInput {
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
    /// The offer that you ask for.
    pub offer_id: Option<ID>,
    /// The organisation that you ask. Leave it out with an offer. Leave out both to ask all who offer the topic in the county:
    /// the first to accept takes the request.
    pub to_organisation_id: Option<ID>,
    /// What the training is to be about; required without an offer. An offer brings its own topic, which this must not
    /// contradict.
    pub topic: Option<Enumeration<TrainingTopic>>,
    /// Who is to be trained; at least one cadre.
    pub audience: Vec<Enumeration<Cadre>>,
    /// How many people you expect, 1 to 1,000; with an offer, at most its maximumParticipants.
    pub expected_participants: i32,
    /// The months that would suit: up to 12, each from this month on and at most 24 months ahead. Empty means any month.
    pub preferred_months: Vec<Month>,
    /// The county where the people are, from 001 (Mombasa) to 047 (Nairobi).
    pub county_code: String,
    /// The languages that the people can be trained in: up to 10 ISO 639 codes. Empty means any language.
    #[graphql(default)]
    pub languages: Vec<String>,
}

/// Names one request for a training, and says why it is declined or called off.
#[derive(InputObject)]
pub(super) struct TrainingRequestInput {
    /// The global id of the request.
    pub training_request_id: ID,
    /// Why you decline or call off the request. Required for these two, and refused with INVALID for any other move.
    pub reason: Option<Enumeration<TrainingReason>>,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// When, how and where a training is held.
#[derive(InputObject)]
pub(super) struct ScheduleTrainingInput {
    /// The global id of the request.
    pub training_request_id: ID,
    /// The day: today or one of the next 366 days.
    pub on: Date,
    /// How the training is held.
    pub mode: Enumeration<TrainingMode>,
    /// The county where it is held, from 001 (Mombasa) to 047 (Nairobi).
    pub county_code: String,
    /// A session of your organisation that this host's people join. It must be on the same topic; send the day, mode and county
    /// of that session. Leave it out to change the request's session for all of its hosts, or to make a new one when the request
    /// has none.
    pub session_id: Option<ID>,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// How many people of one host and one cadre came.
#[derive(InputObject)]
pub(super) struct CadreCountInput {
    /// The host whose people these are. Leave it out for the organisation that sent the request.
    pub organisation_id: Option<ID>,
    /// What these people do.
    pub cadre: Enumeration<Cadre>,
    /// How many came, 0 to 1,000.
    pub count: i32,
}

/// Who came to a training, in numbers.
#[derive(InputObject)]
pub(super) struct TrainingDeliveredInput {
    /// Any request of the session: what you record is about the whole session.
    pub training_request_id: ID,
    /// Who came, by host and cadre. Every host must have at least one person.
    pub participants: Vec<CadreCountInput>,
    /// How long the training lasted, 0.5 to 200 hours.
    pub hours: f64,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// What people thought and learned. Numbers about fewer than five people are refused with IDENTIFYING_DATA: they could tell of
/// one person.
#[derive(InputObject)]
pub(super) struct TrainingEvaluationInput {
    /// Any request of the session: what you record is about the whole session.
    pub training_request_id: ID,
    /// How satisfied people were, on average, from 1 to 5. Leave it out when you didn't ask.
    pub satisfaction_mean: Option<f64>,
    /// The average score before the training, from 0 to 100, of the people who took both tests. Send both scores or neither.
    pub pre_score_mean: Option<f64>,
    /// The average score after the training, from 0 to 100, of the people who took both tests. Send both scores or neither.
    pub post_score_mean: Option<f64>,
    /// How many people took both tests: at least 5 when you send scores, 0 when you send none.
    pub pairs: i32,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// How many of one host's people still use what they learned.
#[derive(InputObject)]
pub(super) struct TrainingFollowUpInput {
    /// The request of the host whose people were asked.
    pub training_request_id: ID,
    /// How many months after the training they were asked: 3 or 6. That many months must have passed.
    pub months_after: i32,
    /// How many people were asked: at least 5, and at most as many as came.
    pub asked: i32,
    /// How many of them still use what they learned.
    pub still_using: i32,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}
