//! The mutations of plans for a sensitisation.

use async_graphql::{Context, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_persistence::transaction::TenantTx;

use super::input::{PlanSensitisationInput, ReleaseSensitisationInput, SensitisationPlanInput};
use super::payload::SensitisationPlanPayload;
use super::planning::{self, as_it_is_now, as_released};
use crate::graphql::error::Fault;
use crate::graphql::scope::Scope;

/// The part of Mutation about plans for a sensitisation.
#[derive(Default)]
pub(crate) struct SensitisationMutation;

#[Object]
impl SensitisationMutation {
    /// Plans a sensitisation of those who did it, or could, because of violations that you may read, on a device of your own. Whoever manages
    /// trainings sees the plan and no violation. Unless it is for POLICE, RELIGIOUS_LEADER, MEDIA or COMMUNITY_MEMBER, your organisation
    /// must have referred to at least three other members for health services in that county within 180 days: with fewer the request
    /// would name the accused.
    async fn plan_sensitisation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is wished for, and why.")] input: PlanSensitisationInput,
    ) -> Result<SensitisationPlanPayload> {
        let planned = Scope::of(context)
            .mutate(
                "planSensitisation",
                &input,
                Permission::DocumentViolations,
                async |tx: &TenantTx| planning::plan(tx, &input).await,
                as_it_is_now,
            )
            .await?;
        Ok(planned.into())
    }

    /// Sends the request for the training, from releasableFrom on. It is an ordinary request, which carries no link to the plan. Trainers
    /// and organisation admins may do this. It is refused where by now it would name the accused, and where what the plan was made for is
    /// withdrawn: drop the plan then.
    async fn release_sensitisation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The plan, and the request that goes out.")] input: ReleaseSensitisationInput,
    ) -> Result<SensitisationPlanPayload> {
        let released = Scope::of(context)
            .mutate(
                "releaseSensitisation",
                &input,
                Permission::ManageTraining,
                async |tx: &TenantTx| planning::release(tx, &input).await,
                as_released,
            )
            .await?;
        Ok(released.into())
    }

    /// Drops a plan that hasn't gone out. Whoever manages trainings may do this, and whoever documents violations, on a device of their own.
    async fn drop_sensitisation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The plan to drop.")] input: SensitisationPlanInput,
    ) -> Result<SensitisationPlanPayload> {
        let scope = Scope::of(context);
        let permission = match scope.read(Permission::ManageTraining).await {
            Err(Fault::Forbidden) => Permission::DocumentViolations,
            Ok(_) => Permission::ManageTraining,
            Err(fault) => return Err(fault.into()),
        };
        let dropped = scope
            .mutate(
                "dropSensitisation",
                &input,
                permission,
                async |tx: &TenantTx| planning::drop_plan(tx, &input.sensitisation_plan_id).await,
                as_it_is_now,
            )
            .await?;
        Ok(dropped.into())
    }
}
