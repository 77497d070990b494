//! The sources that the list of tasks is made of.

use pamoja_domain::access::{Actor, Permission, Reach};
use pamoja_domain::referral::Urgency;
use pamoja_domain::service::CAPACITY_FRESH_DAYS;
use pamoja_domain::task::{ARRIVED_DAYS, CAPACITY_WARNING_DAYS, EXPIRING_DAYS, OUTCOME_DAYS, Precedence, TaskKind};
use pamoja_domain::vocabulary::Vocabulary;

// Conditions and indexes are written alike, word by word: see the migration. The time is read in a SELECT of its own: PostgreSQL
// does not look into it and so takes it for harmless, where a policy must be asked before what could tell something, and an index
// can serve it.
const OPEN: &str = "progress.status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW') AND progress.expires_at > (SELECT moment())";
/// The client can't wait and can still be seen in time: the moment is asked of the index on actBefore, which holds what is still
/// open.
const IN_TIME: &str = "progress.act_before IS NOT NULL AND progress.act_before >= (SELECT moment())";
const WAITS: &str = "progress.status = 'REQUESTED' AND progress.expires_at > (SELECT moment())";
const BY_OTHERS: &str = "progress.from_organisation_id IS DISTINCT FROM progress.to_organisation_id";
const ACCOMPANIED: &str = "progress.from_organisation_id IS NOT DISTINCT FROM progress.to_organisation_id";
/// The day that it is in Kenya: `pamoja_domain::day` says the same.
pub(super) const TODAY: &str = "(SELECT (moment() AT TIME ZONE interval '3 hours')::date)";

/// Days of 24 hours, whatever the clocks of the server's own country do.
pub(super) fn days(days: i64) -> String {
    format!("interval '{} hours'", days * 24)
}

/// The moment at which that day begins in Kenya.
pub(super) fn beginning_of(day: &str) -> String {
    format!("({day})::timestamp AT TIME ZONE interval '3 hours'")
}

/// One source of tasks: those of one kind that one side of one table holds.
pub(super) struct TaskSource {
    /// The kind.
    pub(super) kind: TaskKind,
    /// What they go before.
    pub(super) precedence: Precedence,
    /// On which side, as SQL.
    pub(super) side: &'static str,
    /// The tables, with their conditions on whose rows they are.
    pub(super) from: String,
    /// The other conditions.
    pub(super) conditions: String,
    /// What is due, as SQL.
    pub(super) id: &'static str,
    /// Until when, as SQL.
    pub(super) due: String,
    /// The order, as the index has it.
    pub(super) order: &'static str,
}

impl TaskSource {
    /// The statement, to which a limit is to be added.
    pub(super) fn select(&self) -> String {
        let Self { kind, precedence, side, from, conditions, id, due, order } = self;
        // The order within a precedence, as a number: what passed most recently goes first as the greatest goes first.
        let pressing = match precedence {
            Precedence::InTime => "extract(epoch FROM progress.act_before)".to_owned(),
            Precedence::Overdue => "-extract(epoch FROM progress.act_before)".to_owned(),
            Precedence::Today | Precedence::Other => format!("extract(epoch FROM {due})"),
        };
        let precedence = *precedence as i32;
        let position = TaskKind::ALL.iter().position(|known| known == kind).unwrap_or(TaskKind::ALL.len());
        format!(
            "SELECT '{kind}' AS kind, {side} AS side, {precedence} AS precedence, {pressing} AS pressing, {position} AS position, {id} AS node_id, {due} AS due_at
             FROM {from} AND {conditions} ORDER BY {order}, {id}"
        )
    }

    /// About referrals of which somebody stands on that side.
    fn of_referrals(kind: TaskKind, side: &Side, conditions: String, order: &'static str, due: String) -> Self {
        let Side { code, from } = side;
        Self {
            kind,
            precedence: kind.precedence(false),
            side: code,
            from: from.clone(),
            conditions,
            id: "progress.referral_id",
            due,
            order,
        }
    }

    /// About referrals with an actBefore, in its order.
    fn by_clock(kind: TaskKind, side: &Side, conditions: String, due: &'static str) -> Self {
        let precedence = kind.precedence(true);
        let order = if precedence == Precedence::Overdue { "progress.act_before DESC" } else { "progress.act_before" };
        Self { precedence, ..Self::of_referrals(kind, side, conditions, order, due.to_owned()) }
    }
}

/// The rows of referrals on one side of which the actor may act.
struct Side {
    code: &'static str,
    from: String,
}

/// What the actor sent: all of the organisation's, or their own.
fn sent(reach: Reach) -> Side {
    // In a SELECT of its own, so that the planner doesn't look at whose rows they are and the plan is good for everybody.
    let from = match reach {
        Reach::Organisation => "referral_progress AS progress WHERE progress.from_organisation_id = (SELECT tenant())",
        Reach::OwnOnly => {
            "referral_progress AS progress
             JOIN referral_sender AS sender ON sender.from_organisation_id = progress.from_organisation_id AND sender.referral_id = progress.referral_id
             WHERE progress.from_organisation_id = (SELECT tenant()) AND sender.user_id = (SELECT acting_user())"
        }
    };
    Side { code: "'SENDER'", from: from.to_owned() }
}

fn received() -> Side {
    let from = "referral_progress AS progress WHERE progress.to_organisation_id = (SELECT tenant())".to_owned();
    Side { code: "'RECEIVER'", from }
}

/// Clients who are expected where the actor is, or with them.
fn attended(receives: bool, sends: Option<Reach>) -> Option<Side> {
    match sends {
        _ if receives => {
            let code = "CASE WHEN progress.from_organisation_id = progress.to_organisation_id THEN 'SENDER' ELSE 'RECEIVER' END";
            Some(Side { code, ..received() })
        }
        Some(reach) => {
            let Side { code, from } = sent(reach);
            Some(Side { code, from: format!("{from} AND progress.to_organisation_id = (SELECT tenant())") })
        }
        None => None,
    }
}

/// The questions of that kind about referrals and services, whose answers the actor's roles let them act on.
pub(super) fn sources(kind: TaskKind, actor: &Actor) -> Vec<TaskSource> {
    let receives = actor.reach(Permission::ReceiveReferrals).is_some();
    let sends = actor.reach(Permission::SendReferrals);
    let as_sender = sends.map(sent);
    let as_receiver = receives.then(received);
    let source = |side: &Side, conditions: String, column: &'static str| {
        TaskSource::of_referrals(kind, side, conditions, column, column.to_owned())
    };
    match kind {
        TaskKind::AnswerTimeCritical => {
            let conditions = format!("{WAITS} AND {IN_TIME} AND {BY_OTHERS}");
            as_receiver.iter().map(|side| TaskSource::by_clock(kind, side, conditions.clone(), "progress.answer_by")).collect()
        }
        TaskKind::AnswerReferral => {
            let conditions = format!("{WAITS} AND progress.act_before IS NULL AND {BY_OTHERS}");
            as_receiver.iter().map(|side| source(side, conditions.clone(), "progress.answer_by")).collect()
        }
        TaskKind::NoAnswer => {
            let late = format!("{WAITS} AND {BY_OTHERS} AND progress.answer_by <= (SELECT moment())");
            let in_time = format!("{late} AND {IN_TIME}");
            let open = format!("{late} AND progress.act_before IS NULL AND progress.to_organisation_id IS NULL");
            let in_time = as_sender.iter().map(|side| TaskSource::by_clock(kind, side, in_time.clone(), "progress.answer_by"));
            let open = as_sender.iter().map(|side| source(side, open.clone(), "progress.answer_by"));
            in_time.chain(open).collect()
        }
        TaskKind::TakeOpenReferral => receives.then(open).into_iter().collect(),
        TaskKind::ScheduledToday | TaskKind::MarkYesterday => {
            let comparison = if kind == TaskKind::ScheduledToday { "=" } else { "<" };
            let conditions = format!(
                "progress.status = 'SCHEDULED' AND progress.expires_at > (SELECT moment()) AND progress.scheduled_on {comparison} {TODAY}"
            );
            let due = beginning_of("progress.scheduled_on + 1");
            let side = attended(receives, sends);
            side.map(|side| TaskSource::of_referrals(kind, &side, conditions, "progress.scheduled_on", due)).into_iter().collect()
        }
        TaskKind::RecordOutcome => {
            // One who has arrived doesn't expire any more.
            let accompanied = format!(
                "progress.status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'ARRIVED', 'NO_SHOW') AND {ACCOMPANIED}
                 AND (progress.status = 'ARRIVED' OR progress.expires_at > (SELECT moment()))
                 AND progress.opened_at <= (SELECT moment()) - {}",
                days(OUTCOME_DAYS)
            );
            let due = format!("progress.opened_at + {}", days(OUTCOME_DAYS));
            let arrived = format!(
                "progress.status = 'ARRIVED' AND {BY_OTHERS} AND progress.status_at <= (SELECT moment()) - {}",
                days(ARRIVED_DAYS)
            );
            let accompanied = as_sender.map(|side| TaskSource::of_referrals(kind, &side, accompanied, "progress.opened_at", due));
            let due = format!("progress.status_at + {}", days(ARRIVED_DAYS));
            let arrived = as_receiver.map(|side| TaskSource::of_referrals(kind, &side, arrived, "progress.status_at", due));
            accompanied.into_iter().chain(arrived).collect()
        }
        TaskKind::ExpiringSoon => {
            let conditions = format!("{OPEN} AND progress.expires_at <= (SELECT moment()) + {}", days(EXPIRING_DAYS));
            as_sender.iter().map(|side| source(side, conditions.clone(), "progress.expires_at")).collect()
        }
        TaskKind::OverdueClient => {
            let conditions = format!("{OPEN} AND progress.act_before IS NOT NULL AND progress.act_before < (SELECT moment())");
            let by_clock = |side: Side, conditions: String| TaskSource::by_clock(kind, &side, conditions, "progress.act_before");
            let sent = as_sender.map(|side| by_clock(side, conditions.clone()));
            let received = as_receiver.map(|side| by_clock(side, format!("{conditions} AND {BY_OTHERS}")));
            sent.into_iter().chain(received).collect()
        }
        TaskKind::StateCapacity => actor.reach(Permission::SetCapacity).map(|_| capacity()).into_iter().collect(),
        TaskKind::AnswerTrainingRequest
        | TaskKind::TakeTrainingRequest
        | TaskKind::RecordTraining
        | TaskKind::FollowUpTraining => Vec::new(),
    }
}

/// What is open to all is little: whatever nobody of the county has taken yet.
fn open() -> TaskSource {
    let hours: Vec<String> =
        Urgency::ALL.iter().map(|urgency| format!("WHEN '{urgency}' THEN interval '{} hours'", urgency.answer_hours())).collect();
    let from = "open_referral_offer AS offer
         JOIN open_referral AS referral ON referral.from_organisation_id = offer.from_organisation_id AND referral.id = offer.referral_id
         WHERE offer.organisation_id = (SELECT tenant())";
    TaskSource {
        kind: TaskKind::TakeOpenReferral,
        precedence: TaskKind::TakeOpenReferral.precedence(false),
        side: "'RECEIVER'",
        from: from.to_owned(),
        conditions: "referral.closed_at IS NULL AND referral.expires_at > (SELECT moment())".to_owned(),
        id: "referral.id",
        due: format!("referral.created_at + CASE referral.urgency {} END", hours.join(" ")),
        order: "due_at",
    }
}

/// An organisation has few services.
fn capacity() -> TaskSource {
    let due = format!("coalesce(service.capacity_updated_at + {}, service.created_at)", days(CAPACITY_FRESH_DAYS));
    let conditions = format!("service.closed_at IS NULL AND {due} <= (SELECT moment()) + {}", days(CAPACITY_WARNING_DAYS));
    TaskSource {
        kind: TaskKind::StateCapacity,
        precedence: TaskKind::StateCapacity.precedence(false),
        side: "NULL::text",
        from: "service WHERE service.organisation_id = (SELECT tenant())".to_owned(),
        conditions,
        id: "service.id",
        due,
        order: "due_at",
    }
}
