//! The query of plans for a sensitisation.

use async_graphql::{Context, Object, Result};
use pamoja_domain::sensitisation::SensitisationStatus;
use pamoja_persistence::sensitisation::{self, MAXIMUM_LISTED};

use super::object::{SensitisationPlan, sees_plans};
use crate::graphql::enumeration::{Enumeration, decoded};
use crate::graphql::error::Fault;
use crate::graphql::scope::{Scope, nullable};

/// How many plans a list can have. The estimate of a document's cost uses it.
const PLANS: usize = MAXIMUM_LISTED as usize;

/// The part of Query about plans for a sensitisation.
#[derive(Default)]
pub(crate) struct SensitisationQuery;

#[Object]
impl SensitisationQuery {
    /// Your organisation's plans for a sensitisation, first those that wait (PLANNED), then the others; within both the last to be
    /// releasable first. 100 at most, without further pages: ask for one state by `statuses`. For whoever manages trainings, and for whoever
    /// documents violations, who sees none on a shared device; null for others.
    #[graphql(complexity = "PLANS * child_complexity")]
    async fn sensitisation_plans(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only plans in one of these states; leave it out for all.")] statuses: Option<
            Vec<Enumeration<SensitisationStatus>>,
        >,
    ) -> Option<Result<Vec<SensitisationPlan>>> {
        let found = async {
            let reading = Scope::of(context).reading().await?;
            if !sees_plans(reading.tx.actor().map_err(Fault::from)?) {
                return Err(Fault::Forbidden.into());
            }
            let plans = sensitisation::list(&reading.tx, &decoded(statuses.as_ref())).await.map_err(Fault::from)?;
            let plans = plans.into_iter().map(|found| SensitisationPlan::new(found, &reading.tx));
            Ok(Some(plans.collect::<Result<Vec<_>, _>>().map_err(Fault::from)?))
        };
        nullable(found).await
    }
}
