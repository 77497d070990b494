//! What a source of the list of tasks is: one question to one table.

use pamoja_domain::access::Permission;
use pamoja_domain::task::{Deadline, Precedence, TaskKind};
use pamoja_domain::vocabulary::Vocabulary;

use super::doer::Doer;
use crate::acting::reaches_all;
use crate::referral::is_own;

// The conditions must match those of the indexes word for word: see the migration. The time is read in a SELECT of its own.
// PostgreSQL doesn't look into it, and so may check it before a policy and use an index for it; other conditions that could
// reveal something must wait for the policy.
pub(super) const OPEN: &str = "progress.status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW') AND progress.expires_at > (SELECT moment())";
/// The referral is time-critical, and the client can still be seen in time. The index on `act_before` serves it, because that
/// index holds only what is still open.
pub(super) const IN_TIME: &str = "progress.act_before IS NOT NULL AND progress.act_before >= (SELECT moment())";
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

/// What a source is called that isn't one of several parts.
pub(super) const WHOLE: &str = "ALL";

/// One source of tasks: those of one kind that one side of one table has.
pub(super) struct TaskSource {
    /// The kind of task.
    pub(super) kind: TaskKind,
    /// What sets it apart from the other sources of the same kind and doer.
    pub(super) part: String,
    /// Who has these tasks.
    pub(super) doer: Doer,
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
    /// The same source, as a part of what one doer has of that kind.
    pub(super) fn part(self, part: impl Into<String>) -> Self {
        Self { part: part.into(), ..self }
    }

    /// The name by which a request asks for the source. No other has it.
    pub(super) fn name(&self) -> String {
        format!("{}.{}.{}", self.kind, self.part, self.doer)
    }

    /// Whether the request asks for the source, and the actor has its tasks, as SQL. PostgreSQL looks at this once, before all else, and
    /// reads nothing for a source that isn't asked for.
    pub(super) fn is_asked(&self) -> String {
        format!("'{}' = ANY ($1) AND {}", self.name(), self.doer.acts())
    }

    /// The source's tasks, without a limit, as SQL. Conditions can be added, each with its AND.
    pub(super) fn select(&self, added: &str) -> String {
        let Self { kind, side, from, conditions, id, due, order, .. } = self;
        let Shows { act_before, cause, reason } = self.shows;
        let [precedence, pressing] = self.ranked();
        let position = TaskKind::ALL.iter().position(|known| known == kind).unwrap_or(TaskKind::ALL.len());
        format!(
            "SELECT '{kind}' AS kind, {side} AS side, {precedence} AS precedence, {pressing} AS pressing, {position} AS position, {id} AS node_id, {due} AS due_at,
                 {act_before} AS act_before, {cause} AS cause, {reason} AS reason
             FROM {from} AND {conditions}{added} ORDER BY {order}, {id}"
        )
    }

    /// The precedence as a number, and the order within it, smallest first, as SQL.
    fn ranked(&self) -> [String; 2] {
        let act_before = self.shows.act_before;
        // Overdue referrals are negated, so that what became overdue most recently comes first.
        let pressing = |precedence| match precedence {
            Precedence::InTime => format!("extract(epoch FROM {act_before})"),
            Precedence::Overdue => format!("-extract(epoch FROM {act_before})"),
            Precedence::Today | Precedence::Other => format!("extract(epoch FROM {})", self.due),
        };
        match self.rank {
            Rank::Of(precedence) => [(precedence as i32).to_string(), pressing(precedence)],
            Rank::ByDeadline => {
                let [absent, to_come, passed] =
                    [Deadline::Absent, Deadline::ToCome, Deadline::Passed].map(|deadline| self.kind.precedence(deadline));
                let by = |of: &dyn Fn(Precedence) -> String| {
                    format!(
                        "CASE WHEN {act_before} IS NULL THEN {} WHEN {act_before} >= (SELECT moment()) THEN {} ELSE {} END",
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
        let Side { doer, code, from } = side;
        Self {
            kind,
            part: WHOLE.to_owned(),
            doer: *doer,
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

/// One side of referrals, who acts there, and the rows on which they may.
pub(super) struct Side {
    pub(super) doer: Doer,
    pub(super) code: &'static str,
    pub(super) from: String,
}

/// What was sent: by the organisation, or by the actor themself or assigned to them, as far as the actor's permission reaches.
pub(super) fn sent() -> Side {
    // The tenant is read in a SELECT of its own, so that the planner doesn't look at whose rows they are and the plan suits every
    // organisation. One text serves both reaches, since each plan of a source takes time.
    let all_sent = reaches_all(Permission::SendReferrals);
    let own = is_own("progress.referral_id");
    let from = format!(
        "referral_progress AS progress
             WHERE progress.from_organisation_id = (SELECT tenant()) AND ({all_sent} OR {own})"
    );
    Side { doer: Doer::Having(Permission::SendReferrals), code: "'SENDER'", from }
}

/// What was received, by the organisation.
pub(super) fn received() -> Side {
    let from = "referral_progress AS progress WHERE progress.to_organisation_id = (SELECT tenant())".to_owned();
    Side { doer: Doer::Having(Permission::ReceiveReferrals), code: "'RECEIVER'", from }
}
