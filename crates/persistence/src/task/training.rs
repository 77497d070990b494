//! The sources of the list of tasks that are about trainings. An organisation has few of them.

use pamoja_domain::access::Permission;
use pamoja_domain::task::{Deadline, TaskKind};
use pamoja_domain::training::{ANSWER_DAYS, FEWEST_PEOPLE, FOLLOW_UP_MONTHS, FOLLOW_UP_WINDOW_DAYS};

use super::doer::Doer;
use super::source::{Rank, Shows, TODAY, TaskSource, WHOLE, beginning_of, days};

const RECEIVED: &str = "training_request AS request WHERE request.to_organisation_id = (SELECT tenant())";
const HELD: &str = "training_request AS request
    JOIN training_session AS session ON session.trainer_organisation_id = request.to_organisation_id AND session.id = request.session_id
    WHERE (SELECT tenant()) IN (request.from_organisation_id, request.to_organisation_id)";

/// The sources of that kind. None for a kind that isn't about trainings.
pub(super) fn sources(kind: TaskKind) -> Vec<TaskSource> {
    let source = |from: &str, conditions: String, due: String| TaskSource {
        kind,
        part: WHOLE.to_owned(),
        doer: Doer::Having(Permission::ManageTraining),
        rank: Rank::Of(kind.precedence(Deadline::Absent)),
        side: "CASE WHEN request.from_organisation_id = (SELECT tenant()) THEN 'SENDER' ELSE 'RECEIVER' END",
        from: from.to_owned(),
        conditions,
        id: "request.id",
        due,
        order: "due_at",
        shows: Shows::NOTHING,
    };
    let answer_by = || format!("request.created_at + {}", days(ANSWER_DAYS));
    match kind {
        TaskKind::AnswerTrainingRequest => vec![source(RECEIVED, "request.status = 'REQUESTED'".to_owned(), answer_by())],
        TaskKind::TakeTrainingRequest => {
            let open = "training_request AS request WHERE request.to_organisation_id IS NULL";
            let others = "request.status = 'REQUESTED' AND request.from_organisation_id <> (SELECT tenant())";
            vec![source(open, others.to_owned(), answer_by())]
        }
        TaskKind::RecordTraining => {
            let conditions = format!(
                "request.to_organisation_id = (SELECT tenant()) AND request.status = 'SCHEDULED' AND session.held_on <= {TODAY}"
            );
            vec![source(HELD, conditions, beginning_of("session.held_on + 1"))]
        }
        TaskKind::FollowUpTraining => {
            let after = |months| source(HELD, follow_up(months), follow_up_due(months)).part(format!("{months}_MONTHS"));
            FOLLOW_UP_MONTHS.map(after).into()
        }
        _ => Vec::new(),
    }
}

fn asked_from(months: i32) -> String {
    format!("(session.held_on + interval '{months} months')::date")
}

fn follow_up_due(months: i32) -> String {
    beginning_of(&format!("{} + {FOLLOW_UP_WINDOW_DAYS}", asked_from(months)))
}

fn follow_up(months: i32) -> String {
    let from = asked_from(months);
    // The first two conditions follow from the next two, and are in the words of an index. A month has three days more than another at most.
    format!(
        "session.held_on > ({TODAY} - interval '{months} months')::date - {FOLLOW_UP_WINDOW_DAYS} - 4
         AND session.held_on < ({TODAY} - interval '{months} months')::date + 4
         AND request.status IN ('DELIVERED', 'EVALUATED') AND {from} <= {TODAY} AND {TODAY} < {from} + {FOLLOW_UP_WINDOW_DAYS}
         AND (SELECT sum(came.count) FROM training_participants AS came
             WHERE came.host_organisation_id = request.from_organisation_id AND came.request_id = request.id) >= {FEWEST_PEOPLE}
         AND NOT EXISTS (SELECT FROM training_follow_up AS follow_up
             WHERE follow_up.from_organisation_id = request.from_organisation_id AND follow_up.request_id = request.id
               AND follow_up.months_after = {months})"
    )
}
