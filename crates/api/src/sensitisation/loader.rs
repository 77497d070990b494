//! The loaders of plans for a sensitisation: each reads many ids in one statement.

use std::collections::HashMap;

use pamoja_domain::id::{SensitisationPlanId, ViolationId};
use pamoja_persistence::sensitisation::{self, SensitisationPlan};
use pamoja_persistence::violation::Looked;

use crate::graphql::loader::{LoadError, Loader, Loaders, by_key};

/// Loads the plans that a violation is a reason for, for somebody who looked at it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PlansBecauseOf(pub ViolationId, pub Looked);

impl Loader<SensitisationPlanId> for Loaders {
    type Value = SensitisationPlan;

    async fn load(&self, ids: &[SensitisationPlanId]) -> Result<HashMap<SensitisationPlanId, SensitisationPlan>, LoadError> {
        Ok(by_key(sensitisation::by_ids(&self.tx, ids).await?, |found| found.id))
    }
}

impl Loader<PlansBecauseOf> for Loaders {
    type Value = Vec<SensitisationPlan>;

    async fn load(&self, keys: &[PlansBecauseOf]) -> Result<HashMap<PlansBecauseOf, Vec<SensitisationPlan>>, LoadError> {
        let Some(PlansBecauseOf(_, looked)) = keys.first().copied() else { return Ok(HashMap::new()) };
        let ids: Vec<ViolationId> = keys.iter().map(|key| key.0).collect();
        let mut plans: HashMap<PlansBecauseOf, Vec<SensitisationPlan>> = HashMap::new();
        for (id, plan) in sensitisation::by_violations(&self.tx, looked, &ids).await? {
            plans.entry(PlansBecauseOf(id, looked)).or_default().push(plan);
        }
        Ok(plans)
    }
}
