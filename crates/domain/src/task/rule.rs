//! When something about a referral is to be done, by whom and by when. The SQL that finds tasks applies the same rule to whole
//! tables; a test compares the two.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::{ARRIVED_DAYS, EXPIRING_DAYS, OUTCOME_DAYS, TaskKind};
use crate::day::{day_of, start_of_day};
use crate::moves::{Allowed, Party};
use crate::referral::{ReferralState, ReferralStatus, Urgency, answer_by, is_overdue};

/// The facts about a referral that decide its tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The recorded state.
    pub state: ReferralState,
    /// When its time began to run: its creation, or the last reopening.
    pub opened_at: DateTime<Utc>,
    /// How soon the client must be seen.
    pub urgency: Urgency,
    /// The moment by which the client must be seen, if there is one and the viewer may know it.
    pub act_before: Option<DateTime<Utc>>,
    /// The agreed day.
    pub scheduled_on: Option<NaiveDate>,
    /// Whether it is open to all who offer the service and addressed to nobody.
    pub open: bool,
    /// Whether the sender goes along.
    pub accompanied: bool,
}

/// Something that is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The side that has to do it. Somebody who could take a referral is on the receiver's side.
    pub side: Party,
    /// When it is due.
    pub at: DateTime<Utc>,
}

/// The task of this kind about the referral at a moment, if there is one for somebody with these moves. An expired referral is
/// nobody's task.
pub fn due(kind: TaskKind, standing: &Standing, allowed: Allowed, at: DateTime<Utc>) -> Option<Due> {
    let side = if standing.accompanied { Party::Sender } else { Party::Receiver };
    match kind {
        TaskKind::AnswerTimeCritical | TaskKind::AnswerReferral => {
            let is_critical = kind == TaskKind::AnswerTimeCritical;
            let matters = if is_critical { standing.is_in_time(at) } else { standing.act_before.is_none() };
            let waits = standing.waits(at) && matters && allowed.as_receiver;
            waits.then(|| Due { side: Party::Receiver, at: standing.answer_by() })
        }
        TaskKind::TakeOpenReferral => {
            let waits = standing.waits(at) && standing.open && allowed.as_taker;
            waits.then(|| Due { side: Party::Receiver, at: standing.answer_by() })
        }
        TaskKind::NoAnswer => {
            let matters = standing.is_in_time(at) || (standing.act_before.is_none() && standing.open);
            let waits = standing.waits(at) && matters && allowed.as_sender;
            (waits && standing.answer_by() <= at).then(|| Due { side: Party::Sender, at: standing.answer_by() })
        }
        TaskKind::ScheduledToday | TaskKind::MarkYesterday => {
            let day = standing.expected_on(at).filter(|_| allowed.as_receiver)?;
            let today = day_of(at);
            let fits = if kind == TaskKind::ScheduledToday { day == today } else { day < today };
            fits.then(|| Due { side, at: start_of_day(day + Days::new(1)) })
        }
        TaskKind::RecordOutcome => {
            let due_at = if standing.accompanied { standing.outcome_due(at) } else { standing.treatment_due() }?;
            let acts = if standing.accompanied { allowed.as_sender } else { allowed.as_receiver };
            (acts && due_at <= at).then_some(Due { side, at: due_at })
        }
        TaskKind::ExpiringSoon => {
            let expires_at = standing.state.expires_at;
            let soon = standing.status(at).can_expire() && expires_at <= at + TimeDelta::days(EXPIRING_DAYS);
            (soon && allowed.as_sender).then_some(Due { side: Party::Sender, at: expires_at })
        }
        TaskKind::OverdueClient => {
            let due_at = standing.act_before.filter(|_| is_overdue(standing.act_before, standing.status(at), at))?;
            let side = match allowed {
                Allowed { as_sender: true, .. } => Party::Sender,
                Allowed { as_receiver: true, .. } => Party::Receiver,
                Allowed { .. } => return None,
            };
            Some(Due { side, at: due_at })
        }
        // These are not about a referral.
        TaskKind::AnswerTrainingRequest
        | TaskKind::TakeTrainingRequest
        | TaskKind::RecordTraining
        | TaskKind::FollowUpTraining
        | TaskKind::StateCapacity => None,
    }
}

impl Standing {
    fn status(&self, at: DateTime<Utc>) -> ReferralStatus {
        self.state.at(at).status
    }

    /// Whether somebody else has to answer it. Nobody answers a sender who goes along.
    fn waits(&self, at: DateTime<Utc>) -> bool {
        self.status(at) == ReferralStatus::Requested && !self.accompanied
    }

    /// Whether the client can't wait and can still be seen in time. After that the client is only overdue.
    fn is_in_time(&self, at: DateTime<Utc>) -> bool {
        self.act_before.is_some_and(|act_before| act_before >= at)
    }

    fn answer_by(&self) -> DateTime<Utc> {
        // It was opened anew where it was declined and is asked for again.
        answer_by(self.opened_at, self.act_before, self.urgency)
    }

    /// The day on which the client is or was expected.
    fn expected_on(&self, at: DateTime<Utc>) -> Option<NaiveDate> {
        self.scheduled_on.filter(|_| self.status(at) == ReferralStatus::Scheduled)
    }

    /// When a sender who goes along must have recorded how the referral ended. An agreed day has its own tasks.
    fn outcome_due(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let status = self.status(at);
        let unended = !status.has_ended() && status != ReferralStatus::Scheduled;
        unended.then(|| self.opened_at + TimeDelta::days(OUTCOME_DAYS))
    }

    /// When the receiver of a client who arrived must have recorded how the referral ended.
    fn treatment_due(&self) -> Option<DateTime<Utc>> {
        (self.state.status == ReferralStatus::Arrived).then(|| self.state.status_at + TimeDelta::days(ARRIVED_DAYS))
    }
}
