//! The source of the list of tasks about plans for a sensitisation. An organisation has few of them.

use pamoja_domain::access::Permission;
use pamoja_domain::task::{Deadline, TaskKind};

use super::doer::Doer;
use super::source::{Rank, Shows, TODAY, TaskSource, WHOLE, beginning_of};

/// The source of that kind.
pub(super) fn source(kind: TaskKind) -> TaskSource {
    TaskSource {
        kind,
        part: WHOLE.to_owned(),
        doer: Doer::Having(Permission::ManageTraining),
        rank: Rank::Of(kind.precedence(Deadline::Absent)),
        side: "NULL::text",
        from: "sensitisation_plan AS plan WHERE plan.organisation_id = (SELECT tenant())".to_owned(),
        conditions: format!("plan.status = 'PLANNED' AND plan.releasable_from <= {TODAY}"),
        id: "plan.id",
        due: beginning_of("plan.releasable_from"),
        order: "plan.releasable_from",
        shows: Shows::NOTHING,
    }
}
