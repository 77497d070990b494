//! The inputs of the referral's mutations.

use async_graphql::{ID, InputObject};
use pamoja_domain::organisation::Population;
use pamoja_domain::referral::{
    AgeBand, CancelReason, ConsentGiver, ConsentManner, DeclineReason, MinorStatus, NonCompletionReason, SharedField, Urgency,
};
use pamoja_domain::service::ServiceType;

use crate::graphql::enumeration::Enumeration;
use crate::graphql::scalar::{Date, DateTime, Pseudonym, SealedText, SlipCode};

/// A client to be referred.
#[derive(InputObject)]
pub(super) struct CreateReferralInput {
    /// A UUID: a repeat with the same one has no second effect and shows the slip again.
    pub client_mutation_id: Option<String>,
    /// The organisation that the client is referred to. Left out, every member that offers the service in the county: the first to
    /// accept takes it. Your own, with a serviceId at a facility that you vouch for, makes an accompanied referral.
    pub to_organisation_id: Option<ID>,
    /// What the client needs.
    pub service_type: Enumeration<ServiceType>,
    /// The service it is meant for, if you choose one.
    pub service_id: Option<ID>,
    /// Your own pseudonym of the client; nobody else ever sees it.
    pub client: Pseudonym,
    /// The populations that the client counts themself to; NOT_STATED is always a good answer, and an empty list is taken for it.
    pub populations: Vec<Enumeration<Population>>,
    /// The client's age band; NOT_STATED is always a good answer.
    pub age_band: Enumeration<AgeBand>,
    /// The county in which the client is, from 001 (Mombasa) to 047 (Nairobi).
    pub county_code: String,
    /// Whether the client is under 18; with ageBand UNDER_15, NOT_STATED is taken for YES.
    #[graphql(name = "under18", default_with = "Enumeration(MinorStatus::NotStated)")]
    pub under_18: Enumeration<MinorStatus>,
    /// What of this the client agreed to show the receiver; by default nothing.
    #[graphql(default)]
    pub shared_with_receiver: Vec<Enumeration<SharedField>>,
    /// How soon the client must be seen. What is open to all and has hoursSinceExposure is an EMERGENCY in any case.
    pub urgency: Enumeration<Urgency>,
    /// Hours since the exposure, 0 to 72, for PEP, EMERGENCY_CONTRACEPTION and POST_VIOLENCE_CARE; sets actBefore. Left out where more have passed.
    pub hours_since_exposure: Option<i32>,
    /// When it was written down, if there was no line then: hoursSinceExposure counts from that moment. At most 60 days ago; left out, now.
    pub written_at: Option<DateTime>,
    /// The client has agreed to this referral; false is refused. There is no override.
    pub consent_given: bool,
    /// How the client agreed; left out, only that they did is recorded.
    pub consent: Option<ReferralConsentInput>,
    /// The client has also agreed to be counted in the coalition's figures, of which nobody can be taken out.
    #[graphql(default = true)]
    pub consent_to_be_counted: bool,
    /// A note that only the receiver's device can open.
    pub sealed_note: Option<SealedText>,
    /// The blank slip, of those that allocateSlips gave your organisation, that the client was given; left out, a new slip is made. If
    /// the client was checked in with it already, the referral is ARRIVED at once.
    pub preissued_slip_code: Option<SlipCode>,
}

/// Clients who were referred where there was no line.
#[derive(InputObject)]
pub(super) struct CreateReferralsInput {
    /// 1 to 50 referrals, each with a clientMutationId of its own: it is what makes an upload that broke off repeatable.
    pub items: Vec<CreateReferralInput>,
}

/// Blank slips to be made.
#[derive(InputObject)]
pub(super) struct AllocateSlipsInput {
    /// How many, 1 to 50.
    pub count: i32,
    /// A UUID: a repeat with the same one makes no more slips and shows those that are still blank again.
    pub client_mutation_id: Option<String>,
}

/// How the client agreed to a referral.
#[derive(InputObject)]
pub(super) struct ReferralConsentInput {
    /// Who agreed; for a client under 18 it can be somebody else.
    #[graphql(default_with = "Enumeration(ConsentGiver::Client)")]
    pub given_by: Enumeration<ConsentGiver>,
    /// Which version of your privacy notice they were told: up to 20 letters, digits, dots and dashes.
    pub notice_version: Option<String>,
    /// How they agreed.
    pub manner: Option<Enumeration<ConsentManner>>,
    /// In which language they were told: an ISO 639 code, such as sw, en or luo.
    pub language: Option<String>,
}

/// A referral.
#[derive(InputObject)]
pub(super) struct ReferralInput {
    /// Which referral.
    pub referral_id: ID,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}

/// A referral to be declined.
#[derive(InputObject)]
pub(super) struct DeclineReferralInput {
    /// Which referral.
    pub referral_id: ID,
    /// Why.
    pub reason: Enumeration<DeclineReason>,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}

/// A referral to be scheduled.
#[derive(InputObject)]
pub(super) struct ScheduleReferralInput {
    /// Which referral.
    pub referral_id: ID,
    /// For which day: today or one of the next 180 days.
    pub on: Date,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}

/// A client who has arrived with the slip.
#[derive(InputObject)]
pub(super) struct CheckInReferralInput {
    /// As printed; case and dashes do not matter.
    pub slip_code: SlipCode,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}

/// A referral to be moved to another service.
#[derive(InputObject)]
pub(super) struct MoveReferralInput {
    /// Which referral.
    pub referral_id: ID,
    /// Which of your services.
    pub service_id: ID,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}

/// A referral that ended without the client being served.
#[derive(InputObject)]
pub(super) struct NotCompletedInput {
    /// Which referral.
    pub referral_id: ID,
    /// Why. TURNED_AWAY_OR_MISTREATED, DETAINED and UNSAFE_TO_FOLLOW_UP are recorded and read by the sender alone.
    pub reason: Enumeration<NonCompletionReason>,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}

/// A referral to be called off.
#[derive(InputObject)]
pub(super) struct CancelReferralInput {
    /// Which referral.
    pub referral_id: ID,
    /// Why.
    pub reason: Enumeration<CancelReason>,
    /// A UUID: a repeat with the same one has no second effect.
    pub client_mutation_id: Option<String>,
}
