//! The inputs of the mutations of plans for a sensitisation.

use async_graphql::{ID, InputObject};
use pamoja_domain::training::{Cadre, TrainingTopic};

use crate::graphql::enumeration::Enumeration;
use crate::graphql::scalar::Month;

/// The sensitisation that is wished for, and why.
#[derive(InputObject)]
pub(super) struct PlanSensitisationInput {
    /// The global ids of the violations that are the reason: 1 to 100 that you may read. Whoever manages trainings isn't shown them, and
    /// the request that goes out carries no link to them.
    pub violation_ids: Vec<ID>,
    /// What the training is to be about.
    #[graphql(default_with = "Enumeration(TrainingTopic::ProviderSensitisation)")]
    pub topic: Enumeration<TrainingTopic>,
    /// Who is to be trained: CLINICIAN (doctors, nurses), HEALTH_PROVIDER (their other staff), POLICE, RELIGIOUS_LEADER … One of them: make
    /// a plan for each.
    pub audience: Enumeration<Cadre>,
    /// The county where they are, from 001 (Mombasa) to 047 (Nairobi).
    pub county_code: String,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// The request for a training that goes out.
#[derive(InputObject)]
pub(super) struct ReleaseSensitisationInput {
    /// The global id of the plan.
    pub sensitisation_plan_id: ID,
    /// How many people you expect, 1 to 1,000.
    pub expected_participants: i32,
    /// The months that would suit: up to 12, each from this month on and at most 24 months ahead. Empty means any month.
    pub preferred_months: Vec<Month>,
    /// The languages that the people can be trained in: up to 10 ISO 639 codes. Empty means any language.
    #[graphql(default)]
    pub languages: Vec<String>,
    /// The organisation that you ask. Left out: open to all who offer the topic in the county.
    pub to_organisation_id: Option<ID>,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}

/// Names one plan.
#[derive(InputObject)]
pub(super) struct SensitisationPlanInput {
    /// The global id of the plan.
    pub sensitisation_plan_id: ID,
    /// A UUID that you make. Sent again with the same input within seven days, it has no second effect.
    pub client_mutation_id: Option<String>,
}
