//! The sources of the list of tasks about violations. Row-level security lets through those that the actor may read, and on a shared device
//! none.

use std::collections::BTreeMap;

use pamoja_domain::access::Permission;
use pamoja_domain::task::{Deadline, TaskKind};
use pamoja_domain::violation::{FOLLOW_UP_DAYS, TURNED_AWAY_DAYS, ViolationStepKind, ViolationType};
use pamoja_domain::vocabulary::Vocabulary;

use super::doer::Doer;
use super::source::{Rank, Shows, Side, TaskSource, WHOLE, days, sent};
use crate::acting::reaches_all;
use crate::referral::is_own;

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
        from: format!("violation CROSS JOIN LATERAL ({}) AS next WHERE violation.organisation_id = (SELECT tenant())", act_due()),
        conditions: "violation.act_before IS NOT NULL AND violation.status = 'OPEN' AND next.act_before IS NOT NULL".to_owned(),
        due: "next.act_before".to_owned(),
        order: "precedence, pressing",
        shows: Shows { act_before: "next.act_before", ..Shows::NOTHING },
        ..source
    }
}

/// The source of what clients reported and nobody has documented yet. Only whoever sent the referral is asked, or to whom it is assigned:
/// whether a colleague has documented it is not theirs to know, and they would be asked about it for weeks. A paralegal reads all.
pub(super) fn turned_away(kind: TaskKind) -> TaskSource {
    let Side { doer, code, .. } = sent();
    let from = format!(
        "client_report AS report JOIN referral_progress AS progress
             ON progress.from_organisation_id = report.from_organisation_id AND progress.referral_id = report.referral_id
         WHERE report.from_organisation_id = (SELECT tenant()) AND (SELECT on_own_device()) AND ({} OR {})",
        reaches_all(Permission::ReadViolations),
        is_own("report.referral_id")
    );
    let conditions = format!(
        "report.outcome IN ('TURNED_AWAY', 'MISTREATED') AND NOT report.not_documented AND NOT progress.consent_withdrawn
         AND progress.updated_at > (SELECT moment()) - {}
         AND NOT EXISTS (SELECT FROM violation_link AS link JOIN violation ON violation.organisation_id = link.organisation_id AND violation.id = link.violation_id
             WHERE link.organisation_id = report.from_organisation_id AND link.referral_id = report.referral_id AND link.brought
                 AND violation.status <> 'ENTERED_IN_ERROR')",
        days(TURNED_AWAY_DAYS)
    );
    TaskSource {
        kind,
        part: WHOLE.to_owned(),
        doer,
        rank: Rank::Of(kind.precedence(Deadline::Absent)),
        side: code,
        from,
        conditions,
        id: "progress.referral_id",
        due: "progress.updated_at".to_owned(),
        order: "progress.updated_at",
        shows: Shows::NOTHING,
    }
}

/// By when somebody has to act, as the domain's `act_due` has it: of the limits of which no step says that they were met, the first that
/// hasn't passed, or else the last that has. A test compares them.
fn act_due() -> String {
    let mut steps: BTreeMap<(i64, ViolationStepKind), Vec<ViolationType>> = BTreeMap::new();
    for kind in ViolationType::ALL {
        if let Some((hours, step)) = kind.hours_to_act().zip(kind.met_by()) {
            steps.entry((hours, step)).or_default().push(*kind);
        }
    }
    let done = |types: &[ViolationType]| {
        let codes: Vec<String> = types.iter().map(|kind| format!("'{kind}'")).collect();
        format!("violation.types && ARRAY[{}]", codes.join(", "))
    };
    let limit = |((hours, step), types): (&(i64, ViolationStepKind), &Vec<ViolationType>)| {
        // What is stored is the first limit of all types; this one comes as much later as it has more hours.
        let earlier = steps.iter().take_while(|((fewer, _), _)| fewer < hours);
        let later: Vec<String> =
            earlier.map(|((fewer, _), types)| format!("WHEN {} THEN interval '{} hours'", done(types), hours - fewer)).collect();
        let first = if later.is_empty() { String::new() } else { format!(" + CASE {} ELSE '0' END", later.join(" ")) };
        format!(
            "CASE WHEN {} AND NOT EXISTS (SELECT FROM violation_step AS step WHERE step.organisation_id = violation.organisation_id
             AND step.violation_id = violation.id AND step.kind = '{step}') THEN violation.act_before{first} END",
            done(types)
        )
    };
    let limits: Vec<String> = steps.iter().map(limit).collect();
    format!(
        "SELECT coalesce(min(act_before) FILTER (WHERE act_before > (SELECT moment())), max(act_before)) AS act_before
         FROM unnest(ARRAY[{}]) AS unmet (act_before)",
        limits.join(", ")
    )
}
