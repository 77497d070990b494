//! The sources of the list of tasks, for referrals and services.

use pamoja_domain::access::{Actor, Permission, Reach};
use pamoja_domain::referral::Urgency;
use pamoja_domain::service::CAPACITY_FRESH_DAYS;
use pamoja_domain::task::{ARRIVED_DAYS, CAPACITY_WARNING_DAYS, Deadline, EXPIRING_DAYS, OUTCOME_DAYS, Precedence, TaskKind};
use pamoja_domain::vocabulary::Vocabulary;

use super::hindrance::REACHABLE;

// The conditions must match those of the indexes word for word: see the migration. The time is read in a SELECT of its own.
// PostgreSQL doesn't look into it, and so may check it before a policy and use an index for it; other conditions that could
// reveal something must wait for the policy.
pub(super) const OPEN: &str = "progress.status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW') AND progress.expires_at > (SELECT moment())";
/// The referral is time-critical, and the client can still be seen in time. The index on `act_before` serves it, because that
/// index holds only what is still open.
pub(super) const IN_TIME: &str = "progress.act_before IS NOT NULL AND progress.act_before >= (SELECT moment())";
const WAITS: &str = "progress.status = 'REQUESTED' AND progress.expires_at > (SELECT moment())";
const BY_OTHERS: &str = "progress.from_organisation_id IS DISTINCT FROM progress.to_organisation_id";
const ACCOMPANIED: &str = "progress.from_organisation_id IS NOT DISTINCT FROM progress.to_organisation_id";
/// Today's date in Kenya. It must match `pamoja_domain::day`.
pub(super) const TODAY: &str = "(SELECT (moment() AT TIME ZONE interval '3 hours')::date)";

/// An interval of days of 24 hours each, so that daylight saving in the server's own time zone changes nothing.
pub(super) fn days(days: i64) -> String {
    format!("interval '{} hours'", days * 24)
}

/// The moment at which a day begins in Kenya.
pub(super) fn beginning_of(day: &str) -> String {
    format!("({day})::timestamp AT TIME ZONE interval '3 hours'")
}

/// How the tasks of a source stand among those of others.
#[derive(Clone, Copy)]
pub(super) enum Rank {
    /// All have this precedence.
    Of(Precedence),
    /// Each has the precedence of its kind for the referral's deadline. Such a source is sorted as a whole, so it must be short.
    ByDeadline,
}

/// What of the record a task shows, as SQL.
#[derive(Clone, Copy)]
pub(super) struct Shows {
    /// The moment by which the client must be seen.
    pub(super) act_before: &'static str,
    /// What happened: the state that the referral reached, or what keeps the place from taking anybody.
    pub(super) cause: &'static str,
    /// The reason that was given for that.
    pub(super) reason: &'static str,
}

impl Shows {
    /// Nothing.
    pub(super) const NOTHING: Self = Self { act_before: "NULL::timestamptz", cause: "NULL::text", reason: "NULL::text" };
    /// What is the same for all tasks about referrals, for their parties.
    pub(super) const CLOCK: Self = Self { act_before: "progress.act_before", ..Self::NOTHING };
}

/// One source of tasks: those of one kind that one side of one table has.
pub(super) struct TaskSource {
    /// The kind of task.
    pub(super) kind: TaskKind,
    /// How they stand in the list.
    pub(super) rank: Rank,
    /// The side on which the actor acts, as SQL.
    pub(super) side: &'static str,
    /// The tables, with the conditions on whose rows they are.
    pub(super) from: String,
    /// The other conditions, as SQL.
    pub(super) conditions: String,
    /// The id of what the task is about, as SQL.
    pub(super) id: &'static str,
    /// The moment when the task is due, as SQL.
    pub(super) due: String,
    /// The sort order, which must match the index.
    pub(super) order: &'static str,
    /// What the task shows.
    pub(super) shows: Shows,
}

impl TaskSource {
    /// The source's statement, without a limit.
    pub(super) fn select(&self) -> String {
        let Self { kind, side, from, conditions, id, due, order, .. } = self;
        let Shows { act_before, cause, reason } = self.shows;
        let [precedence, pressing] = self.ranked();
        let position = TaskKind::ALL.iter().position(|known| known == kind).unwrap_or(TaskKind::ALL.len());
        format!(
            "SELECT '{kind}' AS kind, {side} AS side, {precedence} AS precedence, {pressing} AS pressing, {position} AS position, {id} AS node_id, {due} AS due_at,
                 {act_before} AS act_before, {cause} AS cause, {reason} AS reason
             FROM {from} AND {conditions} ORDER BY {order}, {id}"
        )
    }

    /// The part of the source that is about one thing, whose id is given as SQL.
    pub(super) fn about(&self, id: &str) -> Self {
        let conditions = format!("{} AND {} = {id}", self.conditions, self.id);
        Self { from: self.from.clone(), conditions, due: self.due.clone(), ..*self }
    }

    /// The precedence as a number, and the order within it, smallest first, as SQL.
    fn ranked(&self) -> [String; 2] {
        // Overdue referrals are negated, so that what became overdue most recently comes first.
        let pressing = |precedence| match precedence {
            Precedence::InTime => "extract(epoch FROM progress.act_before)".to_owned(),
            Precedence::Overdue => "-extract(epoch FROM progress.act_before)".to_owned(),
            Precedence::Today | Precedence::Other => format!("extract(epoch FROM {})", self.due),
        };
        match self.rank {
            Rank::Of(precedence) => [(precedence as i32).to_string(), pressing(precedence)],
            Rank::ByDeadline => {
                let [absent, to_come, passed] =
                    [Deadline::Absent, Deadline::ToCome, Deadline::Passed].map(|deadline| self.kind.precedence(deadline));
                let by = |of: &dyn Fn(Precedence) -> String| {
                    format!(
                        "CASE WHEN progress.act_before IS NULL THEN {} WHEN progress.act_before >= (SELECT moment()) THEN {} ELSE {} END",
                        of(absent),
                        of(to_come),
                        of(passed)
                    )
                };
                [by(&|precedence| (precedence as i32).to_string()), by(&pressing)]
            }
        }
    }

    /// A source about referrals, for one side of them.
    pub(super) fn of_referrals(kind: TaskKind, side: &Side, conditions: String, order: &'static str, due: String) -> Self {
        let Side { code, from } = side;
        Self {
            kind,
            rank: Rank::Of(kind.precedence(Deadline::Absent)),
            side: code,
            from: from.clone(),
            conditions,
            id: "progress.referral_id",
            due,
            order,
            shows: Shows::CLOCK,
        }
    }

    /// A source about time-critical referrals, in the order of their `act_before`.
    pub(super) fn by_clock(kind: TaskKind, side: &Side, conditions: String, due: &'static str) -> Self {
        let precedence = kind.precedence(Deadline::ToCome);
        let order = if precedence == Precedence::Overdue { "progress.act_before DESC" } else { "progress.act_before" };
        Self { rank: Rank::Of(precedence), ..Self::of_referrals(kind, side, conditions, order, due.to_owned()) }
    }
}

/// One side of referrals, and the rows on which the actor may act there.
pub(super) struct Side {
    pub(super) code: &'static str,
    pub(super) from: String,
}

/// What was sent: by the organisation, or by the actor themself or assigned to them, as far as the actor's permission reaches.
pub(super) fn sent(reach: Reach) -> Side {
    // The tenant is read in a SELECT of its own, so that the planner doesn't look at whose rows they are and the plan suits every
    // organisation.
    let from = match reach {
        Reach::Organisation => "referral_progress AS progress WHERE progress.from_organisation_id = (SELECT tenant())",
        Reach::OwnOnly => {
            "referral_progress AS progress
             WHERE progress.from_organisation_id = (SELECT tenant()) AND (SELECT acting_user()) IN (
                 (SELECT own.user_id FROM referral_sender AS own
                 WHERE own.from_organisation_id = progress.from_organisation_id AND own.referral_id = progress.referral_id),
                 (SELECT own.user_id FROM referral_handler AS own
                 WHERE own.organisation_id = (SELECT tenant()) AND own.from_organisation_id = progress.from_organisation_id
                     AND own.referral_id = progress.referral_id))"
        }
    };
    Side { code: "'SENDER'", from: from.to_owned() }
}

fn received() -> Side {
    let from = "referral_progress AS progress WHERE progress.to_organisation_id = (SELECT tenant())".to_owned();
    Side { code: "'RECEIVER'", from }
}

/// Referrals whose clients are expected at the actor's organisation, or are accompanied by it.
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

/// The sources of that kind about referrals and services, as far as the actor's roles let them do the tasks.
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
            let late = format!("{WAITS} AND {BY_OTHERS} AND progress.answer_by <= (SELECT moment()) AND {}", *REACHABLE);
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
            // A referral whose client has arrived no longer expires.
            let accompanied = format!(
                "progress.status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'ARRIVED', 'NO_SHOW') AND progress.status <> 'NO_SHOW' AND {ACCOMPANIED}
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
            let conditions = format!(
                "{OPEN} AND progress.expires_at <= (SELECT moment()) + {} AND progress.status <> 'NO_SHOW' AND {}",
                days(EXPIRING_DAYS),
                *REACHABLE
            );
            as_sender.iter().map(|side| source(side, conditions.clone(), "progress.expires_at")).collect()
        }
        TaskKind::OverdueClient => {
            let conditions = format!("{OPEN} AND progress.act_before IS NOT NULL AND progress.act_before < (SELECT moment())");
            let by_clock = |side: Side, conditions: String| TaskSource::by_clock(kind, &side, conditions, "progress.act_before");
            let sent = as_sender.map(|side| by_clock(side, format!("{conditions} AND {}", *REACHABLE)));
            let received = as_receiver.map(|side| by_clock(side, format!("{conditions} AND {BY_OTHERS}")));
            sent.into_iter().chain(received).collect()
        }
        TaskKind::CheckFacility => actor.reach(Permission::ManageServices).map(|_| facility()).into_iter().collect(),
        TaskKind::StateCapacity => actor.reach(Permission::SetCapacity).map(|_| capacity()).into_iter().collect(),
        TaskKind::AnswerCheckIn
        | TaskKind::ReferElsewhere
        | TaskKind::FollowUpReferral
        | TaskKind::AnswerTrainingRequest
        | TaskKind::TakeTrainingRequest
        | TaskKind::RecordTraining
        | TaskKind::FollowUpTraining => Vec::new(),
    }
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
