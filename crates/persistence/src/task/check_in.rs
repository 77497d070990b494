//! The source of the list of tasks about check-ins that the sender is asked about.

use pamoja_domain::referral::slip::BLANK_DAYS;
use pamoja_domain::task::TaskKind;

use super::source::{OPEN, Rank, Side, TaskSource, days, sent};

/// What nobody has answered and can still be answered with a yes; of several about one referral the first.
fn unanswered() -> String {
    let waits = |question: &str| {
        format!("{question}.denied_at IS NULL AND {question}.checked_in_at > (SELECT moment()) - {}", days(BLANK_DAYS))
    };
    format!(
        "question.from_organisation_id = (SELECT tenant()) AND question.referral_id = progress.referral_id AND {}
    AND NOT EXISTS (SELECT FROM check_in_question AS earlier
        WHERE earlier.from_organisation_id = question.from_organisation_id AND earlier.referral_id = question.referral_id AND {}
            AND (earlier.checked_in_at, earlier.organisation_id) < (question.checked_in_at, question.organisation_id))",
        waits("question"),
        waits("earlier")
    )
}

/// The source of ANSWER_CHECK_IN. There are few such tasks: a check-in can only be asked about when the referral is sent.
pub(super) fn source(kind: TaskKind) -> TaskSource {
    let sent = sent();
    // The table stands before the side's own, so that the conditions of both can follow.
    let side = Side { from: format!("check_in_question AS question, {}", sent.from), ..sent };
    let conditions = format!("{} AND {OPEN}", unanswered());
    TaskSource {
        rank: Rank::ByDeadline,
        ..TaskSource::of_referrals(kind, &side, conditions, "precedence, pressing", "question.asked_at".to_owned())
    }
}
