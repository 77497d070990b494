//! The inputs of the referrals' mutations.

use async_graphql::{ID, InputObject};
use pamoja_domain::organisation::Population;
use pamoja_domain::referral::{
    AgeBand, CancelReason, ConsentGiver, ConsentManner, DeclineReason, MinorStatus, NonCompletionReason, SharedField, Urgency,
};
use pamoja_domain::service::ServiceType;

use crate::graphql::enumeration::Enumeration;
use crate::graphql::scalar::{Date, DateTime, Pseudonym, SealedText, SlipCode};

/// The client whom you refer, and to whom.
#[derive(InputObject)]
pub(super) struct CreateReferralInput {
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect, and the answer shows the
    /// slip again.
    pub client_mutation_id: Option<String>,
    /// The organisation that you refer the client to. Leave it out to ask every member that offers the service in the county:
    /// the first to accept takes the referral. Your own organisation, with a serviceId at a facility that you vouch for, makes
    /// an accompanied referral.
    pub to_organisation_id: Option<ID>,
    /// What the client needs.
    pub service_type: Enumeration<ServiceType>,
    /// The service that the referral is meant for, if you choose one.
    pub service_id: Option<ID>,
    /// Your organisation's pseudonym for the client; nobody else ever sees it.
    pub client: Pseudonym,
    /// The populations that the client counts themself to. NOT_STATED is always a good answer; an empty list means the same.
    pub populations: Vec<Enumeration<Population>>,
    /// The client's age band; NOT_STATED is always a good answer.
    pub age_band: Enumeration<AgeBand>,
    /// The county where the client is, from 001 (Mombasa) to 047 (Nairobi).
    pub county_code: String,
    /// Whether the client is under 18. With ageBand UNDER_15, NOT_STATED is read as YES.
    #[graphql(name = "under18", default_with = "Enumeration(MinorStatus::NotStated)")]
    pub under_18: Enumeration<MinorStatus>,
    /// Which of these answers the client agreed to show the receiver; by default none.
    #[graphql(default)]
    pub shared_with_receiver: Vec<Enumeration<SharedField>>,
    /// How soon the client must be seen. A referral that is open to all and has hoursSinceExposure is always an EMERGENCY.
    pub urgency: Enumeration<Urgency>,
    /// How many hours have passed since the exposure, 0 to 72. It sets actBefore. Only for PEP, EMERGENCY_CONTRACEPTION and
    /// POST_VIOLENCE_CARE. Leave it out when more than 72 hours have passed.
    pub hours_since_exposure: Option<i32>,
    /// When the referral was written down, if there was no connection then; at most 60 days ago. hoursSinceExposure says how
    /// many hours had passed at that moment. Leave it out when you write the referral down now.
    pub written_at: Option<DateTime>,
    /// Whether the client has agreed to this referral. false is always refused; there is no override.
    pub consent_given: bool,
    /// How the client agreed. Leave it out to record only that they did.
    pub consent: Option<ReferralConsentInput>,
    /// Whether the client has also agreed to be counted in the coalition's figures. Nobody can be taken out of these later.
    #[graphql(default = true)]
    pub consent_to_be_counted: bool,
    /// A note that only the receiver's device can open.
    pub sealed_note: Option<SealedText>,
    /// The blank slip that you gave the client, one of those that your organisation got from allocateSlips. Leave it out to get
    /// a new slip. If the receiver has already checked the client in with it, the referral is ARRIVED at once.
    pub preissued_slip_code: Option<SlipCode>,
    /// A violation of your organisation that the referral is made because of. Only you know of it: the receiver sees nothing of it. When the
    /// client arrives, that is a step of the violation.
    pub violation_id: Option<ID>,
}

/// Referrals that were written down without a connection.
#[derive(InputObject)]
pub(super) struct CreateReferralsInput {
    /// 1 to 50 referrals. Each needs its own clientMutationId, so that you can repeat an upload that broke off.
    pub items: Vec<CreateReferralInput>,
}

/// The blank slips that you want.
#[derive(InputObject)]
pub(super) struct AllocateSlipsInput {
    /// How many, 1 to 50.
    pub count: i32,
    /// A UUID that you make. Sent again with the same input within seven days, it makes no more slips, and the answer shows
    /// those that are still blank.
    pub client_mutation_id: Option<String>,
}

/// How the client agreed to a referral.
#[derive(InputObject)]
pub(super) struct ReferralConsentInput {
    /// Who agreed. For a client under 18 it can be somebody else than the client.
    #[graphql(default_with = "Enumeration(ConsentGiver::Client)")]
    pub given_by: Enumeration<ConsentGiver>,
    /// The version of your privacy notice that you explained to them: up to 20 letters, digits, dots and dashes.
    pub notice_version: Option<String>,
    /// How they agreed.
    pub manner: Option<Enumeration<ConsentManner>>,
    /// The language in which you explained it: an ISO 639 code such as sw, en or luo.
    pub language: Option<String>,
}

/// Names one referral.
#[derive(InputObject)]
pub(super) struct ReferralInput {
    /// The global id of the referral.
    pub referral_id: ID,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// Names a referral to decline, and says why.
#[derive(InputObject)]
pub(super) struct DeclineReferralInput {
    /// The global id of the referral.
    pub referral_id: ID,
    /// Why you decline it.
    pub reason: Enumeration<DeclineReason>,
    /// A better place, if you know one: a service of another member, of the same type, that takes the client. Both sides see it.
    /// Nothing is passed on to that place; the sender decides with the client (referInstead).
    pub instead_service_id: Option<ID>,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// Names a referral, and sets the agreed day.
#[derive(InputObject)]
pub(super) struct ScheduleReferralInput {
    /// The global id of the referral.
    pub referral_id: ID,
    /// The agreed day: today or one of the next 180 days.
    pub on: Date,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// Names referrals, and who is to handle them.
#[derive(InputObject)]
pub(super) struct AssignReferralInput {
    /// The global ids of 1 to 100 referrals that your organisation sent or received.
    pub referral_ids: Vec<ID>,
    /// The global id of a user of your organisation. Received referrals go to a CASEWORKER, sent ones to a CASEWORKER or a
    /// PEER_EDUCATOR.
    pub user_id: ID,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// The slip with which a client has arrived.
#[derive(InputObject)]
pub(super) struct CheckInReferralInput {
    /// The code as printed; case and dashes do not matter.
    pub slip_code: SlipCode,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// Names a referral, and the service to which it moves.
#[derive(InputObject)]
pub(super) struct MoveReferralInput {
    /// The global id of the referral.
    pub referral_id: ID,
    /// The global id of a service of your organisation.
    pub service_id: ID,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// Names a referral that ended without the client being served, and says why.
#[derive(InputObject)]
pub(super) struct NotCompletedInput {
    /// The global id of the referral.
    pub referral_id: ID,
    /// Why the client wasn't served. Only the sender can record and read TURNED_AWAY_OR_MISTREATED, DETAINED and
    /// UNSAFE_TO_FOLLOW_UP.
    pub reason: Enumeration<NonCompletionReason>,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// Names a referral to cancel, and says why.
#[derive(InputObject)]
pub(super) struct CancelReferralInput {
    /// The global id of the referral.
    pub referral_id: ID,
    /// Why you cancel it.
    pub reason: Enumeration<CancelReason>,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}
