//! Making plans for a sensitisation, releasing and dropping them.

use async_graphql::ID;
use pamoja_domain::access::Permission;
use pamoja_domain::id::{OrganisationId, SensitisationPlanId, TrainingRequestId, ViolationId};
use pamoja_domain::refusal::Refusal;
use pamoja_domain::sensitisation::{NewSensitisationPlan, SensitisationAction, check_names_nobody, check_reason, decide, may};
use pamoja_domain::service::parse_county;
use pamoja_domain::training::{RequestAddressee, TrainingRequestDraft};
use pamoja_domain::violation::{self as rules, ViolationAction};
use pamoja_persistence::sensitisation::{self, SensitisationPlan as Plan};
use pamoja_persistence::transaction::TenantTx;
use pamoja_persistence::violation::{self, Looked};
use uuid::Uuid;

use super::input::{PlanSensitisationInput, ReleaseSensitisationInput};
use super::object::SensitisationPlan;
use crate::graphql::error::Failure;
use crate::graphql::global_id::{self, Identified};
use crate::graphql::mutation::{Audited, Outcome};
use crate::training::send_draft;

/// A plan whose request went out.
#[derive(Clone, Copy)]
pub(super) struct Released {
    plan: SensitisationPlanId,
    /// None where a repeat is answered.
    request: Option<TrainingRequestId>,
}

/// The audit names the request, as it does for any other.
impl Outcome for Released {
    fn to_kept(self) -> Uuid {
        self.plan.uuid()
    }

    fn from_kept(kept: Uuid) -> Self {
        Self { plan: SensitisationPlanId::from_uuid(kept), request: None }
    }

    fn audited(self) -> Audited {
        Audited::Node(self.request.map_or(self.plan.uuid(), Identified::uuid))
    }
}

/// Makes a plan because of violations that the actor may read.
pub(super) async fn plan(tx: &TenantTx, input: &PlanSensitisationInput) -> Result<SensitisationPlanId, Failure> {
    let because_of = violations(tx, &input.violation_ids).await?;
    let county = parse_county("countyCode", &input.county_code)?;
    let planned = sensitisation::planned(tx).await?;
    let enough_receivers = sensitisation::enough_receivers(tx, county).await?;
    let new = NewSensitisationPlan::check(input.topic.0, input.audience.0, county, planned, enough_receivers, tx.at())?;
    let id = SensitisationPlanId(Uuid::new_v4());
    sensitisation::insert(tx, id, new, &because_of).await?;
    Ok(id)
}

/// The violations that are a reason for it. What can't be planned because of one of them is refused.
async fn violations(tx: &TenantTx, ids: &[ID]) -> Result<Vec<ViolationId>, Failure> {
    let not_found = || Refusal::not_found("violationIds");
    if ids.is_empty() {
        return Err(Refusal::invalid("violationIds", "sensitisation-violations-missing").into());
    }
    let mut wanted: Vec<ViolationId> =
        ids.iter().map(|id| global_id::decode(id).ok_or_else(not_found)).collect::<Result<_, _>>()?;
    wanted.sort_unstable();
    wanted.dedup();
    violation::lock_all(tx, &wanted).await?;
    let found = violation::by_ids(tx, Looked::by_changing(tx)?, &wanted).await?;
    if found.len() < wanted.len() {
        return Err(not_found().into());
    }
    let allowed = tx.actor()?.reach(Permission::DocumentViolations).is_some();
    for violation in &found {
        rules::decide(violation.state(), ViolationAction::PlanSensitisation, allowed, tx.at())?;
    }
    Ok(wanted)
}

/// Sends the request for the training: an ordinary one, which names the plan nowhere.
pub(super) async fn release(tx: &TenantTx, input: &ReleaseSensitisationInput) -> Result<Released, Failure> {
    let plan = locked(tx, &input.sensitisation_plan_id, SensitisationAction::Release).await?;
    check_reason(sensitisation::has_reason(tx, plan.id).await?)?;
    check_names_nobody("sensitisationPlanId", plan.audience, sensitisation::enough_receivers(tx, plan.county).await?)?;
    let addressee = match &input.to_organisation_id {
        Some(id) => {
            let organisation: OrganisationId = global_id::decode(id).ok_or_else(|| Refusal::not_found("toOrganisationId"))?;
            RequestAddressee::Organisation(organisation)
        }
        None => RequestAddressee::Everyone,
    };
    let months: Vec<String> = input.preferred_months.iter().map(|month| month.0.clone()).collect();
    let draft = TrainingRequestDraft {
        sender: tx.organisation()?,
        addressee,
        topic: plan.topic,
        audience: &[plan.audience],
        expected_participants: input.expected_participants,
        preferred_months: &months,
        county_code: plan.county.as_str(),
        languages: &input.languages,
    };
    let request = send_draft(tx, draft).await?;
    sensitisation::release(tx, plan.id, request).await?;
    Ok(Released { plan: plan.id, request: Some(request) })
}

/// Drops a plan.
pub(super) async fn drop_plan(tx: &TenantTx, id: &ID) -> Result<SensitisationPlanId, Failure> {
    let plan = locked(tx, id, SensitisationAction::Drop).await?;
    sensitisation::drop_plan(tx, plan.id).await?;
    Ok(plan.id)
}

/// The plan with that id, locked, if the action can be taken.
async fn locked(tx: &TenantTx, id: &ID, action: SensitisationAction) -> Result<Plan, Failure> {
    let not_found = || Refusal::not_found("sensitisationPlanId");
    let id: SensitisationPlanId = global_id::decode(id).ok_or_else(not_found)?;
    let plan = sensitisation::find_for_update(tx, id).await?.ok_or_else(not_found)?;
    decide(plan.status, plan.releasable_from, action, may(action, tx.actor()?), tx.at())?;
    Ok(plan)
}

/// The plan as it is after its request went out.
pub(super) async fn as_released(tx: &TenantTx, released: Released) -> Result<Option<SensitisationPlan>, Failure> {
    as_it_is_now(tx, released.plan).await
}

/// The plan as it is after the change.
pub(super) async fn as_it_is_now(tx: &TenantTx, id: SensitisationPlanId) -> Result<Option<SensitisationPlan>, Failure> {
    Ok(sensitisation::find(tx, id).await?.map(|found| SensitisationPlan::new(found, tx)).transpose()?)
}
