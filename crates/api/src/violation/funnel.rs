//! The justice funnel in the schema.

use async_graphql::{InputObject, SimpleObject};
use pamoja_domain::access::Permission;
use pamoja_domain::organisation::Population;
use pamoja_domain::violation::{
    self as domain, FunnelDraft, FunnelQuestion, FunnelStageName, PerpetratorGroup, TimeBand, ViolationGroup, ViolationOutcome,
    ViolationReason,
};
use pamoja_persistence::violation::{self, LOOK_AT_FUNNEL};

use crate::graphql::enumeration::{Enumeration, decoded};
use crate::graphql::error::Fault;
use crate::graphql::filters;
use crate::graphql::scalar::Month;
use crate::graphql::scope::Scope;

/// Of which violations the funnel is asked. A violation must meet all conditions; a list is met by any one of its members, and an empty
/// list is no condition. Nobody knows any more to whom something was done that is forgotten, withdrawn or erased: it meets no condition on populations.
#[derive(InputObject, Default)]
pub(super) struct ViolationFunnelFilter {
    /// Something of these kinds was done, beside others.
    groups: Option<Vec<Enumeration<ViolationGroup>>>,
    /// Somebody of these kinds did it, beside others.
    perpetrator_groups: Option<Vec<Enumeration<PerpetratorGroup>>>,
    /// It was done in one of these counties.
    county_codes: Option<Vec<String>>,
    /// It was done to one of these, beside others.
    populations: Option<Vec<Enumeration<Population>>>,
}

/// Own figures, exact and live: of what was documented in those months, how far it came, wherever it stands now. They count violations, and
/// not the people whom they were done to. What was entered in error is left out; what consent was withdrawn of counts as far as it came.
#[derive(SimpleObject)]
pub(super) struct ViolationFunnel {
    /// One for each stage, in their order. On the court's way whoever got further counts as having got here: what is before a court was
    /// reported.
    stages: Vec<FunnelStage>,
    /// How they ended, by how far they had come; those endings that there are. SURVIVOR_CHOICE stands apart, and is no drop-off.
    endings: Vec<FunnelEnding>,
    /// Why they were not reported, the most frequent reason first. One can have several, also one that was reported later or followed up.
    not_reported: Vec<ViolationReasonCount>,
}

/// How many reached a stage.
#[derive(SimpleObject)]
pub(super) struct FunnelStage {
    /// The stage.
    stage: Enumeration<FunnelStageName>,
    /// How many reached it.
    count: i64,
    /// How many of them reached it how long after they were documented: one for each band, in their order. Each counts in one band, and they
    /// add up to count.
    times: Vec<FunnelTime>,
}

/// How many reached a stage in that time.
#[derive(SimpleObject)]
pub(super) struct FunnelTime {
    /// How long after the documentation.
    band: Enumeration<TimeBand>,
    /// How many.
    count: i64,
}

/// How many ended so, having come so far.
#[derive(SimpleObject)]
pub(super) struct FunnelEnding {
    /// How far they had come before the ending, never ENDED: the court's way first, and MEDIATION where there was nothing of it.
    last_stage: Enumeration<FunnelStageName>,
    /// How they ended.
    outcome: Enumeration<ViolationOutcome>,
    /// How many.
    count: i64,
    /// Why, the most frequent reason first. One can have several, or none.
    reasons: Vec<ViolationReasonCount>,
}

/// How many have a reason.
#[derive(SimpleObject)]
pub(super) struct ViolationReasonCount {
    /// The reason.
    reason: Enumeration<ViolationReason>,
    /// How many.
    count: i64,
}

impl From<domain::ReasonCount> for ViolationReasonCount {
    fn from(counted: domain::ReasonCount) -> Self {
        Self { reason: Enumeration(counted.reason), count: counted.count }
    }
}

fn reasons(counted: Vec<domain::ReasonCount>) -> Vec<ViolationReasonCount> {
    counted.into_iter().map(ViolationReasonCount::from).collect()
}

impl From<domain::Funnel> for ViolationFunnel {
    fn from(funnel: domain::Funnel) -> Self {
        let stage = |stage: domain::FunnelStage| FunnelStage {
            stage: Enumeration(stage.stage),
            count: stage.count(),
            times: stage.times.into_iter().map(|(band, count)| FunnelTime { band: Enumeration(band), count }).collect(),
        };
        let ending = |ending: domain::FunnelEnding| FunnelEnding {
            last_stage: Enumeration(ending.last_stage),
            outcome: Enumeration(ending.outcome),
            count: ending.count,
            reasons: reasons(ending.reasons),
        };
        Self {
            stages: funnel.stages.into_iter().map(stage).collect(),
            endings: funnel.endings.into_iter().map(ending).collect(),
            not_reported: reasons(funnel.not_reported),
        }
    }
}

/// Counts the viewer's funnel. Who looks stands in the audit before.
///
/// # Errors
/// [`Fault::Forbidden`] without READ_VIOLATION_FIGURES, before anything else is looked at; [`Fault::Invalid`] for what can't be asked.
pub(super) async fn funnel(
    scope: &Scope,
    from: &Month,
    through: &Month,
    filter: ViolationFunnelFilter,
) -> Result<ViolationFunnel, Fault> {
    let reading = scope.read(Permission::ReadViolationFigures).await?;
    let question = FunnelQuestion::parse(FunnelDraft {
        from: &from.0,
        through: &through.0,
        groups: &decoded(filter.groups.as_ref()),
        perpetrator_groups: &decoded(filter.perpetrator_groups.as_ref()),
        counties: &filters::counties(filter.county_codes.as_ref())?,
        populations: &decoded(filter.populations.as_ref()),
    })?;
    let looked = violation::look_at_figures(&scope.state().database, scope.caller(), LOOK_AT_FUNNEL).await?;
    Ok(violation::funnel(&reading.tx, looked, &question).await?.into())
}
