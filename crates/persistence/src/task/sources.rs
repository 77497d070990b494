//! All sources of the list of tasks, and those that a request asks for.

use std::sync::LazyLock;

use pamoja_domain::access::{Actor, Permission};
use pamoja_domain::referral::Urgency;
use pamoja_domain::service::CAPACITY_FRESH_DAYS;
use pamoja_domain::task::{ARRIVED_DAYS, CAPACITY_WARNING_DAYS, Deadline, EXPIRING_DAYS, OUTCOME_DAYS, TaskKind};
use pamoja_domain::vocabulary::Vocabulary;

use super::doer::Doer;
use super::hindrance::REACHABLE;
use super::source::{IN_TIME, OPEN, Rank, Shows, Side, TODAY, TaskSource, WHOLE, beginning_of, days, received, sent};
use super::{check_in, elsewhere, follow_up, sensitisation, training, violation};

const WAITS: &str = "progress.status = 'REQUESTED' AND progress.expires_at > (SELECT moment())";
const BY_OTHERS: &str = "progress.from_organisation_id IS DISTINCT FROM progress.to_organisation_id";
const ACCOMPANIED: &str = "progress.from_organisation_id IS NOT DISTINCT FROM progress.to_organisation_id";

/// All sources.
pub(super) static SOURCES: LazyLock<Vec<TaskSource>> =
    LazyLock::new(|| TaskKind::ALL.iter().copied().flat_map(sources).collect());

/// What a request for tasks of these kinds names: the sources, as far as the actor's roles let them do the tasks.
pub(super) fn names(actor: &Actor, kinds: &[TaskKind]) -> Vec<String> {
    let asked = SOURCES.iter().filter(|source| kinds.contains(&source.kind) && source.doer.is(actor));
    asked.map(TaskSource::name).collect()
}

/// The sources of that kind, for everybody.
fn sources(kind: TaskKind) -> Vec<TaskSource> {
    let (sent, received) = (sent(), received());
    let source = |side: &Side, conditions: &str, column: &'static str| {
        TaskSource::of_referrals(kind, side, conditions.to_owned(), column, column.to_owned())
    };
    let by_clock = |side: &Side, conditions: String, column: &'static str| TaskSource::by_clock(kind, side, conditions, column);
    match kind {
        TaskKind::AnswerTimeCritical => {
            vec![by_clock(&received, format!("{WAITS} AND {IN_TIME} AND {BY_OTHERS}"), "progress.answer_by")]
        }
        TaskKind::AnswerReferral => {
            let conditions = format!("{WAITS} AND progress.act_before IS NULL AND {BY_OTHERS}");
            vec![source(&received, &conditions, "progress.answer_by")]
        }
        TaskKind::NoAnswer => {
            let late = format!("{WAITS} AND {BY_OTHERS} AND progress.answer_by <= (SELECT moment()) AND {}", *REACHABLE);
            let in_time = format!("{late} AND {IN_TIME}");
            let open = format!("{late} AND progress.act_before IS NULL AND progress.to_organisation_id IS NULL");
            vec![
                by_clock(&sent, in_time, "progress.answer_by").part("IN_TIME"),
                source(&sent, &open, "progress.answer_by").part("OPEN"),
            ]
        }
        TaskKind::TakeOpenReferral => vec![open()],
        TaskKind::ScheduledToday | TaskKind::MarkYesterday => {
            let comparison = if kind == TaskKind::ScheduledToday { "=" } else { "<" };
            let conditions = format!(
                "progress.status = 'SCHEDULED' AND progress.expires_at > (SELECT moment()) AND progress.scheduled_on {comparison} {TODAY}"
            );
            let due = beginning_of("progress.scheduled_on + 1");
            let source =
                |side: Side| TaskSource::of_referrals(kind, &side, conditions.clone(), "progress.scheduled_on", due.clone());
            attended().map(source).into()
        }
        TaskKind::RecordOutcome => {
            // A referral whose client has arrived no longer expires.
            let accompanied = format!(
                "progress.status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'ARRIVED', 'NO_SHOW') AND progress.status <> 'NO_SHOW' AND {ACCOMPANIED}
                 AND (progress.status = 'ARRIVED' OR progress.expires_at > (SELECT moment()))
                 AND progress.opened_at <= (SELECT moment()) - {}",
                days(OUTCOME_DAYS)
            );
            let due = format!("progress.opened_at + {}", days(OUTCOME_DAYS));
            let accompanied = TaskSource::of_referrals(kind, &sent, accompanied, "progress.opened_at", due);
            let arrived = format!(
                "progress.status = 'ARRIVED' AND {BY_OTHERS} AND progress.status_at <= (SELECT moment()) - {}",
                days(ARRIVED_DAYS)
            );
            let due = format!("progress.status_at + {}", days(ARRIVED_DAYS));
            vec![accompanied, TaskSource::of_referrals(kind, &received, arrived, "progress.status_at", due)]
        }
        TaskKind::ExpiringSoon => {
            let conditions = format!(
                "{OPEN} AND progress.expires_at <= (SELECT moment()) + {} AND progress.status <> 'NO_SHOW' AND {}",
                days(EXPIRING_DAYS),
                *REACHABLE
            );
            vec![source(&sent, &conditions, "progress.expires_at")]
        }
        TaskKind::OverdueClient => {
            let conditions = format!("{OPEN} AND progress.act_before IS NOT NULL AND progress.act_before < (SELECT moment())");
            let reachable = format!("{conditions} AND {}", *REACHABLE);
            vec![
                by_clock(&sent, reachable, "progress.act_before"),
                by_clock(&received, format!("{conditions} AND {BY_OTHERS}"), "progress.act_before"),
            ]
        }
        TaskKind::CheckFacility => vec![facility()],
        TaskKind::StateCapacity => vec![capacity()],
        TaskKind::AnswerCheckIn => vec![check_in::source(kind)],
        TaskKind::ReferElsewhere => elsewhere::sources(kind).into(),
        TaskKind::FollowUpReferral => follow_up::sources(kind).into(),
        TaskKind::AnswerTrainingRequest
        | TaskKind::TakeTrainingRequest
        | TaskKind::RecordTraining
        | TaskKind::FollowUpTraining => training::sources(kind),
        TaskKind::ReleaseSensitisation => vec![sensitisation::source(kind)],
        TaskKind::DocumentTurnedAway => vec![violation::turned_away(kind)],
        TaskKind::ActOnViolation | TaskKind::FollowUpViolation => vec![violation::source(kind)],
    }
}

/// Referrals whose clients are expected at the actor's organisation, or are accompanied by it.
fn attended() -> [Side; 2] {
    let code = "CASE WHEN progress.from_organisation_id = progress.to_organisation_id THEN 'SENDER' ELSE 'RECEIVER' END";
    let sent = sent();
    let accompanied = format!("{} AND progress.to_organisation_id = (SELECT tenant())", sent.from);
    [Side { code, ..received() }, Side { doer: Doer::Companion, from: accompanied, ..sent }]
}

/// Open referrals that the tenant could take. There are few: only those that no member of the county has taken yet.
fn open() -> TaskSource {
    let hours: Vec<String> =
        Urgency::ALL.iter().map(|urgency| format!("WHEN '{urgency}' THEN interval '{} hours'", urgency.answer_hours())).collect();
    let from = "open_referral_offer AS offer
         JOIN open_referral AS referral ON referral.from_organisation_id = offer.from_organisation_id AND referral.id = offer.referral_id
         WHERE offer.organisation_id = (SELECT tenant())";
    TaskSource {
        kind: TaskKind::TakeOpenReferral,
        part: WHOLE.to_owned(),
        doer: Doer::Having(Permission::ReceiveReferrals),
        rank: Rank::Of(TaskKind::TakeOpenReferral.precedence(Deadline::Absent)),
        side: "'RECEIVER'",
        from: from.to_owned(),
        conditions: "referral.closed_at IS NULL AND referral.expires_at > (SELECT moment())".to_owned(),
        id: "referral.id",
        due: format!("referral.created_at + CASE referral.urgency {} END", hours.join(" ")),
        order: "due_at",
        shows: Shows::NOTHING,
    }
}

/// Services whose capacity is to be stated. An organisation has few services.
fn capacity() -> TaskSource {
    let due = format!("coalesce(service.capacity_updated_at + {}, service.created_at)", days(CAPACITY_FRESH_DAYS));
    let conditions = format!("service.closed_at IS NULL AND {due} <= (SELECT moment()) + {}", days(CAPACITY_WARNING_DAYS));
    TaskSource {
        kind: TaskKind::StateCapacity,
        part: WHOLE.to_owned(),
        doer: Doer::Having(Permission::SetCapacity),
        rank: Rank::Of(TaskKind::StateCapacity.precedence(Deadline::Absent)),
        side: "NULL::text",
        from: "service WHERE service.organisation_id = (SELECT tenant())".to_owned(),
        conditions,
        id: "service.id",
        due,
        order: "due_at",
        shows: Shows::NOTHING,
    }
}

/// Services at a facility that the register closed. An organisation has few services.
fn facility() -> TaskSource {
    TaskSource {
        kind: TaskKind::CheckFacility,
        part: WHOLE.to_owned(),
        doer: Doer::Having(Permission::ManageServices),
        rank: Rank::Of(TaskKind::CheckFacility.precedence(Deadline::Absent)),
        side: "NULL::text",
        from: "service JOIN facility ON facility.id = service.facility_id WHERE service.organisation_id = (SELECT tenant())"
            .to_owned(),
        conditions: "service.closed_at IS NULL AND NOT facility.operational".to_owned(),
        id: "service.id",
        due: "facility.imported_at".to_owned(),
        order: "due_at",
        shows: Shows::NOTHING,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use pamoja_domain::access::Caller;
    use pamoja_domain::id::{OrganisationId, SessionId, UserId};
    use pamoja_domain::session_secret::SessionSecret;
    use pamoja_domain::user::Role;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn no_two_sources_have_the_same_name() {
        let names: BTreeSet<String> = SOURCES.iter().map(TaskSource::name).collect();
        assert_eq!(names.len(), SOURCES.len(), "{names:?}");
    }

    #[test]
    fn whoever_may_act_on_a_kind_of_task_has_a_source_of_it_and_every_source_is_somebodys() {
        let (user, session, secret) = (UserId(Uuid::nil()), SessionId(Uuid::nil()), SessionSecret(Uuid::nil()));
        let caller = Caller { organisation: OrganisationId::WITHHELD, user, session, secret };
        let mut met = BTreeSet::new();
        for set in 0..1_u32 << Role::ALL.len() {
            let roles = Role::ALL.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1).map(|(_, role)| *role).collect();
            let actor = Actor { caller, roles, device: pamoja_domain::device::Device::Own };
            for kind in TaskKind::ALL {
                let names = names(&actor, &[*kind]);
                assert_eq!(!names.is_empty(), kind.is_for(&actor), "{kind} for {:?}", actor.roles);
                met.extend(names);
            }
        }
        assert_eq!(met, SOURCES.iter().map(TaskSource::name).collect::<BTreeSet<_>>());
    }
}
