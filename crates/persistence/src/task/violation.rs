//! The sources of the list of tasks about violations. Row-level security lets through those that the actor may read, and on a shared device
//! none.

use std::collections::BTreeMap;

use pamoja_domain::access::Permission;
use pamoja_domain::task::{Deadline, TaskKind};
use pamoja_domain::violation::{FOLLOW_UP_DAYS, ViolationStepKind, ViolationType};
use pamoja_domain::vocabulary::Vocabulary;

use super::doer::Doer;
use super::source::{Rank, Shows, TaskSource, WHOLE, days};

/// The source of that kind.
pub(super) fn source(kind: TaskKind) -> TaskSource {
    let source = TaskSource {
        kind,
        part: WHOLE.to_owned(),
        doer: Doer::HavingAll(Permission::DocumentViolations),
        rank: Rank::Of(kind.precedence(Deadline::Absent)),
        side: "NULL::text",
        from: "violation WHERE violation.organisation_id = (SELECT tenant())".to_owned(),
        conditions: format!("violation.status = 'OPEN' AND violation.updated_at <= (SELECT moment()) - {}", days(FOLLOW_UP_DAYS)),
        id: "violation.id",
        due: format!("violation.updated_at + {}", days(FOLLOW_UP_DAYS)),
        order: "violation.updated_at",
        shows: Shows::NOTHING,
    };
    if kind == TaskKind::FollowUpViolation {
        return source;
    }
    // There are few: a limit is forgotten a week after it has passed.
    TaskSource {
        doer: Doer::Having(Permission::DocumentViolations),
        rank: Rank::ByDeadline,
        conditions: format!("violation.act_before IS NOT NULL AND violation.status = 'OPEN' AND ({})", unmet()),
        due: "violation.act_before".to_owned(),
        order: "precedence, pressing",
        shows: Shows { act_before: "violation.act_before", ..Shows::NOTHING },
        ..source
    }
}

/// What has a limit and no step that says that it was met.
fn unmet() -> String {
    let mut types: BTreeMap<ViolationStepKind, Vec<String>> = BTreeMap::new();
    for kind in ViolationType::ALL {
        if let Some(step) = kind.met_by() {
            types.entry(step).or_default().push(format!("'{kind}'"));
        }
    }
    let unmet = |(step, types): (ViolationStepKind, Vec<String>)| {
        format!(
            "(violation.types && ARRAY[{}] AND NOT EXISTS (SELECT FROM violation_step AS step
             WHERE step.organisation_id = violation.organisation_id AND step.violation_id = violation.id AND step.kind = '{step}'))",
            types.join(", ")
        )
    };
    types.into_iter().map(unmet).collect::<Vec<_>>().join(" OR ")
}
