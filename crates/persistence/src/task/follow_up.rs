//! The sources of the list of tasks about clients whom a referral left unserved.

use pamoja_domain::task::TaskKind;

use super::hindrance::REACHABLE;
use super::source::{IN_TIME, Rank, Shows, Side, TaskSource, sent};

/// Endings that nobody has settled. The row is of the present ending: a referral that went on and ended anew has another.
const UNSETTLED: &str = "follow_up.from_organisation_id = (SELECT tenant()) AND follow_up.referral_id = progress.referral_id
    AND follow_up.settled_at IS NULL AND follow_up.ended_at = progress.status_at AND NOT progress.consent_withdrawn
    AND progress.status IN ('DECLINED', 'NO_SHOW', 'NOT_COMPLETED', 'EXPIRED')";
/// What the clock ended and no job has recorded yet: few referrals, for half a minute.
const SILENTLY_EXPIRED: &str = "progress.status IN ('REQUESTED', 'WAITLISTED', 'ACCEPTED', 'SCHEDULED', 'NO_SHOW')
    AND progress.expires_at <= (SELECT moment()) AND NOT progress.consent_withdrawn
    AND NOT EXISTS (SELECT FROM referral_follow_up AS follow_up
        WHERE follow_up.from_organisation_id = progress.from_organisation_id AND follow_up.referral_id = progress.referral_id
            AND follow_up.ended_at = progress.expires_at AND follow_up.settled_at IS NOT NULL)";

/// Whether nobody referred the client anew since that moment, as SQL.
pub(super) fn not_referred_anew(since: &str) -> String {
    format!("NOT referred_anew(progress.from_organisation_id, progress.referral_id, {since}, 'infinity')")
}

/// The state that was reached, and why.
const ENDING: Shows = Shows {
    cause: "progress.status::text",
    reason: "coalesce(progress.decline_reason::text, (SELECT said.reason::text FROM referral_non_completion AS said
        WHERE said.from_organisation_id = progress.from_organisation_id AND said.referral_id = progress.referral_id
            AND said.recorded_at = progress.status_at AND progress.status = 'NOT_COMPLETED'))",
    ..Shows::CLOCK
};

/// The sources of FOLLOW_UP_REFERRAL.
pub(super) fn sources(kind: TaskKind) -> [TaskSource; 3] {
    let sent = sent();
    // The table stands before the side's own, so that the conditions of both can follow.
    let side = Side { from: format!("referral_follow_up AS follow_up, {}", sent.from), ..sent };
    let anew = not_referred_anew("progress.status_at");
    // A client who didn't come still has an open referral, and only one task about it.
    let ended = format!(
        "{UNSETTLED} AND (progress.status <> 'NO_SHOW' OR (progress.expires_at > (SELECT moment()) AND {})) AND {anew}",
        *REACHABLE
    );
    let in_time = TaskSource::by_clock(kind, &side, format!("{ended} AND {IN_TIME}"), "progress.status_at");
    // Once it is too late, a client who didn't come is overdue.
    let late = format!(
        "{ended} AND (progress.act_before IS NULL OR (progress.act_before < (SELECT moment()) AND progress.status <> 'NO_SHOW'))"
    );
    let late = TaskSource::of_referrals(kind, &side, late, "follow_up.ended_at", "follow_up.ended_at".to_owned());
    let silent = format!("{SILENTLY_EXPIRED} AND {}", not_referred_anew("progress.expires_at"));
    let silent = TaskSource {
        rank: Rank::ByDeadline,
        shows: Shows { cause: "'EXPIRED'", ..Shows::CLOCK },
        ..TaskSource::of_referrals(kind, &sent, silent, "precedence, pressing", "progress.expires_at".to_owned())
    };
    let [in_time, late] = [in_time, late].map(|source| TaskSource { shows: ENDING, ..source });
    [in_time.part("IN_TIME"), late.part("LATE"), silent.part("SILENT")]
}
