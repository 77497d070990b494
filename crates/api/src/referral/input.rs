//! The inputs of the referral's mutations.

use async_graphql::{ID, InputObject};
use pamoja_domain::organisation::Population;
use pamoja_domain::referral::{AgeBand, CancelReason, DeclineReason, MinorStatus, NonCompletionReason, SharedField, Urgency};
use pamoja_domain::service::ServiceType;

use crate::coded::Coded;
use crate::scalar::{Date, Pseudonym, SealedText, SlipCode};

/// A client to be referred.
#[derive(InputObject)]
pub struct CreateReferralInput {
    /// A UUID: a repeat with the same one has no second effect and shows the slip again.
    pub client_mutation_id: Option<String>,
    /// The organisation that the client is referred to.
    pub to_organisation_id: Option<ID>,
    /// What the client needs.
    pub service_type: Coded<ServiceType>,
    /// The service it is meant for, if you choose one.
    pub service_id: Option<ID>,
    /// Your own pseudonym of the client; nobody else ever sees it.
    pub client: Pseudonym,
    /// The populations that the client counts themself to; NOT_STATED is always a good answer.
    pub populations: Vec<Coded<Population>>,
    /// The client's age band; NOT_STATED is always a good answer.
    pub age_band: Coded<AgeBand>,
    /// The county in which the client is, from 001 (Mombasa) to 047 (Nairobi).
    pub county_code: String,
    /// Whether the client is under 18.
    #[graphql(name = "under18", default_with = "Coded(MinorStatus::NotStated)")]
    pub under_18: Coded<MinorStatus>,
    /// What of this the client agreed to show the receiver; by default nothing.
    #[graphql(default)]
    pub shared_with_receiver: Vec<Coded<SharedField>>,
    /// How soon the client must be seen.
    pub urgency: Coded<Urgency>,
    /// The client has agreed to this referral; false is refused. There is no override.
    pub consent_given: bool,
    /// A note that only the receiver's device can open.
    pub sealed_note: Option<SealedText>,
}

/// A referral.
#[derive(InputObject)]
pub struct ReferralInput {
    /// Which referral.
    pub referral_id: ID,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}

/// A referral to be declined.
#[derive(InputObject)]
pub struct DeclineReferralInput {
    /// Which referral.
    pub referral_id: ID,
    /// Why.
    pub reason: Coded<DeclineReason>,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}

/// A referral to be scheduled.
#[derive(InputObject)]
pub struct ScheduleReferralInput {
    /// Which referral.
    pub referral_id: ID,
    /// For which day: today or one of the next 180 days.
    pub on: Date,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}

/// A client who has arrived with the slip.
#[derive(InputObject)]
pub struct CheckInReferralInput {
    /// As printed; case and dashes do not matter.
    pub slip_code: SlipCode,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}

/// A referral to be moved to another service.
#[derive(InputObject)]
pub struct MoveReferralInput {
    /// Which referral.
    pub referral_id: ID,
    /// Which of your services.
    pub service_id: ID,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}

/// A referral that ended without the client being served.
#[derive(InputObject)]
pub struct NotCompletedInput {
    /// Which referral.
    pub referral_id: ID,
    /// Why. TURNED_AWAY_OR_MISTREATED, DETAINED and UNSAFE_TO_FOLLOW_UP are recorded and read by the sender alone.
    pub reason: Coded<NonCompletionReason>,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}

/// A referral to be called off.
#[derive(InputObject)]
pub struct CancelReferralInput {
    /// Which referral.
    pub referral_id: ID,
    /// Why.
    pub reason: Coded<CancelReason>,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}
