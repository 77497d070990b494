//! The mutations of plans for a sensitisation.

use async_graphql::{Context, Object, Result};
use pamoja_domain::access::Permission;
use pamoja_persistence::transaction::TenantTx;

use super::input::{PlanSensitisationInput, ReleaseSensitisationInput, SensitisationPlanInput};
use super::payload::SensitisationPlanPayload;
use super::planning::{self, as_it_is_now, as_released};
use crate::graphql::scope::Scope;

/// The part of Mutation about plans for a sensitisation.
#[derive(Default)]
pub(crate) struct SensitisationMutation;

#[Object]
impl SensitisationMutation {
    /// Plans a sensitisation of those who turned people away, because of violations that you may read. Whoever manages trainings sees the
    /// plan and no violation. For health providers (HEALTH_PROVIDER, CLINICIAN, COUNSELLOR, STAFF) only where your organisation referred to
    /// at least three other members in that county within 180 days: with fewer the request would name the accused.
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
    /// and organisation admins may do this.
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

    /// Drops a plan that hasn't gone out. Whoever documents violations may do this, and whoever manages trainings.
    async fn drop_sensitisation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The plan to drop.")] input: SensitisationPlanInput,
    ) -> Result<SensitisationPlanPayload> {
        let scope = Scope::of(context);
        let manages = scope.read(Permission::ManageTraining).await.is_ok();
        let permission = if manages { Permission::ManageTraining } else { Permission::DocumentViolations };
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
